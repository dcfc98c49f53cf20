#include "analysis/silence.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "base/list_some.hpp"

namespace driftbus {
namespace {

/// So many copies that some should have come, and so many sends to expect that there should be one:
/// where draws are independent, none at all comes by chance once in 5 * 10^8 times.
constexpr double kEnough = 20;

/// How many of a VM's draws send to each of its peers, as a share of all.
std::unordered_map<VmId, double> shares_of(const TrialFacts& facts, VmId id) {
  const Workload workload = facts.workload(id);
  const std::vector<VmId>& ring = facts.ring(id);
  std::vector<double> draws(ring.size());
  for (const Choice& choice : workload.actions) {
    switch (choice.kind) {
      case Choice::Kind::internal:
        break;
      case Choice::Kind::one:
        draws[choice.ring_index] += 1;
        break;
      case Choice::Kind::all:
      case Choice::Kind::random_peer:
        for (double& to : draws) {
          to += choice.kind == Choice::Kind::all ? 1 : 1 / static_cast<double>(ring.size());
        }
        break;
    }
  }
  std::unordered_map<VmId, double> shares;
  for (std::size_t index = 0; index < ring.size(); ++index) {
    shares[ring[index]] = draws[index] / static_cast<double>(workload.draw);
  }
  return shares;
}

class SilenceFinder {
 public:
  explicit SilenceFinder(const TrialFacts& facts)
      : facts_(facts), heard_of_(facts.told().vms.size()) {}

  std::vector<std::string> find();

 private:
  /// What should have come to a VM.
  struct Expected {
    double copies = 0;  ///< That were sent to it.
    double sends = 0;   ///< That its senders' ticks let expect.
  };

  [[nodiscard]] double expected_sends(const LinkRecord& link);
  [[nodiscard]] bool is_deaf(VmId id) const;
  [[nodiscard]] std::string ends_of(const LinkRecord& link) const;
  [[nodiscard]] const VmRecord& vm(VmId id) const { return facts_.told().vms[id - 1]; }

  const TrialFacts& facts_;
  VmId sender_ = 0;  ///< Whose shares are computed.
  std::unordered_map<VmId, double> shares_;
  std::vector<Expected> heard_of_;  ///< By VM.
};

std::vector<std::string> SilenceFinder::find() {
  std::vector<const LinkRecord*> links;  // Without those of VMs that crashed.
  std::vector<double> expected;
  for (const LinkRecord& link : facts_.told().links) {
    if (!facts_.has_crashed(link.from) && !facts_.has_crashed(link.to)) {
      links.push_back(&link);
      expected.push_back(expected_sends(link));
      heard_of_[link.to - 1].copies += static_cast<double>(link.sent);
      heard_of_[link.to - 1].sends += expected.back();
    }
  }
  std::vector<std::string> deaf;
  for (VmId id = 1; id <= heard_of_.size(); ++id) {
    if (is_deaf(id)) {
      deaf.push_back(
          fmt::format("{} ({} copies sent to it)", vm(id).name, heard_of_[id - 1].copies));
    }
  }
  std::vector<std::string> unused;
  std::vector<std::string> undelivered;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const LinkRecord& link = *links[i];
    if (link.received > 0 || is_deaf(link.to)) {
      continue;  // The VM is told of already.
    }
    if (link.sent == 0 && expected[i] >= kEnough) {
      unused.push_back(fmt::format("{} ({} of its {} ticks received)", ends_of(link),
                                   vm(link.from).received, vm(link.from).ticks));
    } else if (static_cast<double>(link.sent) >= kEnough) {
      undelivered.push_back(fmt::format("{} ({} copies sent)", ends_of(link), link.sent));
    }
  }
  std::vector<std::string> sentences;
  const auto tell = [&](const char* what, const std::vector<std::string>& where) {
    if (!where.empty()) {
      sentences.push_back(
          fmt::format("trial {}: {}: {}", facts_.told().trial, what, list_some(where)));
    }
  };
  tell("no message was ever received by", deaf);
  tell("nothing was ever sent from", unused);
  tell("nothing that was sent was received from", undelivered);
  return sentences;
}

double SilenceFinder::expected_sends(const LinkRecord& link) {
  if (sender_ != link.from) {  // Links come sender by sender.
    sender_ = link.from;
    shares_ = shares_of(facts_, sender_);
  }
  return shares_[link.to] * static_cast<double>(vm(link.from).ticks);
}

bool SilenceFinder::is_deaf(VmId id) const {
  const Expected& expected = heard_of_[id - 1];
  return vm(id).received == 0 && (expected.copies >= kEnough || expected.sends >= kEnough);
}

std::string SilenceFinder::ends_of(const LinkRecord& link) const {
  return fmt::format("{} to {}", vm(link.from).name, vm(link.to).name);
}

}  // namespace

std::vector<std::string> find_silence(const TrialFacts& facts) {
  return SilenceFinder(facts).find();
}

}  // namespace driftbus
