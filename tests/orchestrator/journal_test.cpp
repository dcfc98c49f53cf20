#include "orchestrator/journal.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <system_error>

#include "support/captured.hpp"
#include "support/file_size_limit.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

/// The log without its times.
std::string untimed(const std::filesystem::path& path) {
  std::string text;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    text += line.substr(line.find('[')) + "\n";
  }
  return text;
}

/// Says one of each kind.
void say_all(Journal& journal) {
  journal.problem("it broke");
  journal.warning("it creaks");
  journal.warning(Diagnostic{.file = "a.yaml",
                             .line = 2,
                             .column = 1,
                             .severity = Diagnostic::Severity::warning,
                             .message = "odd"});
  journal.note("by the way");
  journal.detail("in passing");
}

TEST_SUITE("journal") {
  TEST_CASE("journal: problems and warnings are kept, in order and without paint") {
    (void)captured(STDERR_FILENO, [] {
      Screen screen(false, Colour::on);
      Journal journal(screen);
      say_all(journal);
      CHECK(journal.problems() == std::vector<std::string>{"it broke"});
      CHECK(journal.warnings() ==
            std::vector<std::string>{"it creaks", "a.yaml:2:1: warning: odd"});
    });
  }

  TEST_CASE("journal: people see all but details on stderr") {
    const std::string said = captured(STDERR_FILENO, [] {
      Screen screen(false, Colour::off);
      Journal journal(screen);
      say_all(journal);
    });
    CHECK(said ==
          "orchestrator: error: it broke\n"
          "orchestrator: warning: it creaks\n"
          "a.yaml:2:1: warning: odd\n"
          "orchestrator: by the way\n");
  }

  TEST_CASE("journal: the log has everything, each with its level") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "orchestrator.log";
    (void)captured(STDERR_FILENO, [&] {
      Screen screen(false, Colour::on);
      Journal journal(screen);
      journal.open(path);
      say_all(journal);
    });
    CHECK(untimed(path) ==
          "[error] it broke\n"
          "[warning] it creaks\n"
          "[warning] a.yaml:2:1: warning: odd\n"
          "[info] by the way\n"
          "[info] in passing\n");
  }

  TEST_CASE("journal: a log that cannot be made is an error that names it") {
    const TemporaryFolder folder;
    const auto path = folder.write("file", "no folder") / "orchestrator.log";
    Screen screen(false, Colour::off);
    Journal journal(screen);
    CHECK(thrown<std::system_error>([&] { journal.open(path); }) ==
          "write " + path.string() + ": Not a directory");
  }

  TEST_CASE("journal: on a full disk it goes on, to stderr and run.json") {
    const TemporaryFolder folder;
    const std::string said = captured(STDERR_FILENO, [&] {
      Screen screen(false, Colour::off);
      Journal journal(screen);
      journal.open(folder.path() / "orchestrator.log");
      const FileSizeLimit full(1000);
      for (int i = 0; i < 5; ++i) {
        journal.detail(std::string(500, 'x'));
      }
      journal.problem("disk full");
      CHECK(journal.problems().size() == 1);
    });
    CHECK(said == "orchestrator: error: disk full\n");
  }
}

}  // namespace
}  // namespace driftbus
