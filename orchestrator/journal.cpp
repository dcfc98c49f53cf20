#include "orchestrator/journal.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <cerrno>

namespace driftbus {

void Journal::open(const std::filesystem::path& path) {
  try {
    log_ = std::make_shared<spdlog::logger>(
        "orchestrator", std::make_shared<spdlog::sinks::basic_file_sink_st>(path.string()));
  } catch (const spdlog::spdlog_ex&) {
    throw_system_error(errno == 0 ? EIO : errno, fmt::format("write {}", path.string()));
  }
  log_->set_pattern("%Y-%m-%d %H:%M:%S.%f [%l] %v");
  log_->flush_on(spdlog::level::info);
  log_->set_error_handler([](const std::string&) {});  // The run's own files tell of a full disk.
}

void Journal::print(const std::string& kind, std::string_view colour, const std::string& text) {
  screen_.print(
      fmt::format("orchestrator: {} {}{}", painted(kind, colour, screen_.colour()), prefix_, text));
}

void Journal::problem(const std::string& text) {
  problems_.push_back(text);
  print("error:", kRed, text);
  if (log_) {
    log_->error(text);
  }
}

void Journal::warning(const std::string& text) {
  warnings_.push_back(text);
  print("warning:", kYellow, text);
  if (log_) {
    log_->warn(text);
  }
}

void Journal::warning(const Diagnostic& diagnostic) {
  screen_.print(render(diagnostic, screen_.colour() == Colour::on));
  silent_warning(diagnostic);
}

void Journal::silent_warning(const Diagnostic& diagnostic) {
  warnings_.push_back(render(diagnostic));
  if (log_) {
    log_->warn(warnings_.back());
  }
}

void Journal::note(const std::string& text) {
  screen_.print(fmt::format("orchestrator: {}{}", prefix_, text));
  detail(text);
}

void Journal::detail(const std::string& text) {
  if (log_) {
    log_->info(text);
  }
}

}  // namespace driftbus
