#include "scenario/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/printable.hpp"

namespace driftbus::loading {
namespace {

constexpr std::string_view kWithoutQuotes = ", which is text: write it without quotes";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool all_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

/// The text of a scalar that may be a number: null for anything else.
const std::string* plain_text(const Node& node) {
  return node.kind == Node::Kind::scalar && node.plain ? &node.text : nullptr;
}

/// Only the base 8 and 16 spellings; decimal ones are with from_chars.
bool is_based_integer(std::string_view text) {
  return (text.starts_with("0x") && all_of(text.substr(2), "0123456789abcdefABCDEF")) ||
         (text.starts_with("0o") && all_of(text.substr(2), "01234567"));
}

bool is_decimal_number(std::string_view text) {
  const std::string_view size = text.substr(all_of(text.substr(0, 1), "+-") ? 1 : 0);
  const std::string_view first = size.substr(size.starts_with('.') ? 1 : 0, 1);
  if (!all_of(first, "0123456789")) {
    return false;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), value);
  return end == size.data() + size.size();
}

/// For who wrote a number, but not as numbers are written here.
std::string_view number_advice(const Node& node) {
  const bool is_number = is_based_integer(node.text) || is_decimal_number(node.text);
  if (node.kind != Node::Kind::scalar || !is_number) {
    return {};
  }
  if (!node.plain) {
    return kWithoutQuotes;
  }
  const std::optional<NumberText> parts = split_number(node.text);
  return parts && parts->rest.empty() ? "" : ": write it in plain decimal digits";
}

std::string lower_bound_text(Nanoseconds min) {
  if (min.count() == 0) {
    return "must be at least 0 ms";
  }
  return min.count() == 1 ? "must be above 0 ms" : fmt::format("must be at least {}", to_text(min));
}

}  // namespace

void Field::fail(std::string message) const {
  if (node.kind != Node::Kind::refused) {
    reading.problems.error(node.place, key, std::move(message));
  }
}

void Field::warn(std::string message) const {
  reading.problems.warning(node.place, key, std::move(message));
}

void Field::fail_expected(std::string_view expected, std::string_view advice) const {
  fail(fmt::format("{}, got {}{}", expected, describe(node), advice));
}

void Field::fail_unavailable(std::string_view allowed) const {
  fail(allowed.empty() ? std::string("not available yet")
                       : fmt::format("not available yet: for now only '{}' works", allowed));
}

Field Field::child(const Entry& entry) const {
  return {reading, entry.value, key.empty() ? entry.key.text : key + "." + entry.key.text};
}

Field Field::item(std::size_t index) const {
  return {reading, node.items[index], fmt::format("{}[{}]", key, index)};
}

