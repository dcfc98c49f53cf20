#include "orchestrator/limits.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "base/errors.hpp"
#include "link/topology.hpp"
#include "run/record.hpp"
#include "scenario/addresses.hpp"

namespace driftbus {
namespace {

namespace fs = std::filesystem;

// Measured with libzmq 4.3.4 (docs/decisions/0003): what a VM and a link cost.
constexpr std::uint64_t kKibPerVm = 800;
constexpr std::uint64_t kKibPerLink = 50;
// Measured at a million VMs with 4 peers each: an account of each, besides what is under way.
constexpr std::uint64_t kVirtualBytesPerVm = 600;
constexpr std::uint64_t kVirtualBytesPerLink = 120;
// Of verifying a trial in the same process.
constexpr std::uint64_t kVerifyBytesPerVm = 4000;
constexpr std::uint64_t kVerifyBytesPerLink = 200;
constexpr std::uint64_t kVerifyBytesPerMessage = 160;
constexpr std::uint64_t kFilesPerVm = 24;
constexpr std::uint64_t kFilesPerLinkOut = 2;
constexpr std::uint64_t kFilesPerLinkIn = 1;
constexpr std::uint64_t kOwnFiles = 64;
constexpr std::uint64_t kOwnFilesPerVm = 2;  // A pidfd and a control connection.
constexpr std::uint64_t kThreadsPerVm = 3;

/// The number behind `name:` in /proc/meminfo, in KiB.
std::uint64_t available_kib() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  std::uint64_t value = 0;
  std::string unit;
  while (file >> name >> value >> unit) {
    if (name == "MemAvailable:") {
      return value;
    }
  }
  return UINT64_MAX;
}

std::uint64_t number_in(const char* path) {
  std::ifstream file(path);
  std::uint64_t value = UINT64_MAX;
  file >> value;
  return value;
}

void check_memory(std::uint64_t vms, std::uint64_t links, std::uint64_t needed_kib) {
  const std::uint64_t available = available_kib();
  if (needed_kib > available) {
    throw_system_error(
        ENOMEM, fmt::format("run {} VMs with {} links: they need about {} MiB, {} MiB are free; "
                            "take fewer VMs or another network.topology",
                            vms, links, needed_kib / 1024, available / 1024));
  }
}

/// Of the clocks besides Lamport's: each VM has them once, and once more in messages that are under
/// way to it or wait.
std::uint64_t clock_kib(const Scenario& scenario) {
  return 2 * 8 * scenario.clock_set().words() * scenario.vms.count / 1024;
}

/// `besides_kib`: what the run needs anyway.
void check_clock_memory(const Scenario& scenario, std::uint64_t besides_kib) {
  const std::uint64_t kib = clock_kib(scenario);
  const std::uint64_t available = available_kib();
  if (kib > 0 && besides_kib + kib > available) {
    constexpr double kKibPerGib = 1024 * 1024;
    throw_system_error(
        ENOMEM,
        fmt::format(
            "keep the clocks of {} VMs: 'vector' grows with their square, and needs about "
            "{:.1f} GiB, {:.1f} GiB are free; take fewer VMs or leave it out of clocks.keep",
            scenario.vms.count, static_cast<double>(kib) / kKibPerGib,
            static_cast<double>(available) / kKibPerGib));
  }
}

void check_processes(const TrialPlan& plan) {
  const std::uint64_t needed = plan.vms.size() * kThreadsPerVm;
  const std::uint64_t most =
      std::min(number_in("/proc/sys/kernel/threads-max"), number_in("/proc/sys/kernel/pid_max"));
  if (needed > most) {
    throw_system_error(EAGAIN, fmt::format("run {} VMs: they need {} threads, this machine allows "
                                           "{}; take fewer VMs",
                                           plan.vms.size(), needed, most));
  }
}

/// What a trial in virtual time needs.
std::uint64_t virtual_kib(const Scenario& scenario) {
  const std::uint64_t bytes =
      scenario.vms.count * kVirtualBytesPerVm + count_links(scenario) * kVirtualBytesPerLink;
  return bytes / 1024 + 1;
}

std::uint64_t files_needed(const TrialPlan& plan) {
  std::uint64_t most = kOwnFiles + plan.vms.size() * kOwnFilesPerVm;
  for (const PlannedVm& vm : plan.vms) {
    most = std::max(most, kFilesPerVm + vm.peers.size() * kFilesPerLinkOut +
                              vm.senders.size() * kFilesPerLinkIn);
  }
  return most;
}

/// How many files this process may have open from now on.
std::uint64_t raise_file_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_max;
}

