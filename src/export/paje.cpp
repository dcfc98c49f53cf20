#include "export/paje.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "export/spelling.hpp"

namespace driftbus {
namespace {

/// The kinds of line, by number; then types: R is the run, V a VM, E its event, C its clock, Q its
/// queue, M a message.
constexpr std::string_view kDefinitions = R"(%EventDef PajeDefineContainerType 0
%       Alias string
%       Type string
%       Name string
%EndEventDef
%EventDef PajeDefineStateType 1
%       Alias string
%       Type string
%       Name string
%EndEventDef
%EventDef PajeDefineVariableType 2
%       Alias string
%       Type string
%       Name string
%       Color color
%EndEventDef
%EventDef PajeDefineLinkType 3
%       Alias string
%       Type string
%       StartContainerType string
%       EndContainerType string
%       Name string
%EndEventDef
%EventDef PajeDefineEntityValue 4
%       Alias string
%       Type string
%       Name string
%       Color color
%EndEventDef
%EventDef PajeCreateContainer 5
%       Time date
%       Alias string
%       Type string
%       Container string
%       Name string
%EndEventDef
%EventDef PajeDestroyContainer 6
%       Time date
%       Type string
%       Name string
%EndEventDef
%EventDef PajeSetState 7
%       Time date
%       Container string
%       Type string
%       Value string
%EndEventDef
%EventDef PajeSetVariable 8
%       Time date
%       Container string
%       Type string
%       Value double
%EndEventDef
%EventDef PajeStartLink 9
%       Time date
%       Container string
%       Type string
%       StartContainer string
%       Value string
%       Key string
%EndEventDef
%EventDef PajeEndLink 10
%       Time date
%       Container string
%       Type string
%       EndContainer string
%       Value string
%       Key string
%EndEventDef
0 R 0 "run"
0 V R "VM"
1 E V "event"
2 C V "clock" "0.2 0.4 0.7"
2 Q V "queue" "0.8 0.5 0.1"
3 M R V V "message"
4 internal E "internal" "0.75 0.75 0.75"
4 send E "send" "0.9 0.6 0.1"
4 receive E "receive" "0.2 0.5 0.8"
)";

class PajeWriter {
 public:
  PajeWriter(const TrialHistory& history, Window window, TextStream& out);

  void write();

 private:
  void put_containers();
  void put_event(EventPlace place);
  void put_starts(EventPlace send);
  void put_end(EventPlace receive);
  void put_removals();

  const TrialHistory& history_;
  Window window_;
  TextStream& out_;
  std::vector<Delivery> deliveries_;
  std::vector<std::size_t> by_send_;  ///< Of deliveries_, in order of their sends.
  std::int64_t time_us_ = 0;          ///< Of the latest line: time does not run backwards.
};

bool comes_before(EventPlace a, EventPlace b) {
  return a.vm != b.vm ? a.vm < b.vm : a.index < b.index;
}

PajeWriter::PajeWriter(const TrialHistory& history, Window window, TextStream& out)
    : history_(history),
      window_(window),
      out_(out),
      deliveries_(find_deliveries(history, window)),
      by_send_(deliveries_.size()),
      time_us_(std::max<std::int64_t>(0, window.from_us)) {
  for (std::size_t i = 0; i < by_send_.size(); ++i) {
    by_send_[i] = i;
  }
  std::stable_sort(by_send_.begin(), by_send_.end(), [this](std::size_t a, std::size_t b) {
    return comes_before(deliveries_[a].send, deliveries_[b].send);
  });
}

void PajeWriter::write() {
  out_.print("{}", kDefinitions);
  put_containers();
  for_each_causally(history_, window_, [this](EventPlace place) { put_event(place); });
  put_removals();
}

void PajeWriter::put_containers() {
  const std::string time = spell_fixed(time_us_, 1'000'000);
  out_.print("5 {} run R 0 \"trial {}\"\n", time, history_.trial);
  for (VmId vm = 1; vm <= history_.vms.size(); ++vm) {
    out_.print("5 {} v{} V run \"{}\"\n", time, vm, history_.vm(vm).name);
  }
}

void PajeWriter::put_event(EventPlace place) {
  const Event& event = event_at(history_, place);
  time_us_ = std::max(time_us_, event.time_us);
  const std::string time = spell_fixed(time_us_, 1'000'000);
  out_.print("7 {} v{} E {}\n", time, place.vm, to_text(event.kind));
  out_.print("8 {} v{} C {}\n", time, place.vm, event.clock);
  out_.print("8 {} v{} Q {}\n", time, place.vm, event.queue);
  if (event.kind == EventKind::send) {
    put_starts(place);
  } else if (event.kind == EventKind::receive) {
    put_end(place);
  }
}

/// A link for each copy that is received later.
void PajeWriter::put_starts(EventPlace send) {
  auto found = std::lower_bound(by_send_.begin(), by_send_.end(), send,
                                [this](std::size_t delivery, EventPlace place) {
                                  return comes_before(deliveries_[delivery].send, place);
                                });
  for (; found != by_send_.end() && deliveries_[*found].send == send; ++found) {
    out_.print("9 {} run M v{} {} m{}\n", spell_fixed(time_us_, 1'000'000), send.vm,
               event_at(history_, send).message, *found + 1);
  }
}

void PajeWriter::put_end(EventPlace receive) {
  const auto found = std::lower_bound(deliveries_.begin(), deliveries_.end(), receive,
                                      [](const Delivery& delivery, EventPlace place) {
                                        return comes_before(delivery.receive, place);
                                      });
  if (found != deliveries_.end() && found->receive == receive) {
    out_.print("10 {} run M v{} {} m{}\n", spell_fixed(time_us_, 1'000'000), receive.vm,
               event_at(history_, receive).message, found - deliveries_.begin() + 1);
  }
}

void PajeWriter::put_removals() {
  const std::string time = spell_fixed(time_us_, 1'000'000);
  for (VmId vm = 1; vm <= history_.vms.size(); ++vm) {
    out_.print("6 {} V v{}\n", time, vm);
  }
  out_.print("6 {} R run\n", time);
}

}  // namespace

void write_paje(const TrialHistory& history, Window window, TextStream& out) {
  PajeWriter(history, window, out).write();
}

}  // namespace driftbus
