#include "scenario/vm_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/printable.hpp"
#include "scenario/network_keys.hpp"
#include "scenario/workload_keys.hpp"

namespace driftbus::loading {
namespace {

/// A clock that loses a whole second per second would stand still or run backwards.
constexpr std::int64_t kLargestDrift = 999'999'999;
constexpr WholeRange kWholeRates{1, 1'000'000'000};
constexpr DecimalRange kRates{{1}, Decimal::whole(1'000'000'000)};
constexpr WholeRange kPorts{1, 65535};
constexpr WholeRange kExitStatuses{0, 255};

constexpr Key<RateRange> kRateRangeKeys[] = {
    {"min",
     [](const Field& f, RateRange& range) { assign(range.min, read_whole(f, kWholeRates)); }},
    {"max",
     [](const Field& f, RateRange& range) { assign(range.max, read_whole(f, kWholeRates)); }},
};

/// A range fills up what it does not name from the range below it, else from the default.
void read_rate_range(const Field& field, ClockRate& rate) {
  const auto* below = std::get_if<RateRange>(&rate);
  RateRange range = below != nullptr ? *below : RateRange{};
  const std::size_t errors_before = field.reading.problems.errors();
  read_keys(field, kRateRangeKeys, range);
  if (range.min > range.max && field.reading.problems.errors() == errors_before) {
    field.fail(fmt::format("min must not be above max, got {} and {}", range.min, range.max));
  }
  rate = range;
}

void read_clock_rate(const Field& field, VmSpec& spec) {
  switch (field.node.kind) {
    case Node::Kind::mapping:
      read_rate_range(field, spec.clock_rate);
      return;
    case Node::Kind::scalar:
      if (field.node.text == "unpaced") {
        spec.clock_rate = Unpaced{};
        return;
      }
      if (reads_as_number_or_boolean(field.node.text)) {
        assign(spec.clock_rate, read_decimal(field, kRates));
        return;
      }
      break;
    case Node::Kind::nothing:
    case Node::Kind::sequence:
    case Node::Kind::refused:
      break;
  }
  field.fail_expected("must be a number, {min: .., max: ..} or unpaced");
}

constexpr Key<PhysicalClock> kPhysicalClockKeys[] = {
    {"drift_ppb",
     [](const Field& f, PhysicalClock& clock) {
       assign(clock.drift_ppb, read_whole(f, {-kLargestDrift, kLargestDrift}));
     }},
    {"offset",
     [](const Field& f, PhysicalClock& clock) {
       assign(clock.offset, read_duration(f, {.min = -kLongestDuration}));
     }},
};

std::optional<int> read_signal(const Field& field) {
  const auto number = find_word(kSignals, field.node.text);
  if (!number) {
    field.fail_expected("must be a signal that ends a process, such as SIGKILL",
                        did_you_mean(field.node.text, texts(kSignals)));
  }
  return number;
}

constexpr Key<ExpectedEnd> kExpectKeys[] = {
    {"exited",
     [](const Field& f, ExpectedEnd& expect) {
       expect.kind = ExpectedEnd::Kind::exited;
       assign(expect.number, read_whole(f, kExitStatuses));
     }},
    {"signaled",
     [](const Field& f, ExpectedEnd& expect) {
       expect.kind = ExpectedEnd::Kind::signaled;
       assign(expect.number, read_signal(f));
     }},
};

void read_expect(const Field& field, VmSpec& spec) {
  if (field.node.kind == Node::Kind::scalar && field.node.text == "any") {
    spec.expect = {.kind = ExpectedEnd::Kind::any};
    return;
  }
  if (field.node.kind != Node::Kind::mapping || field.node.entries.size() != 1) {
    field.fail_expected("must be {exited: ..}, {signaled: ..} or any");
    return;
  }
  read_keys(field, kExpectKeys, spec.expect);
}

/// An argument as it is: numbers stay text, and line ends are allowed.
void read_argument(const Field& field, std::vector<std::string>& command) {
  const Node& node = field.node;
  if (node.kind != Node::Kind::scalar || node.text.find('\0') != std::string::npos) {
    field.fail_expected("must be text without NUL");
    return;
  }
  if (command.empty() && node.text.empty()) {
    field.fail("must name a program");
    return;
  }
  command.push_back(node.text);
}

void read_command(const Field& field, VmSpec& spec) {
  if (!is_list(field)) {
    return;
  }
  if (!field.node.items.empty() && !field.reading.allow_commands) {
    field.fail("runs a program of the scenario's choice: allow it with --allow-commands");
    return;
  }
  spec.command.clear();
  for (std::size_t i = 0; i < field.node.items.size(); ++i) {
    read_argument(field.item(i), spec.command);
  }
}

/// What is said for all VMs, or for one of them.
constexpr Key<VmSpec> kVmKeys[] = {
    {"clock_rate", read_clock_rate},
    {"workload", [](const Field& f, VmSpec& spec) { read_workload(f, spec.workload); }},
    {"physical_clock",
     [](const Field& f, VmSpec& spec) { read_keys(f, kPhysicalClockKeys, spec.physical_clock); }},
    {"expect", read_expect},
    {"command", read_command},
    {"inbox", [](const Field& f, VmSpec&) { f.fail_unavailable(); }},
};

/// What can be said for one VM only.
constexpr Key<VmSpec> kOneVmKeys[] = {
    {"port", [](const Field& f, VmSpec& spec) { assign(spec.port, read_whole(f, kPorts)); }},
    {"host", [](const Field& f, VmSpec& spec) { assign(spec.host, read_host(f)); }},
};

/// The VM that an override is for; nothing also when it is not known yet who the VMs are.
std::optional<VmId> read_overridden(const Field& field, const Node& key) {
  const Names& names = field.reading.names;
  const std::optional<VmId> id = names.known() ? names.find(key.text) : std::nullopt;
  if (names.known() && !id) {
    Field{field.reading, key, field.key}.fail(names.unknown(key.text));
  }
  return id;
}

void read_override(const Field& field, const Entry& entry, Vms& vms) {
  const std::optional<VmId> id = read_overridden(field, entry.key);
  const Field own = field.child(entry);
  if (!is_mapping(own)) {
    return;
  }
  std::vector<std::string_view> known;
  add_names(kVmKeys, known);
  add_names(kOneVmKeys, known);
  refuse_unknown_keys(own, known);
  VmSpec spec = vms.common;
  read_entries(own, kVmKeys, spec);
  read_entries(own, kOneVmKeys, spec);
  if (id) {
    vms.overridden[*id] = std::move(spec);
  }
}

void read_overrides(const Field& field, Vms& vms) {
  if (!is_mapping(field)) {
    return;
  }
  for (const Entry& entry : field.node.entries) {
    if (entry.key.kind == Node::Kind::scalar) {
      read_override(field, entry, vms);
    }
  }
}

std::optional<std::string> read_name(const Field& field) {
  std::optional<std::string> name = read_text(field);
  if (!name) {
    return std::nullopt;
  }
  if (!is_name(*name)) {
    field.fail_expected("must be 1 to 64 letters, digits, '_' or '-'");
    return std::nullopt;
  }
  if (find_word(kTargets, *name)) {
    field.fail(fmt::format("{} cannot name a VM: actions use the word", in_quotes(*name)));
    return std::nullopt;
  }
  return name;
}

void read_names(const Field& field, Vms& vms) {
  if (!is_list(field)) {
    return;
  }
  if (field.node.items.empty()) {
    field.fail("must name at least one VM");
    return;
  }
  const std::size_t errors_before = field.reading.problems.errors();
  std::unordered_map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < field.node.items.size(); ++i) {
    const std::optional<std::string> name = read_name(field.item(i));
    if (!name) {
      continue;
    }
    const auto [first, is_new] = seen.emplace(*name, i);
    if (!is_new) {
      field.item(i).fail(fmt::format("{} is the name of {}[{}] already", in_quotes(*name),
                                     field.key, first->second));
    }
    vms.names.push_back(*name);
  }
  if (field.reading.problems.errors() == errors_before) {
    vms.count = static_cast<std::uint32_t>(vms.names.size());
    field.reading.names.set_names(vms.names);
  }
}

void read_count(const Field& field, Vms& vms) {
  assign(vms.count, read_whole(field, {1, kMostVms}));
  field.reading.names.set_count(vms.count);
}

constexpr Key<Vms> kWhoKeys[] = {{"count", read_count}, {"names", read_names}};
constexpr Key<Vms> kOverrideKeys[] = {{"overrides", read_overrides}};

/// How many VMs there are is said exactly once.
void read_who(const Field& field, Vms& vms) {
  const Entry* count = find_entry(field.node, "count");
  const Entry* names = find_entry(field.node, "names");
  if (count != nullptr && names != nullptr) {
    field.child(*names).fail("give count or names, not both");
  } else if (count == nullptr && names == nullptr && !has_refused_key(field.node)) {
    field.fail("must hold count or names");
  } else {
    read_entries(field, kWhoKeys, vms);
  }
}

}  // namespace

bool is_name(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  return !text.empty() && text.size() <= kLongestName &&
         std::all_of(text.begin(), text.end(), allowed);
}

void read_vms(const Field& field, Vms& vms) {
  if (!is_mapping(field)) {
    return;
  }
  std::vector<std::string_view> known;
  add_names(kWhoKeys, known);
  add_names(kVmKeys, known);
  add_names(kOverrideKeys, known);
  refuse_unknown_keys(field, known);
  read_who(field, vms);
  read_entries(field, kVmKeys, vms.common);
  read_entries(field, kOverrideKeys, vms);
}

}  // namespace driftbus::loading
