// Reads the columns of a trial back, written anew from what src/report/trial_columns.hpp says of
// them, to see that they hold all of it. The page has its own reader, which
// tests/e2e/report_test.py sees at work.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/history.hpp"

namespace driftbus {

class ColumnReader {
 public:
  explicit ColumnReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t plain() {
    std::uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.at(at_++));
      number |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) {
        return number;
      }
    }
  }
  std::int64_t next(std::int64_t expected) {
    const std::uint64_t code = plain();
    if (code == 0) {
      const auto size = static_cast<std::int64_t>(plain());
      return plain() == 1 ? -size : size;
    }
    const std::uint64_t folded = code - 1;
    return believed(expected) + static_cast<std::int64_t>(folded >> 1 ^ (~(folded & 1) + 1));
  }
  std::string_view part() {
    const std::size_t size = plain();
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  /// A page could not add to more.
  static std::int64_t believed(std::int64_t expected) {
    constexpr std::int64_t kMost = std::int64_t{1} << 52;
    return expected > kMost || expected < -kMost ? 0 : expected;
  }
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

struct DecodedTrial {
  nlohmann::json header;
  std::vector<std::vector<Event>> events;  ///< By VM.
  std::vector<std::vector<std::vector<VmId>>> receivers;
};

inline bool is_taken(const Event& event) {
  return event.kind == EventKind::receive || event.kind == EventKind::left;
}

/// One VM, but for what only the sends of all VMs tell.
class VmDecoder {
 public:
  VmDecoder(std::vector<ColumnReader>& columns, const nlohmann::json& vm, std::int64_t start)
      : columns_(columns), interval_(vm.at("interval")), ahead_(start) {}

  Event next() {
    Event event{.kind = static_cast<EventKind>(columns_[0].plain())};
    const bool ticks = is_tick(event);
    row_tick_ = columns_[1].next(ticks                           ? last_tick_ + 1
                                 : event.kind == EventKind::left ? 0
                                                                 : row_tick_);
    const std::int64_t passed = row_tick_ - last_tick_;
    time_ = columns_[2].next(time_ + (passed > 0 && passed <= 1'000'000 ? passed * interval_ : 0));
    event.wall_us = columns_[3].next(time_ + ahead_);
    ahead_ = ColumnReader::believed(event.wall_us - time_);
    last_tick_ = ticks ? row_tick_ : last_tick_;
    clock_ = columns_[4].next(clock_ + (ticks ? 1 : 0));
    queue_ = columns_[5].next(is_taken(event) ? std::max<std::int64_t>(queue_ - 1, 0)
                              : ticks         ? 0
                                              : queue_);
    event.tick = static_cast<std::uint64_t>(row_tick_);
    event.time_us = time_;
    event.clock = static_cast<std::uint64_t>(clock_);
    event.queue = static_cast<std::uint32_t>(queue_);
    if (event.kind != EventKind::internal) {
      event.peer = static_cast<std::uint32_t>(columns_[6].plain());
      event.message = static_cast<std::uint32_t>(message(event));
    }
    return event;
  }

 private:
  std::int64_t message(const Event& event) {
    if (event.kind == EventKind::send) {
      return sent_ = columns_[7].next(sent_ + 1);
    }
    if (is_taken(event)) {
      return from_[event.peer] = columns_[7].next(from_[event.peer] + 1);
    }
    return columns_[7].next(sent_);
  }

  std::vector<ColumnReader>& columns_;
  std::int64_t interval_;
  std::int64_t ahead_;
  std::int64_t row_tick_ = 0, last_tick_ = 0, time_ = 0, clock_ = 0, queue_ = 0, sent_ = 0;
  std::map<std::uint32_t, std::int64_t> from_;
};

inline DecodedTrial decode_trial(std::string_view bytes) {
  ColumnReader parts(bytes);
  DecodedTrial trial{.header = nlohmann::json::parse(parts.part())};
  std::vector<ColumnReader> columns;
  for (int column = 0; column < 11; ++column) {
    columns.emplace_back(parts.part());
  }
  std::map<std::pair<std::uint32_t, std::uint32_t>, Event> sends;
  for (const nlohmann::json& vm : trial.header.at("vms")) {
    VmDecoder decoder(columns, vm, trial.header.at("start"));
    std::vector<Event>& events = trial.events.emplace_back();
    const auto id = static_cast<std::uint32_t>(trial.events.size());
    for (std::size_t row = 0; row < vm.at("events"); ++row) {
      events.push_back(decoder.next());
      if (events.back().kind == EventKind::send) {
        sends[{id, events.back().message}] = events.back();
      }
    }
    std::vector<std::vector<VmId>>& sets = trial.receivers.emplace_back();
    for (std::uint64_t left = columns[10].plain(); left > 0; --left) {
      std::int64_t last = 0;
      std::vector<VmId>& set = sets.emplace_back();
      for (std::uint64_t size = columns[10].plain(); size > 0; --size) {
        set.push_back(static_cast<VmId>(last = columns[10].next(last + 1)));
      }
    }
  }
  for (std::vector<Event>& events : trial.events) {
    for (Event& event : events) {
      if (is_taken(event)) {
        const auto send = sends.find({event.peer, event.message});
        const bool is_known = send != sends.end();
        event.stamp = static_cast<std::uint64_t>(columns[8].next(
            static_cast<std::int64_t>(is_known ? send->second.clock : event.clock - 1)));
        event.arrived_us = columns[9].next(is_known ? send->second.time_us : event.time_us);
      }
    }
  }
  return trial;
}

}  // namespace driftbus
