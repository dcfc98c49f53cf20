#include "scenario/link_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "base/printable.hpp"

namespace driftbus::loading {
namespace {

constexpr DecimalRange kProbabilities{{0}, Decimal::whole(1)};

/// Durations at least 0 in ascending order; nothing when there is anything else.
std::optional<std::vector<Nanoseconds>> read_ascending(const Field& field, std::size_t fewest,
                                                       std::size_t most) {
  const std::size_t size = field.node.items.size();
  if (!is_list(field)) {
    return std::nullopt;
  }
  if (size < fewest || size > most) {
    field.fail(fmt::format("must be a list of {} durations, got {}",
                           fewest == most ? "two" : "two or more", size));
    return std::nullopt;
  }
  std::vector<Nanoseconds> times;
  for (std::size_t i = 0; i < size; ++i) {
    const std::optional<Nanoseconds> next = read_duration(field.item(i), {});
    if (!next) {
      return std::nullopt;
    }
    if (!times.empty() && *next < times.back()) {
      field.item(i).fail_expected(fmt::format("must be at least {}", to_text(times.back())));
      return std::nullopt;
    }
    times.push_back(*next);
  }
  return times;
}

constexpr Key<LinkRules> kDelayKeys[] = {
    {"uniform",
     [](const Field& f, LinkRules& rules) {
       if (const auto ends = read_ascending(f, 2, 2)) {
         rules.delay = UniformDelay{ends->front(), ends->back()};
       }
     }},
    {"quantiles",
     [](const Field& f, LinkRules& rules) {
       if (auto steps = read_ascending(f, 2, SIZE_MAX)) {
         rules.delay = QuantileDelay{std::move(*steps)};
       }
     }},
};

/// One entry of `links`.
struct OwnRules {
  VmId from = 0;  ///< 0: missing, or no VM.
  VmId to = 0;
  LinkRules rules;
};

constexpr Key<OwnRules> kLinkKeys[] = {
    {"from", [](const Field&, OwnRules&) {}},  // Read by read_ends().
    {"to", [](const Field&, OwnRules&) {}},
    {"delay", [](const Field& f, OwnRules& link) { read_delay(f, link.rules); }},
    {"loss", [](const Field& f, OwnRules& link) { read_loss(f, link.rules); }},
    {"duplicate", [](const Field& f, OwnRules& link) { read_duplicate(f, link.rules); }},
    {"reorder", [](const Field& f, OwnRules& link) { read_reorder(f, link.rules); }},
};

void read_link(const Field& list, std::size_t index, NamedLinks& named, Network& network) {
  const Field field = list.item(index);
  OwnRules link{.rules = network.link};
  read_keys(field, kLinkKeys, link);
  if (field.node.kind != Node::Kind::mapping) {
    return;
  }
  const Entry* from = find_entry(field.node, "from");
  const Entry* to = find_entry(field.node, "to");
  if (from == nullptr || to == nullptr) {
    if (!has_refused_key(field.node)) {
      field.fail(fmt::format("needs '{}'", from == nullptr ? "from" : "to"));
    }
    return;
  }
  if (const auto ends = read_ends(field.child(*from), field.child(*to))) {
    named.add(list, index, *ends);
    network.own_rules[*ends] = link.rules;
  }
}

}  // namespace

std::optional<std::pair<VmId, VmId>> read_ends(const Field& from, const Field& to) {
  const std::optional<VmId> first = read_vm(from);
  const std::optional<VmId> second = read_vm(to);
  if (!first || !second) {
    return std::nullopt;
  }
  if (first == second) {
    to.fail(fmt::format("links {} with itself", in_quotes(to.node.text)));
    return std::nullopt;
  }
  return std::pair(*first, *second);
}

void NamedLinks::add(const Field& list, std::size_t index, std::pair<VmId, VmId> ends) {
  const std::uint64_t link = std::uint64_t{ends.first} << 32 | ends.second;
  const auto [first, is_new] = first_.emplace(link, index);
  if (!is_new) {
    list.item(index).fail(fmt::format("repeats {}[{}]", list.key, first->second));
  }
}

void read_delay(const Field& field, LinkRules& rules) {
  const Node& node = field.node;
  if (node.kind == Node::Kind::scalar) {
    if (const auto delay = read_duration(field, {})) {
      rules.delay = *delay;
    }
  } else if (node.kind == Node::Kind::mapping && node.entries.size() == 1) {
    read_keys(field, kDelayKeys, rules);
  } else {
    field.fail_expected("must be a duration, {uniform: ..} or {quantiles: ..}");
  }
}

void read_loss(const Field& field, LinkRules& rules) {
  assign(rules.loss, read_decimal(field, kProbabilities));
}

void read_duplicate(const Field& field, LinkRules& rules) {
  assign(rules.duplicate, read_decimal(field, kProbabilities));
}

void read_reorder(const Field& field, LinkRules& rules) {
  assign(rules.reorder, read_boolean(field));
}

void read_links(const Field& field, Network& network) {
  if (!is_list(field)) {
    return;
  }
  NamedLinks named;
  for (std::size_t i = 0; i < field.node.items.size(); ++i) {
    read_link(field, i, named, network);
  }
}

}  // namespace driftbus::loading
