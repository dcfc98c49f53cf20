// What a trial amounts to, in numbers. Functions of time are step functions of time: means are
// weighted by how long a value held.
import type { RunAbout } from "./report";
import { INTERNAL, LEFT, RECEIVE, SEND, type EventRef, type Trial, type Vm } from "./trial";

export interface VmFacts {
  jumps: number;
  receives: number;
  /** By how much receives put the clock ahead, beyond the 1 of every event. */
  carried: number;
  largestJump: number;
  /** From send to receive, microseconds. */
  stalenessMean: number;
  stalenessMax: number;
  behindMean: number;
  behindMax: number;
  behindMaxAt: number;
  behindFinal: number;
  clock: number;
  ticks: number;
  queueMax: number;
  queueMaxAt: number;
  queueFinal: number;
  queueMean: number;
  /** Since when every tick took a message and the inbox was not empty at the end; null: it was not saturated. */
  saturatedAt: number | null;
  /** Messages that arrived, a second. */
  arrivals: number;
  tickRate: number;
}

/** At each microsecond in which something ticked. */
export interface Drift {
  times: Float64Array;
  spread: Float64Array;
  /** The clock of the fastest VM. */
  fastest: Float64Array;
}

export interface Facts {
  vms: VmFacts[];
  drift: Drift;
  spreadMean: number;
  spreadMax: number;
  spreadMaxAt: number;
  spreadFinal: number;
  largest: (EventRef & { jump: number }) | null;
  slowest: number;
  fastest: number;
  /** Rows that break the clock rules, messages without a send, stamps that are not their send's. */
  brokenClocks: number;
  orphans: number;
  brokenStamps: number;
}

const MOST_FOLLOWED = 64;
/** A series of receives that makes an inbox saturated: docs/metrics.md, load. */
const SHORTEST_SERIES = 10;

/** Every figure is that of docs/metrics.md, over the whole trial. */
export function factsOf(trial: Trial, run: RunAbout): Facts {
  const latest = trial.vms.reduce((end, vm) => Math.max(end, latestTick(vm)), 0);
  const to = Math.max(trial.header.duration, latest + 1);
  const vms = trial.vms.map((vm) => vmFacts(trial, vm, to));
  const none = new Float64Array(0);
  const facts: Facts = {
    vms, drift: { times: none, spread: none, fastest: none },
    spreadMean: 0, spreadMax: 0, spreadMaxAt: 0, spreadFinal: 0,
    largest: largestJump(trial), slowest: 0, fastest: 0, brokenClocks: 0, orphans: 0, brokenStamps: 0,
  };
  const areRated = trial.vms.every((vm) => vm.about.rate !== null);
  const rate = (i: number) => (areRated ? trial.vms[i].about.rate! : vms[i].tickRate);
  for (let i = 1; i < vms.length; ++i) {
    facts.slowest = rate(i) < rate(facts.slowest) ? i : facts.slowest;
    facts.fastest = rate(i) > rate(facts.fastest) ? i : facts.fastest;
  }
  follow(trial, facts, to);
  check(trial, facts, run.stamp === "before" ? 1 : 0);
  return facts;
}

/** When the latest is, should the trace run backwards. */
function latestTick(vm: Vm): number {
  let latest = 0;
  for (let i = 0; i < vm.size; ++i) {
    latest = vm.isTick(i) ? Math.max(latest, vm.time[i]) : latest;
  }
  return latest;
}

function vmFacts(trial: Trial, vm: Vm, to: number): VmFacts {
  const facts: VmFacts = {
    jumps: 0, receives: 0, carried: 0, largestJump: 0, stalenessMean: 0, stalenessMax: 0, behindMean: 0,
    behindMax: 0, behindMaxAt: 0, behindFinal: 0, clock: 0, ticks: 0, queueMax: 0, queueMaxAt: 0,
    queueFinal: 0, queueMean: 0, saturatedAt: null, arrivals: 0, tickRate: 0,
  };
  let arrived = 0, stale = 0, known = 0, area = 0, time = 0, series = 0, since = 0;
  for (let i = 0; i < vm.size; ++i) {
    const kind = vm.kind[i];
    arrived += vm.isTaken(i) && vm.arrived[i] < to ? 1 : 0;
    if (kind === RECEIVE) {
      const send = trial.cause(vm, i);
      takeReceive(facts, vm.jump(i));
      if (send) {
        const age = vm.time[i] - trial.vms[send.vm].time[send.index];
        stale += age;
        known++;
        facts.stalenessMax = Math.max(facts.stalenessMax, age);
      }
    }
    if (kind <= RECEIVE) {
      since = kind === RECEIVE && series === 0 ? vm.time[i] : since;
      series = kind === RECEIVE ? series + 1 : 0;
      facts.ticks++;
      facts.clock = vm.clock[i];
      area += facts.queueFinal * (vm.time[i] - time);
      time = vm.time[i];
      facts.queueFinal = vm.queue[i];
      if (vm.queue[i] > facts.queueMax) {
        facts.queueMax = vm.queue[i];
        facts.queueMaxAt = time;
      }
    }
  }
  const isSaturated = series >= SHORTEST_SERIES && to - since >= to / 10 && facts.queueFinal >= 1;
  facts.saturatedAt = isSaturated ? since : null;
  facts.queueMean = (area + facts.queueFinal * (to - time)) / to;
  facts.stalenessMean = known > 0 ? stale / known : 0;
  facts.arrivals = (1e6 * arrived) / to;
  facts.tickRate = (1e6 * facts.ticks) / to;
  return facts;
}

