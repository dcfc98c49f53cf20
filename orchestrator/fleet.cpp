#include "orchestrator/fleet.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "live/run_clock.hpp"
#include "scenario/addresses.hpp"
#include "wire/frame.hpp"

namespace driftbus {

Fleet::Fleet(Bus& bus, const Scenario& scenario, const TrialPlan& plan,
             const PrivateFolder& sockets)
    : scenario_(scenario),
      plan_(plan),
      sockets_(sockets),
      control_endpoint_(sockets.endpoint(fmt::format("c{}", plan.trial))),
      server_(bus, control_endpoint_, static_cast<std::uint32_t>(plan.vms.size())),
      vms_(plan.vms.size()) {}

void Fleet::add_to(Waiter& waiter) {
  waiter.add(server_.handle());
  waiter.add(watch_.file());
}

void Fleet::spawn_some(const std::filesystem::path& vm_program) {
  constexpr std::uint32_t kAtATime = 16;
  for (std::uint32_t i = 0; i < kAtATime && !all_spawned(); ++i) {
    const VmId id = ++spawned_;
    WatchedVm& started = vm(id);
    started.child.emplace(arguments(vm_program, id), plan_.vm(id).stem + ".log");
    started.pid = started.child->pid();
    watch_.add(started.child->pidfd(), id);
  }
}

std::vector<std::string> Fleet::arguments(const std::filesystem::path& vm_program, VmId id) const {
  std::vector<std::string> arguments = scenario_.vms.spec(id).command;
  if (arguments.empty()) {
    arguments.push_back(vm_program.string());
  }
  const std::string links = std::to_string(plan_.vm(id).peers.size());
  const std::string frame = std::to_string(longest_frame(scenario_.clock_set()));
  arguments.insert(arguments.end(), {"--control", control_endpoint_, "--data", data_endpoint(id),
                                     "--id", std::to_string(id), "--links", links, "--parent",
                                     std::to_string(getpid()), "--longest-frame", frame});
  return arguments;
}

std::string Fleet::data_endpoint(VmId id) const {
  if (scenario_.network.transport == Transport::tcp) {
    return tcp_endpoint(scenario_, id);
  }
  return sockets_.endpoint(fmt::format("{}-{}", plan_.trial, id));
}

bool Fleet::any_alive() const {
  return std::any_of(vms_.begin(), vms_.end(), [](const WatchedVm& vm) { return vm.alive(); });
}

std::optional<Fleet::Letter> Fleet::take_letter() {
  auto letter = server_.receive();
  if (!letter) {
    return std::nullopt;
  }
  const VmId from = id_of(letter->peer);
  if (from != 0) {
    vm(from).heard = RunClock::monotonic();
    vm(from).silent = false;
  }
  return Letter{from, std::move(letter->text)};
}

VmId Fleet::id_of(const std::string& peer) const {
  VmId id = 0;
  const auto read = std::from_chars(peer.data(), peer.data() + peer.size(), id);
  const bool whole = read.ec == std::errc() && read.ptr == peer.data() + peer.size();
  return whole && id <= size() ? id : 0;
}

std::vector<VmId> Fleet::take_ended() {
  std::vector<VmId> ended;
  for (const VmId id : watch_.ended()) {
    WatchedVm& watched = vm(id);
    watched.end = watched.child->reap();
    if (watched.end) {
      watch_.remove(watched.child->pidfd());
      ended.push_back(id);
    }
  }
  return ended;
}

void Fleet::send(VmId id, const control::Message& message) {
  send_text(id, control::encode(message));
}

void Fleet::send_all(const control::Message& message) {
  const std::string text = control::encode(message);
  for (VmId id = 1; id <= size(); ++id) {
    send_text(id, text);
  }
}

void Fleet::send_text(VmId id, const std::string& text) {
  if (vm(id).alive() && vm(id).registered) {
    server_.send(std::to_string(id), text);
  }
}

void Fleet::kill_all() {
  for (const WatchedVm& vm : vms_) {
    if (vm.alive()) {
      vm.child->kill(SIGKILL);
    }
  }
}

}  // namespace driftbus
