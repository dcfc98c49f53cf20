// One event in words: its row, and what follows from it.
import { count, plural, seconds, span } from "./format";
import { INTERNAL, KINDS, LEFT, RECEIVE, SEND, type EventRef, type Trial } from "./trial";

/** What a row says, field by field. */
export function rowOf(trial: Trial, at: EventRef): [string, string][] {
  const vm = trial.vms[at.vm];
  const i = at.index;
  const kind = vm.kind[i];
  const name = (id: number) => trial.vms[id - 1]?.name ?? "?";
  const fields: [string, string][] = [
    ["time", seconds(vm.time[i], 1)],
    ["clock", `${count(vm.clock[i])} (+${count(vm.jump(i))})`],
    ["queue", count(vm.queue[i])],
  ];
  if (kind === SEND) {
    const to = trial.receiversOf(vm, i).map(name);
    fields.push(["to", to.length > 6 ? `${to.slice(0, 6).join(", ")} and ${to.length - 6} more` : to.join(", ")]);
  } else if (kind !== INTERNAL) {
    fields.push([vm.isTaken(i) ? "from" : "to", name(vm.peer[i])]);
  }
  if (kind !== INTERNAL) {
    fields.push(["message", count(vm.message[i])]);
  }
  if (vm.isTaken(i)) {
    fields.push(["stamp", count(vm.stamp[i])], ["arrived", seconds(vm.arrived[i], 1)]);
    const send = trial.cause(vm, i);
    if (send && kind === RECEIVE) {
      fields.push(["sent", `${span(vm.time[i] - trial.vms[send.vm].time[send.index])} before`]);
    }
  }
  fields.push(["system time", new Date(vm.wall[i] / 1000).toISOString().slice(11, 23)]);
  return fields;
}

export function titleOf(trial: Trial, at: EventRef): string {
  const vm = trial.vms[at.vm];
  const tick = vm.tick[at.index];
  return `${vm.name}${tick > 0 ? `, tick ${count(tick)}` : ""}: ${KINDS[vm.kind[at.index]]}`;
}

/** Why the clock is what it is after an event. */
export function reasonOf(trial: Trial, at: EventRef): string {
  const vm = trial.vms[at.vm];
  const i = at.index;
  const clock = count(vm.clock[i]);
  const before = i > 0 ? vm.clock[i - 1] : 0;
  if (vm.kind[i] === LEFT) {
    return `${vm.name} never received this message: it was still in the inbox at the end.`;
  }
  if (vm.kind[i] !== RECEIVE) {
    return vm.isTick(i) ? `The clock is ${clock}: one more than before.` : `The clock stays ${clock}.`;
  }
  const from = trial.vms[vm.peer[i] - 1]?.name ?? "?";
  return vm.stamp[i] > before
    ? `The clock is ${clock}: ${from}'s stamp ${count(vm.stamp[i])} was ${count(vm.stamp[i] - before)} ahead of `
      + `${vm.name}'s ${count(before)}, and the receive adds one.`
    : `The clock is ${clock}: ${vm.name} had ${count(before)}, no less than ${from}'s stamp ${count(vm.stamp[i])}, `
      + "and the receive adds one.";
}

/** How many messages, of how many VMs, a clock value came through. */
export function chainInWords(trial: Trial, chain: EventRef[]): string {
  let messages = 0;
  const vms = new Set<number>();
  chain.forEach((event, i) => {
    vms.add(event.vm);
    messages += i > 0 && event.vm !== chain[i - 1].vm ? 1 : 0;
  });
  const last = chain[chain.length - 1];
  return messages === 0
    ? "No message set it: the VM counted there by itself."
    : `It was handed on by ${plural(messages, "message")} among ${plural(vms.size, "VM")}, from `
      + `${trial.vms[last.vm].name} at ${seconds(trial.vms[last.vm].time[last.index])} on.`;
}
