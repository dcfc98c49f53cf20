#include "orchestrator/run_book.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/list_some.hpp"
#include "orchestrator/accounting.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

}  // namespace

Nanoseconds unix_now() { return std::chrono::system_clock::now().time_since_epoch(); }

RunBook::RunBook(RunFolder folder, const LoadedScenario& loaded, Screen& screen, std::string prefix)
    : folder_(std::move(folder)), loaded_(loaded), journal_(screen, std::move(prefix)) {
  record_.host = host_name();
  record_.started_at = iso_time(unix_now());
  journal_.open(folder_.path() / "orchestrator.log");
  folder_.write("scenario.yaml", to_yaml(loaded.scenario));
}

void RunBook::add(TrialOutcome outcome) {
  judge(outcome);
  const TrialRecord& record = outcome.record;
  if (record.vms.size() > kMostVmsInJson) {
    const std::string prefix = fmt::format("trial-{}/", record.trial);
    folder_.write(prefix + "vms.csv", vms_csv(record));
    folder_.write(prefix + "links.csv", links_csv(record, loaded_.scenario));
  }
  record_.trials.push_back(std::move(outcome.record));
}

void RunBook::judge(const TrialOutcome& outcome) {
  take_status(outcome.failed || outcome.environment, outcome.environment, outcome.signal);
  const bool early = outcome.failed || outcome.environment || outcome.signal;
  for (const std::string& fault :
       find_faults(loaded_.scenario, outcome.record, early ? Ended::early : Ended::whole)) {
    failed_ = true;
    journal_.problem(fault);
  }
  std::vector<std::string> missed;
  for (const VmRecord& vm : outcome.record.vms) {
    if (vm.missed_ticks > 0) {
      missed.push_back(fmt::format("{} missed {} of {} ticks", vm.name, vm.missed_ticks,
                                   vm.ticks + vm.missed_ticks));
    }
  }
  if (!missed.empty()) {
    journal_.warning(list_some(missed));
  }
  take_verification(outcome.verification);
}

void RunBook::take_verification(const Verification& verification) {
  failed_ = failed_ || !verification.problems.empty();
  for (const std::string& problem : verification.problems) {
    journal_.problem(problem);
  }
  for (const std::string& warning : verification.warnings) {
    journal_.warning(warning);
  }
  verification_.add(verification);
}

void RunBook::take_status(bool failed, bool environment, std::optional<int> signal) {
  failed_ = failed_ || failed;
  environment_ = environment_ || environment;
  signal_ = signal_ ? signal_ : signal;
}

void RunBook::add_point(const RunBook& point) {
  take_status(point.failed_, point.environment_, point.signal_);
  verification_.add(point.verification_);
  record_.points.push_back({point.loaded_.point_values, point.record_.verdict});
}

void RunBook::close() {
  record_.verdict = failed_ ? Verdict::failed : signal_ ? Verdict::interrupted : Verdict::ok;
  record_.problems = journal_.problems();
  record_.warnings = journal_.warnings();
  folder_.write("run.json", to_json(record_, loaded_).dump(2) + "\n");
}

std::string RunBook::result(const std::optional<std::filesystem::path>& report) const {
  using Json = nlohmann::ordered_json;
  Json tree = to_json(record_, loaded_);
  tree["folder"] = folder().string();
  tree["verified"] = verification_.was_asked
                         ? Json{{"rows", verification_.rows}, {"broken", verification_.broken}}
                         : Json(nullptr);
  tree["report"] = report ? Json(report->string()) : Json(nullptr);
  return tree.dump(2);
}

int RunBook::exit_status() const {
  if (signal_) {
    return 128 + *signal_;
  }
  const ExitStatus status = environment_ ? ExitStatus::environment
                            : failed_    ? ExitStatus::failed
                                         : ExitStatus::ok;
  return static_cast<int>(status);
}

}  // namespace driftbus
