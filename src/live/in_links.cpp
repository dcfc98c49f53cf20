#include "live/in_links.hpp"

#include <algorithm>

#include "base/errors.hpp"

namespace driftbus {

std::uint32_t InLinks::add(VmId from, std::string name, std::uint16_t tag) {
  const auto index = static_cast<std::uint32_t>(links_.size());
  const bool added = index_.emplace(from, index).second;
  ensure(added, "a second link from the same VM");
  links_.push_back({.from = from, .name = std::move(name), .tag = tag});
  return index;
}

void InLinks::set_gone(VmId from) {
  if (const auto found = index_.find(from); found != index_.end()) {
    links_[found->second].gone = true;
  }
}

void InLinks::restart(std::uint32_t index) {
  InLink& link = links_[index];
  link.last_number = 0;
  link.ended = false;
  link.gone = false;
}

Parsed<std::uint32_t> InLinks::accept(const Frame& frame, LamportTime clock,
                                      std::string_view objection) {
  using Result = Parsed<std::uint32_t>;
  const auto found = index_.find(frame.message.sender);
  if (found == index_.end()) {
    return Result::failed("no link from VM " + std::to_string(frame.message.sender));
  }
  InLink& link = links_[found->second];
  if (const std::string_view why = problem_with(link, frame, clock); !why.empty()) {
    return Result::failed(std::string(why));
  }
  if (!objection.empty()) {
    return Result::failed(std::string(objection));
  }
  switch (frame.kind) {
    case FrameKind::data:
      link.last_number = frame.link_number;
      break;
    case FrameKind::hello:
      heard_ += link.heard ? 0 : 1;
      link.heard = true;
      break;
    case FrameKind::end:
      link.ended = true;
      break;
  }
  return Result::ok(found->second);
}

std::string_view InLinks::problem_with(const InLink& link, const Frame& frame,
                                       LamportTime clock) const {
  if (frame.tag != link.tag) {
    return "wrong run tag";
  }
  if (link.ended) {
    return "frame after the end marker";
  }
  switch (frame.kind) {
    case FrameKind::data:
      if (frame.link_number != link.last_number + 1) {
        return "wrong link number";
      }
      return plausible(clock, frame.message.stamp) ? "" : "stamp out of range";
    case FrameKind::hello:
      return "";
    case FrameKind::end:
      // More than was taken in means that frames were lost: the accounting finds and names that.
      return frame.link_number < link.last_number ? "wrong link number" : "";
  }
  return "unknown kind";
}

bool InLinks::all_ended() const {
  return std::all_of(links_.begin(), links_.end(),
                     [](const InLink& link) { return link.ended || link.gone; });
}

bool InLinks::any_gone() const {
  return std::any_of(links_.begin(), links_.end(),
                     [](const InLink& link) { return link.gone && !link.ended; });
}

std::vector<VmId> InLinks::waiting_for(bool ending, std::size_t most) const {
  std::vector<VmId> ids;
  for (const InLink& link : links_) {
    const bool waits = ending ? !link.ended && !link.gone : !link.heard;
    if (waits && ids.size() < most) {
      ids.push_back(link.from);
    }
  }
  return ids;
}

}  // namespace driftbus
