// Draws the space-time diagram: a lane for each VM, its events in time, and messages between lanes.
import { sideOf, type Cone } from "./causality";
import { seconds, ticks } from "./format";
import type { Messages } from "./messages";
import { Batch, arrow, marker, shorten } from "./signs";
import type { Theme } from "./theme";
import type { EventRef, Mark, Trial, Vm } from "./trial";

/** More events in view are drawn as a density, since markers would only cover each other. */
export const MOST_MARKERS = 6000;
const MOST_ARROWS = 6000;
const MOST_COLUMNS = 40_000;

/** What is to be drawn. */
export interface Scene {
  trial: Trial;
  messages: Messages;
  marks: Mark[];
  shown: number[];
  from: number;
  to: number;
  cone: Cone | null;
  hovered: EventRef | null;
}

/** Where things are, in CSS pixels. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** What was drawn, for the note below. */
export interface Drawn {
  events: number;
  isDensity: boolean;
  arrows: number;
  areArrowsCut: boolean;
}

export class Painter {
  private readonly laneOf = new Map<number, number>();

  constructor(
    private readonly pen: CanvasRenderingContext2D, private readonly theme: Theme,
    private readonly scene: Scene, private readonly frame: Frame) {
    scene.shown.forEach((vm, lane) => this.laneOf.set(vm, lane));
  }

  x(time: number): number {
    const { from, to } = this.scene;
    return this.frame.left + ((time - from) / (to - from)) * (this.frame.width - this.frame.left - this.frame.right);
  }
  y(lane: number): number {
    return this.frame.top + (lane + 0.5) * this.laneHeight;
  }
  get laneHeight(): number {
    return (this.frame.height - this.frame.top - this.frame.bottom) / this.scene.shown.length;
  }

  paint(): Drawn {
    const { pen, frame, scene } = this;
    pen.clearRect(0, 0, frame.width, frame.height);
    this.axis();
    const vms = scene.shown.map((v) => scene.trial.vms[v]);
    const events = vms.reduce((sum, vm) => sum + vm.first(scene.to) - vm.first(scene.from), 0);
    const isDensity = events > MOST_MARKERS;
    pen.save();
    pen.beginPath();
    pen.rect(frame.left - 6, 0, frame.width - frame.left - frame.right + 12, frame.height - frame.bottom + 4);
    pen.clip();
    this.cones();
    this.lanes();
    this.drawMarks();
    const [arrows, areArrowsCut] = isDensity ? [0, false] : this.arrows(vms);
    vms.forEach((vm, lane) => (isDensity ? this.density(vm, lane) : this.markers(vm, lane)));
    this.chain();
    this.rings();
    pen.restore();
    this.names(vms);
    return { events, isDensity, arrows, areArrowsCut };
  }

  private axis(): void {
    const { pen, frame, scene } = this;
    const room = frame.width - frame.left - frame.right;
    const { values, step } = ticks(scene.from, scene.to, room / 95);
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.lineWidth = 1;
    for (const value of values) {
      const x = Math.round(this.x(value)) + 0.5;
      pen.strokeStyle = this.theme.colours.line;
      pen.beginPath();
      pen.moveTo(x, frame.top);
      pen.lineTo(x, frame.height - frame.bottom + 4);
      pen.stroke();
      pen.fillStyle = this.theme.colours.faint;
      pen.fillText(seconds(value, step), Math.min(x, frame.width - 24), frame.height - frame.bottom + 8);
    }
  }

  private lanes(): void {
    this.scene.shown.forEach((v, lane) => {
      const y = this.y(lane);
      this.pen.strokeStyle = this.theme.vm(v);
      this.pen.globalAlpha = 0.55;
      this.pen.lineWidth = 1.25;
      this.pen.setLineDash(this.theme.dash(v));
      this.line(this.frame.left, y, this.frame.width - this.frame.right, y);
    });
    this.pen.setLineDash([]);
    this.pen.globalAlpha = 1;
  }

