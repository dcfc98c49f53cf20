#include "scenario/familiar_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/printable.hpp"
#include "scenario/bytes.hpp"
#include "scenario/values.hpp"

namespace driftbus::loading {
namespace {

constexpr WholeRange kActionValues{1, 0xFFFFFFFF};

/// A variable whose value stands for a key's as it is.
struct FamiliarName {
  std::string_view variable;
  std::string_view key;
  bool is_number;
};

constexpr std::array kNames = {
    FamiliarName{"VM_NUM_MACHINES", "vms.count", true},
    FamiliarName{"VM_BASE_PORT", "network.base_port", true},
    FamiliarName{"VM_HOST", "network.host", false},
    FamiliarName{"VM_MIN_CLOCK_RATE", "vms.clock_rate.min", true},
    FamiliarName{"VM_MAX_CLOCK_RATE", "vms.clock_rate.max", true},
    FamiliarName{"VM_LOG_DIRECTORY", "log.directory", false},
};

constexpr std::array<std::string_view, 4> kWithoutWork = {
    "VM_MAX_RETRIES", "VM_RETRY_DELAY", "VM_STARTUP_BASE_DELAY", "VM_STARTUP_PER_MACHINE_FACTOR"};

/// What Python's logging calls its levels, in small letters, where ours differ.
constexpr Word<std::string_view> kPythonLevels[] = {{"warn", "warning"}, {"critical", "error"}};

struct PatternField {
  std::string_view python;
  std::string_view spdlog;
};
constexpr std::array kPatternFields = {PatternField{"%(asctime)s", "%Y-%m-%d %H:%M:%S,%e"},
                                       PatternField{"%(levelname)s", "%l"},
                                       PatternField{"%(message)s", "%v"}, PatternField{"%%", "%%"}};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

Node scalar(std::string text, bool plain, const Source& source) {
  return {
      .kind = Node::Kind::scalar, .plain = plain, .text = std::move(text), .place = Place{&source}};
}

/// Reads one environment for the names that are known from elsewhere.
class FamiliarReader {
 public:
  FamiliarReader(const std::vector<std::pair<std::string, std::string>>& environment,
                 Overrides& overrides, Problems& problems)
      : environment_(environment), overrides_(overrides), problems_(problems) {}

  void read_names() {
    for (const FamiliarName& name : kNames) {
      if (const Source* source = take(name.variable)) {
        add(name.key, scalar(source->text, name.is_number, *source));
        if (name.key == "network.base_port") {
          // Those solutions know tcp only; nothing else has ports.
          overrides_.add("network.transport", scalar("tcp", true, *source));
        }
      }
    }
    for (const std::string_view variable : kWithoutWork) {
      if (const Source* source = take(variable)) {
        problems_.warning({source}, "",
                          "has no effect: VMs start together once all of them are linked");
      }
    }
  }

  void read_log_level() {
    if (const Source* source = take("VM_LOG_LEVEL")) {
      const std::string level = lower(source->text);
      add("log.level",
          scalar(std::string(find_word(kPythonLevels, level).value_or(level)), true, *source));
    }
  }

  void read_log_format() {
    const Source* source = take("VM_LOG_FORMAT");
    if (source == nullptr) {
      return;
    }
    std::string pattern;
    for (std::string_view rest = source->text; !rest.empty();) {
      const auto* field =
          std::find_if(kPatternFields.begin(), kPatternFields.end(),
                       [rest](const PatternField& f) { return rest.starts_with(f.python); });
      if (field != kPatternFields.end()) {
        pattern += field->spdlog;
        rest.remove_prefix(field->python.size());
      } else if (rest.front() == '%') {
        problems_.error({source}, "",
                        fmt::format("only %(asctime)s, %(levelname)s and %(message)s are known, "
                                    "got {}",
                                    in_quotes(rest.substr(0, rest.find(' ')))));
        return;
      } else {
        pattern += rest.front();
        rest.remove_prefix(1);
      }
    }
    add("log.pattern", scalar(pattern, false, *source));
  }

