// The space-time diagram and all that a person does with it: look, point, choose, move.
import { coneOf, type Cone } from "./causality";
import { chainInWords, reasonOf, rowOf, titleOf } from "./describe";
import { element } from "./dom";
import { count, plural } from "./format";
import { Messages } from "./messages";
import { Painter, type Drawn, type Frame } from "./paint";
import { marker } from "./signs";
import type { Theme } from "./theme";
import { moveByKey, type TimeWindow } from "./time_window";
import { DROP, DUPLICATE, INTERNAL, LEFT, RECEIVE, SEND, type EventRef, type Trial } from "./trial";

const REACH = 14;

export class Diagram {
  readonly canvas = element("canvas", {
    tabindex: 0, role: "img", class: "diagram",
    "aria-label": "Space-time diagram. Arrows pan, plus and minus zoom, 0 shows all; n and p go to the next and the "
      + "previous event, up and down to another VM, Escape lets go.",
  });
  readonly note = element("p", { class: "note", "aria-live": "polite" });
  readonly chosen = element("div", { class: "chosen", "aria-live": "polite" });
  readonly tip = element("div", { class: "tip", hidden: true });
  readonly key: HTMLElement;
  readonly box: HTMLElement;
  private messages!: Messages;
  private trial!: Trial;
  private shown: number[] = [];
  private cone: Cone | null = null;
  private hovered: EventRef | null = null;
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private dragged = 0;
  private isAsked = false;

  constructor(private readonly view: TimeWindow, private readonly theme: Theme) {
    this.key = this.makeKey();
    this.box = element("div", { class: "canvas-box" }, this.canvas, this.tip);
    view.onChange(() => this.draw());
    theme.onChange(() => this.draw());
    new ResizeObserver(() => this.ask()).observe(this.box);
    this.listen();
  }

  open(trial: Trial, shown: number[]): void {
    this.trial = trial;
    this.messages = new Messages(trial);
    this.cone = this.hovered = null;
    this.tip.hidden = true;
    this.chosen.replaceChildren();
    this.show(shown);
  }
  show(shown: number[]): void {
    this.shown = shown;
    this.ask();
  }

  /** Chooses an event: what it could have been caused by and could have caused lights up. */
  choose(at: EventRef | null, isToBeSeen = false): void {
    this.cone = at && coneOf(this.trial, this.messages, at);
    this.describe();
    if (at && isToBeSeen) {
      const vm = this.trial.vms[at.vm];
      const send = this.trial.cause(vm, at.index);
      const from = vm.isTaken(at.index) && send ? this.trial.vms[send.vm].time[send.index] : vm.time[at.index];
      if (this.view.isWhole && this.trial.end > 12e6) {
        this.view.set(vm.time[at.index] - 5e6, vm.time[at.index] + 5e6);
      }
      this.view.show(from, vm.time[at.index]);
    }
    this.ask();
  }

  private describe(): void {
    if (!this.cone) {
      this.chosen.replaceChildren();
      return;
    }
    const { at, pastSize, futureSize, chain } = this.cone;
    const others = this.trial.events - 1 - pastSize - futureSize;
    this.chosen.replaceChildren(
      element("strong", {}, titleOf(this.trial, at)), " ", reasonOf(this.trial, at), " ",
      chainInWords(this.trial, chain), " ",
      element("span", { class: "past-key" }, `${plural(pastSize, "event")} could have caused it`), ", ",
      element("span", { class: "future-key" }, `it could have caused ${count(futureSize)}`),
      `, and ${count(others)} happened independently of it. `,
      element("button", { type: "button", click: (() => this.choose(null)) as EventListener }, "Let go (Esc)"));
  }

