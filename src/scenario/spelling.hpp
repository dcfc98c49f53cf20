// How a scenario spells what has a fixed set of values: one table for reading and printing.
#pragma once

#include <csignal>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/errors.hpp"
#include "scenario/scenario.hpp"

namespace driftbus::loading {

template <typename Value>
struct Word {
  std::string_view text;
  Value value;
};

inline constexpr Word<Engine> kEngines[] = {{"live", Engine::live},
                                            {"virtual", Engine::virtual_time}};
inline constexpr Word<Stamp> kStamps[] = {{"after", Stamp::after}, {"before", Stamp::before}};
inline constexpr Word<PhaseRule> kPhaseRules[] = {{"staggered", PhaseRule::staggered},
                                                  {"aligned", PhaseRule::aligned}};
inline constexpr Word<Transport> kTransports[] = {{"ipc", Transport::ipc}, {"tcp", Transport::tcp}};
inline constexpr Word<TraceKind> kTraceKinds[] = {
    {"csv", TraceKind::csv}, {"hash", TraceKind::hash}, {"none", TraceKind::none}};
inline constexpr Word<LogLevel> kLogLevels[] = {
    {"none", LogLevel::none}, {"error", LogLevel::error}, {"warning", LogLevel::warning},
    {"info", LogLevel::info}, {"debug", LogLevel::debug}, {"trace", LogLevel::trace}};
inline constexpr Word<Target::Kind> kTargets[] = {{"next", Target::Kind::next},
                                                  {"after_next", Target::Kind::after_next},
                                                  {"random", Target::Kind::random},
                                                  {"all", Target::Kind::all}};

/// The signals that end a process.
inline constexpr Word<int> kSignals[] = {
    {"SIGHUP", SIGHUP},   {"SIGINT", SIGINT},   {"SIGQUIT", SIGQUIT},     {"SIGILL", SIGILL},
    {"SIGTRAP", SIGTRAP}, {"SIGABRT", SIGABRT}, {"SIGBUS", SIGBUS},       {"SIGFPE", SIGFPE},
    {"SIGKILL", SIGKILL}, {"SIGUSR1", SIGUSR1}, {"SIGSEGV", SIGSEGV},     {"SIGUSR2", SIGUSR2},
    {"SIGPIPE", SIGPIPE}, {"SIGALRM", SIGALRM}, {"SIGTERM", SIGTERM},     {"SIGXCPU", SIGXCPU},
    {"SIGXFSZ", SIGXFSZ}, {"SIGPROF", SIGPROF}, {"SIGVTALRM", SIGVTALRM}, {"SIGPOLL", SIGPOLL},
    {"SIGPWR", SIGPWR},   {"SIGSYS", SIGSYS}};

template <typename Value, std::size_t N>
[[nodiscard]] std::optional<Value> find_word(const Word<Value> (&words)[N], std::string_view text) {
  for (const Word<Value>& word : words) {
    if (word.text == text) {
      return word.value;
    }
  }
  return std::nullopt;
}

template <typename Value, std::size_t N>
[[nodiscard]] std::vector<std::string_view> texts(const Word<Value> (&words)[N]) {
  std::vector<std::string_view> texts;
  for (const Word<Value>& word : words) {
    texts.push_back(word.text);
  }
  return texts;
}

/// The spelling of `value`, which must be in the table.
template <typename Value, std::size_t N>
[[nodiscard]] std::string_view spelling(const Word<Value> (&words)[N], Value value) {
  for (const Word<Value>& word : words) {
    if (word.value == value) {
      return word.text;
    }
  }
  ensure(false, "every value has a spelling");
  return {};
}

}  // namespace driftbus::loading
