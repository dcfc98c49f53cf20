// A chart over time: uPlot with our axes, marks, keys, and the window of time that all pictures share.
import uPlot from "uplot";
import { element } from "./dom";
import { count, decimal, plural, seconds, ticks } from "./format";
import { sample, type Steps } from "./steps";
import type { Theme } from "./theme";
import { moveByKey, type TimeWindow } from "./time_window";
import type { Mark } from "./trial";

export interface Line {
  name: string;
  steps: Steps;
  colour: () => string;
  dash: number[];
  width?: number;
}

const MOST_MARKS = 300;
const MOST_TURNS = 200;

export class Chart {
  readonly box: HTMLElement;
  readonly note = element("p", { class: "note" });
  private plot: uPlot | null = null;
  private lines: Line[] = [];
  private marks: Mark[] = [];
  private isAsked = false;

  constructor(
    label: string, private readonly view: TimeWindow, private readonly theme: Theme,
    private readonly height: () => number) {
    this.box = element("div", {
      class: "chart", tabindex: 0, role: "img",
      "aria-label": `${label} over time. Arrows pan, plus and minus zoom, 0 shows all; drag to zoom.`,
      keydown: (event: Event) => void moveByKey(view, event as KeyboardEvent),
      dblclick: () => view.reset(),
    });
    this.box.addEventListener("wheel", (event) => {
      if (document.activeElement === this.box || event.ctrlKey) {
        event.preventDefault();
        view.zoom(Math.exp(event.deltaY / 400), this.plot ? this.plot.posToVal(this.plot.cursor.left ?? 0, "x") * 1e6 : undefined);
      }
    }, { passive: false });
    view.onChange(() => this.draw());
    theme.onChange(() => this.build());
    new ResizeObserver(() => this.resize()).observe(this.box);
  }

  get canvas(): HTMLCanvasElement | null {
    return this.plot?.ctx.canvas ?? null;
  }

  open(lines: Line[], marks: Mark[]): void {
    this.lines = lines;
    this.marks = marks;
    this.build();
  }

  private build(): void {
    this.plot?.destroy();
    this.plot = null;
    if (this.box.clientWidth > 0 && this.lines.length > 0) {
      const { data, isWhole } = this.data();
      this.plot = new uPlot(this.options(data), data, this.box);
      this.tell(isWhole);
    }
  }
  private resize(): void {
    if (!this.plot) {
      this.build();
    } else if (this.plot.width !== this.box.clientWidth && !this.isAsked) {
      this.isAsked = true;
      requestAnimationFrame(() => {
        this.isAsked = false;
        this.plot?.setSize({ width: this.box.clientWidth, height: this.height() });
        this.draw();
      });
    }
  }
  private draw(): void {
    if (this.plot) {
      const { data, isWhole } = this.data();
      this.lines.forEach((line, i) => (this.plot!.series[i + 1].dash = this.dashOf(line, data[i + 1])));
      this.plot.setData(data, true);
      this.tell(isWhole);
    }
  }
  private tell(isWhole: boolean): void {
    const text = isWhole ? "Every value in view is drawn." : "The least and the largest value of each pixel are drawn.";
    if (this.note.textContent !== text) {
      this.note.textContent = text;
    }
  }

  /** A line that goes up and down all the time is drawn without gaps: there nobody could see them. */
  private dashOf(line: Line, values: uPlot.TypedArray | (number | null | undefined)[]): number[] {
    let turns = 0;
    for (let i = 2; i < values.length; ++i) {
      const [a, b, c] = [values[i - 2] ?? 0, values[i - 1] ?? 0, values[i] ?? 0];
      turns += (b - a) * (c - b) < 0 ? 1 : 0;
    }
    return turns > MOST_TURNS ? [] : line.dash;
  }

  private data(): { data: uPlot.AlignedData; isWhole: boolean } {
    const columns = Math.max(this.box.clientWidth - 70, 50);
    const { x, y, isWhole } = sample(this.lines.map((line) => line.steps), this.view.from, this.view.to, columns);
    return { data: [x.map((time) => time / 1e6), ...y], isWhole };
  }

  private options(data: uPlot.AlignedData): uPlot.Options {
    const axis = (): uPlot.Axis => ({
      stroke: () => this.theme.colours.faint,
      font: "12px system-ui, sans-serif",
      grid: { stroke: () => this.theme.colours.line, width: 1 },
      ticks: { show: false },
    });
    return {
      width: this.box.clientWidth,
      height: this.height(),
      padding: [10, 14, 0, 0],
      scales: {
        x: { time: false, range: () => [this.view.from / 1e6, this.view.to / 1e6] },
        y: { range: (_plot, least, most) => heights(least ?? 0, most ?? 1) },
      },
      axes: [
        { ...axis(), size: 34, space: 90, splits: (_plot, _axis, low, high, step) => splits(low, high, step),
          values: (_plot, splits) => splits.map((value) => seconds(value * 1e6, (splits[1] - splits[0] || 1) * 1e6)) },
        { ...axis(), values: (_plot, splits) => splits.map((value) => decimal(value, 3)),
          size: (_plot, values) => Math.max(...(values ?? [""]).map((value) => value.length)) * 7 + 18 },
      ],
      series: [
        { label: "time", value: (_plot, value) => (value === null ? "–" : seconds(value * 1e6, this.view.length / 2000)) },
        ...this.lines.map((line, i): uPlot.Series => ({
          label: line.name, stroke: line.colour, dash: this.dashOf(line, data[i + 1]), width: line.width ?? 1.75,
          paths: uPlot.paths.stepped!({ align: 1 }), points: { show: false },
          value: (_plot, value) => (value === null ? "–" : count(value)),
        })),
      ],
      cursor: { sync: { key: "time", setSeries: false }, drag: { x: true, y: false, setScale: false }, y: false },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      hooks: { setSelect: [(plot) => this.select(plot)], draw: [(plot) => this.drawMarks(plot)] },
    };
  }

  private select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width > 4) {
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      this.view.set(plot.posToVal(left, "x") * 1e6, plot.posToVal(left + width, "x") * 1e6);
    }
  }

  private drawMarks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const inView = this.marks.filter((mark) => mark.time >= this.view.from && mark.time <= this.view.to);
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = this.theme.colours.alarm;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4, 4]);
    for (const mark of inView.slice(0, MOST_MARKS)) {
      const x = Math.round(plot.valToPos(mark.time / 1e6, "x", true)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    if (inView.length > 0) {
      ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
      ctx.textAlign = "right";
      ctx.fillText(plural(inView.length, "mark"), bbox.left + bbox.width - 4, bbox.top + 12 * devicePixelRatio);
    }
    ctx.restore();
  }
}

/** From 0 where that is not far below the values. */
function heights(least: number, most: number): [number, number] {
  const low = least < 0 || least > most / 2 ? least : 0;
  const high = Math.max(most, low + 1);
  return [low - (low === 0 ? 0 : (high - low) * 0.04), high + (high - low) * 0.04];
}

function splits(low: number, high: number, step: number): number[] {
  return ticks(low, high, Math.max((high - low) / step, 1)).values;
}