  /** Bands of what came before the chosen event, and of what came after. */
  private cones(): void {
    const { cone, trial } = this.scene;
    if (!cone) {
      return;
    }
    const height = Math.min(this.laneHeight * 0.62, 34);
    this.scene.shown.forEach((v, lane) => {
      const vm = trial.vms[v];
      const y = this.y(lane) - height / 2;
      if (cone.past[v] >= 0) {
        this.pen.fillStyle = this.theme.colours.past;
        const x = this.x(0) - 6;
        this.pen.fillRect(x, y, this.x(vm.time[cone.past[v]]) + 5 - x, height);
      }
      if (cone.future[v] < vm.size) {
        this.pen.fillStyle = this.theme.colours.future;
        const x = this.x(vm.time[cone.future[v]]) - 5;
        this.pen.fillRect(x, y, this.x(trial.end) + 6 - x, height);
      }
    });
  }

  private drawMarks(): void {
    const { pen, scene, frame } = this;
    pen.strokeStyle = pen.fillStyle = this.theme.colours.alarm;
    pen.lineWidth = 2;
    for (const mark of scene.marks) {
      const lane = this.laneOf.get(mark.vm);
      const x = this.x(mark.time);
      if (lane === undefined || x < frame.left - 6 || x > frame.width - frame.right + 6) {
        continue;
      }
      const y = this.y(lane);
      const half = Math.min(this.laneHeight * 0.42, 22);
      this.line(x, y - half, x, y + half);
      pen.beginPath();
      pen.moveTo(x - 5, y - half);
      pen.lineTo(x + 5, y - half);
      pen.lineTo(x, y - half + 7);
      pen.fill();
    }
  }

  private arrows(vms: Vm[]): [number, boolean] {
    const { scene, pen } = this;
    let drawn = 0;
    const hasRoom = () => drawn < MOST_ARROWS;
    const inView = vms.reduce((sum, vm) => sum + scene.messages.sentIn(vm, scene.from, scene.to), 0);
    const alpha = Math.min(Math.max(500 / inView, 0.14), 0.8);
    for (const vm of vms) {
      const line = (opacity: number, dash: number[] = []) => new Batch((path) => {
        pen.globalAlpha = opacity;
        pen.setLineDash(dash);
        pen.stroke(path);
      });
      const strong = line(alpha), faint = line(0.16), left = line(alpha, [3, 4]);
      const heads = new Batch((path) => {
        pen.globalAlpha = alpha;
        pen.fill(path);
      });
      pen.strokeStyle = pen.fillStyle = this.theme.vm(vm.index);
      pen.lineWidth = 1.1;
      const y = this.y(this.laneOf.get(vm.index)!);
      scene.messages.forEachCrossing(vm, scene.from, scene.to, (message, send) => {
        const lane = this.laneOf.get(scene.messages.toVm[message]);
        if (lane !== undefined) {
          const isLeft = scene.messages.left[message] === 1;
          const isFaint = scene.cone !== null && !this.isInCone(vm.index, send, message);
          const ends = [this.x(vm.time[send]), y, this.x(scene.messages.end[message]), this.y(lane)] as const;
          arrow((isLeft ? left : isFaint ? faint : strong).next(), isFaint || isLeft ? null : heads.next(), ...ends);
          drawn++;
        }
        return hasRoom();
      });
      [faint, strong, heads, left].forEach((batch) => batch.end());
      pen.setLineDash([]);
      pen.globalAlpha = 1;
    }
    return [drawn, !hasRoom()];
  }

  private isInCone(vm: number, send: number, message: number): boolean {
    const { cone, messages } = this.scene;
    const to = sideOf(cone!, messages.toVm[message], messages.toIndex[message]);
    return to === -1 || to === 0 || (to === 1 && [0, 1].includes(sideOf(cone!, vm, send) ?? -1));
  }

