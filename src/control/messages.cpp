#include "control/messages.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "base/errors.hpp"

namespace nlohmann {

template <>
struct adl_serializer<driftbus::Nanoseconds> {
  static void to_json(json& tree, driftbus::Nanoseconds time) { tree = time.count(); }
  static void from_json(const json& tree, driftbus::Nanoseconds& time) {
    time = driftbus::Nanoseconds(tree.get<std::int64_t>());
  }
};

template <typename T>
struct adl_serializer<std::optional<T>> {
  static void to_json(json& tree, const std::optional<T>& value) {
    tree = value ? json(*value) : json(nullptr);
  }
  static void from_json(const json& tree, std::optional<T>& value) {
    value = tree.is_null() ? std::nullopt : std::optional<T>(tree.get<T>());
  }
};

/// A number of nanoseconds, {"uniform": [low, high]} or {"quantiles": [...]}.
template <>
struct adl_serializer<driftbus::Delay> {
  static void to_json(json& tree, const driftbus::Delay& delay) {
    if (const auto* uniform = std::get_if<driftbus::UniformDelay>(&delay)) {
      tree = {{"uniform", json::array({uniform->low, uniform->high})}};
    } else if (const auto* steps = std::get_if<driftbus::QuantileDelay>(&delay)) {
      tree = {{"quantiles", steps->quantiles}};
    } else {
      tree = std::get<driftbus::Nanoseconds>(delay);
    }
  }
  static void from_json(const json& tree, driftbus::Delay& delay) {
    using Times = std::vector<driftbus::Nanoseconds>;
    if (!tree.is_object()) {
      delay = tree.get<driftbus::Nanoseconds>();
    } else if (tree.contains("uniform")) {
      const auto ends = tree.at("uniform").get<std::array<driftbus::Nanoseconds, 2>>();
      delay = driftbus::UniformDelay{ends[0], ends[1]};
    } else if (auto steps = tree.at("quantiles").get<Times>(); steps.size() >= 2) {
      delay = driftbus::QuantileDelay{std::move(steps)};
    } else {
      throw json::out_of_range::create(401, "fewer than two quantiles", &tree);
    }
  }
};

/// Enumerations travel as their numbers, refused when out of range.
template <typename T>
requires std::is_enum_v<T>
struct adl_serializer<T> {
  static void to_json(json& tree, T value) { tree = static_cast<int>(value); }
  static void from_json(const json& tree, T& value) {
    const int number = tree.get<int>();
    if (number < 0 || number > static_cast<int>(largest(value))) {
      throw json::out_of_range::create(401, "enumeration out of range", &tree);
    }
    value = static_cast<T>(number);
  }

 private:
  static constexpr auto largest(driftbus::TraceKind) { return driftbus::TraceKind::none; }
  static constexpr auto largest(driftbus::LogLevel) { return driftbus::LogLevel::trace; }
  static constexpr auto largest(driftbus::Stamp) { return driftbus::Stamp::before; }
  static constexpr auto largest(driftbus::Target::Kind) { return driftbus::Target::Kind::vm; }
};

}  // namespace nlohmann

namespace driftbus {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Decimal, millionths)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ClockSet, vector_entries, hybrid)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PhysicalClock, drift_ppb, offset)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Target, kind, vm)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(WorkloadSpec, draw, actions)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LinkRules, delay, loss, duplicate, reorder)

namespace control {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Register, id, endpoint, pid)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Peer, id, name, endpoint, rules)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Sender, id, name, tag, rules)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Files, trace, stem, level, events, pattern)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Spec, id, name, seed, tag, clock_rate, multiplier, phase,
                                   duration, catch_up, clocks, stamp, workload, physical_clock,
                                   link, ring, senders, files)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Start, monotonic_ns, unix_ns)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Counts, ticks, missed_ticks, internal, sent, sent_copies,
                                   received, left, dropped, duplicated, bad, clock, queue,
                                   queue_max)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Status, counts, time, waiting_for)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Stop, early, gone)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LinkOut, to, sent, dropped, duplicated)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LinkIn, from, received, left)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Lateness, p50, p99, max)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Finished, counts, lateness_us, hash, out, in, problem)

// Messages without fields.
static void to_json(nlohmann::json& tree, const Linked&) { tree = nlohmann::json::object(); }
static void to_json(nlohmann::json& tree, const Bye&) { tree = nlohmann::json::object(); }
static void from_json(const nlohmann::json&, Linked&) {}
static void from_json(const nlohmann::json&, Bye&) {}

namespace {

/// The type names, in the order of the alternatives of Message.
constexpr std::array<std::string_view, std::variant_size_v<Message>> kTypes = {
    "register", "spec", "linked", "start", "status", "stop", "finished", "bye"};

template <std::size_t... I>
Message read_as(std::size_t type, const nlohmann::json& tree, std::index_sequence<I...>) {
  Message message;
  const auto read = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
    if (N == type) {
      message.emplace<N>(tree.get<std::variant_alternative_t<N, Message>>());
    }
  };
  (read(std::integral_constant<std::size_t, I>{}), ...);
  return message;
}

/// All our numbers are whole, and one that is not would be bent into one.
bool refuse_fractions(int, nlohmann::json::parse_event_t, const nlohmann::json& value) {
  if (value.is_number_float()) {
    throw InputError("not a control message: expected a whole number, got " + value.dump());
  }
  return true;
}

std::size_t type_index(const nlohmann::json& tree) {
  const auto name = tree.at("type").get<std::string>();
  const auto* found = std::find(kTypes.begin(), kTypes.end(), name);
  if (found == kTypes.end()) {
    throw InputError("control message of unknown type '" + name.substr(0, 40) + "'");
  }
  return static_cast<std::size_t>(found - kTypes.begin());
}

}  // namespace

std::string encode(const Message& message) {
  nlohmann::json tree =
      std::visit([](const auto& fields) { return nlohmann::json(fields); }, message);
  tree["type"] = kTypes.at(message.index());
  return tree.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Message decode(std::string_view text) {
  try {
    const auto tree = nlohmann::json::parse(text, refuse_fractions);
    return read_as(type_index(tree), tree, std::make_index_sequence<kTypes.size()>{});
  } catch (const nlohmann::json::exception& error) {
    throw InputError(std::string("not a control message: ") + error.what());
  }
}

}  // namespace control
}  // namespace driftbus
