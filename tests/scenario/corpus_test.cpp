// Every file in bad/ and good/, with what the user sees of it, word for word. After a change on
// purpose: DRIFTBUS_BLESS=1 meson test -C build scenario, then read the difference.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "scenario/folder.hpp"
#include "scenario/loader.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

/// Makes `folder` the working directory, so that messages show bare file names.
class InFolder {
 public:
  explicit InFolder(const fs::path& folder) : before_(fs::current_path()) {
    fs::current_path(folder);
  }
  ~InFolder() { fs::current_path(before_); }
  InFolder(const InFolder&) = delete;
  InFolder& operator=(const InFolder&) = delete;

 private:
  fs::path before_;
};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> scenarios() {
  std::vector<fs::path> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(".")) {
    if (entry.path().extension() == ".yaml") {
      paths.push_back(entry.path().filename());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// Compares with the file beside the scenario, or writes it when asked to.
void check_expected(fs::path scenario, const std::string& actual) {
  const fs::path expected = scenario.replace_extension(".expected");
  if (std::getenv("DRIFTBUS_BLESS") != nullptr) {
    std::ofstream(expected, std::ios::binary) << actual;
  }
  CHECK(read(expected) == actual);
}

std::string refusal(const fs::path& path) {
  try {
    static_cast<void>(load_scenario({.path = path}));
  } catch (const InputError& error) {
    return std::string(error.what()) + "\n";
  }
  return "loaded\n";
}

/// Everything that loading tells: warnings, then the scenario as resolved.
std::string account(const fs::path& path) {
  const LoadedScenario loaded = load_scenario({.path = path, .drawn_seed = 77});
  std::string text;
  for (const Diagnostic& warning : loaded.warnings) {
    text += render(warning) + "\n";
  }
  return text + to_yaml(loaded.scenario);
}

TEST_SUITE("corpus") {
  TEST_CASE("corpus: every bad scenario is refused with all its problems, word for word") {
    const InFolder folder("bad");
    const std::vector<fs::path> paths = scenarios();
    CHECK(paths.size() >= 60);
    for (const fs::path& path : paths) {
      CAPTURE(path.string());
      const std::string refused = refusal(path);
      CHECK(refused != "loaded\n");
      check_expected(path, refused);
    }
  }

  TEST_CASE("corpus: what no file of the repository can be is refused too, word for word") {
    const Folder folder;
    const InFolder in_folder(folder.path());
    const auto check = [](const std::string& text, const std::string& expected) {
      std::ofstream("x.yaml", std::ios::binary) << text;
      CHECK(refusal("x.yaml") == expected + "\n");
    };
    const std::string three = "vms: {count: 3}\n";
    check(three + std::string(std::size_t{1} << 20, '#'), "x.yaml: error: must be at most 1 MiB");
    check("vms: " + std::string(50'000, '[') + std::string(50'000, ']'),
          "x.yaml:1:37: error: nested deeper than 32 levels\n"
          "vms: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[...\n"
          "                                    ^");
    check("name: a\0b\n"s + three,
          "x.yaml:1:8: error: control characters are not allowed, got the byte 0x00\n"
          "name: a\\x00b\n"
          "       ^");
    check("\xFF\xFEv\0m\0s\0:\0"s, "x.yaml: error: must be UTF-8, looks like UTF-16");
    CHECK(refusal("missing.yaml") ==
          "missing.yaml: error: cannot read the scenario: no such file or directory\n");
    CHECK(refusal(".") == ".: error: cannot read the scenario: it is a folder\n");
  }

  TEST_CASE("corpus: every good scenario resolves to what is expected of it") {
    const InFolder folder("good");
    const std::vector<fs::path> paths = scenarios();
    CHECK(paths.size() >= 10);
    for (const fs::path& path : paths) {
      CAPTURE(path.string());
      check_expected(path, account(path));
    }
  }
}

}  // namespace
}  // namespace driftbus