  private makeKey(): HTMLElement {
    const kinds: [number, string][] = [[INTERNAL, "internal"], [SEND, "send"], [RECEIVE, "receive"],
      [LEFT, "left in the inbox"], [DROP, "lost copy"], [DUPLICATE, "doubled copy"]];
    return element("p", { class: "key" }, ...kinds.map(([kind, name]) => {
      const canvas = element("canvas", { width: 32, height: 32, "aria-hidden": "true" });
      const draw = () => {
        const pen = canvas.getContext("2d")!;
        pen.setTransform(2, 0, 0, 2, 0, 0);
        pen.clearRect(0, 0, 16, 16);
        const paths = [new Path2D(), new Path2D()];
        marker(paths, kind, 8, kind > LEFT ? 0 : 8);
        pen.strokeStyle = pen.fillStyle = this.theme.colours.ink;
        pen.lineWidth = 1.5;
        pen.stroke(paths[0]);
        pen.fill(paths[1]);
      };
      draw();
      this.theme.onChange(draw);
      return element("span", {}, canvas, name);
    }));
  }

  /** Draws at the next frame, once however often it is asked. */
  private ask(): void {
    if (!this.isAsked) {
      this.isAsked = true;
      requestAnimationFrame(() => {
        this.isAsked = false;
        this.draw();
      });
    }
  }

  private get frame(): Frame {
    const width = this.box.clientWidth;
    const lanes = this.shown.length;
    const height = Math.round(Math.min(Math.max(lanes * (width < 600 ? 56 : 86), 190), 760)) + 40;
    return { width, height, left: width < 600 ? 48 : 74, right: 14, top: 12, bottom: 30 };
  }

  private painter(frame: Frame): Painter {
    return new Painter(this.canvas.getContext("2d")!, this.theme, {
      trial: this.trial, messages: this.messages, marks: this.trial.notable, shown: this.shown,
      from: this.view.from, to: this.view.to, cone: this.cone, hovered: this.hovered,
    }, frame);
  }

