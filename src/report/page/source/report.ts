// What the page was given: about the runs, and the data of their trials, decoded when asked for.
import { Trial } from "./trial";
import { fromUtf8, unpack } from "./unpack";

export interface RunAbout {
  name: string;
  /** Of a point of a sweep: what sets it apart. */
  values: Record<string, string>;
  engine: string;
  seed: string;
  host: string;
  started: string;
  verdict: "ok" | "failed" | "interrupted";
  /** Nobody supervised it: there are only its traces. */
  by_hand: boolean;
  problems: string[];
  warnings: string[];
  stamp: string;
  traces: boolean;
  scenario: string;
  trials: number;
}

export interface Report {
  program: string;
  runs: RunAbout[];
  trial(run: number, trial: number): Promise<Trial>;
}

export async function readReport(): Promise<Report> {
  const text = (node: Element | null) => node?.textContent ?? "";
  const about = JSON.parse(fromUtf8(await unpack(text(document.querySelector("[data-about]"))))) as
    { program: string; runs: RunAbout[] };
  const blocks = [...document.querySelectorAll("[data-trial]")];
  const first = about.runs.map((_run, i) => about.runs.slice(0, i).reduce((sum, run) => sum + run.trials, 0));
  return {
    ...about,
    trial: async (run, trial) => new Trial(await unpack(text(blocks[first[run] + trial]))),
  };
}

/** `vms.workload.draw 4`; empty for a run that is no point of a sweep. */
export function labelOf(run: RunAbout): string {
  return Object.entries(run.values).map(([key, value]) => `${key.split(".").at(-1)} ${value}`).join(", ");
}
