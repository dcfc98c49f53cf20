#include "scenario/network_keys.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenario/link_keys.hpp"

namespace driftbus::loading {
namespace {

constexpr std::size_t kLongestHost = 253;
constexpr WholeRange kBasePorts{0, 65535};
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

void read_edges(const Field& field, TopologySpec& topology) {
  if (!is_list(field)) {
    return;
  }
  Edges edges;
  NamedLinks named;
  for (std::size_t i = 0; i < field.node.items.size(); ++i) {
    const Field edge = field.item(i);
    if (edge.node.kind != Node::Kind::sequence || edge.node.items.size() != 2) {
      edge.fail_expected("must be a list of two VMs, from and to");
    } else if (const auto ends = read_ends(edge.item(0), edge.item(1))) {
      named.add(field, i, *ends);
      edges.edges.push_back(*ends);
    }
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

void refuse_reserved(const Field& field, Network& /*network*/) { field.fail_unavailable(); }

constexpr Key<Network> kNetworkKeys[] = {
    {"transport",
     [](const Field& f, Network& net) { assign(net.transport, read_word(f, kTransports)); }},
    {"host", [](const Field& f, Network& net) { assign(net.host, read_host(f)); }},
    {"base_port",
     [](const Field& f, Network& net) { assign(net.base_port, read_whole(f, kBasePorts)); }},
    {"topology", read_topology},
    {"delay", [](const Field& f, Network& net) { read_delay(f, net.link); }},
    {"loss", [](const Field& f, Network& net) { read_loss(f, net.link); }},
    {"duplicate", [](const Field& f, Network& net) { read_duplicate(f, net.link); }},
    {"reorder", [](const Field& f, Network& net) { read_reorder(f, net.link); }},
    {"links", read_links},  // After what they are laid over.
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
