// The keys that say who is linked and what links do to messages (docs/formats.md, scenario).
#pragma once

#include <optional>
#include <unordered_map>
#include <utility>

#include "scenario/scenario.hpp"
#include "scenario/values.hpp"

namespace driftbus::loading {

/// A link's ends; reports a VM that is linked with itself.
[[nodiscard]] std::optional<std::pair<VmId, VmId>> read_ends(const Field& from, const Field& to);

/// The links that a list has named so far.
class NamedLinks {
 public:
  /// Reports entry `index` of `list` when it names a link that an earlier one did.
  void add(const Field& list, std::size_t index, std::pair<VmId, VmId> ends);

 private:
  std::unordered_map<std::uint64_t, std::size_t> first_;
};

void read_delay(const Field& field, LinkRules& rules);
void read_loss(const Field& field, LinkRules& rules);
void read_duplicate(const Field& field, LinkRules& rules);
void read_reorder(const Field& field, LinkRules& rules);

/// Links that have their own rules; what an entry does not say is as in `network.link`. Needs the
/// VMs' names.
void read_links(const Field& field, Network& network);

}  // namespace driftbus::loading
