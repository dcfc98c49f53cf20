#include "scenario/yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/decimal.hpp"
#include "base/errors.hpp"
#include "scenario/values.hpp"

namespace driftbus::loading {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kPlainCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-";
/// What YAML 1.1 readers take for something else than text.
constexpr std::array<std::string_view, 10> kReservedWords = {"null", "true", "false", "yes", "no",
                                                             "on",   "off",  "y",     "n",   "~"};

/// Durations and addresses begin with a digit and are plain text all the same.
bool is_plain(std::string_view text) {
  if (text.empty() || text.find_first_not_of(kPlainCharacters) != std::string_view::npos ||
      text.find_first_of(kLetters) == std::string_view::npos || text.front() == '-') {
    return false;
  }
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::find(kReservedWords.begin(), kReservedWords.end(), lower) == kReservedWords.end() &&
         !reads_as_number_or_boolean(text);
}

/// JSON's escapes are YAML's too; DEL, which JSON leaves as it is, is not allowed in a scenario.
std::string text_of(const std::string& text) {
  if (is_plain(text)) {
    return text;
  }
  std::string escaped = Json(text).dump();
  for (std::size_t at = escaped.find('\x7F'); at != std::string::npos;
       at = escaped.find('\x7F', at)) {
    escaped.replace(at, 1, "\\x7F");
  }
  return escaped;
}

std::string key_text(const std::string& key) {
  const bool number = key.find_first_not_of("0123456789") == std::string::npos;
  return number && !key.empty() ? key : text_of(key);
}

std::string scalar_text(const Json& value) {
  if (value.is_string()) {
    return text_of(value.get_ref<const std::string&>());
  }
  constexpr std::int64_t kLargest = Decimal::kLargest / Decimal::kOne;
  // Larger ones are refused where they are read, but are shown before that as a sweep's values.
  if (value.is_number_float() && std::abs(value.get<double>()) <= static_cast<double>(kLargest)) {
    return to_text(Decimal{std::llround(value.get<double>() * Decimal::kOne)});
  }
  return value.dump();
}

std::string flow_text(const Json& value) {
  if (!value.is_structured()) {
    return scalar_text(value);
  }
  std::string text;
  for (const auto& [key, item] : value.items()) {
    text += text.empty() ? "" : ", ";
    text +=
        value.is_object() ? fmt::format("{}: {}", key_text(key), flow_text(item)) : flow_text(item);
  }
  return value.is_object() ? "{" + text + "}" : "[" + text + "]";
}

/// Block style is for mappings with something in them that is not small.
bool is_block(const Json& value, int level) {
  return value.is_object() && !value.empty() &&
         (level == 0 ||
          std::any_of(value.begin(), value.end(),
                      [](const Json& item) { return item.is_object(); }) ||
          flow_text(value).size() > 80);
}

void write_block(const Json& mapping, int level, std::string& out) {
  for (const auto& [key, value] : mapping.items()) {
    out += fmt::format("{:{}}{}:", "", 2 * level, key_text(key));
    if (is_block(value, level + 1)) {
      out += '\n';
      write_block(value, level + 1, out);
    } else {
      out += fmt::format(" {}\n", flow_text(value));
    }
  }
}

}  // namespace

std::string yaml_text(const Json& tree) {
  ensure(tree.is_object(), "a scenario is a mapping");
  std::string text;
  write_block(tree, 0, text);
  return text;
}

std::string yaml_value(const Json& value) { return flow_text(value); }

}  // namespace driftbus::loading
