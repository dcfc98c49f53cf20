// Which VMs there are: finds the id of a name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"

namespace driftbus {

struct Vms;

/// The VMs' names (rule 1.1).
class Names {
 public:
  /// Knows none until it is told: while a scenario is read, every question about a name would be
  /// answered by an earlier problem, and is not asked.
  Names() = default;
  explicit Names(const Vms& vms);

  /// `count` VMs by the names vm1..vmN.
  void set_count(std::uint32_t count) { count_ = count; }
  /// One VM for each name; names may not repeat.
  void set_names(const std::vector<std::string>& names);

  [[nodiscard]] bool known() const { return count_ > 0; }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  /// Inline: rows of traces ask, and an optional that a call returns goes through memory in two
  /// parts, which the processor waits for.
  [[nodiscard]] std::optional<VmId> find(std::string_view name) const {
    const VmId id = given() ? given_id(name) : default_id(name);
    return id == 0 ? std::nullopt : std::optional(id);
  }
  /// Whether the names are given, rather than vm1..vmN.
  [[nodiscard]] bool given() const { return !ids_.empty(); }
  /// Says that `name` is no VM, and which names there are or could be meant.
  [[nodiscard]] std::string unknown(std::string_view name) const;

 private:
  /// 0 where there is none.
  [[nodiscard]] VmId given_id(std::string_view name) const;
  [[nodiscard]] VmId default_id(std::string_view name) const;

  std::uint32_t count_ = 0;
  std::unordered_map<std::string, VmId> ids_;
};

}  // namespace driftbus
