// What a VM's neighbours do in its tests: take in its frames, and send it theirs.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "bus/sockets.hpp"
#include "control/messages.hpp"
#include "support/temporary_folder.hpp"
#include "trace/reader.hpp"
#include "wire/frame.hpp"

namespace driftbus {

/// Far more than any of it takes: only a failing test waits for so long.
inline constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(20);

inline bool readable(PullSocket& socket) {
  Waiter waiter;
  const auto index = waiter.add(socket.handle());
  waiter.wait(kPatience);
  return waiter.ready(index);
}

/// A frame that owns its endpoint.
struct Caught {
  Frame frame;
  std::string endpoint;
};

/// The next frame that `socket` receives, decoded.
inline Caught catch_frame(PullSocket& socket) {
  REQUIRE(readable(socket));
  const auto received = socket.receive();
  REQUIRE(received);
  const auto frame = decode(received->bytes);
  REQUIRE_MESSAGE(frame, frame.problem);
  Caught caught{*frame.value, std::string(frame.value->endpoint)};
  caught.frame.endpoint = {};
  return caught;
}

inline void throw_frame(PushSocket& socket, const Frame& frame) {
  std::array<std::byte, kLongestFrame> bytes;
  socket.send(std::span<const std::byte>(bytes).first(encode(frame, bytes)));
}

inline std::string ipc(const TemporaryFolder& folder, const std::string& name) {
  return "ipc://" + (folder.path() / name).string();
}

/// A VM `id` named vm<id> whose files stand in `folder`; it has no links and only internal ticks.
inline control::Spec lonely_spec(VmId id, const TemporaryFolder& folder) {
  control::Spec spec{.id = id,
                     .name = "vm" + std::to_string(id),
                     .seed = 2620,
                     .tag = static_cast<std::uint16_t>(100 + id),
                     .clock_rate = Decimal::whole(6),
                     .duration = std::chrono::seconds(1),
                     .catch_up = std::chrono::hours(1)};
  spec.workload.draw = 1;
  spec.files = {.trace = TraceKind::csv,
                .stem = (folder.path() / spec.name).string(),
                .level = LogLevel::none,
                .events = false,
                .pattern = {}};
  return spec;
}

inline std::vector<TraceRecord> read_trace(const std::filesystem::path& path) {
  TraceReader reader(path, CutLastLine::refuse);
  std::vector<TraceRecord> records;
  while (const TraceRecord* const record = reader.next()) {
    records.push_back(*record);
  }
  return records;
}

/// The trace of `spec`'s VM without its marks.
inline std::vector<TraceRecord> events_of(const control::Spec& spec) {
  std::vector<TraceRecord> events;
  for (TraceRecord& record : read_trace(spec.files.stem + ".csv")) {
    if (record.kind != EventKind::mark) {
      events.push_back(std::move(record));
    }
  }
  return events;
}

/// What the marks in the trace of `spec`'s VM say.
inline std::vector<std::string> marks_of(const control::Spec& spec) {
  std::vector<std::string> marks;
  for (const TraceRecord& record : read_trace(spec.files.stem + ".csv")) {
    if (record.kind == EventKind::mark) {
      marks.push_back(record.detail);
    }
  }
  return marks;
}

}  // namespace driftbus
