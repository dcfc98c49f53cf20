#include "live/supervised.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <optional>
#include <variant>

#include "live/life.hpp"
#include "live/live_machine.hpp"
#include "live/overseer.hpp"

namespace driftbus {
namespace {

constexpr std::uint32_t kSocketsBesidesLinks = 16;

/// The orchestrator's orders, as they come over the control channel.
class ControlOverseer final : public Overseer {
 public:
  explicit ControlOverseer(ControlClient& channel) : channel_(channel) {}

  Waiter::Index add_to(Waiter& waiter) override { return waiter.add(channel_.handle()); }

  Orders take() override {
    Orders orders;
    while (const std::optional<std::string> text = channel_.receive()) {
      apply(control::decode(*text), orders);
    }
    return orders;
  }

  void on_linked() override { channel_.send(control::encode(control::Linked{})); }
  void on_status(const control::Status& status) override { channel_.send(control::encode(status)); }
  void on_finished(const control::Finished& finished) override {
    channel_.send(control::encode(finished));
  }

 private:
  static void apply(const control::Message& message, Orders& orders) {
    if (const auto* start = std::get_if<control::Start>(&message)) {
      orders.start = RunClock(Nanoseconds(start->monotonic_ns), Nanoseconds(start->unix_ns));
    } else if (const auto* stop = std::get_if<control::Stop>(&message)) {
      orders.stop = orders.stop || stop->early;
      orders.gone.insert(orders.gone.end(), stop->gone.begin(), stop->gone.end());
    } else if (std::holds_alternative<control::Bye>(message)) {
      orders.bye = true;
    } else {
      throw InputError("the orchestrator sent what only a VM sends");
    }
  }

  ControlClient& channel_;
};

/// Ends this process with its orchestrator, also when that is killed.
void die_with(int parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) {
    throw_system_error(errno, "tie the VM to its orchestrator");
  }
  if (getppid() != parent) {
    throw_system_error(ESRCH, fmt::format("find the orchestrator, process {}", parent));
  }
}

/// Nothing when the orchestrator ends the run before it has told what to be.
std::optional<control::Spec> await_spec(ControlClient& channel) {
  Waiter waiter;
  waiter.add(channel.handle());
  for (;;) {
    while (const std::optional<std::string> text = channel.receive()) {
      const control::Message message = control::decode(*text);
      if (const auto* spec = std::get_if<control::Spec>(&message)) {
        return *spec;
      }
      if (std::holds_alternative<control::Stop>(message)) {
        return std::nullopt;
      }
    }
    waiter.wait(std::nullopt);
  }
}

void live(Bus& bus, ControlClient& channel, const SupervisedOptions& options) {
  PullSocket socket(bus, options.bind, options.longest_frame);
  channel.send(control::encode(control::Register{options.id, socket.endpoint(), getpid()}));
  const std::optional<control::Spec> spec = await_spec(channel);
  if (!spec) {
    return;
  }
  LiveMachine machine(bus, socket, *spec, Strangers::refused);
  ControlOverseer overseer(channel);
  const LifePlan plan = life_plan(*spec);
  Life(machine, socket, overseer, plan).run();
}

}  // namespace

ExitStatus run_supervised(const SupervisedOptions& options) {
  die_with(options.parent);
  Bus bus(options.links + kSocketsBesidesLinks);
  ControlClient channel(bus, options.control, std::to_string(options.id));
  try {
    live(bus, channel, options);
    return ExitStatus::ok;
  } catch (const std::exception& error) {
    // The orchestrator must hear the reason before the process ends.
    channel.send(control::encode(control::Finished{.problem = error.what()}));
    channel.linger(std::chrono::seconds(1));
    throw;
  }
}

}  // namespace driftbus
