#include "scenario/network_keys.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/printable.hpp"

namespace driftbus::loading {
namespace {

constexpr std::size_t kLongestHost = 253;
constexpr WholeRange kBasePorts{0, 65535};
constexpr DecimalRange kProbabilities{{0}, Decimal::whole(1)};
constexpr std::string_view kTopologies =
    "must be mesh, ring, line, star, {random: ..} or {edges: ..}";

bool is_host(const std::string& text) {
  const auto letter_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (text.empty() || text.size() > kLongestHost || !letter_or_digit(text.front()) ||
      !letter_or_digit(text.back())) {
    return false;
  }
  if (text.find_first_not_of("0123456789.") == std::string::npos) {
    in_addr address{};
    return inet_pton(AF_INET, text.c_str(), &address) == 1;
  }
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return letter_or_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

void read_random(const Field& field, TopologySpec& topology) {
  const Names& names = field.reading.names;
  if (names.known() && names.count() == 1) {
    field.fail("needs at least 2 VMs");
    return;
  }
  const std::int64_t most = names.known() ? names.count() - 1 : 0xFFFFFFFF;
  if (const std::optional<std::int64_t> peers = read_whole(field, {1, most})) {
    topology = RandomPeers{static_cast<std::uint32_t>(*peers)};
  }
}

std::optional<std::pair<VmId, VmId>> read_edge(const Field& field) {
  if (field.node.kind != Node::Kind::sequence || field.node.items.size() != 2) {
    field.fail_expected("must be a list of two VMs, from and to");
    return std::nullopt;
  }
  const std::optional<VmId> from = read_vm(field.item(0));
  const std::optional<VmId> to = read_vm(field.item(1));
  if (!from || !to) {
    return std::nullopt;
  }
  if (from == to) {
    field.fail(fmt::format("links {} with itself", in_quotes(field.node.items[0].text)));
    return std::nullopt;
  }
  return std::pair(*from, *to);
}

void read_edges(const Field& field, TopologySpec& topology) {
  if (!is_list(field)) {
    return;
  }
  Edges edges;
  std::unordered_map<std::uint64_t, std::size_t> seen;
  for (std::size_t i = 0; i < field.node.items.size(); ++i) {
    const auto edge = read_edge(field.item(i));
    if (!edge) {
      continue;
    }
    const std::uint64_t pair = std::uint64_t{edge->first} << 32 | edge->second;
    const auto [first, is_new] = seen.emplace(pair, i);
    if (!is_new) {
      field.item(i).fail(fmt::format("repeats {}[{}]", field.key, first->second));
    }
    edges.edges.push_back(*edge);
  }
  topology = std::move(edges);
}

constexpr Key<TopologySpec> kTopologyKeys[] = {{"random", read_random}, {"edges", read_edges}};

std::optional<TopologySpec> regular_topology(std::string_view text) {
  if (text == "mesh") {
    return Mesh{};
  }
  if (text == "ring") {
    return Ring{};
  }
  if (text == "line") {
    return Line{};
  }
  return text == "star" ? std::optional<TopologySpec>(Star{}) : std::nullopt;
}

void read_topology(const Field& field, Network& network) {
  const Node& node = field.node;
  if (node.kind == Node::Kind::mapping && node.entries.size() == 1) {
    read_keys(field, kTopologyKeys, network.topology);
    return;
  }
  const auto regular = node.kind == Node::Kind::scalar ? regular_topology(node.text) : std::nullopt;
  if (!regular) {
    static constexpr std::array<std::string_view, 4> kWords = {"mesh", "ring", "line", "star"};
    field.fail_expected(kTopologies, did_you_mean(node.text, kWords));
    return;
  }
  network.topology = *regular;
}

/// Durations at least 0 in ascending order. False when there is anything else.
bool check_ascending(const Field& field, std::size_t fewest, std::size_t most) {
  const std::size_t size = field.node.items.size();
  if (!is_list(field)) {
    return false;
  }
  if (size < fewest || size > most) {
    field.fail(fmt::format("must be a list of {} durations, got {}",
                           fewest == most ? "two" : "two or more", size));
    return false;
  }
  Nanoseconds last{0};
  for (std::size_t i = 0; i < size; ++i) {
    const std::optional<Nanoseconds> next = read_duration(field.item(i), {});
    if (!next) {
      return false;
    }
    if (*next < last) {
      field.item(i).fail_expected(fmt::format("must be at least {}", to_text(last)));
      return false;
    }
    last = *next;
  }
  return true;
}

// What links do to messages comes later: until then their keys are checked, and take nothing but
// their default.

constexpr Key<Network> kDelayKeys[] = {
    {"uniform",
     [](const Field& f, Network&) {
       if (check_ascending(f, 2, 2)) {
         f.fail_unavailable();
       }
     }},
    {"quantiles",
     [](const Field& f, Network&) {
       if (check_ascending(f, 2, SIZE_MAX)) {
         f.fail_unavailable();
       }
     }},
};

void read_delay(const Field& field, Network& network) {
  switch (field.node.kind) {
    case Node::Kind::scalar:
      if (const auto delay = read_duration(field, {}); delay && delay->count() != 0) {
        field.fail_unavailable("0ms");
      }
      return;
    case Node::Kind::mapping:
      if (field.node.entries.size() == 1) {
        read_keys(field, kDelayKeys, network);
        return;
      }
      break;
    case Node::Kind::nothing:
    case Node::Kind::sequence:
    case Node::Kind::refused:
      break;
  }
  field.fail_expected("must be a duration, {uniform: ..} or {quantiles: ..}");
}

void read_probability(const Field& field, Network& /*network*/) {
  if (const auto probability = read_decimal(field, kProbabilities);
      probability && *probability != Decimal{}) {
    field.fail_unavailable("0");
  }
}

void read_reorder(const Field& field, Network& /*network*/) {
  if (read_boolean(field).value_or(false)) {
    field.fail_unavailable("false");
  }
}

void read_links(const Field& field, Network& /*network*/) {
  if (is_list(field) && !field.node.items.empty()) {
    field.fail_unavailable("[]");
  }
}

void refuse_reserved(const Field& field, Network& /*network*/) { field.fail_unavailable(); }

constexpr Key<Network> kNetworkKeys[] = {
    {"transport",
     [](const Field& f, Network& net) { assign(net.transport, read_word(f, kTransports)); }},
    {"host", [](const Field& f, Network& net) { assign(net.host, read_host(f)); }},
    {"base_port",
     [](const Field& f, Network& net) { assign(net.base_port, read_whole(f, kBasePorts)); }},
    {"topology", read_topology},
    {"delay", read_delay},
    {"loss", read_probability},
    {"duplicate", read_probability},
    {"reorder", read_reorder},
    {"links", read_links},
    {"send_hwm", refuse_reserved},
    {"receive_hwm", refuse_reserved},
    {"on_full", refuse_reserved},
};

}  // namespace

std::optional<std::string> read_host(const Field& field) {
  std::optional<std::string> host = read_text(field);
  if (host && !is_host(*host)) {
    field.fail_expected("must be an IPv4 address or the name of a host");
    return std::nullopt;
  }
  return host;
}

void read_network(const Field& field, Network& network) { read_keys(field, kNetworkKeys, network); }

}  // namespace driftbus::loading
