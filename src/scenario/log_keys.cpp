#include "scenario/log_keys.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"
#include "scenario/file_pattern.hpp"

namespace driftbus::loading {
namespace {

constexpr std::size_t kLongestFile = 200;

void read_directory(const Field& field, LogSpec& log) {
  const std::optional<std::string> directory = read_text(field);
  if (directory && directory->empty()) {
    field.fail("must name a folder");
    return;
  }
  assign(log.directory, directory);
}

void read_file(const Field& field, LogSpec& log) {
  const std::optional<std::string> file = read_text(field);
  if (!file) {
    return;
  }
  if (file->empty() || file->find('/') != std::string::npos) {
    field.fail_expected("must be a file's name, without '/' and without its ending");
    return;
  }
  if (read_pattern(field, *file)) {
    log.file = *file;
  }
}

constexpr Key<LogSpec> kLogKeys[] = {
    {"directory", read_directory},
    {"level", [](const Field& f, LogSpec& log) { assign(log.level, read_word(f, kLogLevels)); }},
    {"events", [](const Field& f, LogSpec& log) { assign(log.events, read_boolean(f)); }},
    {"pattern", [](const Field& f, LogSpec& log) { assign(log.pattern, read_text(f)); }},
    {"file", read_file},
};

}  // namespace

void read_log(const Field& field, LogSpec& log) { read_keys(field, kLogKeys, log); }

void check_log_files(const Field& field, const Scenario& scenario) {
  const std::optional<FilePattern> pattern = read_pattern(field, scenario.log.file);
  ensure(pattern.has_value(), "a pattern that was taken can be read");
  if (scenario.vms.count > 1 && !tells_vms_apart(*pattern, scenario)) {
    field.fail(fmt::format(
        "may give two VMs the same name, got {}: use {{vm}} or {{id}}, and set it apart from other "
        "placeholders, as in '{{vm}}.{{rate}}'",
        in_quotes(scenario.log.file)));
    return;
  }
  if (const std::size_t longest = longest_name(*pattern, scenario); longest > kLongestFile) {
    field.fail(fmt::format("may expand to {} bytes, must be at most {}", longest, kLongestFile));
  }
  if (const std::optional<std::string> name = own_name(*pattern, scenario)) {
    field.fail(
        fmt::format("gives a VM the name {}, which the run keeps for itself", in_quotes(*name)));
  }
}

}  // namespace driftbus::loading
