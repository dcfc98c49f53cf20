// The page: what was asked first, then the pictures, then the tables. Wires the rest together.
import { differ, largest, queue, slowest, trust } from "./answers";
import { JumpPicture, MixPicture } from "./bars";
import { Chart, type Line } from "./chart";
import { Diagram } from "./diagram";
import { button, element } from "./dom";
import { factsOf, type Facts } from "./facts";
import { figure, type Figure } from "./figure";
import { count, plural, seconds } from "./format";
import { panels } from "./multiples";
import { savePicture } from "./picture";
import { labelOf, readReport, type Report, type RunAbout } from "./report";
import { behindSteps, clockSteps, queueSteps, spreadSteps } from "./steps";
import { summarise, summaryOf, type Summary } from "./summary";
import { markTable, spreadTable, trialTable, vmTable } from "./tables";
import { Theme } from "./theme";
import { TimeWindow } from "./time_window";
import type { Trial } from "./trial";

const MOST_SHOWN = 12;
const FIRST_SHOWN = 8;

class Page {
  private readonly theme = new Theme();
  private readonly view = new TimeWindow();
  private readonly diagram = new Diagram(this.view, this.theme);
  private readonly clocks = this.chart("Logical clocks");
  private readonly drift = this.chart("Drift");
  private readonly queues = this.chart("Queue length");
  private readonly jumps = new JumpPicture("How often a clock jumped how far", this.theme);
  private readonly mix = new MixPicture("Which events each VM had", this.theme);
  private readonly figures: Record<string, Figure>;
  private readonly header = element("header", { class: "top" });
  private readonly questions = element("div", { class: "questions" });
  private readonly bar = element("div", { class: "bar", role: "toolbar", "aria-label": "What is shown" });
  private readonly range = element("output", { class: "range" });
  private readonly compared = element("section", { class: "card" });
  private readonly tables = element("section", { class: "card tables" });
  private run = 0;
  private trialAt = 0;
  private trial!: Trial;
  private facts!: Facts;
  private shown: number[] = [];
  private summaries: (Summary | null)[][];

  constructor(private readonly report: Report, private readonly root: HTMLElement) {
    this.summaries = report.runs.map((run) => new Array<Summary | null>(run.trials).fill(null));
    this.figures = this.makeFigures();
    this.view.onChange(() => this.tellRange());
    this.theme.onChange(() => {
      this.fillBar();
      this.fillCompared();
    });
  }

  async open(): Promise<void> {
    const { figures } = this;
    this.root.replaceChildren(this.header, this.questions, this.bar, figures.diagram.card, figures.clocks.card,
      figures.drift.card, element("div", { class: "two" }, figures.queue.card, figures.jumps.card), figures.mix.card, this.compared, this.tables, this.footer());
    await this.choose(0, 0);
    await new Promise((resume) => requestAnimationFrame(() => requestAnimationFrame(resume)));
    performance.mark("ready");
    document.documentElement.dataset.ready = "yes";
    await this.readOthers();
  }

  private get about(): RunAbout {
    return this.report.runs[this.run];
  }

  private async choose(run: number, trial: number): Promise<void> {
    this.run = run;
    this.trialAt = trial;
    this.fillHeader();
    if (this.about.trials === 0) {
      this.questions.replaceChildren(element("p", {}, "The run ended before its first trial did: there is nothing to show."));
      return;
    }
    this.trial = await this.report.trial(run, trial);
    this.facts = factsOf(this.trial, this.about);
    this.summaries[run][trial] = summaryOf(this.trial, this.facts);
    this.shown = this.picks();
    this.view.open(this.trial.end);
    this.diagram.open(this.trial, this.shown);
    this.fill();
    this.tellRange();
  }

  /** Reads the other trials one after the other, for what compares them. */
  private async readOthers(): Promise<void> {
    for (const [run, summaries] of this.summaries.entries()) {
      for (let trial = 0; trial < summaries.length; ++trial) {
        if (!summaries[trial]) {
          summaries[trial] = summarise(await this.report.trial(run, trial), this.report.runs[run]);
          await new Promise((resume) => setTimeout(resume));
        }
      }
      this.fillAnswers();
      this.fillCompared();
    }
    this.fillTables();
    document.documentElement.dataset.ready = "all";
  }

