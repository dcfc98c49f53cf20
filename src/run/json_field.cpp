#include "run/json_field.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/errors.hpp"
#include "base/printable.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::json;

/// No file of ours has more than half of them; printing a value takes stack for each.
constexpr int kMostLevels = 32;
/// A longer value is cut in messages.
constexpr std::size_t kLongestShown = 60;

}  // namespace

JsonField JsonField::at(const std::string& name) const {
  const std::string key = key_.empty() ? name : key_ + "." + name;
  if (!has(name)) {
    throw InputError({{.file = file_, .line = line_, .key = key, .message = "is missing"}});
  }
  return {value_[name], file_, line_, key};
}

std::uint64_t JsonField::count() const {
  if (!value_.is_number_unsigned()) {
    refuse("a whole number, 0 or more");
  }
  return value_.get<std::uint64_t>();
}

std::uint64_t JsonField::count_to(std::uint64_t most) const {
  const std::uint64_t number = count();
  if (number > most) {
    refuse(fmt::format("a whole number from 0 to {}", most));
  }
  return number;
}

std::int64_t JsonField::whole() const {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (!value_.is_number_integer() ||
      (value_.is_number_unsigned() && value_.get<std::uint64_t>() > kMost)) {
    refuse("a whole number");
  }
  return value_.get<std::int64_t>();
}

std::string JsonField::text() const {
  if (!value_.is_string()) {
    refuse("text");
  }
  return value_.get<std::string>();
}

double JsonField::number() const {
  if (!value_.is_number()) {
    refuse("a number");
  }
  return value_.get<double>();
}

void JsonField::refuse(std::string_view expected) const {
  const std::string found = value_.dump();
  throw InputError(
      {{.file = file_,
        .line = line_,
        .key = key_,
        .message = fmt::format("expected {}, found {}", expected,
                               found.size() > kLongestShown ? in_quotes(found) : found)}});
}

Json parse_json_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) {
    throw_system_error(errno, "open " + path.string());
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto refuse_levels = [&path](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
    if (depth > kMostLevels) {
      throw InputError({{.file = path.string(),
                         .message = fmt::format("expected at most {} levels of brackets, found "
                                                "more",
                                                kMostLevels)}});
    }
    return true;
  };
  try {
    return Json::parse(text, refuse_levels);
  } catch (const Json::parse_error& error) {
    const std::string_view before = std::string_view(text).substr(0, error.byte);
    throw InputError({{.file = path.string(),
                       .line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
                       .message = "this is no JSON, or was cut off"}});
  }
}

}  // namespace driftbus
