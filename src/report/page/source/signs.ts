// The signs of the space-time diagram, and texts that fit beside it.
import { DROP, DUPLICATE, INTERNAL, LEFT, RECEIVE, REFUSE, SEND } from "./trial";

/** Paths in parts: one path of thousands of signs beside each other takes a browser very long to fill. */
export class Batch {
  private path = new Path2D();
  private size = 0;

  constructor(private readonly draw: (path: Path2D) => void) {}

  /** The path that the next sign is added to. */
  next(): Path2D {
    if (++this.size > 48) {
      this.end();
    }
    return this.path;
  }
  end(): void {
    if (this.size > 0) {
      this.draw(this.path);
      this.path = new Path2D();
      this.size = 0;
    }
  }
}

/** A line, and the head at its end, where there is one. */
export function arrow(path: Path2D, heads: Path2D | null, x0: number, y0: number, x1: number, y1: number): void {
  path.moveTo(x0, y0);
  path.lineTo(x1, y1);
  if (heads) {
    const length = Math.hypot(x1 - x0, y1 - y0) || 1;
    const dx = (x1 - x0) / length, dy = (y1 - y0) / length;
    const tip = 4.5;
    const bx = x1 - dx * (tip + 7), by = y1 - dy * (tip + 7);
    heads.moveTo(x1 - dx * tip, y1 - dy * tip);
    heads.lineTo(bx - dy * 2.8, by + dx * 2.8);
    heads.lineTo(bx + dy * 2.8, by - dx * 2.8);
    heads.closePath();
  }
}

/** Adds the sign of a kind of event: to the first path what is hollow, to the second what is full. */
export function marker(paths: Path2D[], kind: number, x: number, y: number, size = 1): void {
  const [hollow, full] = paths;
  const r = 4.2 * size;
  if (kind === INTERNAL) {
    hollow.moveTo(x + 2.6 * size, y);
    hollow.arc(x, y, 2.6 * size, 0, 7);
  } else if (kind === SEND) {
    full.moveTo(x - r, y + r * 0.9);
    full.lineTo(x + r, y + r * 0.9);
    full.lineTo(x, y - r * 1.15);
    full.closePath();
  } else if (kind === RECEIVE) {
    full.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7);
  } else if (kind === LEFT) {
    hollow.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7);
  } else if (kind === DROP || kind === REFUSE) {
    hollow.moveTo(x - r, y + r);
    hollow.lineTo(x + r, y + 3 * r);
    hollow.moveTo(x + r, y + r);
    hollow.lineTo(x - r, y + 3 * r);
  } else if (kind === DUPLICATE) {
    hollow.moveTo(x - r, y + 2 * r);
    hollow.lineTo(x + r, y + 2 * r);
    hollow.moveTo(x, y + r);
    hollow.lineTo(x, y + 3 * r);
  }
}

/** As much of a text as fits. */
export function shorten(pen: CanvasRenderingContext2D, text: string, width: number): string {
  if (pen.measureText(text).width <= width) {
    return text;
  }
  let kept = text;
  while (kept.length > 1 && pen.measureText(`${kept}…`).width > width) {
    kept = kept.slice(0, -1);
  }
  return `${kept}…`;
}
