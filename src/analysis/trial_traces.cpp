#include "analysis/trial_traces.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "base/errors.hpp"
#include "run/read.hpp"
#include "scenario/files.hpp"
#include "trace/reader.hpp"

namespace driftbus {
namespace {

/// A time on the axis that all VMs share. One that no run has stays what it is.
std::int64_t later(std::int64_t time_us, std::int64_t start_us) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(time_us, start_us, &sum) ? time_us : sum;
}

/// The row of a VM that started so much later than the first.
TraceRecord started_later(TraceRecord row, std::int64_t start_us) {
  row.time_us = later(row.time_us, start_us);
  if (row.arrived_us) {
    row.arrived_us = later(*row.arrived_us, start_us);
  }
  return row;
}

}  // namespace

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
  for_each_file([&](VmId id) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(folder_ / file_of(id), error);
    bytes += error ? 0 : size;
  });
  return bytes;
}

void TrialTraces::for_each_row(const TakeRow& take) const {
  for_each_file([&](VmId id) { read_file(id, take); });
}

/// Calls take(id) for each file, with one of its VMs.
void TrialTraces::for_each_file(const std::function<void(VmId)>& take) const {
  std::string last;
  for (VmId id = 1; id <= scenario_.vms.count; ++id) {
    std::string file = file_of(id);
    if (file != last) {
      take(id);
    }
    last = std::move(file);
  }
}

void TrialTraces::read_file(VmId id, const TakeRow& take) const {
  const std::filesystem::path path = folder_ / file_of(id);
  const bool may_be_cut =
      scenario_.engine != Engine::virtual_time && has_crashed(told_.vms[id - 1]);
  // A VM that crashed may never have come so far.
  if (may_be_cut && !std::filesystem::exists(path)) {
    return;
  }
  require_file(path);
  TraceReader reader(path, may_be_cut ? CutLastLine::accept : CutLastLine::refuse);
  if (reader.columns().vector != scenario_.keep_vector ||
      reader.columns().hybrid != scenario_.keep_hybrid) {
    throw InputError({{.file = path.string(),
                       .line = 1,
                       .message = "expected the columns of the clocks that scenario.yaml keeps"}});
  }
  const std::string name = shown(id);
  const std::int64_t start_us = told_.vms[id - 1].start_us;
  while (const TraceRecord* const row = reader.next()) {
    if (start_us != 0) {
      take(started_later(*row, start_us), {name, reader.line()});
      continue;
    }
    take(*row, {name, reader.line()});
  }
}

}  // namespace driftbus
