#include "run/draft.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <system_error>

#include "support/file_size_limit.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

namespace fs = std::filesystem;

TEST_SUITE("draft") {
  TEST_CASE("draft: a file is there once it is kept, whole, in place of the one before") {
    const TemporaryFolder place;
    const fs::path name = place.write("export.json", "before, and longer");
    Draft draft(name);
    draft.write("one, ");
    draft.write("two");
    CHECK(content_of(name) == "before, and longer");
    draft.keep();
    CHECK(content_of(name) == "one, two");
    CHECK_FALSE(fs::exists(name.string() + ".part"));
  }

  TEST_CASE("draft: what is not kept leaves nothing behind") {
    const TemporaryFolder place;
    {
      const Draft draft(place.path() / "export.json");
      draft.write("half");
    }
    CHECK(fs::is_empty(place.path()));
  }

  TEST_CASE("draft: a full disk and a folder that is not there are named") {
    const TemporaryFolder place;
    const fs::path name = place.path() / "export.json";
    {
      const Draft draft(name);
      const FileSizeLimit full(1000);
      CHECK(thrown<std::system_error>([&] { draft.write(std::string(5000, 'x')); }) ==
            "write " + name.string() + ".part: File too large");
    }
    const fs::path nowhere = place.path() / "no" / "export.json";
    CHECK(thrown<std::system_error>([&] { Draft draft(nowhere); }) ==
          "write " + nowhere.string() + ".part: No such file or directory");
  }

  TEST_CASE("draft: a descriptor that takes nothing is an error with the caller's words") {
    const int file = open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(file >= 0);
    CHECK(thrown<std::system_error>([&] { write_all(file, "x", "write to standard output"); }) ==
          "write to standard output: No space left on device");
    close(file);
  }
}

}  // namespace
}  // namespace driftbus
