// What is kept of a trial when another one is looked at: figures for the tables, and a small curve.
import { factsOf, type Facts } from "./facts";
import type { RunAbout } from "./report";
import type { Trial } from "./trial";

export const CURVE = 160;

export interface VmSummary {
  name: string;
  rate: number | null;
  ticks: number;
  received: number;
  clock: number;
  behindMean: number;
  largestJump: number;
  queueMax: number;
  left: number;
}

export interface Summary {
  trial: number;
  seed: string;
  hash: string | null;
  end: number;
  events: number;
  spreadMean: number;
  spreadMax: number;
  spreadFinal: number;
  largestJump: number;
  queueMax: number;
  left: number;
  missed: number;
  unaccounted: number;
  lost: number;
  broken: number;
  vms: VmSummary[];
  /** The largest spread, and the longest queue, in each part of the time. */
  spread: number[];
  queue: number[];
}

export function summaryOf(trial: Trial, facts: Facts): Summary {
  const { header } = trial;
  const sum = (value: (i: number) => number) => trial.vms.reduce((total, _vm, i) => total + value(i), 0);
  const most = (value: (i: number) => number) => trial.vms.reduce((top, _vm, i) => Math.max(top, value(i)), 0);
  const part = (time: number) => Math.min(Math.max(Math.floor((time / trial.end) * CURVE), 0), CURVE - 1);
  const spread = new Array<number>(CURVE).fill(-1);
  facts.drift.times.forEach((time, i) => {
    spread[part(time)] = Math.max(spread[part(time)], facts.drift.spread[i]);
  });
  const queue = new Array<number>(CURVE).fill(0);
  for (const vm of trial.vms) {
    const own = new Array<number>(CURVE).fill(-1);
    for (let i = 0; i < vm.size; ++i) {
      if (vm.isTick(i)) {
        const at = part(vm.time[i]);
        own[at] = Math.max(own[at], vm.queue[i]);
      }
    }
    held(own).forEach((value, at) => (queue[at] = Math.max(queue[at], value)));
  }
  return {
    trial: header.trial, seed: header.seed, hash: header.hash, end: trial.end, events: trial.events,
    spreadMean: facts.spreadMean, spreadMax: facts.spreadMax, spreadFinal: facts.spreadFinal,
    largestJump: facts.largest?.jump ?? 1,
    queueMax: most((i) => trial.vms[i].about.counts.queue_max),
    left: sum((i) => trial.vms[i].about.counts.left), missed: sum((i) => trial.vms[i].about.counts.missed_ticks),
    unaccounted: header.unaccounted, lost: header.lost,
    broken: facts.brokenClocks + facts.brokenStamps + facts.orphans,
    vms: trial.vms.map((vm, i) => ({
      name: vm.name, rate: vm.about.rate, ticks: vm.about.counts.ticks, received: vm.about.counts.received,
      clock: vm.about.counts.clock, behindMean: facts.vms[i].behindMean, largestJump: facts.vms[i].largestJump,
      queueMax: vm.about.counts.queue_max, left: vm.about.counts.left,
    })),
    spread: held(spread), queue,
  };
}

/** Parts in which nothing happened keep what was. */
function held(values: number[]): number[] {
  let last = 0;
  return values.map((value) => (last = value < 0 ? last : value));
}

export function summarise(trial: Trial, run: RunAbout): Summary {
  return summaryOf(trial, factsOf(trial, run));
}

export function meanOf(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}

/** The sample's; 0 for less than two values. */
export function deviationOf(values: number[]): number {
  const mean = meanOf(values);
  return values.length < 2 ? 0
    : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
