#include "orchestrator/progress.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "support/captured.hpp"

namespace driftbus {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ProgressView view() {
  ProgressView view{
      .trial = 1, .trials = 1, .time = milliseconds(12'340), .duration = seconds(60), .rows = {}};
  view.rows.push_back(
      {"vm1", 6.0, {.ticks = 72, .sent_copies = 30, .received = 20, .clock = 80}, seconds(12)});
  view.rows.push_back(
      {"vm2",
       std::nullopt,
       {.ticks = 1'000'000, .sent_copies = 5, .received = 123'456, .clock = 1'000'080, .queue = 17},
       seconds(10)});
  view.rows.push_back({"vm3", 2.5, {}, Nanoseconds(0)});
  return view;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text;
}

TEST_SUITE("progress") {
  TEST_CASE("progress: the table shows rates, clocks, distances and counts") {
    CHECK(text_of(progress_table(view())) ==
          "12.3 s of 60.0 s\n"
          "VM                 ticks/s     asked     ticks      clock   behind   queue      sent  "
          "received\n"
          "vm1                    6.0         6        72         80  1000000       0        30  "
          "      20\n"
          "vm2               100000.0   unpaced   1000000    1000080        0      17         5  "
          "  123456\n"
          "vm3                    0.0       2.5         0          0  1000080       0         0  "
          "       0\n");
  }

  TEST_CASE("progress: of many VMs the table shows the first twenty") {
    ProgressView many = view();
    many.rows.resize(20);
    CHECK(progress_table(many).size() == 22);
    many.rows.resize(23);
    const auto lines = progress_table(many);
    CHECK(lines.size() == 23);
    CHECK(lines.back() == "... and 3 more");
  }

  TEST_CASE("progress: one line tells the same of all together") {
    CHECK(progress_line(view()) ==
          "12.3 s of 60.0 s: 3 VMs, 1000072 ticks, clocks 0 to 1000080, longest queue 17");
  }

  TEST_CASE("progress: trials are told where there are several") {
    ProgressView third = view();
    third.trial = 3;
    third.trials = 5;
    CHECK(progress_line(third).rfind("trial 3 of 5, 12.3 s of 60.0 s: ", 0) == 0);
    CHECK(progress_table(third).at(0) == "trial 3 of 5, 12.3 s of 60.0 s");
  }

  TEST_CASE("progress: time stands at 0 before the barrier and at the duration after the end") {
    ProgressView early = view();
    early.time = milliseconds(-50);
    CHECK(progress_table(early).at(0) == "0.0 s of 60.0 s");
    early.time = seconds(61);
    CHECK(progress_table(early).at(0) == "60.0 s of 60.0 s");
  }

  TEST_CASE("progress: lines come every ten seconds, and the view is asked for only then") {
    int asked = 0;
    const auto count = [&asked](ProgressMode) {
      ++asked;
      return std::vector{progress_line(view())};
    };
    const std::string said = captured(STDERR_FILENO, [&] {
      Screen screen(false, Colour::off);
      Journal journal(screen);
      Progress progress(screen, journal, ProgressMode::lines);
      for (int time = 1000; time <= 1030; ++time) {
        progress.show(seconds(time), count);
      }
    });
    CHECK(asked == 3);
    const std::string line = "orchestrator: " + progress_line(view()) + "\n";
    CHECK(said == line + line + line);
  }

  TEST_CASE("progress: of trials in virtual time, how far and how fast") {
    VirtualProgress progress{.ended = 3,
                             .trials = 20,
                             .simulated = seconds(190),
                             .duration = seconds(1200),
                             .ticks = 5'000'000,
                             .real = milliseconds(400)};
    CHECK(progress_line(progress) ==
          "3 of 20 trials, 190.0 s of 1200.0 s simulated in 0.4 s, 12.5 million ticks/s");
    progress.trials = 1;
    progress.real = Nanoseconds(0);
    CHECK(progress_line(progress) == "190.0 s of 1200.0 s simulated in 0.0 s, 0.0 million ticks/s");
  }

  TEST_CASE("progress: switched off, nothing is asked for and nothing said") {
    int asked = 0;
    const std::string said = captured(STDERR_FILENO, [&] {
      Screen screen(false, Colour::off);
      Journal journal(screen);
      Progress progress(screen, journal, ProgressMode::off);
      for (int time = 1000; time <= 1030; ++time) {
        progress.show(seconds(time), [&asked](ProgressMode) {
          ++asked;
          return progress_table(view());
        });
      }
    });
    CHECK(asked == 0);
    CHECK(said.empty());
  }

  TEST_CASE("progress: a table is drawn at most ten times a second, and cleared at the end") {
    int asked = 0;
    const std::string said = captured(STDERR_FILENO, [&] {
      Screen screen(true, Colour::off);
      Journal journal(screen);
      Progress progress(screen, journal, ProgressMode::table);
      for (int time = 0; time < 1000; time += 10) {
        progress.show(seconds(1000) + milliseconds(time), [&asked](ProgressMode) {
          ++asked;
          return progress_table(view());
        });
      }
      progress.end_trial();
    });
    CHECK(asked == 10);
    CHECK(said.substr(said.size() - 7) == "\x1b[5A\x1b[J");
  }
}

}  // namespace
}  // namespace driftbus
