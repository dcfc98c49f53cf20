#include "run/folder.hpp"

#include <doctest/doctest.h>

#include <set>
#include <system_error>

#include "base/errors.hpp"
#include "support/file_size_limit.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

namespace fs = std::filesystem;

/// 2026-11-20T11:26:03.123Z.
constexpr Nanoseconds kTime{1'795'173'963'123'456'789};

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

TEST_SUITE("run folder") {
  TEST_CASE("run folder: times are UTC to the millisecond, rounded down") {
    CHECK(iso_time(kTime) == "2026-11-20T11:26:03.123Z");
    CHECK(folder_name(kTime) == "2026-11-20T11-26-03.123Z");
    CHECK(iso_time(Nanoseconds(0)) == "1970-01-01T00:00:00.000Z");
    CHECK(iso_time(Nanoseconds(1'999'999)) == "1970-01-01T00:00:00.001Z");
    CHECK(iso_time(std::chrono::seconds(951'782'400)) == "2000-02-29T00:00:00.000Z");
  }

  TEST_CASE("run folder: named by scenario and time, with latest linked to it") {
    const TemporaryFolder logs;
    const RunFolder run = RunFolder::make(logs.path() / "deep" / "logs", "three_vms", kTime);
    const fs::path parent = logs.path() / "deep" / "logs" / "three_vms";
    CHECK(run.path() == parent / "2026-11-20T11-26-03.123Z");
    CHECK(fs::is_empty(run.path()));
    CHECK(fs::read_symlink(parent / "latest") == "2026-11-20T11-26-03.123Z");
    CHECK(names_in(parent) == std::set<std::string>{"2026-11-20T11-26-03.123Z", "latest"});
  }

  TEST_CASE("run folder: a taken millisecond gives the next, and latest follows") {
    const TemporaryFolder logs;
    std::set<fs::path> paths;
    for (int i = 0; i < 20; ++i) {
      paths.insert(RunFolder::make(logs.path(), "x", kTime).path());
    }
    CHECK(paths.size() == 20);
    CHECK(paths.rbegin()->filename() == "2026-11-20T11-26-03.142Z");
    CHECK(fs::read_symlink(logs.path() / "x" / "latest") == "2026-11-20T11-26-03.142Z");
  }

  TEST_CASE("run folder: where none can be made, the error names it") {
    const TemporaryFolder logs;
    const fs::path file = logs.write("file", "not a folder");
    CHECK(thrown<std::system_error>([&] { (void)RunFolder::make(file, "x", kTime); }) ==
          "make folder " + (file / "x").string() + ": Not a directory");
  }

  TEST_CASE("run folder: --output may be new, with new folders above it, or empty") {
    const TemporaryFolder place;
    const fs::path fresh = place.path() / "a" / "b";
    CHECK(RunFolder::at(fresh).path() == fresh);
    CHECK(fs::is_directory(fresh));
    CHECK(RunFolder::at(fresh).path() == fresh);
  }

  TEST_CASE("run folder: --output that holds something, or is a file, is refused and left alone") {
    const TemporaryFolder place;
    const fs::path file = place.write("file", "precious");
    for (const fs::path& path : {place.path(), file}) {
      CHECK(thrown<InputError>([&] { (void)RunFolder::at(path); }) ==
            "error: --output: expected a new or empty folder, '" + path.string() + "' is neither");
    }
    CHECK(content_of(file) == "precious");
    CHECK(names_in(place.path()) == std::set<std::string>{"file"});
  }

  TEST_CASE("run folder: trials have folders of their own") {
    const TemporaryFolder place;
    const RunFolder run = RunFolder::at(place.path());
    CHECK(run.make_trial(1) == place.path() / "trial-1");
    CHECK(run.make_trial(12) == place.path() / "trial-12");
    CHECK(names_in(place.path()) == std::set<std::string>{"trial-1", "trial-12"});
  }

  TEST_CASE("run folder: a written file is whole, replaces the one before, and leaves no draft") {
    const TemporaryFolder place;
    const RunFolder run = RunFolder::at(place.path());
    run.write("run.json", "first, and longer");
    run.write("run.json", "second");
    CHECK(content_of(place.path() / "run.json") == "second");
    CHECK(names_in(place.path()) == std::set<std::string>{"run.json"});
  }

  TEST_CASE("run folder: on a full disk a file is not there at all, and the error names it") {
    const TemporaryFolder place;
    const RunFolder run = RunFolder::at(place.path());
    {
      const FileSizeLimit full(1000);
      const std::string why =
          thrown<std::system_error>([&] { run.write("run.json", std::string(5000, 'x')); });
      CHECK(why.find("write " + (place.path() / "run.json").string()) == 0);
      CHECK(why.find("File too large") != std::string::npos);
    }
    CHECK(names_in(place.path()).empty());
  }

  TEST_CASE("run folder: on a full disk the file that was there stays as it was") {
    const TemporaryFolder place;
    const RunFolder run = RunFolder::at(place.path());
    run.write("run.json", "whole");
    {
      const FileSizeLimit full(1000);
      CHECK_THROWS_AS(run.write("run.json", std::string(5000, 'x')), std::system_error);
    }
    CHECK(content_of(place.path() / "run.json") == "whole");
    CHECK(names_in(place.path()) == std::set<std::string>{"run.json"});
  }

  TEST_CASE("run folder: a file in a folder that is not there is an error that names it") {
    const TemporaryFolder place;
    const RunFolder run = RunFolder::at(place.path());
    CHECK_THROWS_AS(run.write("trial-1/vms.csv", "x"), std::system_error);
    (void)run.make_trial(1);
    run.write("trial-1/vms.csv", "x");
    CHECK(content_of(place.path() / "trial-1" / "vms.csv") == "x");
  }
}

}  // namespace
}  // namespace driftbus
