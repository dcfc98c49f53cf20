// Reads single values out of the tree, each with its type, range and unit. Every reader reports
// what it does not accept at the value's place and then returns nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "scenario/document.hpp"
#include "scenario/names.hpp"
#include "scenario/problems.hpp"
#include "scenario/spelling.hpp"

namespace driftbus::loading {

/// What the readers of one scenario share.
struct Reading {
  Problems problems;
  Names names;
  bool allow_commands = false;
};

/// A value under its key path. Borrows node and reading.
struct Field {
  Reading& reading;
  const Node& node;
  std::string key;

  void fail(std::string message) const;
  void warn(std::string message) const;
  /// Reports `expected` with what was found, and `advice` where there is any.
  void fail_expected(std::string_view expected, std::string_view advice = {}) const;
  /// For what is planned: says that for now only `allowed` works, if anything.
  void fail_unavailable(std::string_view allowed = {}) const;
  [[nodiscard]] Field child(const Entry& entry) const;
  [[nodiscard]] Field item(std::size_t index) const;
  /// What was written at `path` below, or else its nearest ancestor; the key is that of `path`.
  [[nodiscard]] Field nearest(std::initializer_list<std::string_view> path) const;
};

struct WholeRange {
  std::int64_t min;
  std::int64_t max;
};
struct DecimalRange {
  Decimal min;
  Decimal max;
};
enum class BareNumber { refused, seconds };
struct DurationRule {
  Nanoseconds min{0};
  BareNumber bare_number = BareNumber::refused;
};

/// Decimal digits without leading zeros, with a minus or without.
[[nodiscard]] std::optional<std::int64_t> parse_whole(std::string_view text);

[[nodiscard]] std::optional<std::int64_t> read_whole(const Field& field, WholeRange range);
[[nodiscard]] std::optional<Decimal> read_decimal(const Field& field, DecimalRange range);
[[nodiscard]] std::optional<bool> read_boolean(const Field& field);
[[nodiscard]] std::optional<Nanoseconds> read_duration(const Field& field, DurationRule rule);
/// Text without control characters; may be empty. What reads as a number or a boolean must be
/// quoted, so that every YAML reader takes it for text.
[[nodiscard]] std::optional<std::string> read_text(const Field& field);
/// The id of the VM that the text names.
[[nodiscard]] std::optional<VmId> read_vm(const Field& field);

[[nodiscard]] bool is_mapping(const Field& field);
[[nodiscard]] bool is_list(const Field& field);
/// Whether YAML 1.2 readers take the plain scalar `text` for a number or a boolean.
[[nodiscard]] bool reads_as_number_or_boolean(std::string_view text);

/// `a, b or c`.
[[nodiscard]] std::string listed(std::span<const std::string_view> words);
/// Reports that `word` is none of `known`, with a guess.
void fail_word(const Field& field, std::span<const std::string_view> known);

template <typename Value, std::size_t N>
[[nodiscard]] std::optional<Value> read_word(const Field& field, const Word<Value> (&words)[N]) {
  if (field.node.kind == Node::Kind::scalar) {
    if (const auto value = find_word(words, field.node.text)) {
      return value;
    }
  }
  fail_word(field, texts(words));
  return std::nullopt;
}

template <typename Into, typename Value>
void assign(Into& into, const std::optional<Value>& value) {
  if (value) {
    into = static_cast<Into>(*value);
  }
}

/// A key of a mapping and what reads its value into `Into`.
template <typename Into>
struct Key {
  std::string_view name;
  void (*read)(const Field& field, Into& into);
};

/// Reports the entries that are none of `known`.
void refuse_unknown_keys(const Field& field, std::span<const std::string_view> known);

template <typename Into, std::size_t N>
void add_names(const Key<Into> (&keys)[N], std::vector<std::string_view>& names) {
  for (const Key<Into>& key : keys) {
    names.push_back(key.name);
  }
}

/// Reads the entries that are there, in the order of the table: a key may rely on earlier ones.
template <typename Into, std::size_t N>
void read_entries(const Field& field, const Key<Into> (&keys)[N], Into& into) {
  for (const Key<Into>& key : keys) {
    if (const Entry* entry = find_entry(field.node, key.name)) {
      key.read(field.child(*entry), into);
    }
  }
}

/// Reads a mapping whose keys are all in the table.
template <typename Into, std::size_t N>
void read_keys(const Field& field, const Key<Into> (&keys)[N], Into& into) {
  if (!is_mapping(field)) {
    return;
  }
  std::vector<std::string_view> names;
  add_names(keys, names);
  refuse_unknown_keys(field, names);
  read_entries(field, keys, into);
}

}  // namespace driftbus::loading