void check_files(const TrialPlan& plan) {
  const std::uint64_t most = raise_file_limit();
  const std::uint64_t needed = files_needed(plan);
  if (needed > most) {
    throw_system_error(
        EMFILE, fmt::format("run {} VMs: a process needs about {} open files, the limit is {}; "
                            "raise it (ulimit -Hn {}) or take fewer VMs or links",
                            plan.vms.size(), needed, most, needed));
  }
}

/// Binds and listens for a moment: whoever has the port would have it when the VM comes, too.
void check_port(const std::string& host, std::uint16_t port, const std::string& vm) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string what = fmt::format("bind tcp://{}:{} for {}", host, port, vm);
  if (const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
      error != 0) {
    throw_system_error(EADDRNOTAVAIL, fmt::format("{} ({})", what, gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> address(found, freeaddrinfo);
  const int probe = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const bool free =
      bind(probe, address->ai_addr, address->ai_addrlen) == 0 && listen(probe, 1) == 0;
  const int error = errno;
  close(probe);
  if (!free) {
    throw_system_error(error, what + "; take another network.base_port, or 0 for any free ports");
  }
}

void check_ports(const Scenario& scenario, const TrialPlan& plan) {
  if (scenario.network.transport != Transport::tcp) {
    return;
  }
  for (const PlannedVm& vm : plan.vms) {
    if (const std::uint16_t port = port_of(scenario, vm.id); port != 0) {
      check_port(scenario.vms.spec(vm.id).host.value_or(scenario.network.host), port, vm.name);
    }
  }
}

bool is_program(const fs::path& path) {
  return fs::is_regular_file(path) && access(path.c_str(), X_OK) == 0;
}

}  // namespace

void check_limits(const Scenario& scenario, const TrialPlan& plan) {
  const std::uint64_t vms = plan.vms.size();
  const std::uint64_t needed_kib = vms * kKibPerVm + plan.links * kKibPerLink;
  check_memory(vms, plan.links, needed_kib);
  check_clock_memory(scenario, needed_kib);
  check_processes(plan);
  check_files(plan);
  check_ports(scenario, plan);
}

void check_virtual_limits(const Scenario& scenario) {
  const std::uint64_t needed_kib = virtual_kib(scenario);
  check_memory(scenario.vms.count, count_links(scenario), needed_kib);
  check_clock_memory(scenario, needed_kib);
}

std::size_t virtual_trials_at_once(const Scenario& scenario) {
  const std::uint64_t by_memory = available_kib() / (virtual_kib(scenario) + clock_kib(scenario));
  const bool file_per_vm = scenario.trace == TraceKind::csv && scenario.vms.count <= kMostVmsInJson;
  const std::uint64_t files = file_per_vm ? scenario.vms.count : 1;
  const std::uint64_t by_files = (raise_file_limit() - kOwnFiles) / files;
  return std::max<std::uint64_t>(std::min(by_memory, by_files), 1);
}

std::optional<std::string> memory_lacking_to_verify(const Scenario& scenario,
                                                    const TrialRecord& told) {
  const std::uint64_t vms = told.vms.size();
  std::uint64_t sent = 0;
  std::uint64_t taken = 0;
  for (const VmRecord& vm : told.vms) {
    sent += vm.sent;
    taken += vm.received + vm.left;
  }
  const std::uint64_t clock_bytes = 8 * scenario.clock_set().words();
  const std::uint64_t needed_kib =
      (vms * (kVerifyBytesPerVm + 4 * clock_bytes) + told.links.size() * kVerifyBytesPerLink +
       (sent + taken) * kVerifyBytesPerMessage + 2 * sent * clock_bytes) /
      1024;
  const std::uint64_t available = available_kib();
  if (needed_kib <= available) {
    return std::nullopt;
  }
  return fmt::format("{} VMs with {} messages need about {} MiB, {} MiB are free", vms, sent,
                     needed_kib / 1024, available / 1024);
}

fs::path find_vm_program(const std::string& given) {
  std::vector<fs::path> places;
  if (!given.empty()) {
    places = {fs::absolute(given)};
  } else {
    const fs::path own = fs::read_symlink("/proc/self/exe").parent_path();
    places = {own / "../src/live/vm", own / ".." / DRIFTBUS_LIBEXEC / "driftbus/vm"};
  }
  std::string tried;
  for (const fs::path& place : places) {
    if (is_program(place)) {
      return place.lexically_normal();
    }
    tried += fmt::format("{}{}", tried.empty() ? "" : ", ", place.lexically_normal().string());
  }
  throw_system_error(ENOENT, fmt::format("find the vm program (looked at {}); build it, or name it "
                                         "by --vm-program",
                                         tried));
}

}  // namespace driftbus
