// The VMs of one trial: their processes and the control channel to them. Does as it is told; when
// to do what is trial_run.hpp's business.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bus/sockets.hpp"
#include "control/messages.hpp"
#include "orchestrator/child_watch.hpp"
#include "orchestrator/plan.hpp"
#include "orchestrator/private_folder.hpp"
#include "orchestrator/watched_vm.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

class Fleet {
 public:
  /// Binds the control channel in `sockets`. Everything given outlives the fleet; with the fleet
  /// every process that is left ends. Throws std::system_error.
  Fleet(Bus& bus, const Scenario& scenario, const TrialPlan& plan, const PrivateFolder& sockets);

  /// Adds what wakes up when a VM says something or ends.
  void add_to(Waiter& waiter);

  /// Starts the next few VMs, so that others are served in between. Throws std::system_error.
  void spawn_some(const std::filesystem::path& vm_program);
  [[nodiscard]] bool all_spawned() const { return spawned_ == size(); }
  [[nodiscard]] bool any_alive() const;

  struct Letter {
    VmId from = 0;  ///< 0: nobody of this trial.
    std::string text;
  };
  /// The next thing that a VM said. Never blocks.
  [[nodiscard]] std::optional<Letter> take_letter();
  /// Those that ended since the last call, reaped.
  [[nodiscard]] std::vector<VmId> take_ended();

  /// To one that is alive and has registered; else nothing.
  void send(VmId id, const control::Message& message);
  void send_all(const control::Message& message);
  void kill_all();

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(vms_.size()); }
  [[nodiscard]] WatchedVm& vm(VmId id) { return vms_[id - 1]; }
  /// By id, from 1.
  [[nodiscard]] std::vector<WatchedVm>& vms() { return vms_; }
  [[nodiscard]] const std::vector<WatchedVm>& vms() const { return vms_; }

 private:
  void send_text(VmId id, const std::string& text);
  [[nodiscard]] std::vector<std::string> arguments(const std::filesystem::path& vm_program,
                                                   VmId id) const;
  [[nodiscard]] std::string data_endpoint(VmId id) const;
  [[nodiscard]] VmId id_of(const std::string& peer) const;

  const Scenario& scenario_;
  const TrialPlan& plan_;
  const PrivateFolder& sockets_;
  std::string control_endpoint_;
  ControlServer server_;
  ChildWatch watch_;
  std::vector<WatchedVm> vms_;
  std::uint32_t spawned_ = 0;
};

}  // namespace driftbus
