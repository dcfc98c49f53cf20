#include "orchestrator/limits.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <system_error>

#include "orchestrator/loaded.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

namespace fs = std::filesystem;

std::string complaint(const Scenario& scenario, const TrialPlan& plan) {
  return thrown<std::system_error>([&] { check_limits(scenario, plan); });
}

/// A TCP port of 127.0.0.1 that is taken while it lives.
class TakenPort {
 public:
  TakenPort() : file_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(file_, plain, size) == 0);
    REQUIRE(::listen(file_, 1) == 0);
    REQUIRE(::getsockname(file_, plain, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~TakenPort() { ::close(file_); }
  TakenPort(const TakenPort&) = delete;
  TakenPort& operator=(const TakenPort&) = delete;

  [[nodiscard]] int port() const { return port_; }

 private:
  int file_;
  int port_ = 0;
};

/// What `code` returns in a process of its own: a hard limit once lowered stays so.
std::string in_own_process(const std::function<std::string()>& code) {
  const TemporaryFolder folder;
  const pid_t pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) {
    folder.write("answer", code());
    ::_exit(0);
  }
  ::waitpid(pid, nullptr, 0);
  return content_of(folder.path() / "answer");
}

TEST_SUITE("limits") {
  TEST_CASE("limits: a small run on free ports is within them, and may open all files allowed") {
    const Scenario scenario = scenario_of("seed: 1\nvms: {count: 3}\n");
    check_limits(scenario, plan_trial(scenario, 1, {}));
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    CHECK(limit.rlim_cur == limit.rlim_max);
  }

  TEST_CASE("limits: a taken port is told with its address, its VM, and what to do") {
    const TakenPort taken;
    const std::string port = std::to_string(taken.port());
    const Scenario scenario =
        scenario_of("seed: 1\nvms: {names: [alice, bob], overrides: {bob: {port: " + port +
                    "}}}\nnetwork: {transport: tcp}\n");
    CHECK(complaint(scenario, plan_trial(scenario, 1, {})) ==
          "bind tcp://127.0.0.1:" + port +
              " for bob; take another network.base_port, or 0 for any "
              "free ports: Address already in use");
  }

  TEST_CASE("limits: the VM's own host is the one that counts") {
    const TakenPort taken;
    const std::string port = std::to_string(taken.port());
    const std::string text = "seed: 1\nvms: {names: [alice, bob], overrides: {bob: {port: " + port +
                             ", host: 127.0.0.2}}}\nnetwork: {transport: tcp}\n";
    const Scenario scenario = scenario_of(text);
    check_limits(scenario, plan_trial(scenario, 1, {}));  // Nobody has that port there.
    const Scenario elsewhere = scenario_of(text + "duration: 1s\n");
    CHECK(elsewhere.vms.spec(2).host == "127.0.0.2");
  }

  TEST_CASE("limits: a port that was just given back is free") {
    std::string port;
    {
      const TakenPort taken;
      port = std::to_string(taken.port());
    }
    const Scenario scenario =
        scenario_of("seed: 1\nvms: {names: [alice, bob], overrides: {bob: {port: " + port +
                    "}}}\nnetwork: {transport: tcp}\n");
    const TrialPlan plan = plan_trial(scenario, 1, {});
    check_limits(scenario, plan);
    check_limits(scenario, plan);  // The check itself takes nothing.
  }

  TEST_CASE("limits: a host that is not this machine's is told") {
    const Scenario scenario = scenario_of(
        "seed: 1\nvms: {count: 1}\nnetwork: {transport: tcp, host: 192.0.2.1, base_port: 5000}\n");
    CHECK(complaint(scenario, plan_trial(scenario, 1, {}))
              .rfind("bind tcp://192.0.2.1:5001 for vm1", 0) == 0);
  }

  TEST_CASE("limits: more links than memory are refused with the numbers") {
    const Scenario scenario = scenario_of("seed: 1\nvms: {count: 1}\n");
    TrialPlan plan = plan_trial(scenario, 1, {});
    plan.links = std::uint64_t{1} << 40;
    const std::string why = complaint(scenario, plan);
    // 2^40 links of 50 KiB, and a VM of 800.
    CHECK(why.rfind("run 1 VMs with 1099511627776 links: they need about 53687091200 MiB, ", 0) ==
          0);
    CHECK(why.find(" MiB are free; take fewer VMs or another network.topology: Cannot allocate "
                   "memory") != std::string::npos);
  }

  TEST_CASE("limits: a mesh of a million machines is too large in virtual time, too") {
    const Scenario scenario = scenario_of("seed: 1\nengine: virtual\nvms: {count: 1000000}\n");
    const std::string why = thrown<std::system_error>([&] { check_virtual_limits(scenario); });
    CHECK(why.rfind("run 1000000 VMs with 999999000000 links: they need about ", 0) == 0);
    check_virtual_limits(scenario_of("seed: 1\nengine: virtual\nvms: {count: 100}\n"));
  }

  // Rule 4.2
  TEST_CASE("limits: vector clocks that need more memory than there is are refused with GiB") {
    const std::string text =
        "seed: 1\nengine: virtual\nnetwork: {topology: ring}\nclocks: {keep: [vector]}\n";
    const Scenario scenario = scenario_of(text + "vms: {count: 1000000}\n");
    const std::string why = thrown<std::system_error>([&] { check_virtual_limits(scenario); });
    CHECK(why.find("keep the clocks of 1000000 VMs") != std::string::npos);
    CHECK(why.find("needs about 14901.2 GiB") != std::string::npos);
    CHECK(why.find("clocks.keep: Cannot allocate memory") != std::string::npos);
    check_virtual_limits(scenario_of(text + "vms: {count: 1000}\n"));
    const std::string hybrid =
        "seed: 1\nengine: virtual\nnetwork: {topology: ring}\nclocks: {keep: [hybrid]}\n";
    check_virtual_limits(scenario_of(hybrid + "vms: {count: 10000}\n"));
  }

  TEST_CASE("limits: too low a hard limit of open files is refused with what it must be") {
    const Scenario scenario = scenario_of("seed: 1\nvms: {count: 100}\n");
    const TrialPlan plan = plan_trial(scenario, 1, {});
    const auto with_limit = [&](rlim_t files) {
      return in_own_process([&]() -> std::string {
        const rlimit low{files, files};
        ::setrlimit(RLIMIT_NOFILE, &low);
        try {
          check_limits(scenario, plan);
          return "within";
        } catch (const std::system_error& error) {
          return error.what();
        }
      });
    };
    // 24 for itself, 2 for each of 99 links out, 1 for each of 99 in: more than the orchestrator's.
    CHECK(with_limit(320) ==
          "run 100 VMs: a process needs about 321 open files, the limit is 320; raise it (ulimit "
          "-Hn 321) or take fewer VMs or links: Too many open files");
    CHECK(with_limit(321) == "within");
  }
}

