#include "orchestrator/child.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <system_error>
#include <utility>

#include "orchestrator/processes.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

/// How a shell that runs `script` ends.
Ending ending_of(const std::string& script) {
  const TemporaryFolder folder;
  Child child(shell(script), folder.path() / "output");
  return reaped(child).ending;
}

void check(const std::string& script, const std::string& expected) {
  CHECK(to_text(ending_of(script)) == expected);
}

TEST_SUITE("child") {
  TEST_CASE("child: an exit status and a signal are told apart, be they the same number") {
    check("exit 0", "exited 0");
    check("exit 9", "exited 9");
    check("exit 255", "exited 255");
    check("kill -KILL $$", "killed by SIGKILL");
    check("kill -SEGV $$", "killed by SIGSEGV");
    check("kill -TERM $$", "killed by SIGTERM");
  }

  TEST_CASE("child: what was killed left no core") {
    CHECK_FALSE(ending_of("kill -KILL $$").core);
    CHECK_FALSE(ending_of("exit 3").core);
  }

  TEST_CASE("child: while it runs it has no end; its end is told once") {
    const TemporaryFolder folder;
    Child child({"sleep", "1000"}, folder.path() / "output");
    CHECK(child.pid() > 0);
    CHECK_FALSE(child.reap());
    child.kill(SIGTERM);
    CHECK(to_text(reaped(child).ending) == "killed by SIGTERM");
    CHECK_FALSE(child.reap());
    child.kill(SIGKILL);  // Hits nobody.
  }

  TEST_CASE("child: both outputs go to the end of its file, and there is no input") {
    const TemporaryFolder folder;
    const auto output = folder.write("output", "before\n");
    Child child(shell("cat; echo out; echo err >&2"), output);
    CHECK(to_text(reaped(child).ending) == "exited 0");
    CHECK(content_of(output) == "before\nout\nerr\n");
  }

  TEST_CASE("child: it leads a group of its own") {
    const TemporaryFolder folder;
    const Child child({"sleep", "1000"}, folder.path() / "output");
    CHECK(::getpgid(child.pid()) == child.pid());
    CHECK(::getpgid(child.pid()) != ::getpgrp());
  }

  TEST_CASE("child: signals are unblocked and at their defaults, whatever they are here") {
    sigset_t terminate;
    sigset_t before;
    sigemptyset(&terminate);
    sigaddset(&terminate, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &terminate, &before);
    const auto handler = std::signal(SIGUSR1, SIG_IGN);
    check("kill -TERM $$; exit 7", "killed by SIGTERM");
    check("kill -USR1 $$; exit 7", "killed by SIGUSR1");
    std::signal(SIGUSR1, handler);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  TEST_CASE("child: a signal goes to all that it started") {
    const TemporaryFolder folder;
    Lifeline lifeline;
    Child child(shell("sleep 1000 & sleep 1000 & wait"), folder.path() / "output");
    lifeline.release();
    CHECK_FALSE(lifeline.ended_already());
    child.kill(SIGKILL);
    CHECK(lifeline.ended());
    CHECK(to_text(reaped(child).ending) == "killed by SIGKILL");
  }

  TEST_CASE("child: what it leaves behind ends when it is reaped") {
    const TemporaryFolder folder;
    Lifeline lifeline;
    Child child(shell("sleep 1000 & exit 4"), folder.path() / "output");
    lifeline.release();
    CHECK(to_text(reaped(child).ending) == "exited 4");
    CHECK(lifeline.ended());
  }

  TEST_CASE("child: one that was not reaped ends with its owner") {
    const TemporaryFolder folder;
    Lifeline lifeline;
    {
      const Child child(shell("sleep 1000 & wait"), folder.path() / "output");
      lifeline.release();
    }
    CHECK(lifeline.ended());
  }

  TEST_CASE("child: a moved one is its new owner's alone") {
    const TemporaryFolder folder;
    std::optional<Child> owner;
    int pid = 0;
    {
      Child child({"sleep", "1000"}, folder.path() / "output");
      pid = child.pid();
      owner.emplace(std::move(child));
    }
    CHECK(owner->pid() == pid);
    CHECK_FALSE(owner->reap());  // It was not killed with the one moved from.
    owner->kill(SIGTERM);
    CHECK(to_text(reaped(*owner).ending) == "killed by SIGTERM");
  }

  TEST_CASE("child: a program or an output that is not there is an error that names the program") {
    const TemporaryFolder folder;
    const std::string missing = (folder.path() / "missing").string();
    CHECK(thrown<std::system_error>([&] { Child({missing}, folder.path() / "output"); }) ==
          "start " + missing + ": No such file or directory");
    const auto file = folder.write("text", "no program");
    CHECK(thrown<std::system_error>([&] { Child({file.string()}, folder.path() / "output"); }) ==
          "start " + file.string() + ": Permission denied");
    CHECK(thrown<std::system_error>([&] { Child({"true"}, missing + "/output"); }) ==
          "start true: No such file or directory");
  }

  TEST_CASE("child: what it used is told") {
    const TemporaryFolder folder;
    Child child(shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"),
                folder.path() / "output");
    const Reaped end = reaped(child);
    CHECK(end.cpu_s > 0);
    CHECK(end.max_rss_kib > 100);
  }
}

}  // namespace
}  // namespace driftbus
