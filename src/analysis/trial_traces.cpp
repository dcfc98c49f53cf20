#include "analysis/trial_traces.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "base/errors.hpp"
#include "run/read.hpp"
#include "scenario/files.hpp"

namespace driftbus {
namespace {

/// A time on the axis that all VMs share. One that no run has stays what it is.
std::int64_t later(std::int64_t time_us, std::int64_t start_us) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(time_us, start_us, &sum) ? time_us : sum;
}

}  // namespace

const TraceRecord* OpenTrace::next() {
  const TraceRecord* const row = reader_.next();
  if (row == nullptr || start_us_ == 0) {
    return row;
  }
  shared_ = *row;
  shared_.time_us = later(shared_.time_us, start_us_);
  if (shared_.arrived_us) {
    shared_.arrived_us = later(*shared_.arrived_us, start_us_);
  }
  return &shared_;
}

TrialTraces::TrialTraces(const Scenario& scenario, const TrialRecord& told,
                         std::filesystem::path folder)
    : scenario_(scenario), told_(told), folder_(std::move(folder)) {
  ensure(told.vms.size() == scenario.vms.count, "a record has the scenario's VMs");
}

std::string TrialTraces::shown(VmId id) const {
  return fmt::format("{}/{}", folder_.filename().string(), file_of(id));
}

std::string TrialTraces::file_of(VmId id) const {
  return scenario_.engine == Engine::virtual_time && scenario_.vms.count > kMostVmsInJson
             ? "all.csv"
             : file_stem(scenario_, told_.trial, id) + ".csv";
}

std::uintmax_t TrialTraces::bytes() const {
  std::uintmax_t bytes = 0;
  for (const VmId id : files()) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(folder_ / file_of(id), error);
    bytes += error ? 0 : size;
  }
  return bytes;
}

std::vector<VmId> TrialTraces::files() const {
  std::vector<VmId> ids;
  std::string last;
  for (VmId id = 1; id <= scenario_.vms.count; ++id) {
    std::string file = file_of(id);
    if (file != last) {
      ids.push_back(id);
    }
    last = std::move(file);
  }
  return ids;
}

std::optional<OpenTrace> TrialTraces::open(VmId id) const {
  const std::filesystem::path path = folder_ / file_of(id);
  const bool may_be_cut =
      scenario_.engine != Engine::virtual_time && has_crashed(told_.vms[id - 1]);
  // A VM that crashed may never have come so far.
  if (may_be_cut && !std::filesystem::exists(path)) {
    return std::nullopt;
  }
  require_file(path);
  TraceReader reader(path, may_be_cut ? CutLastLine::accept : CutLastLine::refuse);
  if (reader.columns().vector != scenario_.keep_vector ||
      reader.columns().hybrid != scenario_.keep_hybrid) {
    throw InputError({{.file = path.string(),
                       .line = 1,
                       .message = "expected the columns of the clocks that scenario.yaml keeps"}});
  }
  return OpenTrace(std::move(reader), told_.vms[id - 1].start_us);
}

void TrialTraces::for_each_row(const TakeRow& take) const {
  for (const VmId id : files()) {
    const std::string name = shown(id);
    std::optional<OpenTrace> trace = open(id);
    while (const TraceRecord* const row = trace ? trace->next() : nullptr) {
      take(*row, {name, trace->line()});
    }
  }
}

}  // namespace driftbus
