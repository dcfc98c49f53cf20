#include "report/trial_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "report/svg_chart.hpp"

namespace driftbus {
namespace {

/// Larger jumps share one category.
constexpr std::size_t kMostJump = 12;

double seconds(std::int64_t time_us) { return static_cast<double>(time_us) / 1e6; }

class TrialArtist {
 public:
  TrialArtist(const TrialHistory& history, const TrialStatistics& trial)
      : history_(history),
        trial_(trial),
        shown_(std::min(history.vms.size(), TrialPictures::kMostVmsInPictures)) {}

  TrialPictures draw() const {
    return {.clocks = lines("Logical clocks", "clock",
                            [](const Event& event) { return static_cast<double>(event.clock); }),
            .behind = behind(),
            .queues = lines("Queue length", "messages",
                            [](const Event& event) { return static_cast<double>(event.queue); }),
            .jumps = jumps()};
  }

 private:
  [[nodiscard]] std::string titled(const std::string& what) const {
    const std::string title = fmt::format("{}, trial {}", what, trial_.trial);
    return shown_ == history_.vms.size()
               ? title
               : fmt::format("{} ({} of {} machines)", title, shown_, history_.vms.size());
  }
  [[nodiscard]] std::string chart(const std::string& what, const std::string& unit,
                                  const std::vector<StepLine>& all) const {
    return line_chart({.title = titled(what), .x = "seconds", .y = unit}, all,
                      seconds(trial_.window.from_us), seconds(trial_.window.to_us));
  }
  template <typename ValueOf>
  [[nodiscard]] std::string lines(const std::string& what, const std::string& unit,
                                  const ValueOf& value_of) const {
    std::vector<StepLine> all;
    for (VmId id = 1; id <= shown_; ++id) {
      StepLine line{.name = history_.vm(id).name, .pen = id - 1};
      for (const Event& event : history_.vm(id).events) {
        if (is_tick(event)) {
          line.steps.push_back({seconds(event.time_us), value_of(event)});
        }
      }
      all.push_back(std::move(line));
    }
    return chart(what, unit, all);
  }
  [[nodiscard]] std::string behind() const;
  [[nodiscard]] StepLine behind_of(VmId id) const;
  [[nodiscard]] std::string jumps() const;

  const TrialHistory& history_;
  const TrialStatistics& trial_;
  std::size_t shown_;
};

std::string TrialArtist::behind() const {
  std::vector<StepLine> all;
  for (VmId id = 1; id <= shown_; ++id) {
    if (id != trial_.fastest) {
      all.push_back(behind_of(id));
    }
  }
  return chart(fmt::format("Clock behind {}, the fastest", trial_.names[trial_.fastest - 1]),
               "clock values", all);
}

/// The fastest VM's clock minus this one's: steps at the ticks of either.
StepLine TrialArtist::behind_of(VmId id) const {
  const std::vector<Event>& fast = history_.vm(trial_.fastest).events;
  const std::vector<Event>& own = history_.vm(id).events;
  StepLine line{.name = history_.vm(id).name, .pen = id - 1};
  double fast_clock = 0;
  double own_clock = 0;
  auto next_fast = fast.begin();
  auto next_own = own.begin();
  while (next_fast != fast.end() || next_own != own.end()) {
    const bool takes_fast = next_own == own.end() ||
                            (next_fast != fast.end() && next_fast->time_us <= next_own->time_us);
    const Event& event = takes_fast ? *next_fast++ : *next_own++;
    if (is_tick(event)) {
      (takes_fast ? fast_clock : own_clock) = static_cast<double>(event.clock);
      line.steps.push_back({seconds(event.time_us), fast_clock - own_clock});
    }
  }
  return line;
}

std::string TrialArtist::jumps() const {
  std::vector<Bars> all;
  for (VmId id = 1; id <= shown_; ++id) {
    Bars bars{.name = history_.vm(id).name,
              .pen = id - 1,
              .counts = std::vector<std::uint64_t>(kMostJump + 1)};
    std::uint64_t clock = 0;
    for (const Event& event : history_.vm(id).events) {
      if (is_tick(event)) {
        const std::uint64_t jump = event.clock - clock;
        ++bars.counts[std::clamp<std::uint64_t>(jump, 1, kMostJump + 1) - 1];
        clock = event.clock;
      }
    }
    all.push_back(std::move(bars));
  }
  std::vector<std::string> categories;
  for (std::size_t jump = 1; jump <= kMostJump; ++jump) {
    categories.push_back(std::to_string(jump));
  }
  categories.push_back("more");
  return bar_chart({.title = titled("Jumps of the clock"), .x = "by how much", .y = "events"},
                   categories, all);
}

}  // namespace

TrialPictures draw_trial(const TrialHistory& history, const TrialStatistics& trial) {
  return TrialArtist(history, trial).draw();
}

}  // namespace driftbus
