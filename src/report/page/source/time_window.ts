// The part of the trial that all pictures show. One for the whole page.

const SHORTEST = 10;

export class TimeWindow {
  from = 0;
  to = 1;
  private end = 1;
  private listeners: (() => void)[] = [];
  private isTold = true;

  /** A trial of this length, seen whole. */
  open(end: number): void {
    this.end = end;
    this.set(0, end);
  }
  get isWhole(): boolean {
    return this.from <= 0 && this.to >= this.end;
  }
  get length(): number {
    return this.to - this.from;
  }

  set(from: number, to: number): void {
    const length = Math.min(Math.max(to - from, SHORTEST), this.end);
    const start = Math.min(Math.max(from, 0), this.end - length);
    if (start === this.from && start + length === this.to) {
      return;
    }
    this.from = start;
    this.to = start + length;
    this.tell();
  }
  reset(): void {
    this.set(0, this.end);
  }
  /** By a part of its own length. */
  pan(part: number): void {
    const by = part * this.length;
    this.set(this.from + by, this.to + by);
  }
  /** Makes it `factor` times as long around the time `at`. */
  zoom(factor: number, at = (this.from + this.to) / 2): void {
    this.set(at - (at - this.from) * factor, at + (this.to - at) * factor);
  }
  /** Moves it as little as it takes to show a time with some room around. */
  show(from: number, to: number): void {
    const room = this.length * 0.1;
    if (to - from + 2 * room > this.length) {
      this.set(from - (to - from) * 0.5, to + (to - from) * 0.5);
    } else if (from < this.from + room) {
      this.set(from - room, from - room + this.length);
    } else if (to > this.to - room) {
      this.set(to + room - this.length, to + room);
    }
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }
  /** Once a frame, however often it moved. */
  private tell(): void {
    if (!this.isTold) {
      return;
    }
    this.isTold = false;
    requestAnimationFrame(() => {
      this.isTold = true;
      this.listeners.forEach((listener) => listener());
    });
  }
}

/** Arrows pan, + and - zoom, 0 shows all; whether the key was one of them. */
export function moveByKey(view: TimeWindow, event: KeyboardEvent): boolean {
  const moves: Record<string, () => void> = {
    ArrowLeft: () => view.pan(event.shiftKey ? -0.9 : -0.15),
    ArrowRight: () => view.pan(event.shiftKey ? 0.9 : 0.15),
    "+": () => view.zoom(0.7),
    "=": () => view.zoom(0.7),
    "-": () => view.zoom(1 / 0.7),
    "0": () => view.reset(),
    Home: () => view.pan(-1e9),
    End: () => view.pan(1e9),
  };
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in moves)) {
    return false;
  }
  moves[event.key]();
  event.preventDefault();
  return true;
}
