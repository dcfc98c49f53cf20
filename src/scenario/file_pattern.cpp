#include "scenario/file_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/printable.hpp"

namespace driftbus::loading {
namespace {

/// What the run folder keeps for itself.
constexpr std::array<std::string_view, 3> kOwnFiles = {"all", "vms", "links"};
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kNameCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

constexpr Word<Placeholder> kPlaceholders[] = {{"vm", Placeholder::vm},
                                               {"id", Placeholder::id},
                                               {"trial", Placeholder::trial},
                                               {"port", Placeholder::port},
                                               {"rate", Placeholder::rate}};

/// The placeholder that the pattern begins with, `{` included. Reports what is none.
std::optional<PatternPart> read_placeholder(const Field& field, std::string_view pattern) {
  const std::size_t close = pattern.find('}');
  const std::string_view name = pattern.substr(1, close == std::string_view::npos ? 0 : close - 1);
  if (const auto placeholder = find_word(kPlaceholders, name)) {
    return PatternPart{placeholder, {}};
  }
  field.fail(
      fmt::format("{} is no placeholder: they are {{vm}}, {{id}}, {{trial}}, {{port}} and "
                  "{{rate}}{}",
                  in_quotes(pattern.substr(0, close == std::string_view::npos ? 1 : close + 1)),
                  did_you_mean(name, texts(kPlaceholders))));
  return std::nullopt;
}

/// Everything that may stand in the place of the placeholder.
std::string_view characters(Placeholder placeholder) {
  switch (placeholder) {
    case Placeholder::vm:
      return kNameCharacters;
    case Placeholder::id:
    case Placeholder::trial:
    case Placeholder::port:
      return kDigits;
    case Placeholder::rate:
      break;
  }
  return "0123456789.unpaced";
}

/// Ports of different hosts may be the same.
bool has_distinct_ports(const Scenario& scenario) {
  return scenario.network.base_port != 0 &&
         std::none_of(scenario.vms.overridden.begin(), scenario.vms.overridden.end(),
                      [](const auto& entry) { return entry.second.host.has_value(); });
}

/// Whether the placeholder alone tells VMs apart. Free ports are not known beforehand, and rates
/// may be drawn alike.
bool identifies(Placeholder placeholder, const Scenario& scenario) {
  switch (placeholder) {
    case Placeholder::vm:
    case Placeholder::id:
      return true;
    case Placeholder::port:
      return has_distinct_ports(scenario);
    case Placeholder::trial:
    case Placeholder::rate:
      break;
  }
  return false;
}

/// A piece whose text is the same for all VMs of a trial.
bool is_constant(const PatternPart& part) {
  return !part.placeholder || part.placeholder == Placeholder::trial;
}

/// Whether the end of the part can be told from what follows it, or all that follows is constant.
bool is_delimited(std::span<const PatternPart> parts, bool forwards) {
  const std::span<const PatternPart> rest = parts.subspan(1);
  if (std::all_of(rest.begin(), rest.end(), is_constant)) {
    return true;
  }
  if (rest.front().placeholder) {
    return false;
  }
  const std::string& literal = rest.front().literal;
  const char neighbour = forwards ? literal.front() : literal.back();
  return characters(*parts.front().placeholder).find(neighbour) == std::string_view::npos;
}

/// Whether reading a file name from its beginning (or end: `parts` reversed) leads to a piece that
/// tells which VM it is of. `{vm}{id}` does not: vm1 and 12, or vm11 and 2?
bool leads_to_vm(std::span<const PatternPart> parts, bool forwards, const Scenario& scenario) {
  for (; !parts.empty(); parts = parts.subspan(1)) {
    if (is_constant(parts.front())) {
      continue;
    }
    if (!is_delimited(parts, forwards)) {
      return false;
    }
    if (identifies(*parts.front().placeholder, scenario)) {
      return true;
    }
  }
  return false;
}

std::size_t longest_vm_name(const Vms& vms) {
  std::size_t longest = vms.names.empty() ? fmt::formatted_size("vm{}", vms.count) : 0;
  for (const std::string& name : vms.names) {
    longest = std::max(longest, name.size());
  }
  return longest;
}

std::size_t longest_text(const PatternPart& part, const Scenario& scenario) {
  if (!part.placeholder) {
    return part.literal.size();
  }
  switch (*part.placeholder) {
    case Placeholder::vm:
      return longest_vm_name(scenario.vms);
    case Placeholder::id:
      return fmt::formatted_size("{}", scenario.vms.count);
    case Placeholder::trial:
      return fmt::formatted_size("{}", scenario.trials);
    case Placeholder::port:
      return std::string_view("65535").size();
    case Placeholder::rate:
      break;
  }
  return std::string_view("999999999.999999").size();
}

/// The pattern for a VM of that name, as far as it can be one of the run's own: digits, which the
/// other placeholders hold, are in none of those, nor is `unpaced`.
std::string name_of(const FilePattern& pattern, std::string_view vm) {
  std::string name;
  for (const PatternPart& part : pattern) {
    name += !part.placeholder ? part.literal : part.placeholder == Placeholder::vm ? vm : "0";
  }
  return name;
}

}  // namespace

std::optional<FilePattern> read_pattern(const Field& field, std::string_view text) {
  FilePattern pattern;
  while (!text.empty()) {
    if (text.starts_with('{')) {
      const std::optional<PatternPart> part = read_placeholder(field, text);
      if (!part) {
        return std::nullopt;
      }
      pattern.push_back(*part);
      text.remove_prefix(text.find('}') + 1);
    } else {
      pattern.push_back({std::nullopt, std::string(text.substr(0, text.find('{')))});
      text.remove_prefix(pattern.back().literal.size());
    }
  }
  return pattern;
}

bool tells_vms_apart(FilePattern pattern, const Scenario& scenario) {
  if (leads_to_vm(pattern, true, scenario)) {
    return true;
  }
  std::reverse(pattern.begin(), pattern.end());
  return leads_to_vm(pattern, false, scenario);
}

std::size_t longest_name(const FilePattern& pattern, const Scenario& scenario) {
  std::size_t length = 0;
  for (const PatternPart& part : pattern) {
    length += longest_text(part, scenario);
  }
  return length;
}

std::optional<std::string> own_name(const FilePattern& pattern, const Scenario& scenario) {
  // Any of vm1..vmN stands for all of them.
  const std::vector<std::string> given = {"vm1"};
  for (const std::string& vm : scenario.vms.names.empty() ? given : scenario.vms.names) {
    const std::string name = name_of(pattern, vm);
    if (std::find(kOwnFiles.begin(), kOwnFiles.end(), name) != kOwnFiles.end()) {
      return name;
    }
  }
  return std::nullopt;
}

}  // namespace driftbus::loading