  /** Which VMs are drawn where there are too many: those that there is most to say about. */
  private picks(): number[] {
    const { vms } = this.facts;
    const all = vms.map((_vm, i) => i);
    if (all.length <= FIRST_SHOWN) {
      return all;
    }
    const top = (value: (i: number) => number) => [...all].sort((a, b) => value(b) - value(a)).slice(0, 2);
    const picked = new Set([this.facts.slowest, this.facts.fastest, this.facts.largest?.vm ?? 0,
      ...top((i) => vms[i].queueMax), ...top((i) => vms[i].largestJump)]);
    all.slice(0, FIRST_SHOWN).forEach((i) => picked.size < FIRST_SHOWN && picked.add(i));
    return [...picked].sort((a, b) => a - b);
  }

  private chart(label: string): Chart {
    return new Chart(label, this.view, this.theme, () => (innerWidth < 600 ? 210 : 260));
  }

  private makeFigures(): Record<string, Figure> {
    const png = (title: string, name: string, canvas: () => HTMLCanvasElement | null) => () => {
      const drawn = canvas();
      if (drawn) {
        const where = `${this.about.name}, trial ${this.trialAt + 1}`;
        const legend = this.shown.map((index) => ({ name: this.trial.vms[index].name, index }));
        const file = [this.about.name, labelOf(this.about), `trial-${this.trialAt + 1}`, name].filter((part) => part !== "");
        savePicture(`${title}: ${where}`, `${file.join("-").replace(/[^\w.-]+/g, "_")}.png`, drawn, legend, this.theme);
      }
    };
    const make = (id: string, title: string, about: string, canvas: () => HTMLCanvasElement | null, ...parts: Node[]) =>
      figure(id, title, about, png(title, id, canvas), ...parts);
    return {
      diagram: make("diagram", "Space-time diagram",
        "Each lane is a VM, each sign an event, each line a message from its send to its receive. Click an event: what could "
        + "have caused it and what it could have caused light up, and the dark line shows where its clock value came from.",
        () => this.diagram.canvas, this.diagram.box, this.diagram.key, this.diagram.note, this.diagram.chosen),
      clocks: make("clocks", "Logical clocks over time", "The Lamport clock of each VM, a step at each event.",
        () => this.clocks.canvas, this.clocks.box, this.clocks.note),
      drift: make("drift", "Drift",
        "How far each clock is behind that of the fastest VM, and the spread between the highest and the lowest clock.",
        () => this.drift.canvas, this.drift.box, this.drift.note),
      queue: make("queue", "Queue length", "Messages in each inbox after each event.",
        () => this.queues.canvas, this.queues.box, this.queues.note),
      jumps: make("jumps", "Jumps", "How many receives made a clock jump by how much. The counts are on a logarithmic scale.",
        () => this.jumps.canvas, this.jumps.box),
      mix: make("mix", "Events by kind", "What each VM did at its ticks.", () => this.mix.canvas, this.mix.box),
    };
  }

  private fill(): void {
    this.fillBar();
    this.draw();
    this.fillAnswers();
    this.fillCompared();
    this.fillTables();
  }

  private draw(): void {
    const line = (v: number, steps: Line["steps"]): Line => ({
      name: this.trial.vms[v].name, steps, colour: () => this.theme.vm(v), dash: this.theme.dash(v),
    });
    const { vms, notable } = this.trial;
    this.diagram.show(this.shown);
    this.clocks.open(this.shown.map((v) => line(v, clockSteps(vms[v]))), notable);
    this.drift.open([
      ...this.shown.map((v) => line(v, behindSteps(vms[v], this.facts.drift))),
      { name: "spread", steps: spreadSteps(this.facts.drift), colour: () => this.theme.colours.faint, dash: [1, 3], width: 2.5 },
    ], notable);
    this.queues.open(this.shown.map((v) => line(v, queueSteps(vms[v]))), notable);
    this.jumps.open(this.trial, this.shown);
    this.mix.open(this.trial, this.shown);
  }

