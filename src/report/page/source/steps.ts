// Step functions of time, and as many of their values as a picture has room for.
import type { Drift } from "./facts";
import { LEFT, type Vm } from "./trial";

/** A value that holds from its time until the next; 0 before the first. */
export interface Steps {
  times: Float64Array;
  values: Float64Array | Float32Array;
  /** From then on there is no value: the VM is gone. */
  until: number;
}

export interface Sampled {
  x: number[];
  y: (number | null)[][];
  /** Whether every value in view is there, and not the least and largest of each pixel. */
  isWhole: boolean;
}

export function clockSteps(vm: Vm): Steps {
  return { times: vm.time, values: vm.clock, until: endOf(vm) };
}

/** Up to the end: rows of what was left only count it down. */
export function queueSteps(vm: Vm): Steps {
  const left = vm.kind.indexOf(LEFT);
  const size = left < 0 ? vm.size : left;
  return { times: vm.time.subarray(0, size), values: vm.queue.subarray(0, size), until: endOf(vm) };
}

/** How far a VM's clock is behind the fastest VM's. */
export function behindSteps(vm: Vm, drift: Drift): Steps {
  const values = new Float32Array(drift.times.length);
  let next = 0;
  for (let i = 0; i < values.length; ++i) {
    while (next < vm.size && vm.time[next] <= drift.times[i]) {
      next++;
    }
    values[i] = drift.fastest[i] - (next > 0 ? vm.clock[next - 1] : 0);
  }
  return { times: drift.times, values, until: endOf(vm) };
}

export function spreadSteps(drift: Drift): Steps {
  return { times: drift.times, values: drift.spread, until: Infinity };
}

function endOf(vm: Vm): number {
  return vm.about.crashed && vm.size > 0 ? vm.time[vm.size - 1] : Infinity;
}

function firstAfter(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

export function sample(list: Steps[], from: number, to: number, columns: number): Sampled {
  const begins = list.map((steps) => firstAfter(steps.times, from));
  const ends = list.map((steps) => firstAfter(steps.times, to));
  const inView = list.reduce((sum, _steps, i) => sum + ends[i] - begins[i], 0);
  return inView <= 2 * columns ? every(list, begins, ends, from, to) : extremes(list, begins, ends, from, to, columns);
}

function valueBefore(steps: Steps, index: number, time: number): number | null {
  return time > steps.until ? null : index > 0 ? steps.values[index - 1] : 0;
}

function every(list: Steps[], begins: number[], ends: number[], from: number, to: number): Sampled {
  const all = new Set([from, to]);
  list.forEach((steps, i) => steps.times.subarray(begins[i], ends[i]).forEach((time) => all.add(time)));
  const x = Float64Array.from(all).sort();
  const y = list.map((steps, i) => {
    let next = begins[i];
    return Array.from(x, (time) => {
      while (next < ends[i] && steps.times[next] <= time) {
        next++;
      }
      return valueBefore(steps, next, time);
    });
  });
  return { x: Array.from(x), y, isWhole: true };
}

function extremes(
  list: Steps[], begins: number[], ends: number[], from: number, to: number, columns: number): Sampled {
  const width = (to - from) / columns;
  const x = Array.from({ length: 2 * columns + 1 }, (_none, i) => from + (i * width) / 2);
  const y = list.map((steps, i) => {
    const values: (number | null)[] = [];
    let next = begins[i];
    for (let column = 0; column < columns; ++column) {
      const end = from + (column + 1) * width;
      const before = valueBefore(steps, next, end - width);
      let least = before ?? Infinity, most = before ?? -Infinity;
      for (; next < ends[i] && steps.times[next] <= end; ++next) {
        const value = steps.values[next];
        least = value < least ? value : least;
        most = value > most ? value : most;
      }
      values.push(before === null ? null : least, before === null ? null : most);
    }
    values.push(valueBefore(steps, next, to));
    return values;
  });
  return { x, y, isWhole: false };
}
