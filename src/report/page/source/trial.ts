// A trial with all its events, decoded from what src/report/trial_columns.cpp writes; the same guesses
// in the same order.
import { Column, exact } from "./column";
import { fromUtf8 } from "./unpack";

/** The numbers of the kinds of event, as in src/base/event.hpp. */
export const INTERNAL = 1, SEND = 2, RECEIVE = 3, LEFT = 4, DROP = 5, DUPLICATE = 6, REFUSE = 7;
export const KINDS = ["", "internal", "send", "receive", "left", "drop", "duplicate", "refuse", "bad", "mark"];

const MOST_TICKS_BETWEEN = 1_000_000;

export type Count = "ticks" | "missed_ticks" | "internal" | "sent" | "sent_copies" | "received" | "left"
  | "dropped" | "duplicated" | "refused" | "bad" | "clock" | "queue_max";

/** What the run tells of a VM. */
interface VmHeader {
  name: string;
  rate: number | null;
  interval: number;
  events: number;
  counts: Record<Count, number>;
  lateness: [number, number, number];
  end: string | null;
  crashed: boolean;
}

interface Header {
  trial: number;
  seed: string;
  hash: string | null;
  start: number;
  /** That was planned; 0 for a trial that was cut short. */
  duration: number;
  inexact: number;
  links: number;
  unaccounted: number;
  lost: number;
  vms: VmHeader[];
  marks: [number, number, string, string][];
}

/** A VM with its events, column by column, in the trace's order. Times in microseconds. */
export class Vm {
  readonly kind: Uint8Array;
  readonly tick: Float64Array;
  readonly time: Float64Array;
  readonly wall: Float64Array;
  readonly clock: Float64Array;
  readonly queue: Float64Array;
  readonly peer: Uint32Array;
  readonly message: Uint32Array;
  readonly stamp: Float64Array;
  readonly arrived: Float64Array;
  /** By message number - 1: the index of its send, or -1. */
  sends: Int32Array = new Int32Array(0);
  receivers: number[][] = [];

  constructor(readonly index: number, readonly about: VmHeader) {
    const n = about.events;
    this.kind = new Uint8Array(n);
    this.tick = new Float64Array(n);
    this.time = new Float64Array(n);
    this.wall = new Float64Array(n);
    this.clock = new Float64Array(n);
    this.queue = new Float64Array(n);
    this.peer = new Uint32Array(n);
    this.message = new Uint32Array(n);
    this.stamp = new Float64Array(n);
    this.arrived = new Float64Array(n);
  }