Field Field::nearest(std::initializer_list<std::string_view> path) const {
  const Node* written = &node;
  std::string full = key;
  bool found = true;
  for (const std::string_view name : path) {
    full += fmt::format("{}{}", full.empty() ? "" : ".", name);
    const Entry* entry = found ? find_entry(*written, name) : nullptr;
    found = entry != nullptr;
    written = found ? &entry->value : written;
  }
  return {reading, *written, full};
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (!all_of(digits, "0123456789") || (digits.size() > 1 && digits[0] == '0')) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> read_whole(const Field& field, WholeRange range) {
  if (const std::string* text = plain_text(field.node)) {
    const std::optional<std::int64_t> value = parse_whole(*text);
    if (value && range.min <= *value && *value <= range.max) {
      return value;
    }
  }
  field.fail_expected(fmt::format("must be a whole number from {} to {}", range.min, range.max),
                      number_advice(field.node));
  return std::nullopt;
}

std::optional<Decimal> read_decimal(const Field& field, DecimalRange range) {
  if (const std::string* text = plain_text(field.node)) {
    const Parsed<Decimal> parsed = parse_decimal(*text);
    if (parsed && range.min <= *parsed.value && *parsed.value <= range.max) {
      return parsed.value;
    }
  }
  field.fail_expected(fmt::format("must be a number from {} to {} with at most 6 decimals",
                                  to_text(range.min), to_text(range.max)),
                      number_advice(field.node));
  return std::nullopt;
}

std::optional<bool> read_boolean(const Field& field) {
  const Node& node = field.node;
  const bool is_boolean =
      node.kind == Node::Kind::scalar && (node.text == "true" || node.text == "false");
  if (is_boolean && node.plain) {
    return node.text == "true";
  }
  field.fail_expected("must be true or false", is_boolean ? kWithoutQuotes : "");
  return std::nullopt;
}

std::optional<Nanoseconds> read_duration(const Field& field, DurationRule rule) {
  if (field.node.kind != Node::Kind::scalar) {
    field.fail_expected("must be a duration such as 10s or 250ms");
    return std::nullopt;
  }
  const bool bare = rule.bare_number == BareNumber::seconds && field.node.plain;
  const Parsed<Nanoseconds> parsed =
      bare ? parse_duration_or_seconds(field.node.text) : parse_duration(field.node.text);
  if (!parsed) {
    field.fail(parsed.problem);
    return std::nullopt;
  }
  if (*parsed.value < rule.min) {
    field.fail_expected(lower_bound_text(rule.min));
    return std::nullopt;
  }
  return parsed.value;
}

std::optional<std::string> read_text(const Field& field) {
  const Node& node = field.node;
  if (node.kind != Node::Kind::scalar) {
    field.fail_expected("must be text");
    return std::nullopt;
  }
  if (node.plain && reads_as_number_or_boolean(node.text)) {
    field.fail(fmt::format("must be text, got {}: write it in quotes", in_quotes(node.text)));
    return std::nullopt;
  }
  if (std::any_of(node.text.begin(), node.text.end(), is_control)) {
    field.fail_expected("must not hold control characters");
    return std::nullopt;
  }
  return node.text;
}

std::optional<VmId> read_vm(const Field& field) {
  const std::optional<std::string> name = read_text(field);
  if (!name || !field.reading.names.known()) {
    return std::nullopt;
  }
  const std::optional<VmId> id = field.reading.names.find(*name);
  if (!id) {
    field.fail(field.reading.names.unknown(*name));
  }
  return id;
}

bool is_mapping(const Field& field) {
  if (field.node.kind != Node::Kind::mapping) {
    field.fail_expected("must be a mapping");
    return false;
  }
  return true;
}

bool is_list(const Field& field) {
  if (field.node.kind != Node::Kind::sequence) {
    field.fail_expected("must be a list");
    return false;
  }
  return true;
}

bool reads_as_number_or_boolean(std::string_view text) {
  static constexpr std::array<std::string_view, 18> kWords = {
      "true",  "True",  "TRUE",  "false", "False", "FALSE", ".inf", ".Inf", ".INF",
      "-.inf", "-.Inf", "-.INF", "+.inf", "+.Inf", "+.INF", ".nan", ".NaN", ".NAN"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end() || is_based_integer(text) ||
         is_decimal_number(text);
}

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view separator = i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
    text += fmt::format("{}{}", separator, words[i]);
  }
  return text;
}

void fail_word(const Field& field, std::span<const std::string_view> known) {
  const std::string guess =
      field.node.kind == Node::Kind::scalar ? did_you_mean(field.node.text, known) : std::string();
  field.fail(fmt::format("must be {}, got {}{}", listed(known), describe(field.node), guess));
}

void refuse_unknown_keys(const Field& field, std::span<const std::string_view> known) {
  for (const Entry& entry : field.node.entries) {
    const std::string& name = entry.key.text;
    if (entry.key.kind == Node::Kind::refused ||
        std::find(known.begin(), known.end(), name) != known.end()) {
      continue;
    }
    const std::string guess = did_you_mean(name, known);
    Field{field.reading, entry.key, field.key}.fail(
        fmt::format("unknown key {}{}", in_quotes(name), guess));
  }
}

}  // namespace driftbus::loading
