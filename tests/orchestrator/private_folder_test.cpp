#include "orchestrator/private_folder.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>

#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

namespace fs = std::filesystem;

/// Sets TMPDIR while it lives.
class TemporaryPlace {
 public:
  explicit TemporaryPlace(const fs::path& path) {
    if (const char* before = std::getenv("TMPDIR")) {
      before_ = before;
    }
    ::setenv("TMPDIR", path.c_str(), 1);
  }
  ~TemporaryPlace() {
    if (before_) {
      ::setenv("TMPDIR", before_->c_str(), 1);
    } else {
      ::unsetenv("TMPDIR");
    }
  }
  TemporaryPlace(const TemporaryPlace&) = delete;
  TemporaryPlace& operator=(const TemporaryPlace&) = delete;

 private:
  std::optional<std::string> before_;
};

void make_socket(const fs::path& path) {
  const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  REQUIRE(::bind(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(file);
}

/// What an orchestrator that was killed leaves: an unlocked folder with sockets.
fs::path leave_behind(const fs::path& place, const char* name) {
  const fs::path path = place / name;
  fs::create_directory(path);
  fs::permissions(path, fs::perms::owner_all);
  make_socket(path / "c1");
  make_socket(path / "1-2");
  return path;
}

TEST_SUITE("private folder") {
  TEST_CASE("private folder: in TMPDIR, for this user only, and gone with its owner") {
    const TemporaryFolder place;
    const TemporaryPlace here(place.path());
    fs::path path;
    {
      const PrivateFolder folder;
      path = folder.path();
      CHECK(path.parent_path() == place.path());
      struct stat status {};
      REQUIRE(::stat(path.c_str(), &status) == 0);
      CHECK((status.st_mode & 07777) == 0700);
      make_socket(path / "1-1");
      CHECK(folder.endpoint("1-1") == "ipc://" + (path / "1-1").string());
    }
    CHECK_FALSE(fs::exists(path));
    CHECK(fs::is_empty(place.path()));
  }

  TEST_CASE("private folder: what a killed orchestrator left is swept away") {
    const TemporaryFolder place;
    const TemporaryPlace here(place.path());
    const fs::path left = leave_behind(place.path(), "driftbus-run-aB3xY9");
    const PrivateFolder folder;
    CHECK_FALSE(fs::exists(left));
  }

  TEST_CASE("private folder: those of orchestrators that live are left alone") {
    const TemporaryFolder place;
    const TemporaryPlace here(place.path());
    const PrivateFolder first;
    make_socket(first.path() / "c1");
    const PrivateFolder second;
    CHECK(first.path() != second.path());
    CHECK(fs::exists(first.path() / "c1"));
  }

  TEST_CASE("regression: a folder of somebody else with such a name is left alone") {
    const TemporaryFolder place;
    const TemporaryPlace here(place.path());
    const fs::path checkout = leave_behind(place.path(), "driftbus-main");
    const fs::path shared = leave_behind(place.path(), "driftbus-run-shared");
    fs::permissions(shared, fs::perms::all);
    const fs::path work = leave_behind(place.path(), "driftbus-run-abcdef");
    place.write("driftbus-run-abcdef/thesis.txt", "two years of work");
    fs::create_directory_symlink(checkout, place.path() / "driftbus-run-aliass");
    const PrivateFolder folder;
    CHECK(fs::exists(checkout / "c1"));
    CHECK(fs::exists(shared / "c1"));
    CHECK(content_of(work / "thesis.txt") == "two years of work");
  }

  TEST_CASE("private folder: a TMPDIR too long for sockets gives way to /tmp") {
    const TemporaryFolder place;
    const fs::path deep = place.path() / std::string(80, 'x');
    fs::create_directory(deep);
    const TemporaryPlace here(deep);
    const PrivateFolder folder;
    CHECK(folder.path().parent_path() == "/tmp");
    CHECK(folder.endpoint(std::string(20, 'n')).size() <= 6 + 107);
  }

  TEST_CASE("private folder: the longest socket fits where TMPDIR is as long as it may be") {
    const TemporaryFolder place;
    for (std::size_t length = 20; length <= 80; ++length) {
      const fs::path deep = place.path() / std::string(length, 'y');
      fs::create_directory(deep);
      const TemporaryPlace here(deep);
      const PrivateFolder folder;
      REQUIRE(folder.endpoint(std::string(20, 'n')).size() <= 6 + 107);
    }
  }

  TEST_CASE("private folder: a TMPDIR that is not there is an error that names it") {
    const TemporaryFolder place;
    const fs::path missing = place.path() / "missing";
    const TemporaryPlace here(missing);
    CHECK(thrown<std::system_error>([] { PrivateFolder folder; }) ==
          "make a folder for sockets in " + missing.string() + ": No such file or directory");
  }
}

}  // namespace
}  // namespace driftbus
