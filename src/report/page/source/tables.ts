// The tables: VMs of a trial, trials, VMs over trials, marks.
import { element, number, table, type Cell } from "./dom";
import type { Facts } from "./facts";
import { count, decimal, seconds, span } from "./format";
import { deviationOf, meanOf, type Summary } from "./summary";
import type { Trial } from "./trial";

const MOST_ROWS = 1000;

function cut(rows: Cell[][], what: string): (HTMLElement | null)[] {
  return [rows.length > MOST_ROWS
    ? element("p", { class: "note" }, `The first ${MOST_ROWS} of ${count(rows.length)} ${what} are listed.`) : null];
}

export function vmTable(trial: Trial, facts: Facts): HTMLElement {
  const rows = trial.vms.map((vm, i): Cell[] => {
    const of = facts.vms[i];
    const counts = vm.about.counts;
    return [{ text: vm.name }, number(vm.about.rate === null ? "none" : decimal(vm.about.rate)),
      number(count(counts.ticks)), number(count(counts.missed_ticks)), number(count(counts.internal)),
      number(count(counts.sent)), number(count(counts.received)), number(count(counts.left)),
      number(count(counts.clock)), number(decimal(of.behindMean, 1)), number(count(of.largestJump)),
      number(of.receives > 0 ? span(of.stalenessMean) : "–"), number(count(counts.queue_max)), number(span(vm.about.lateness[1])),
      { text: vm.about.end ?? "–" }];
  });
  return element("div", {}, table("VMs of this trial", ["VM", "ticks/s", "ticks", "missed", "internal", "sent", "received", "left",
    "clock", "behind, mean", "largest jump", "message age", "max queue", "late, p99", "end"], rows.slice(0, MOST_ROWS)),
  ...cut(rows, "VMs"));
}

export function trialTable(all: (Summary | null)[], chosen: number, choose: (trial: number) => void): HTMLElement {
  const rows = all.map((summary, i): Cell[] => {
    const pick = element("button", {
      type: "button", class: "link", "aria-pressed": String(i === chosen), click: () => choose(i),
    }, `trial ${i + 1}`);
    if (!summary) {
      return [{ text: "", node: pick }, ...Array.from({ length: 10 }, () => number("…"))];
    }
    const clocks = summary.vms.map((vm) => vm.clock);
    const rates = summary.vms.map((vm) => vm.rate ?? NaN);
    const range = (values: number[]) => `${decimal(Math.min(...values))} – ${decimal(Math.max(...values))}`;
    return [{ text: "", node: pick }, number(rates.some(Number.isNaN) ? "none" : range(rates)), number(count(summary.events)),
      number(range(clocks)), number(decimal(summary.spreadMean, 1)), number(count(summary.spreadMax)),
      number(count(summary.spreadFinal)), number(count(summary.largestJump)), number(count(summary.queueMax)),
      number(count(summary.left)), { text: summary.hash ?? "–" }];
  });
  return table("Trials", ["trial", "ticks/s", "events", "clocks at the end", "spread, mean", "max", "final", "largest jump",
    "max queue", "left", "hash"], rows);
}

/** Mean and standard deviation over trials. */
export function spreadTable(all: (Summary | null)[]): HTMLElement | null {
  const known = all.filter((summary) => summary !== null);
  if (known.length < 2) {
    return null;
  }
  const rows = known[0].vms.slice(0, MOST_ROWS).map((vm, i): Cell[] => {
    const over = (value: (vm: Summary["vms"][number]) => number) => {
      const values = known.map((summary) => value(summary.vms[i]));
      return number(values.some(Number.isNaN) ? "none" : `${decimal(meanOf(values), 1)} ± ${decimal(deviationOf(values), 1)}`);
    };
    return [{ text: vm.name }, over((of) => of.rate ?? NaN), over((of) => of.ticks), over((of) => of.received), over((of) => of.clock),
      over((of) => of.behindMean), over((of) => of.largestJump), over((of) => of.queueMax), over((of) => of.left)];
  });
  return table("VMs over all trials: mean ± standard deviation", ["VM", "ticks/s", "ticks", "received", "clock",
    "behind, mean", "largest jump", "max queue", "left"], rows);
}

export function markTable(trial: Trial): HTMLElement | null {
  const rows = trial.notable.map((mark): Cell[] =>
    [number(seconds(mark.time)), { text: trial.vms[mark.vm]?.name ?? "?" }, { text: mark.kind }, { text: mark.text }]);
  return rows.length === 0 ? null
    : element("div", {}, table("Marks: what happened to VMs", ["time", "VM", "kind", "what"], rows.slice(0, MOST_ROWS)),
      ...cut(rows, "marks"));
}