  get name(): string {
    return this.about.name;
  }
  get size(): number {
    return this.about.events;
  }
  isTick(i: number): boolean {
    return this.kind[i] <= RECEIVE;
  }
  isTaken(i: number): boolean {
    return this.kind[i] === RECEIVE || this.kind[i] === LEFT;
  }
  /** How far the clock went up at an event. */
  jump(i: number): number {
    return this.clock[i] - (i > 0 ? this.clock[i - 1] : 0);
  }
  /** The first event at or after a time. */
  first(time: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.time[middle] < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

export interface Mark {
  vm: number;
  time: number;
  kind: string;
  text: string;
}

export interface EventRef {
  vm: number;
  index: number;
}

export class Trial {
  readonly header: Header;
  readonly vms: Vm[];
  readonly marks: Mark[];
  /** Of what a diagram shows: to the latest event, and at least as long as was asked for. */
  readonly end: number;
  readonly events: number;

  constructor(bytes: Uint8Array) {
    const parts = new Column(bytes);
    this.header = JSON.parse(fromUtf8(parts.part())) as Header;
    this.vms = this.header.vms.map((about, index) => new Vm(index, about));
    decode(this.vms, this.header.start, parts);
    this.marks = this.header.marks.map(([id, time, kind, text]) => ({ vm: id - 1, time, kind, text }));
    for (const vm of this.vms) {
      if (vm.about.crashed) {
        const time = vm.size > 0 ? vm.time[vm.size - 1] : 0;
        this.marks.push({ vm: vm.index, time, kind: "end", text: vm.about.end ?? "ended" });
      }
    }
    this.marks.sort((a, b) => a.time - b.time);
    this.events = this.vms.reduce((sum, vm) => sum + vm.size, 0);
    this.end = this.vms.reduce((end, vm) => vm.time.reduce((latest, time) => Math.max(latest, time), end),
      Math.max(this.header.duration, 1));
  }

  /** The send that a receive or left event tells of; null where no row does. */
  cause(vm: Vm, index: number): EventRef | null {
    const sender = this.vms[vm.peer[index] - 1];
    const number = vm.message[index] - 1;
    const send = sender && number >= 0 && number < sender.sends.length ? sender.sends[number] : -1;
    return send < 0 ? null : { vm: sender.index, index: send };
  }
  receiversOf(vm: Vm, index: number): number[] {
    return vm.receivers[vm.peer[index]] ?? [];
  }
  /** Marks that say more than that a VM started and ended. */
  get notable(): Mark[] {
    return this.marks.filter((mark) => mark.kind !== "mark" || (mark.text !== "started" && mark.text !== "ended"));
  }
}

function decode(vms: Vm[], start: number, parts: Column): void {
  const [kind, tick, time, wall, clock, queue, peer, message, stamp, arrived, receivers] =
    Array.from({ length: 11 }, () => new Column(parts.part()));
  for (const vm of vms) {
    decodeTimes(vm, start, kind, tick, time, wall);
    decodeState(vm, clock, queue);
    decodeMessages(vm, vms.length, peer, message);
    decodeReceivers(vm, receivers);
  }
  // Only now every send is known.
  for (const vm of vms) {
    for (let i = 0; i < vm.size; ++i) {
      if (vm.isTaken(i)) {
        const sender = vms[vm.peer[i] - 1];
        const send = sender?.sends[vm.message[i] - 1] ?? -1;
        vm.stamp[i] = stamp.next(send >= 0 ? sender.clock[send] : vm.clock[i] - 1);
        vm.arrived[i] = arrived.next(send >= 0 ? sender.time[send] : vm.time[i]);
      }
    }
  }
}

function decodeTimes(vm: Vm, start: number, kind: Column, tick: Column, time: Column, wall: Column): void {
  let lastTick = 0, rowTick = 0, now = 0, ahead = start;
  const interval = vm.about.interval;
  for (let i = 0; i < vm.size; ++i) {
    const what = vm.kind[i] = kind.plain();
    const isTick = what <= RECEIVE;
    rowTick = vm.tick[i] = tick.next(isTick ? lastTick + 1 : what === LEFT ? 0 : rowTick);
    const ticks = rowTick - lastTick;
    now = vm.time[i] = time.next(now + (ticks > 0 && ticks <= MOST_TICKS_BETWEEN ? ticks * interval : 0));
    vm.wall[i] = wall.next(now + ahead);
    ahead = exact(vm.wall[i] - now);
    if (isTick) {
      lastTick = rowTick;
    }
  }
}

function decodeState(vm: Vm, clock: Column, queue: Column): void {
  let value = 0, length = 0;
  for (let i = 0; i < vm.size; ++i) {
    value = vm.clock[i] = clock.next(value + (vm.isTick(i) ? 1 : 0));
    length = vm.queue[i] = queue.next(vm.isTaken(i) ? Math.max(length - 1, 0) : vm.isTick(i) ? 0 : length);
  }
}

function decodeMessages(vm: Vm, count: number, peer: Column, message: Column): void {
  const lastFrom = new Float64Array(count + 1);
  let lastSent = 0, most = 0;
  for (let i = 0; i < vm.size; ++i) {
    const what = vm.kind[i];
    if (what === INTERNAL) {
      continue;
    }
    const from = vm.peer[i] = peer.plain();
    if (what === SEND) {
      lastSent = vm.message[i] = message.next(lastSent + 1);
      most = Math.max(most, lastSent);
    } else if (vm.isTaken(i)) {
      lastFrom[from] = vm.message[i] = message.next(lastFrom[from] + 1);
    } else {
      vm.message[i] = message.next(lastSent);
    }
  }
  vm.sends = new Int32Array(most).fill(-1);
  for (let i = 0; i < vm.size; ++i) {
    if (vm.kind[i] === SEND) {
      vm.sends[vm.message[i] - 1] = i;
    }
  }
}

function decodeReceivers(vm: Vm, column: Column): void {
  for (let sets = column.plain(); sets > 0; --sets) {
    let last = 0;
    vm.receivers.push(Array.from({ length: column.plain() }, () => (last = column.next(last + 1))));
  }
}
