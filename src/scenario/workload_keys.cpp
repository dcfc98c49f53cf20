#include "scenario/workload_keys.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "base/errors.hpp"
#include "base/printable.hpp"

namespace driftbus::loading {
namespace {

constexpr std::int64_t kMostDraws = std::int64_t{1} << 32;
constexpr std::int64_t kLargestAction = kMostDraws - 1;

/// A target word, or else a VM's name.
std::optional<Target> read_target(const Field& field) {
  if (field.node.kind != Node::Kind::scalar) {
    field.fail_expected("must be next, after_next, random, all or the name of a VM");
    return std::nullopt;
  }
  if (const auto kind = find_word(kTargets, field.node.text)) {
    return Target{*kind, 0};
  }
  if (const std::string guess = did_you_mean(field.node.text, texts(kTargets)); !guess.empty()) {
    if (!field.reading.names.find(field.node.text)) {
      field.fail(fmt::format("no target is named {}{}", in_quotes(field.node.text), guess));
      return std::nullopt;
    }
  }
  const std::optional<VmId> id = read_vm(field);
  return id ? std::optional(Target{Target::Kind::vm, *id}) : std::nullopt;
}

/// A table replaces the one below it whole (rule 2.2).
void read_actions(const Field& field, WorkloadSpec& workload) {
  if (!is_mapping(field)) {
    return;
  }
  workload.actions.clear();
  for (const Entry& entry : field.node.entries) {
    const Node number{.kind = entry.key.kind, .text = entry.key.text, .place = entry.key.place};
    const Field key{field.reading, number, field.child(entry).key};
    const std::optional<std::int64_t> value = read_whole(key, {1, kLargestAction});
    const std::optional<Target> target = read_target(field.child(entry));
    if (value && target) {
      workload.actions[static_cast<std::uint32_t>(*value)] = *target;
    }
  }
}

constexpr Key<WorkloadSpec> kWorkloadKeys[] = {
    {"draw",
     [](const Field& f, WorkloadSpec& work) {
       assign(work.draw, read_whole(f, {1, kMostDraws}));
     }},
    {"actions", [](const Field& f, WorkloadSpec& work) { read_actions(f, work); }},
    {"payload", [](const Field& f, WorkloadSpec&) { f.fail_unavailable(); }},
};

}  // namespace

WorkloadSpec default_workload() {
  return {
      .draw = 10,
      .actions = {
          {1, {Target::Kind::next}}, {2, {Target::Kind::after_next}}, {3, {Target::Kind::all}}}};
}

void read_workload(const Field& field, WorkloadSpec& workload) {
  read_keys(field, kWorkloadKeys, workload);
}

}  // namespace driftbus::loading