function takeReceive(facts: VmFacts, jump: number): void {
  facts.receives++;
  facts.jumps += jump > 1 ? 1 : 0;
  facts.carried += Math.max(jump - 1, 0);
  facts.largestJump = Math.max(facts.largestJump, jump);
}

function largestJump(trial: Trial): Facts["largest"] {
  let largest: Facts["largest"] = null;
  for (const vm of trial.vms) {
    for (let index = 0; index < vm.size; ++index) {
      if (vm.kind[index] === RECEIVE && vm.jump(index) > (largest?.jump ?? 1)) {
        largest = { vm: vm.index, index, jump: vm.jump(index) };
      }
    }
  }
  return largest;
}

/** Which VM has the next event in time: a heap of VMs by the time of their next event. */
export function inOrder(vms: Vm[], take: (vm: Vm, index: number) => void): void {
  const next = new Uint32Array(vms.length);
  const heap = vms.filter((vm) => vm.size > 0).map((vm) => vm.index);
  const time = (i: number) => vms[heap[i]].time[next[heap[i]]];
  const sink = (i: number) => {
    for (;;) {
      const left = 2 * i + 1;
      if (left >= heap.length) {
        return;
      }
      const least = left + 1 < heap.length && time(left + 1) < time(left) ? left + 1 : left;
      if (time(least) >= time(i)) {
        return;
      }
      [heap[i], heap[least]] = [heap[least], heap[i]];
      i = least;
    }
  };
  for (let i = heap.length >> 1; i >= 0; --i) {
    sink(i);
  }
  while (heap.length > 0) {
    const vm = vms[heap[0]];
    take(vm, next[vm.index]);
    if (++next[vm.index] === vm.size) {
      heap[0] = heap[heap.length - 1];
      heap.pop();
    }
    sink(0);
  }
}

/**
 * Follows all clocks through time: their spread, and each against the fastest VM's. Of several rows in one
 * microsecond only what they come to exists in time.
 */
function follow(trial: Trial, facts: Facts, to: number): void {
  const n = trial.vms.length;
  const clocks = new Float64Array(n);
  const area = new Float64Array(n);
  // Where VMs are many, only the spread is followed: n steps for each event would be too many.
  const followed = n > MOST_FOLLOWED ? 0 : n;
  // The state before the first event, and after each.
  const times = new Float64Array(trial.events + 1);
  const spread = new Float64Array(trial.events + 1);
  const fastest = new Float64Array(trial.events + 1);
  let size = 0, low = 0, high = 0, atLow = n, now = 0, spreadArea = 0;
  const pass = (next: number) => {
    times[size] = now;
    spread[size] = high - low;
    const lead = fastest[size++] = clocks[facts.fastest];
    spreadArea += (high - low) * (next - now);
    if (high - low > facts.spreadMax) {
      facts.spreadMax = high - low;
      facts.spreadMaxAt = now;
    }
    for (let i = 0; i < followed; ++i) {
      const behind = lead - clocks[i];
      area[i] += behind * (next - now);
      const of = facts.vms[i];
      if (Math.abs(behind) > Math.abs(of.behindMax)) {
        of.behindMax = behind;
        of.behindMaxAt = now;
      }
    }
  };
  inOrder(trial.vms, (vm, index) => {
    const time = vm.time[index];
    if (!vm.isTick(index) || time >= to) {
      return;
    }
    if (time > now) {
      pass(time);
      now = time;
    }
    const before = clocks[vm.index];
    const clock = clocks[vm.index] = vm.clock[index];
    high = Math.max(high, clock);
    if (clock < low || (before === low && clock !== low && --atLow === 0)) {
      low = clocks.reduce((least, value) => Math.min(least, value), Infinity);
      atLow = clocks.reduce((sum, value) => sum + (value === low ? 1 : 0), 0);
    }
  });
  pass(to);
  facts.drift = { times: times.subarray(0, size), spread: spread.subarray(0, size), fastest: fastest.subarray(0, size) };
  facts.spreadMean = spreadArea / to;
  facts.spreadFinal = high - low;
  facts.vms.forEach((of, i) => {
    of.behindMean = area[i] / to;
    of.behindFinal = clocks[facts.fastest] - clocks[i];
  });
}

/** The rules that a page can check by itself: 4.1, and that messages were sent as they came. */
function check(trial: Trial, facts: Facts, stampedBefore: number): void {
  for (const vm of trial.vms) {
    let before = 0;
    for (let i = 0; i < vm.size; ++i) {
      const kind = vm.kind[i];
      let expected = before;
      if (kind === INTERNAL || kind === SEND) {
        expected = before + 1;
      } else if (kind === RECEIVE) {
        expected = Math.max(before, vm.stamp[i]) + 1;
      }
      facts.brokenClocks += vm.clock[i] === expected ? 0 : 1;
      before = vm.clock[i];
      if (kind === RECEIVE || kind === LEFT) {
        const send = trial.cause(vm, i);
        if (!send) {
          facts.orphans++;
        } else if (trial.vms[send.vm].clock[send.index] - stampedBefore !== vm.stamp[i]) {
          facts.brokenStamps++;
        }
      }
    }
  }
}
