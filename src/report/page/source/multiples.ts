// Small pictures side by side, on the same scales: the trials of a run, or the points of a sweep.
import { element } from "./dom";
import { count } from "./format";
import type { Theme } from "./theme";
import type { Summary } from "./summary";

export interface Panel {
  label: string;
  summaries: (Summary | null)[];
  isChosen: boolean;
  choose: () => void;
}

const WIDTH = 190, HEIGHT = 96;

/** One curve for each trial of the panel. */
export function panels(list: Panel[], curve: (summary: Summary) => number[], what: string, theme: Theme): HTMLElement {
  const known = list.flatMap((panel) => panel.summaries).filter((summary) => summary !== null);
  const most = known.reduce((top, summary) => Math.max(top, ...curve(summary)), 1);
  return element("div", { class: "panels", role: "group", "aria-label": what }, ...list.map((panel) => {
    const canvas = element("canvas", { width: WIDTH * 2, height: HEIGHT * 2, "aria-hidden": "true" });
    paint(canvas.getContext("2d")!, panel, curve, most, theme);
    const own = panel.summaries.filter((summary) => summary !== null);
    const top = own.reduce((high, summary) => Math.max(high, ...curve(summary)), 0);
    return element("button", { type: "button", "aria-pressed": String(panel.isChosen), click: panel.choose as EventListener },
      canvas, element("span", {}, `${panel.label}: at most ${own.length > 0 ? count(top) : "…"}`));
  }));
}

function paint(pen: CanvasRenderingContext2D, panel: Panel, curve: (summary: Summary) => number[], most: number,
  theme: Theme): void {
  pen.scale(2, 2);
  pen.strokeStyle = theme.colours.line;
  pen.strokeRect(0.5, 0.5, WIDTH - 1, HEIGHT - 1);
  panel.summaries.forEach((summary, trial) => {
    if (!summary) {
      return;
    }
    pen.strokeStyle = theme.vm(panel.summaries.length > 1 ? trial : 0);
    pen.lineWidth = 1.25;
    pen.beginPath();
    const values = curve(summary);
    values.forEach((value, i) => {
      const y = HEIGHT - 3 - (value / most) * (HEIGHT - 8);
      pen.lineTo((i / values.length) * WIDTH, y);
      pen.lineTo(((i + 1) / values.length) * WIDTH, y);
    });
    pen.stroke();
  });
}
