// Pictures of bars: how large jumps were, and what events a VM had.
import { element } from "./dom";
import { count, decimal } from "./format";
import { shorten } from "./signs";
import type { Theme } from "./theme";
import { INTERNAL, RECEIVE, SEND, type Trial, type Vm } from "./trial";

/** A canvas that draws itself anew when its width or the theme changes. */
abstract class Picture {
  readonly canvas: HTMLCanvasElement;
  readonly box: HTMLElement;
  protected trial: Trial | null = null;
  protected shown: number[] = [];

  constructor(label: string, protected readonly theme: Theme) {
    this.canvas = element("canvas", { role: "img", "aria-label": label });
    this.box = element("div", { class: "canvas-box" }, this.canvas);
    theme.onChange(() => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.box);
  }
  open(trial: Trial, shown: number[]): void {
    this.trial = trial;
    this.shown = shown;
    this.prepare();
    this.draw();
  }
  protected prepare(): void {}
  protected abstract height(): number;
  protected abstract paint(pen: CanvasRenderingContext2D, width: number, height: number): void;

  private draw(): void {
    const width = this.box.clientWidth;
    if (width === 0 || !this.trial) {
      return;
    }
    const scale = devicePixelRatio || 1, height = this.height();
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.style.height = `${height}px`;
    const pen = this.canvas.getContext("2d")!;
    pen.scale(scale, scale);
    pen.font = "12px system-ui, sans-serif";
    this.paint(pen, width, height);
  }
}

/** The lower ends of the groups in which jumps are counted: one by one, then ever wider. */
function groups(largest: number): number[] {
  const lows = [];
  for (let low = 1, step = 1; low <= largest; low += step) {
    if (lows.length >= 16 && (lows.length - 16) % 4 === 0) {
      step *= 2;
    }
    lows.push(low);
  }
  return lows.length > 0 ? lows : [1];
}

export class JumpPicture extends Picture {
  private lows: number[] = [1];
  private counts: number[][] = [];

  protected prepare(): void {
    const vms = this.shown.map((v) => this.trial!.vms[v]);
    let largest = 1;
    forEachJump(vms, (_vm, jump) => (largest = Math.max(largest, jump)));
    this.lows = groups(largest);
    this.counts = vms.map(() => this.lows.map(() => 0));
    forEachJump(vms, (vm, jump) => {
      let low = 0, high = this.lows.length;
      while (low + 1 < high) {
        const middle = (low + high) >> 1;
        [low, high] = this.lows[middle] <= jump ? [middle, high] : [low, middle];
      }
      this.counts[vm][low]++;
    });
  }
  protected height(): number {
    return 260;
  }
  protected paint(pen: CanvasRenderingContext2D, width: number, height: number): void {
    const [left, bottom, top] = [46, 40, 12];
    const most = Math.max(1, ...this.counts.flat());
    const top10 = Math.log10(most * 1.3 + 1);
    const y = (value: number) => height - bottom - (Math.log10(value + 1) / top10) * (height - bottom - top);
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (let value = 1; value <= most * 1.3; value *= 10) {
      pen.fillStyle = this.theme.colours.line;
      pen.fillRect(left, Math.round(y(value)), width - left - 8, 1);
      pen.fillStyle = this.theme.colours.faint;
      pen.fillText(count(value), left - 6, y(value));
    }
    const room = (width - left - 8) / this.lows.length;
    const bar = Math.min((room * 0.82) / this.counts.length, 26);
    this.counts.forEach((counts, vm) => {
      pen.fillStyle = this.theme.vm(this.shown[vm]);
      counts.forEach((value, i) => {
        if (value > 0) {
          const x = left + (i + 0.5) * room + (vm - this.counts.length / 2) * bar;
          pen.fillRect(x, y(value), Math.max(bar - 1, 1), height - bottom - y(value));
        }
      });
    });
    pen.fillStyle = this.theme.colours.faint;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    const every = Math.ceil(34 / room);
    this.lows.forEach((low, i) => {
      const next = this.lows[i + 1] ?? low + 1;
      if (i % every === 0) {
        pen.fillText(next - low > 1 ? `${low}–${next - 1}` : String(low), left + (i + 0.5) * room, height - bottom + 6);
      }
    });
    pen.fillText("jump of the clock at a receive", left + (width - left) / 2, height - 16);
  }
}

function forEachJump(vms: Vm[], take: (vm: number, jump: number) => void): void {
  vms.forEach((vm, at) => {
    for (let i = 0; i < vm.size; ++i) {
      if (vm.kind[i] === RECEIVE) {
        take(at, Math.max(vm.jump(i), 1));
      }
    }
  });
}

const PARTS = ["internal", "send to one", "send to several", "receive"];

export class MixPicture extends Picture {
  private counts: number[][] = [];

  protected prepare(): void {
    this.counts = this.shown.map((v) => mixOf(this.trial!, this.trial!.vms[v]));
  }
  protected height(): number {
    return Math.max(this.shown.length * 40 + 64, 180);
  }
  protected paint(pen: CanvasRenderingContext2D, width: number): void {
    const left = 66;
    pen.textBaseline = "middle";
    this.counts.forEach((counts, row) => {
      const y = 12 + row * 40;
      const sum = counts.reduce((total, value) => total + value, 0) || 1;
      const vm = this.trial!.vms[this.shown[row]];
      pen.textAlign = "left";
      pen.font = "600 13px system-ui, sans-serif";
      pen.fillStyle = this.theme.vm(vm.index);
      pen.fillText(shorten(pen, vm.name, left - 8), 2, y + 14);
      pen.font = "12px system-ui, sans-serif";
      let x = left;
      counts.forEach((value, part) => {
        const size = (value / sum) * (width - left - 4);
        pen.fillStyle = this.theme.colours.kinds[part];
        pen.fillRect(x, y, Math.max(size - 1.5, 0), 28);
        pen.fillStyle = this.theme.isDark ? "#10141a" : "#ffffff";
        pen.textAlign = "center";
        const text = `${decimal((100 * value) / sum, 0)} %`;
        if (size > pen.measureText(text).width + 8) {
          pen.fillText(text, x + size / 2, y + 14.5);
        }
        x += size;
      });
    });
    let x = left, y = 12 + this.counts.length * 40 + 14;
    pen.textAlign = "left";
    PARTS.forEach((name, part) => {
      const size = pen.measureText(name).width + 32;
      if (x + size > width && x > left) {
        x = left;
        y += 20;
      }
      pen.fillStyle = this.theme.colours.kinds[part];
      pen.fillRect(x, y - 6, 12, 12);
      pen.fillStyle = this.theme.colours.ink;
      pen.fillText(name, x + 17, y + 0.5);
      x += size;
    });
  }
}

function mixOf(trial: Trial, vm: Vm): number[] {
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < vm.size; ++i) {
    const kind = vm.kind[i];
    if (kind === INTERNAL) {
      counts[0]++;
    } else if (kind === SEND) {
      counts[trial.receiversOf(vm, i).length > 1 ? 2 : 1]++;
    } else if (kind === RECEIVE) {
      counts[3]++;
    }
  }
  return counts;
}