  private fillHeader(): void {
    const run = this.about;
    document.title = `${run.name} – Driftbus report`;
    const label = labelOf(run);
    const facts = [run.engine === "virtual" ? "virtual time" : "live", plural(run.trials, "trial"), run.by_hand ? "" : `seed ${run.seed}`,
      run.host === "" ? "" : `on ${run.host}`, run.started.replace("T", " ").replace(/\.\d+Z$/, " UTC"), this.report.program];
    const list = (title: string, texts: string[]) => (texts.length === 0 ? null
      : element("details", texts.length <= 8 ? { open: true } : {}, element("summary", {}, `${title} (${texts.length})`),
        element("ul", {}, ...texts.slice(0, 200).map((text) => element("li", {}, text)))));
    this.header.replaceChildren(
      element("div", { class: "title" },
        element("h1", {}, run.name, label ? element("small", {}, ` ${label}`) : null),
        run.by_hand ? element("span", { class: "verdict" }, "by hand") : element("span", { class: `verdict ${run.verdict}` },
          { ok: "✓ ok", failed: "✕ failed", interrupted: "! interrupted" }[run.verdict]),
        button("◐", "Light or dark", () => this.theme.toggle())),
      element("p", { class: "facts" }, facts.filter((text) => text !== "").join(" · ")),
      list("Problems", run.problems) ?? "", list("Warnings", run.warnings) ?? "");
  }

  private fillBar(): void {
    const { runs } = this.report;
    const options = (texts: string[], chosen: number, label: string, change: (i: number) => void) =>
      element("label", {}, `${label} `, element("select", {
        change: ((event: Event) => change((event.target as HTMLSelectElement).selectedIndex)) as EventListener,
      }, ...texts.map((text, i) => element("option", i === chosen ? { selected: true } : {}, text))));
    const numbers = Array.from({ length: this.about.trials }, (_none, i) => `${i + 1}`);
    this.bar.replaceChildren(
      ...(runs.length > 1 ? [options(runs.map((run, i) => labelOf(run) || `run ${i + 1}`), this.run, "Point",
        (i) => void this.choose(i, 0))] : []),
      ...(numbers.length > 1 ? [options(numbers, this.trialAt, "Trial", (i) => void this.choose(this.run, i))] : []),
      this.chips(),
      element("span", { class: "zoom" },
        button("◀", "Earlier (left arrow)", () => this.view.pan(-0.25)), button("−", "Zoom out (-)", () => this.view.zoom(2)),
        button("+", "Zoom in (+)", () => this.view.zoom(0.5)), button("▶", "Later (right arrow)", () => this.view.pan(0.25)),
        button("All", "Show the whole trial (0)", () => this.view.reset())),
      this.range);
  }

  private chips(): HTMLElement {
    const { vms } = this.trial;
    const many = vms.length > MOST_SHOWN;
    const listed = many ? this.shown : vms.map((vm) => vm.index);
    const chip = (v: number) => element("button", {
      type: "button", class: "chip", "aria-pressed": String(this.shown.includes(v)), title: `Show or hide ${vms[v].name}`,
      click: (() => this.toggle(v)) as EventListener,
    }, this.swatch(v), vms[v].name);
    const more = element("select", { "aria-label": "Show another VM", change: ((event: Event) => {
      this.toggle((event.target as HTMLSelectElement).selectedIndex - 1);
    }) as EventListener }, element("option", {}, `${listed.length} of ${vms.length} VMs, add …`),
    ...(many ? vms.map((vm) => element("option", {}, vm.name)) : []));
    return element("span", { class: "chips" }, ...listed.map(chip), ...(many ? [more] : []));
  }

  private swatch(v: number): HTMLCanvasElement {
    const canvas = element("canvas", { width: 48, height: 12, "aria-hidden": "true" });
    const pen = canvas.getContext("2d")!;
    pen.strokeStyle = this.theme.vm(v);
    pen.lineWidth = 5;
    pen.setLineDash(this.theme.dash(v).map((length) => length * 2));
    pen.moveTo(0, 6);
    pen.lineTo(48, 6);
    pen.stroke();
    return canvas;
  }

  private toggle(v: number): void {
    const shown = this.shown.includes(v) ? this.shown.filter((other) => other !== v) : [...this.shown, v].sort((a, b) => a - b);
    if (v >= 0 && shown.length > 0) {
      this.shown = shown;
    }
    this.fillBar();
    this.draw();
  }