  private draw(): void {
    const frame = this.frame;
    if (!this.trial || frame.width === 0 || this.shown.length === 0) {
      return;
    }
    const scale = window.devicePixelRatio || 1;
    const width = Math.round(frame.width * scale), height = Math.round(frame.height * scale);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.canvas.style.height = `${frame.height}px`;
    }
    this.canvas.getContext("2d")!.setTransform(scale, 0, 0, scale, 0, 0);
    this.tell(this.painter(frame).paint());
  }

  private tell(drawn: Drawn): void {
    const text = drawn.isDensity
      ? `${count(drawn.events)} events in view are too many to draw one by one: the bars show how dense they are. `
        + "Zoom in to see each, and the messages."
      : `${plural(drawn.events, "event")} and ${plural(drawn.arrows, "message")} in view, each one drawn`
        + `${drawn.areArrowsCut ? "; further messages are left out until you zoom in." : "."}`;
    if (this.note.textContent !== text) {
      this.note.textContent = text;
    }
  }

  /** The event nearest to a place, within reach. */
  private eventAt(x: number, y: number): EventRef | null {
    const frame = this.frame;
    const painter = this.painter(frame);
    let best: EventRef | null = null;
    let least = REACH;
    const timeAt = (place: number) => this.timeAt(place);
    this.shown.forEach((v, lane) => {
      const dy = Math.abs(painter.y(lane) - y);
      if (dy > Math.max(REACH, painter.laneHeight / 2)) {
        return;
      }
      const vm = this.trial.vms[v];
      const end = vm.first(timeAt(x + REACH));
      for (let i = vm.first(timeAt(x - REACH)); i < end; ++i) {
        // Across a lane there is nothing else to mean: only the way along it counts in full.
        const distance = Math.abs(painter.x(vm.time[i]) - x) + dy / 4;
        if (distance < least || (distance === least && vm.isTick(i))) {
          least = distance;
          best = { vm: v, index: i };
        }
      }
    });
    return best;
  }

  private timeAt(x: number): number {
    const frame = this.frame;
    return this.view.from + ((x - frame.left) / (frame.width - frame.left - frame.right)) * this.view.length;
  }

  private point(x: number, y: number): void {
    const event = this.eventAt(x, y);
    if (event?.vm !== this.hovered?.vm || event?.index !== this.hovered?.index) {
      this.hovered = event;
      this.ask();
    }
    this.showTip(event, x, y);
  }

  private showTip(event: EventRef | null, x: number, y: number): void {
    this.tip.hidden = event === null;
    if (event) {
      this.tip.replaceChildren(element("strong", {}, titleOf(this.trial, event)),
        element("dl", {}, ...rowOf(this.trial, event).flatMap(([name, value]) =>
          [element("dt", {}, name), element("dd", {}, value)])));
      const { offsetWidth, offsetHeight } = this.tip;
      const left = Math.max(Math.min(x + 16, this.box.clientWidth - offsetWidth - 4), 0);
      this.tip.style.left = `${left}px`;
      this.tip.style.top = `${y > offsetHeight + 20 ? y - offsetHeight - 16 : y + 20}px`;
    }
  }

  private listen(): void {
    const { canvas } = this;
    canvas.addEventListener("wheel", (event) => {
      // Without focus the wheel scrolls the page, as everywhere else.
      if (document.activeElement !== canvas && !event.ctrlKey) {
        return;
      }
      event.preventDefault();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        this.view.pan(event.deltaX / 800);
      } else {
        this.view.zoom(Math.exp(event.deltaY / 400), this.timeAt(event.offsetX));
      }
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      this.pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
      canvas.setPointerCapture(event.pointerId);
      this.dragged = 0;
    });
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => {
      this.pointers.delete(event.pointerId);
      if (this.dragged < 5) {
        this.choose(this.eventAt(event.offsetX, event.offsetY));
      }
    });
    canvas.addEventListener("pointercancel", (event) => this.pointers.delete(event.pointerId));
    canvas.addEventListener("pointerleave", () => {
      this.hovered = null;
      this.tip.hidden = true;
      this.ask();
    });
    canvas.addEventListener("dblclick", () => this.view.reset());
    canvas.addEventListener("keydown", (event) => {
      if (!moveByKey(this.view, event) && this.chooseByKey(event.key)) {
        event.preventDefault();
      }
    });
  }

  /** One pointer pans, two zoom. */
  private move(event: PointerEvent): void {
    const last = this.pointers.get(event.pointerId);
    const here = { x: event.offsetX, y: event.offsetY };
    if (!last) {
      this.point(here.x, here.y);
      return;
    }
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.dragged += Math.abs(here.x - last.x) + Math.abs(here.y - last.y);
    if (other) {
      const before = Math.max(Math.abs(last.x - other.x), 10), after = Math.max(Math.abs(here.x - other.x), 10);
      this.view.zoom(before / after, this.timeAt((here.x + other.x) / 2));
    } else if (this.dragged >= 5) {
      this.view.pan((last.x - here.x) / (this.frame.width - this.frame.left - this.frame.right));
    }
    this.pointers.set(event.pointerId, here);
  }

  private chooseByKey(key: string): boolean {
    const at = this.cone?.at;
    if (key === "Escape") {
      this.choose(null);
    } else if (key === "n" || key === "p") {
      const v = at?.vm ?? this.shown[0];
      const vm = this.trial.vms[v];
      const next = at ? at.index + (key === "n" ? 1 : -1) : vm.first(this.view.from);
      if (next >= 0 && next < vm.size) {
        this.choose({ vm: v, index: next }, at !== undefined);
      }
    } else if ((key === "ArrowUp" || key === "ArrowDown") && at) {
      const lane = this.shown.indexOf(at.vm) + (key === "ArrowUp" ? -1 : 1);
      const vm = this.trial.vms[this.shown[lane]];
      if (vm && vm.size > 0) {
        const time = this.trial.vms[at.vm].time[at.index];
        this.choose({ vm: vm.index, index: Math.min(vm.first(time), vm.size - 1) }, true);
      }
    } else {
      return false;
    }
    return true;
  }
}
