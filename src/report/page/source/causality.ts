// What an event could have been caused by, and what it could have caused: its happened-before cone.
import type { Messages } from "./messages";
import { RECEIVE, type EventRef, type Trial } from "./trial";

/** Of each VM the last event of the past (-1: none) and the first of the future (its size: none). */
export interface Cone {
  at: EventRef;
  past: Int32Array;
  future: Int32Array;
  pastSize: number;
  futureSize: number;
  /** From the event back: what its clock value came from. */
  chain: EventRef[];
}

const LONGEST_CHAIN = 10_000;

export function coneOf(trial: Trial, messages: Messages, at: EventRef): Cone {
  const past = pastOf(trial, at);
  const future = futureOf(trial, messages, at);
  const sum = (size: (i: number) => number) => trial.vms.reduce((total, _vm, i) => total + size(i), 0);
  return {
    at, past, future, chain: chainOf(trial, at),
    pastSize: sum((i) => past[i] + 1) - 1,
    futureSize: sum((i) => trial.vms[i].size - future[i]) - 1,
  };
}

function pastOf(trial: Trial, at: EventRef): Int32Array {
  const past = new Int32Array(trial.vms.length).fill(-1);
  const seen = new Int32Array(trial.vms.length).fill(-1);
  past[at.vm] = at.index;
  const open = [at.vm];
  for (let v = open.pop(); v !== undefined; v = open.pop()) {
    const vm = trial.vms[v];
    while (seen[v] < past[v]) {
      const index = ++seen[v];
      const send = vm.kind[index] === RECEIVE ? trial.cause(vm, index) : null;
      if (send && send.index > past[send.vm]) {
        past[send.vm] = send.index;
        open.push(send.vm);
      }
    }
  }
  return past;
}

function futureOf(trial: Trial, messages: Messages, at: EventRef): Int32Array {
  const future = Int32Array.from(trial.vms, (vm) => vm.size);
  const seen = Int32Array.from(future);
  future[at.vm] = at.index;
  const open = [at.vm];
  for (let v = open.pop(); v !== undefined; v = open.pop()) {
    const first = messages.first[v];
    while (seen[v] > future[v]) {
      const index = --seen[v];
      for (let message = first[index]; message < first[index + 1]; ++message) {
        const to = messages.toVm[message];
        if (messages.left[message] === 0 && messages.toIndex[message] < future[to]) {
          future[to] = messages.toIndex[message];
          open.push(to);
        }
      }
    }
  }
  return future;
}

function chainOf(trial: Trial, at: EventRef): EventRef[] {
  const chain = [at];
  let { vm: v, index } = at;
  while (index >= 0 && chain.length < LONGEST_CHAIN) {
    const vm = trial.vms[v];
    const before = index > 0 ? vm.clock[index - 1] : 0;
    const send = vm.kind[index] === RECEIVE && vm.stamp[index] >= before ? trial.cause(vm, index) : null;
    // A send that is not in the past by its clock would lead in circles.
    if (send && trial.vms[send.vm].clock[send.index] < vm.clock[index]) {
      ({ vm: v, index } = send);
    } else if (--index < 0) {
      break;
    }
    chain.push({ vm: v, index });
  }
  return chain;
}

/** Whether an event is in the past (-1), in the future (1), the event itself (0), or neither. */
export function sideOf(cone: Cone, vm: number, index: number): -1 | 0 | 1 | null {
  if (vm === cone.at.vm && index === cone.at.index) {
    return 0;
  }
  return index <= cone.past[vm] ? -1 : index >= cone.future[vm] ? 1 : null;
}
