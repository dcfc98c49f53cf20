#include "live/live_machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "link/topology.hpp"

namespace driftbus {
namespace {

/// Unpaced rows follow each other within a fraction of a microsecond, the unit of a trace, and to
/// read the clock takes a good part of that: so a few share one reading.
constexpr std::uint32_t kRowsPerReading = 4;
/// Where rows are only counted, their time decides when the run ends and nothing else.
constexpr std::uint32_t kCountedRowsPerReading = 16;

}  // namespace

LiveMachine::LiveMachine(Bus& bus, PullSocket& socket, const control::Spec& spec,
                         Strangers strangers)
    : socket_(socket),
      spec_(spec),
      strangers_(strangers),
      draws_(spec.seed, Stream::tick, spec.id),
      recorder_(spec.files, spec.clocks),
      clocks_(spec.clocks, spec.id, spec.stamp),
      out_(bus, spec.id, spec.tag, spec.seed, &clocks_),
      arrivals_(spec.seed, spec.id) {
  for (const control::Sender& sender : spec.senders) {
    in_.add(sender.id, sender.name, sender.tag);
    arrivals_.add_link(sender.id, sender.rules.value_or(spec.link));
  }
  for (const control::Peer& peer : spec.ring) {
    out_.add(peer.id, peer.name, peer.endpoint, socket_.endpoint(), peer.rules.value_or(spec.link));
  }
  resolve_workload();
  blank_row_.vm = {spec_.id, spec_.name};
  blank_row_.clocks = clocks_.now();
  record_mark("started");
  recorder_.flush();
}

void LiveMachine::resolve_workload() {
  workload_ = {.draw = spec_.workload.draw,
               .actions = resolve_actions(spec_.workload, out_.ring()),
               .peers = out_.size(),
               .stamp = spec_.stamp};
}

void LiveMachine::start(const RunClock& clock) {
  clock_ = clock;
  time_arrivals();
}

std::size_t LiveMachine::drain() {
  std::size_t frames = 0;
  for (; frames < kMostDrained; ++frames) {
    const std::optional<PullSocket::Received> received = socket_.receive();
    if (!received) {
      break;
    }
    take_in(*received);
    if (arrivals_.batch_is_full()) {
      time_arrivals();
    }
  }
  time_arrivals();
  time_rows_ = 0;
  return frames;
}

void LiveMachine::take_in(const PullSocket::Received& received) {
  if (received.more) {
    std::size_t parts = 1;
    for (auto part = socket_.receive(); part; part = socket_.receive()) {
      ++parts;
      if (!part->more) {
        break;
      }
    }
    record_bad(fmt::format("{} frames in one message", parts), 0);
    return;
  }
  const Parsed<Frame> frame = decode(received.bytes, spec_.clocks);
  if (!frame) {
    record_bad(frame.problem, 0);
    return;
  }
  take_in(*frame.value);
}

void LiveMachine::take_in(const Frame& frame) {
  if (frame.kind == FrameKind::hello && strangers_ == Strangers::admitted) {
    join(frame);
  }
  const bool carries = spec_.clocks.any() && frame.kind == FrameKind::data;
  const ClockPool::Slot slot = carries ? clocks_.take_in(frame.clocks) : 0;
  const Parsed<std::uint32_t> link = in_.accept(
      frame, state_.clock, carries && slot == 0 ? "vector or hybrid stamp out of range" : "");
  if (!link) {
    clocks_.release(slot);
    record_bad(link.problem, frame.message.sender);
    return;
  }
  if (frame.kind == FrameKind::data) {
    Message message = frame.message;
    message.clocks = slot;
    arrivals_.take(message, *link.value);
  }
}

/// A VM that only knows us has said hello: dial it back. One that said hello before has started
/// anew, and so do its links. One without an entry in the vectors of this run stays a stranger.
void LiveMachine::join(const Frame& hello) {
  const VmId id = hello.message.sender;
  const bool told = in_.knows(id) && !in_.at(in_.index_of(id)).heard;
  const std::uint32_t entries = spec_.clocks.vector_entries;
  const bool has_entry = entries == 0 || id <= entries;
  if (told || id == 0 || id == spec_.id || hello.endpoint.empty() || hello.tag != spec_.tag ||
      !has_entry) {
    return;
  }
  flush();  // What is held goes by ring indices that are about to change.
  const std::string name = in_.knows(id) ? in_.at(in_.index_of(id)).name : fmt::format("vm{}", id);
  try {
    out_.add(id, name, std::string(hello.endpoint), socket_.endpoint(), spec_.link);
  } catch (const std::system_error& error) {
    record_bad(fmt::format("cannot dial back: {}", error.what()), id);
    return;
  }
  if (in_.knows(id)) {
    in_.restart(in_.index_of(id));
    arrivals_.restart_link(in_.index_of(id));
  } else {
    in_.add(id, name, hello.tag);
    arrivals_.add_link(id, spec_.link);
  }
  resolve_workload();
  record_mark(fmt::format("joined by {} at {}", name, hello.endpoint));
}

void LiveMachine::time_arrivals() {
  if (clock_ && arrivals_.time(*clock_, last_row_us_)) {
    time_rows_ = 0;  // The next row must not bear an earlier time.
  }
}

void LiveMachine::tick(std::uint64_t k, Nanoseconds due) { recorder_.add_lateness(tick(k) - due); }

Nanoseconds LiveMachine::tick(std::uint64_t k) {
  const std::uint64_t draw = draws_.at(k);
  if (queue() > 0) {
    return receive_oldest(k, draw);
  }
  const Action action = step(state_, workload_, nullptr, draw);
  Row row = blank_row_;
  row.tick = k;
  row.kind = action.kind;
  if (action.kind == EventKind::send) {
    return send(action, row);
  }
  const Nanoseconds time = complete(row);
  if (spec_.clocks.any()) {
    clocks_.on_event(row.wall_us, 0);
  }
  recorder_.record(row);
  return time;
}

/// The send's row, and one per copy that got lost or doubled (rule 2.7).
Nanoseconds LiveMachine::send(const Action& action, Row& row) {
  const Nanoseconds time = complete(row);
  const ClockPool::Slot slot = spec_.clocks.any() ? clocks_.on_send(row.wall_us) : 0;
  out_.hold(action, slot);
  clocks_.release(slot);
  row.peers = out_.parties(action.first, action.count);
  row.message = action.message;
  recorder_.record(row);
  for (const Mishap& mishap : out_.mishaps()) {
    row.kind = mishap.kind;
    row.peers = out_.parties(mishap.ring_index, 1);
    recorder_.record(row);
  }
  return time;
}

Nanoseconds LiveMachine::receive_oldest(std::uint64_t k, std::uint64_t draw) {
  const Arrived oldest = arrivals_.oldest();
  arrivals_.pop();
  const Action action = step(state_, workload_, &oldest.message.stamp, draw);
  InLink& link = in_.at(oldest.link);
  ++link.received;
  const std::array<Party, 1> sender = {party(link)};
  Row row = received_row(oldest, sender);
  row.tick = k;
  row.kind = action.kind;
  const Nanoseconds time = complete(row);
  if (spec_.clocks.any()) {
    clocks_.on_event(row.wall_us, oldest.message.clocks);
    clocks_.release(oldest.message.clocks);
  }
  recorder_.record(row);
  return time;
}

/// What the rows of all messages that came in have in common.
Row LiveMachine::received_row(const Arrived& arrived, std::span<const Party> sender) const {
  Row row = blank_row_;
  row.arrived_us = arrived.arrived_us;
  row.peers = sender;
  row.message = arrived.message.number;
  row.stamp = arrived.message.stamp.value;
  return row;
}

void LiveMachine::miss(std::uint64_t first, std::uint64_t last) {
  recorder_.add_missed(last - first + 1);
  record_mark(fmt::format("missed {}..{}", first, last));
}

void LiveMachine::flush() {
  recorder_.flush();
  out_.flush();
  time_rows_ = 0;
}

void LiveMachine::end_links() {
  flush();
  out_.end();
  ending_ = true;
}

bool LiveMachine::leave_some() {
  arrivals_.time_all(clock_ ? clock_->after(last_row_us_) : Nanoseconds(0));
  time_rows_ = 0;
  for (std::size_t rows = 0; rows < kMostLeft && queue() > 0; ++rows) {
    const Arrived oldest = arrivals_.oldest();
    arrivals_.pop();
    InLink& link = in_.at(oldest.link);
    ++link.left;
    const std::array<Party, 1> sender = {party(link)};
    Row row = received_row(oldest, sender);
    row.kind = EventKind::left;
    record(row);
    clocks_.release(oldest.message.clocks);
  }
  recorder_.flush();
  return queue() > 0;
}

control::Finished LiveMachine::close_books() {
  record_mark("ended");
  recorder_.flush();
  control::Finished finished{.counts = recorder_.counts(),
                             .lateness_us = recorder_.lateness_us(),
                             .hash = recorder_.hash().value()};
  for (std::uint32_t index = 0; index < out_.size(); ++index) {
    finished.out.push_back(out_.account(index));
  }
  for (const InLink& link : in_.all()) {
    finished.in.push_back({link.from, link.received, link.left});
  }
  return finished;
}

control::Status LiveMachine::status() const {
  constexpr std::size_t kMostNamed = 8;
  const bool waits = !clock_ || ending_;
  return {recorder_.counts(), clock_ ? clock_->now() : Nanoseconds(0),
          waits ? in_.waiting_for(ending_, kMostNamed) : std::vector<VmId>{}};
}

Nanoseconds LiveMachine::record(Row& row) {
  const Nanoseconds time = complete(row);
  recorder_.record(row);
  return time;
}

Nanoseconds LiveMachine::complete(Row& row) {
  row.clock = state_.clock.value;
  row.queue = queue();
  Nanoseconds time{0};
  if (clock_) {
    time = std::max(row_time(), Nanoseconds(0));  // It stands at 0 before the barrier.
    row.time_us = to_microseconds(time);
    row.wall_us = to_microseconds(spec_.physical_clock.read(clock_->unix_start(), time));
  } else {
    const Nanoseconds unix_time = std::chrono::system_clock::now().time_since_epoch();
    row.wall_us = to_microseconds(spec_.physical_clock.read(unix_time, Nanoseconds(0)));
  }
  last_row_us_ = row.time_us;
  return time;
}

Nanoseconds LiveMachine::row_time() {
  if (time_rows_ == 0) {
    time_ = clock_->now();
    time_rows_ = rows_per_reading();
  }
  --time_rows_;
  return time_;
}

std::uint32_t LiveMachine::rows_per_reading() const {
  if (spec_.clock_rate) {
    return 1;
  }
  return recorder_.keeps_rows() ? kRowsPerReading : kCountedRowsPerReading;
}

void LiveMachine::record_mark(const std::string& detail) {
  Row row = blank_row_;
  row.kind = EventKind::mark;
  row.detail = detail;
  record(row);
}

void LiveMachine::record_bad(const std::string& why, VmId sender) {
  time_arrivals();
  const bool known = in_.knows(sender);
  const std::array<Party, 1> peer = {known ? party(in_.at(in_.index_of(sender))) : Party{}};
  Row row = blank_row_;
  row.kind = EventKind::bad;
  row.peers = std::span<const Party>(peer).first(known ? 1 : 0);
  row.detail = why;
  record(row);
}

}  // namespace driftbus