  private markers(vm: Vm, lane: number): void {
    const { pen, scene } = this;
    const y = this.y(lane);
    const hollow = (alpha: number) => new Batch((path) => {
      pen.globalAlpha = alpha;
      pen.fillStyle = this.theme.colours.paper;
      pen.fill(path);
      pen.stroke(path);
    });
    const full = (alpha: number) => new Batch((path) => {
      pen.globalAlpha = alpha;
      pen.fillStyle = this.theme.vm(vm.index);
      pen.fill(path);
    });
    const bright = [hollow(1), full(1)], faint = [hollow(0.3), full(0.3)];
    pen.strokeStyle = this.theme.vm(vm.index);
    pen.lineWidth = 1.5;
    const end = vm.first(scene.to + 1);
    const room = this.frame.width / Math.max(end - vm.first(scene.from), 1);
    const size = room < 2 ? 0.5 : room < 6 ? 0.7 : 1;
    for (let i = vm.first(scene.from); i < end; ++i) {
      const isFaint = scene.cone !== null && sideOf(scene.cone, vm.index, i) === null;
      const [outlines, areas] = isFaint ? faint : bright;
      marker([outlines.next(), areas.next()], vm.kind[i], this.x(vm.time[i]), y, size);
    }
    [...faint, ...bright].forEach((batch) => batch.end());
    pen.globalAlpha = 1;
  }

  /** Events per column of pixels, as high as the lane allows where they are densest. */
  private density(vm: Vm, lane: number): void {
    const { pen, scene, frame } = this;
    const width = frame.width - frame.left - frame.right;
    const columns = Math.max(Math.min(width / 2, MOST_COLUMNS / scene.shown.length), 20);
    const step = (scene.to - scene.from) / columns;
    const counts: number[] = [];
    let before = vm.first(scene.from);
    for (let i = 1; i <= columns; ++i) {
      const next = vm.first(scene.from + i * step);
      counts.push(next - before);
      before = next;
    }
    const most = Math.max(...counts, 1);
    const half = this.laneHeight * 0.4;
    pen.fillStyle = this.theme.vm(vm.index);
    pen.globalAlpha = 0.75;
    counts.forEach((value, i) => {
      const size = Math.round(half * Math.sqrt(value / most));
      const x = Math.round(frame.left + (i * width) / columns);
      const end = Math.round(frame.left + ((i + 1) * width) / columns);
      pen.fillRect(x, Math.round(this.y(lane)) - size, end - x, 2 * size);
    });
    pen.globalAlpha = 1;
  }

  /** The way that led to the clock value of the chosen event. */
  private chain(): void {
    const { cone, trial } = this.scene;
    if (!cone || cone.chain.length < 2) {
      return;
    }
    const path = new Path2D();
    let isOpen = false;
    for (const event of cone.chain) {
      const lane = this.laneOf.get(event.vm);
      if (lane === undefined) {
        isOpen = false;
        continue;
      }
      const x = this.x(trial.vms[event.vm].time[event.index]), y = this.y(lane);
      if (isOpen) {
        path.lineTo(x, y);
      } else {
        path.moveTo(x, y);
      }
      isOpen = true;
    }
    this.pen.strokeStyle = this.theme.colours.ink;
    this.pen.lineWidth = 2.5;
    this.pen.globalAlpha = 0.85;
    this.pen.stroke(path);
    this.pen.globalAlpha = 1;
  }

  private rings(): void {
    const { cone, hovered, trial } = this.scene;
    for (const [event, width] of [[cone?.at, 3], [hovered, 2]] as const) {
      const lane = event ? this.laneOf.get(event.vm) : undefined;
      if (event && lane !== undefined) {
        this.pen.strokeStyle = this.theme.colours.ink;
        this.pen.lineWidth = width;
        this.pen.beginPath();
        this.pen.arc(this.x(trial.vms[event.vm].time[event.index]), this.y(lane), 9, 0, 7);
        this.pen.stroke();
      }
    }
  }

  private names(vms: Vm[]): void {
    const { pen, frame } = this;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.font = "600 13px system-ui, sans-serif";
    const every = Math.ceil(15 / this.laneHeight);
    vms.forEach((vm, lane) => {
      if (lane % every === 0) {
        pen.fillStyle = this.theme.vm(vm.index);
        pen.fillText(shorten(pen, vm.name, frame.left - 14), 2, this.y(lane));
      }
    });
  }

  private line(x0: number, y0: number, x1: number, y1: number): void {
    this.pen.beginPath();
    this.pen.moveTo(x0, y0);
    this.pen.lineTo(x1, y1);
    this.pen.stroke();
  }
}
