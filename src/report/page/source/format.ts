// Numbers as people read them.

/** 12345 as `12 345`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** At most so many digits behind the point, none that say nothing. */
export function decimal(value: number, digits = 2): string {
  const rounded = Number(value.toFixed(digits));
  return Math.abs(rounded) >= 10000 ? count(rounded) : String(rounded);
}

/** Microseconds as seconds, as exact as a distance of `step` microseconds needs. */
export function seconds(time: number, step = 1000): string {
  const digits = Math.max(0, Math.min(6, Math.ceil(6 - Math.log10(Math.max(step, 1)) - 1e-9)));
  return `${(time / 1e6).toFixed(digits)} s`;
}

/** A length of time: `340 µs`, `12 ms`, `3.2 s`. */
export function span(time: number): string {
  const size = Math.abs(time);
  if (size < 1000) {
    return `${decimal(time, 0)} µs`;
  }
  return size < 1e6 ? `${decimal(time / 1000, size < 1e5 ? 1 : 0)} ms` : `${decimal(time / 1e6, 2)} s`;
}

export function percent(part: number, whole: number): string {
  return whole > 0 ? `${decimal((100 * part) / whole, 1)} %` : "–";
}

export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** Round numbers at which an axis from `low` to `high` is labelled, and how far they are apart. */
export function ticks(low: number, high: number, most: number): { values: number[]; step: number } {
  const rough = Math.max((high - low) / Math.max(most, 1), 1e-9);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? power;
  const values = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; ++i) {
    values.push(i * step);
  }
  return { values, step };
}
