#include "live/recorder.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/null_sink.h>

#include <cerrno>
#include <chrono>

#include "base/errors.hpp"

namespace driftbus {
namespace {

constexpr std::uint64_t kMostBadRows = 1000;
constexpr const char* kPattern = "%Y-%m-%d %H:%M:%S.%f [%l] %v";

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::none:
      return spdlog::level::off;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::trace:
      return spdlog::level::trace;
  }
  return spdlog::level::off;
}

std::shared_ptr<spdlog::logger> open_log(const control::Files& files) {
  if (files.level == LogLevel::none) {
    return std::make_shared<spdlog::logger>("vm", std::make_shared<spdlog::sinks::null_sink_st>());
  }
  const std::string path = files.stem + ".log";
  std::shared_ptr<spdlog::sinks::sink> file;
  try {
    file = std::make_shared<spdlog::sinks::basic_file_sink_st>(path);
  } catch (const spdlog::spdlog_ex&) {
    throw_system_error(errno == 0 ? EIO : errno, "write " + path);
  }
  auto log = std::make_shared<spdlog::logger>("vm", std::move(file));
  log->set_pattern(files.pattern.empty() ? kPattern : files.pattern);
  log->set_level(to_spdlog(files.level));
  log->set_error_handler([path](const std::string&) {
    const int error = errno == 0 ? EIO : errno;
    throw_system_error(error, "write " + path);
  });
  return log;
}

std::string_view verb(EventKind kind) {
  switch (kind) {
    case EventKind::send:
    case EventKind::drop:
    case EventKind::duplicate:
    case EventKind::refuse:
      return " to ";
    case EventKind::receive:
    case EventKind::left:
    case EventKind::bad:
      return " from ";
    case EventKind::internal:
    case EventKind::mark:
      break;
  }
  return " ";
}

}  // namespace

Recorder::Recorder(const control::Files& files, const ClockSet& kept)
    : hashes_(files.trace != TraceKind::none),
      logs_events_(files.events && files.level >= LogLevel::info),
      log_(open_log(files)) {
  if (files.trace == TraceKind::csv) {
    trace_.emplace(files.stem + ".csv", kept);
  }
}

Recorder::~Recorder() = default;

void Recorder::record(const Row& row) {
  count(row);
  if (row.kind == EventKind::bad && counts_.bad > kMostBadRows) {
    return;
  }
  if (trace_) {
    trace_->append(row);
  }
  if (hashes_) {
    hasher_.add(row);
  }
  if (logs_events_) {
    log_event(row);
  }
}

void Recorder::count(const Row& row) {
  counts_.clock = row.clock;
  counts_.queue = row.queue;
  switch (row.kind) {
    case EventKind::internal:
      ++counts_.internal;
      break;
    case EventKind::send:
      ++counts_.sent;
      counts_.sent_copies += row.peers.size();
      break;
    case EventKind::receive:
      ++counts_.received;
      break;
    case EventKind::left:
      ++counts_.left;
      return;
    case EventKind::bad:
      ++counts_.bad;
      return;
    case EventKind::drop:
      ++counts_.dropped;
      return;
    case EventKind::duplicate:
      ++counts_.duplicated;
      return;
    case EventKind::refuse:
    case EventKind::mark:
      return;
  }
  ++counts_.ticks;
  counts_.queue_max = std::max(counts_.queue_max, row.queue);
}

void Recorder::log_event(const Row& row) {
  fmt::memory_buffer line;
  auto out = std::back_inserter(line);
  if (row.tick != 0) {
    fmt::format_to(out, "tick {}: ", row.tick);
  }
  fmt::format_to(out, "{}", to_text(row.kind));
  for (std::size_t i = 0; i < row.peers.size(); ++i) {
    fmt::format_to(out, "{}{}", i == 0 ? verb(row.kind) : ", ", row.peers[i].name);
  }
  if (!row.detail.empty()) {
    fmt::format_to(out, " {}", row.detail);
  }
  fmt::format_to(out, " | queue {} | clock {}", row.queue, row.clock);
  const std::chrono::system_clock::time_point system_time{
      std::chrono::duration_cast<std::chrono::system_clock::duration>(
          std::chrono::microseconds(row.wall_us))};
  log_->log(system_time, spdlog::source_loc{}, spdlog::level::info,
            spdlog::string_view_t(line.data(), line.size()));
}

void Recorder::flush() {
  if (trace_) {
    trace_->flush();
  }
  log_->flush();
}

void Recorder::warn(const std::string& text) { log_->warn(text); }

void Recorder::note(const std::string& text) { log_->info(text); }

control::Lateness Recorder::lateness_us() const {
  return {lateness_us_.percentile(0.50), lateness_us_.percentile(0.99), lateness_us_.max()};
}

}  // namespace driftbus
