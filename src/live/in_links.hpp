// The links into a VM: who may send to it, with which tag, and which link number comes next. A
// frame that is none of theirs is bad (docs/formats.md, bad frames).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "base/parsed.hpp"
#include "clock/lamport.hpp"
#include "wire/frame.hpp"

namespace driftbus {

/// One link into this VM, as its receiver knows it.
struct InLink {
  VmId from = 0;
  std::string name;
  std::uint16_t tag = 0;
  bool heard = false;             ///< Its hello came: the link is up.
  bool ended = false;             ///< Its end marker came: nothing more will.
  bool gone = false;              ///< Its sender ended without a marker: nothing can be expected.
  std::uint64_t last_number = 0;  ///< Link number of the last frame taken in.
  std::uint64_t received = 0;     ///< Handled by a tick.
  std::uint64_t left = 0;         ///< In the inbox when the run ended.
};

class InLinks {
 public:
  /// Adds a link; its index stays valid. Precondition: no link from `from` yet.
  std::uint32_t add(VmId from, std::string name, std::uint16_t tag);
  /// The sender's VM is gone: waits for no marker of it. Unknown ids are ignored.
  void set_gone(VmId from);

  /// Takes a frame in: its link's index, or why it is bad. A bad frame changes nothing. `clock` is
  /// the receiver's, for rule 4.5; `objection`, unless empty, what else is wrong with its clocks.
  [[nodiscard]] Parsed<std::uint32_t> accept(const Frame& frame, LamportTime clock,
                                             std::string_view objection = {});

  [[nodiscard]] bool all_heard() const { return heard_ == links_.size(); }
  /// Whether every link ended or is gone.
  [[nodiscard]] bool all_ended() const;
  [[nodiscard]] bool any_gone() const;
  /// At most `most` VMs that were not heard yet, or, once `ending`, have not ended their links.
  [[nodiscard]] std::vector<VmId> waiting_for(bool ending, std::size_t most) const;

  /// The sender's VM has started anew: its link numbers begin again.
  void restart(std::uint32_t index);

  [[nodiscard]] bool knows(VmId from) const { return index_.count(from) != 0; }
  /// Precondition: knows(from).
  [[nodiscard]] std::uint32_t index_of(VmId from) const { return index_.at(from); }
  [[nodiscard]] std::size_t size() const { return links_.size(); }
  [[nodiscard]] InLink& at(std::uint32_t index) { return links_[index]; }
  [[nodiscard]] const std::vector<InLink>& all() const { return links_; }

 private:
  [[nodiscard]] std::string_view problem_with(const InLink& link, const Frame& frame,
                                              LamportTime clock) const;

  std::vector<InLink> links_;
  std::unordered_map<VmId, std::uint32_t> index_;
  std::size_t heard_ = 0;
};

}  // namespace driftbus
