// Reads what src/report/column.cpp writes: whole numbers as distances from what was expected.

const MOST_EXPECTED = 2 ** 52;

/** An expectation that is exact here and in C++; 0 for one that is not. */
export function exact(expected: number): number {
  return expected > MOST_EXPECTED || expected < -MOST_EXPECTED ? 0 : expected;
}

export class Column {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** A number that nothing lets expect. */
  plain(): number {
    let byte = this.bytes[this.at++];
    if (byte < 0x80) {
      return byte;
    }
    let value = byte & 0x7f;
    let scale = 0x80;
    do {
      byte = this.bytes[this.at++];
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    return value;
  }

  next(expected: number): number {
    const code = this.plain();
    if (code === 0) {
      const size = this.plain();
      return this.plain() === 1 ? -size : size;
    }
    const folded = code - 1;
    return exact(expected) + (folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2);
  }

  /** A part that stands behind its size. */
  part(): Uint8Array {
    const size = this.plain();
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
}