TEST_SUITE("vm program") {
  TEST_CASE("vm program: as given, by its absolute path") {
    const TemporaryFolder folder;
    const fs::path path = folder.write("vm", "#!/bin/sh\n");
    fs::permissions(path, fs::perms::owner_all);
    CHECK(find_vm_program(path.string()) == path);
    CHECK(find_vm_program((folder.path() / "." / "vm").string()) == path);
    CHECK(find_vm_program(fs::relative(path).string()) == path);
  }

  TEST_CASE("vm program: what is none is refused with the place and what to do") {
    const TemporaryFolder folder;
    const fs::path text = folder.write("text", "no program");
    fs::permissions(text, fs::perms::owner_read);
    for (const fs::path& path : {folder.path() / "missing", folder.path(), text}) {
      CHECK(thrown<std::system_error>([&] { (void)find_vm_program(path.string()); }) ==
            "find the vm program (looked at " + path.string() +
                "); build it, or name it by --vm-program: No such file or directory");
    }
  }

  TEST_CASE(
      "vm program: not given, it is looked for beside this program and where it is installed") {
    const std::string why = thrown<std::system_error>([] { (void)find_vm_program(""); });
    const fs::path own = fs::read_symlink("/proc/self/exe").parent_path();
    CHECK(why.find((own / "../src/live/vm").lexically_normal().string()) != std::string::npos);
    CHECK(why.find("driftbus/vm") != std::string::npos);
  }
}

}  // namespace
}  // namespace driftbus
