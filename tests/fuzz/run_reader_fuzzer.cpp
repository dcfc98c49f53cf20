// Any run.json is read or an InputError, and so are any rows in vms.csv and links.csv beside a good
// one.
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/errors.hpp"
#include "run/read.hpp"

namespace driftbus {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kFew = 2;
constexpr std::uint32_t kMany = kMostVmsInJson + 1;

LoadedScenario scenario_of(std::uint32_t count) {
  LoadedScenario loaded;
  loaded.scenario.vms.count = count;
  return loaded;
}

RunRecord run_of(std::uint32_t count) {
  RunRecord run;
  run.trials.resize(1);
  for (VmId id = 1; id <= count; ++id) {
    run.trials[0].vms.push_back({.id = id, .name = fmt::format("vm{}", id), .ending = Ending{}});
  }
  run.trials[0].links.push_back({.from = 1, .to = 2});
  return run;
}

void write(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// One folder for all inputs, in memory; it goes away with the process.
class Folder {
 public:
  Folder() {
    std::string name = "/dev/shm/driftbus-fuzz-XXXXXX";
    ensure(::mkdtemp(name.data()) != nullptr, "memory has room for a folder");
    path_ = name;
    fs::create_directory(path_ / "trial-1");
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// The table with more rows right behind its header.
std::string with_rows(std::string csv, std::string_view rows) {
  return csv.insert(csv.find('\n') + 1, rows);
}

void read(const fs::path& folder, std::uint32_t count) {
  try {
    const LoadedScenario loaded = scenario_of(count);
    const RunRecord run = read_run(folder, loaded.scenario);
    ensure(run.trials.empty() || run.trials[0].vms.size() == count, "all VMs have a record");
  } catch (const InputError& error) {
    ensure(!error.diagnostics().empty(), "a refusal has a reason");
  }
}

}  // namespace
}  // namespace driftbus

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace driftbus;
  static const Folder folder;
  static const RunRecord many = run_of(kMany);
  static const std::string good = to_json(many, scenario_of(kMany)).dump();
  static const std::string vms = vms_csv(many.trials[0]);
  static const std::string links = links_csv(many.trials[0], scenario_of(kMany).scenario);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.starts_with('{')) {
    write(folder.path() / "run.json", input);
    read(folder.path(), kFew);
    return 0;
  }
  // Rows before the good ones, so that a bad one is found at once: up to a NUL of the first file,
  // then of the second.
  const std::size_t end = std::min(input.find('\0'), size);
  write(folder.path() / "run.json", good);
  write(folder.path() / "trial-1" / "vms.csv", with_rows(vms, input.substr(0, end)));
  write(folder.path() / "trial-1" / "links.csv",
        with_rows(links, input.substr(std::min(end + 1, size))));
  read(folder.path(), kMany);
  return 0;
}