  void read_workload() {
    const std::optional<Sends> sends = read_sends();
    const Number first = read_number("VM_INTERNAL_EVENT_MIN", 4);
    const Number last = read_number("VM_INTERNAL_EVENT_MAX", 10);
    const bool has_range = first.source != nullptr || last.source != nullptr;
    if (!sends || !first.value || !last.value || (!has_range && sends->source == nullptr)) {
      return;
    }
    const Source& source = *(first.source != nullptr  ? first.source
                             : last.source != nullptr ? last.source
                                                      : sends->source);
    if (has_range && !is_without_gap(*sends, *first.value, *last.value, source)) {
      return;
    }
    if (has_range) {
      overrides_.add("vms.workload.draw", scalar(std::to_string(*last.value), true, source));
    }
    // A scalar first: mappings would merge, and leave the file's other actions in.
    overrides_.add("vms.workload.actions", Node{.place = Place{&source}});
    for (const auto& [value, target] : sends->targets()) {
      overrides_.add(fmt::format("vms.workload.actions.{}", value), scalar(target, true, source));
    }
  }

 private:
  struct Number {
    std::optional<std::int64_t> value;
    const Source* source = nullptr;  ///< Null for the default.
  };
  struct Sends {
    std::array<std::int64_t, 3> values;  ///< To one, the other, both.
    const Source* source = nullptr;

    [[nodiscard]] std::array<std::pair<std::int64_t, std::string>, 3> targets() const {
      return {{{values[0], "next"}, {values[1], "after_next"}, {values[2], "all"}}};
    }
  };

  /// The variable as a source with sound bytes; null when it is not there, or reported.
  const Source* take(std::string_view variable) {
    const auto found = std::find_if(environment_.begin(), environment_.end(),
                                    [variable](const auto& v) { return v.first == variable; });
    if (found == environment_.end()) {
      return nullptr;
    }
    const Source& source = overrides_.sources.emplace_back(
        Source{Source::Kind::environment, found->first, found->second});
    return check_bytes(source, problems_) ? &source : nullptr;
  }

  void record(std::string_view key, const Source& source) {
    overrides_.recorded.push_back({std::string(key), source.text, source.name});
  }

  void add(std::string_view key, Node value) {
    record(key, *value.place.source);
    overrides_.add(key, std::move(value));
  }

  /// No value when it is there and no number, which is reported.
  Number read_number(std::string_view variable, std::int64_t otherwise) {
    const Source* source = take(variable);
    if (source == nullptr) {
      return {otherwise, nullptr};
    }
    const std::optional<std::int64_t> value = parse_whole(source->text);
    if (!value || *value < kActionValues.min || *value > kActionValues.max) {
      problems_.error({source}, "",
                      fmt::format("must be a whole number from {} to {}, got {}", kActionValues.min,
                                  kActionValues.max, in_quotes(source->text)));
      return {std::nullopt, source};
    }
    const bool is_range = variable.starts_with("VM_INTERNAL");
    record(is_range ? "vms.workload.draw" : "vms.workload.actions", *source);
    return {value, source};
  }

  std::optional<Sends> read_sends() {
    const std::array numbers = {read_number("VM_SEND_TO_ONE_VALUE", 1),
                                read_number("VM_SEND_TO_OTHER_VALUE", 2),
                                read_number("VM_SEND_TO_BOTH_VALUE", 3)};
    Sends sends{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!numbers[i].value) {
        return std::nullopt;
      }
      sends.values[i] = *numbers[i].value;
      sends.source = numbers[i].source != nullptr ? numbers[i].source : sends.source;
    }
    const auto& [one, other, both] = sends.values;
    if (one == other || other == both || one == both) {
      problems_.error({sends.source}, "",
                      fmt::format("sends must have three different values, got {}, {} and {}", one,
                                  other, both));
      return std::nullopt;
    }
    return sends;
  }

  /// Whether each value of 1..last is either a send or an internal event.
  bool is_without_gap(const Sends& sends, std::int64_t first, std::int64_t last,
                      const Source& source) {
    auto sorted = sends.values;
    std::sort(sorted.begin(), sorted.end());
    if (sorted[0] == 1 && sorted[2] == 3 && first == 4 && last >= first) {
      return true;
    }
    problems_.error({&source}, "",
                    fmt::format("sends are {}, {} and {}, internal events {}..{}: together they "
                                "must be 1..{}, each value once",
                                sorted[0], sorted[1], sorted[2], first, last, last));
    return false;
  }

  const std::vector<std::pair<std::string, std::string>>& environment_;
  Overrides& overrides_;
  Problems& problems_;
};

}  // namespace

void add_familiar_names(const std::vector<std::pair<std::string, std::string>>& environment,
                        Overrides& overrides, Problems& problems) {
  FamiliarReader reader(environment, overrides, problems);
  reader.read_names();
  reader.read_log_level();
  reader.read_log_format();
  reader.read_workload();
}

}  // namespace driftbus::loading
