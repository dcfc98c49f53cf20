// All messages that came in, by sender and send, so that those that cross a window of time are found
// without looking at all of them.
import { LEFT, SEND, type Trial, type Vm } from "./trial";

const BLOCK = 64;

export class Messages {
  /** By VM: the first message of each of its events, and one more. */
  readonly first: Uint32Array[] = [];
  readonly toVm: Uint32Array;
  readonly toIndex: Uint32Array;
  /** When it was received; of one that was left, when it arrived. */
  readonly end: Float64Array;
  readonly left: Uint8Array;
  /** The latest end among each BLOCK of messages. */
  private readonly latest: Float64Array;

  constructor(readonly trial: Trial) {
    let size = 0;
    const counts = trial.vms.map((vm) => new Uint32Array(vm.size + 1));
    this.forEachTaken((_vm, _index, send) => {
      counts[send.vm][send.index]++;
      size++;
    });
    let at = 0;
    for (const counted of counts) {
      const first = new Uint32Array(counted.length);
      for (let i = 0; i < counted.length; ++i) {
        first[i] = at;
        at += counted[i];
      }
      this.first.push(first);
    }
    this.toVm = new Uint32Array(size);
    this.toIndex = new Uint32Array(size);
    this.end = new Float64Array(size);
    this.left = new Uint8Array(size);
    this.latest = new Float64Array(Math.ceil(size / BLOCK) + 1).fill(-Infinity);
    this.forEachTaken((vm, index, send) => {
      const slot = this.first[send.vm][send.index] + --counts[send.vm][send.index];
      const left = vm.kind[index] === LEFT;
      const end = left ? vm.arrived[index] : vm.time[index];
      this.toVm[slot] = vm.index;
      this.toIndex[slot] = index;
      this.end[slot] = end;
      this.left[slot] = left ? 1 : 0;
      const block = Math.floor(slot / BLOCK);
      this.latest[block] = Math.max(this.latest[block], end);
    });
  }

  private forEachTaken(take: (vm: Vm, index: number, send: { vm: number; index: number }) => void): void {
    for (const vm of this.trial.vms) {
      for (let i = 0; i < vm.size; ++i) {
        const send = vm.isTaken(i) ? this.trial.cause(vm, i) : null;
        if (send) {
          take(vm, i, send);
        }
      }
    }
  }

  /** How many a VM sent in that time. */
  sentIn(vm: Vm, from: number, to: number): number {
    return this.first[vm.index][vm.first(to)] - this.first[vm.index][vm.first(from)];
  }

  /** Those of a sender that were under way or waiting at some time from `from` to `to`. */
  forEachCrossing(vm: Vm, from: number, to: number, take: (message: number, send: number) => boolean): void {
    const first = this.first[vm.index];
    const begin = vm.first(from);
    const end = vm.first(to);
    let send = 0;
    for (let message = first[0]; message < first[begin];) {
      const block = Math.floor(message / BLOCK);
      if (this.latest[block] < from) {
        message = (block + 1) * BLOCK;
        continue;
      }
      if (this.end[message] >= from) {
        send = sendOf(first, message, send);
        if (!take(message, send)) {
          return;
        }
      }
      message++;
    }
    for (let i = begin; i < end; ++i) {
      for (let message = first[i]; message < first[i + 1]; ++message) {
        if (vm.kind[i] === SEND && !take(message, i)) {
          return;
        }
      }
    }
  }
}

/** The event to which a message belongs. */
function sendOf(first: Uint32Array, message: number, from: number): number {
  let low = from;
  let high = first.length - 1;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (first[middle] <= message) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}