  private fillAnswers(): void {
    const { trial, facts, figures } = this;
    const all = this.summaries[this.run];
    const trusted = trust(this.about, all);
    const has = trial.events > 0;
    const none = "The run kept no traces (trace: csv writes them), so this cannot be told.";
    const show = () => {
      const element = button("Show it in the diagram", "Choose this event in the diagram", () => {
        this.diagram.choose(facts.largest, true);
        figures.diagram.card.scrollIntoView({ behavior: "smooth" });
        this.diagram.canvas.focus({ preventScroll: true });
      });
      element.classList.add("show");
      return element;
    };
    const texts = {
      trust: trusted.text,
      slowest: has ? slowest(trial, facts) : none,
      largest: has ? largest(trial, facts) : none,
      queue: has ? queue(trial, facts) : none,
      differ: differ(all),
    };
    const card = (question: string, text: string, place: string, target: string, level = "", more: Node | null = null) =>
      element("article", { class: `question ${level}` }, element("h2", {}, question), element("p", {}, text), more,
        element("a", { href: `#${target}` }, place));
    const largestButton = () => (has && facts.largest ? show() : null);
    this.questions.replaceChildren(
      card("Can the run be trusted?", texts.trust, "The tables", "tables", trusted.level),
      card("Which VM is slowest, how far does it fall behind, and why?", texts.slowest, "The drift", "drift"),
      card("Which message caused the largest jump?", texts.largest, "All jumps", "jumps", "", largestButton()),
      card("When does a queue saturate?", texts.queue, "The queues", "queue"),
      card("Do the trials differ?", texts.differ, "The trials", this.about.trials > 1 || this.report.runs.length > 1 ? "compared" : "tables"));
    figures.drift.answer.replaceChildren(texts.slowest);
    figures.jumps.answer.replaceChildren(texts.largest, " ", largestButton() ?? "");
    figures.queue.answer.replaceChildren(texts.queue);
  }

  private fillCompared(): void {
    const { runs } = this.report;
    const isSweep = runs.length > 1;
    this.compared.id = "compared";
    this.compared.hidden = !isSweep && this.about.trials < 2;
    const list = isSweep
      ? runs.map((run, i) => ({ label: labelOf(run), summaries: this.summaries[i], isChosen: i === this.run,
        choose: () => void this.choose(i, 0) }))
      : this.summaries[0].map((summary, i) => ({ label: `trial ${i + 1}`, summaries: [summary], isChosen: i === this.trialAt,
        choose: () => void this.choose(0, i) }));
    this.compared.replaceChildren(
      element("h2", {}, isSweep ? "Points of the sweep" : "Trials side by side"),
      element("p", { class: "about" }, "On the same scales; choose one to see it above. "
        + `${isSweep ? "Each line is a trial. " : ""}The largest value in each of 160 parts of the time is drawn.`),
      element("div", { class: "answer" }, differ(this.summaries[this.run])),
      element("h3", {}, "Spread between the highest and the lowest clock"),
      panels(list, (summary) => summary.spread, "Spread", this.theme),
      element("h3", {}, "Longest queue"), panels(list, (summary) => summary.queue, "Longest queue", this.theme));
  }

  private fillTables(): void {
    this.tables.id = "tables";
    const inexact = this.trial.header.inexact;
    this.tables.replaceChildren(
      element("h2", {}, "Tables"), vmTable(this.trial, this.facts),
      trialTable(this.summaries[this.run], this.trialAt, (i) => void this.choose(this.run, i)),
      spreadTable(this.summaries[this.run]) ?? "", markTable(this.trial) ?? "",
      inexact > 0 ? element("p", { class: "note" }, `${plural(inexact, "number")} beyond 2^53 are shown as 2^53 - 1.`) : "",
      element("details", {}, element("summary", {}, "Scenario as it ran"), element("pre", {}, this.about.scenario)));
  }

  private tellRange(): void {
    const step = this.view.length / 1000;
    this.range.textContent = `${seconds(this.view.from, step)} – ${seconds(this.view.to, step)}`;
  }

  private footer(): HTMLElement {
    return element("footer", {}, "In a picture: drag to move (in a chart: to zoom), wheel to zoom once it has the focus, ← → to move, "
      + "+ − to zoom, 0 for all. In the diagram: n and p for the next and the previous event, ↑ ↓ for another VM, Esc to let go. "
      + `Jumps are clock differences at receives; behind is against the clock of the fastest VM. Every figure is that of docs/metrics.md. Made by ${this.report.program}; `
      + `this file loads nothing. ${count(this.report.runs.reduce((sum, run) => sum + run.trials, 0))} trial data sets.`);
  }
}

const root = document.getElementById("page")!;
readReport().then((report) => new Page(report, root).open()).catch((error: unknown) => {
  root.replaceChildren(element("p", { class: "wait" }, `This report cannot be read: ${String(error)}`));
  throw error;
});
