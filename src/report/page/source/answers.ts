// What people ask of a run, answered in a sentence from its data.
import type { Facts } from "./facts";
import { count, decimal, percent, plural, seconds, span } from "./format";
import type { RunAbout } from "./report";
import { deviationOf, meanOf, type Summary } from "./summary";
import type { Trial } from "./trial";

function rate(trial: Trial, facts: Facts, vm: number): number {
  return trial.vms[vm].about.rate ?? facts.vms[vm].tickRate;
}

export function slowest(trial: Trial, facts: Facts): string {
  const [slow, fast] = [facts.slowest, facts.fastest];
  const [slowRate, fastRate] = [rate(trial, facts, slow), rate(trial, facts, fast)];
  const spread = `Between the highest and the lowest clock there are ${decimal(facts.spreadMean, 1)} on average, `
    + `${count(facts.spreadMax)} at most (at ${seconds(facts.spreadMaxAt)}), and ${count(facts.spreadFinal)} at the end.`;
  if (fastRate - slowRate < 1e-9) {
    return `All VMs tick equally fast, ${decimal(slowRate)} times a second. ${spread}`;
  }
  const name = trial.vms[slow].name;
  const of = facts.vms[slow];
  const behind = trial.vms.length > 64 ? spread
    : `Its clock is behind ${trial.vms[fast].name}'s by ${decimal(of.behindMean, 1)} on average, by ${count(of.behindMax)} at most `
      + `(at ${seconds(of.behindMaxAt)}), and by ${count(of.behindFinal)} at the end.`;
  const carried = of.carried > 0
    ? `its own ticks count only to ${count(of.ticks)}, and the stamps in ${count(of.jumps)} of the `
      + `${plural(of.receives, "message")} that it received carried it ${count(of.carried)} further`
    : `its own ${count(of.ticks)} ticks are all that it counts, since no message carried it further`;
  const aged = of.queueFinal > of.tickRate
    ? `; its inbox grows, so what it reads was sent ${span(of.stalenessMean)} before on average` : "";
  return `${name} is the slowest, with ${decimal(slowRate)} ${slowRate === 1 ? "tick" : "ticks"} a second against ${decimal(fastRate)} of `
    + `${trial.vms[fast].name}. ${behind} Why: between two messages it loses ${decimal(fastRate - slowRate)} a second; `
    + `${carried}${aged}.`;
}

export function largest(trial: Trial, facts: Facts): string {
  if (!facts.largest) {
    return "No message made a clock jump by more than 1.";
  }
  const { vm: v, index, jump } = facts.largest;
  const vm = trial.vms[v];
  const send = trial.cause(vm, index);
  const age = send
    ? `. It was sent ${span(vm.time[index] - trial.vms[send.vm].time[send.index])} before, and lay in the inbox for `
      + `${span(Math.max(vm.time[index] - vm.arrived[index], 0))} of that` : "";
  return `Message ${count(vm.message[index])} of ${trial.vms[vm.peer[index] - 1]?.name ?? "?"} put ${vm.name}'s clock from `
    + `${count(vm.clock[index] - jump)} to ${count(vm.clock[index])}, a jump of ${count(jump)}, at ${seconds(vm.time[index])} `
    + `(tick ${count(vm.tick[index])})${age}.`;
}

/** The VM whose queue there is most to say about. */
export function busiest(facts: Facts): number {
  return facts.vms.reduce((best, of, i) => (of.queueMax > facts.vms[best].queueMax ? i : best), 0);
}

export function queue(trial: Trial, facts: Facts): string {
  const vm = busiest(facts);
  const of = facts.vms[vm];
  const name = trial.vms[vm].name;
  if (of.queueMax === 0) {
    return "No message ever waited longer than for the next tick.";
  }
  const peak = `longest queue is ${count(of.queueMax)} (${name} at ${seconds(of.queueMaxAt)})`;
  const load = `${decimal(of.arrivals, 1)} messages a second come in, and it takes one at each of its ticks, `
    + `${decimal(of.tickRate, 1)} a second`;
  if (of.saturatedAt !== null) {
    const growth = of.queueFinal / Math.max((trial.end - of.saturatedAt) / 1e6, 1e-6);
    return `${name}'s inbox saturates at ${seconds(of.saturatedAt)}: from then on each of its ticks takes a message, it `
      + `grows by ${decimal(growth, 1)} messages a second, and ${count(of.queueFinal)} wait at the end. Why: ${load}.`;
  }
  return `No inbox saturates: the ${peak}, its mean over time ${decimal(of.queueMean)}, and it empties again. `
    + `There, ${load} (a load of ${percent(of.arrivals, of.tickRate)}).`;
}

export function differ(all: (Summary | null)[]): string {
  const known = all.filter((summary) => summary !== null);
  if (all.length === 1) {
    return "There is one trial only. With trials: 5 in the scenario (or --trials 5) there is something to compare.";
  }
  if (known.length < all.length) {
    return `Reading trial ${known.length + 1} of ${all.length} …`;
  }
  const hashes = new Set(known.map((summary) => summary.hash));
  if (hashes.size === 1 && known[0].hash !== null) {
    return `No: all ${all.length} trials have the hash ${known[0].hash}, so every row is the same.`;
  }
  const finals = known.map((summary) => summary.spreadFinal);
  const means = known.map((summary) => summary.spreadMean);
  const most = known.reduce((best, summary) => (summary.spreadMean > best.spreadMean ? summary : best));
  const rates = (summary: Summary) => summary.vms.slice(0, 6).map((vm) => (vm.rate === null ? "none" : decimal(vm.rate)))
    .join(", ") + (summary.vms.length > 6 ? ", …" : "");
  const same = known.every((summary) => rates(summary) === rates(known[0]));
  return `Yes: ${hashes.size > 1 ? `${hashes.size} of ${all.length} hashes differ. ` : ""}The clocks are `
    + `${decimal(Math.min(...means), 1)} to ${decimal(Math.max(...means), 1)} apart on average, trial by trial `
    + `(mean ${decimal(meanOf(means), 1)}, standard deviation ${decimal(deviationOf(means), 1)}), and `
    + `${count(Math.min(...finals))} to ${count(Math.max(...finals))} at the end. They are furthest apart in trial `
    + `${most.trial}, with ${same ? "the same rates" : `rates of ${rates(most)}`}.`;
}

/** Whether the run can be trusted: `good`, `careful` or `bad`, and why. */
export function trust(run: RunAbout, all: (Summary | null)[]): { level: string; text: string } {
  const known = all.filter((summary) => summary !== null);
  const sum = (value: (summary: Summary) => number) => known.reduce((total, summary) => total + value(summary), 0);
  const [missed, broken, unaccounted, lost] =
    [sum((s) => s.missed), sum((s) => s.broken), sum((s) => s.unaccounted), sum((s) => s.lost)];
  const doubts = [
    run.verdict === "ok" ? "" : `the run's own verdict is '${run.verdict}'`,
    run.problems.length > 0 ? plural(run.problems.length, "problem") : "",
    broken > 0 ? `${plural(broken, "row")} that break the clock rules` : "",
    unaccounted > 0 ? `${plural(unaccounted, "message")} unaccounted for` : "",
  ].filter((text) => text !== "");
  const cares = [
    run.by_hand ? "its VMs were started by hand, so nobody gave a verdict or knows of lost messages" : "",
    run.warnings.length > 0 ? plural(run.warnings.length, "warning") : "",
    missed > 0 ? `${plural(missed, "missed tick")}` : "",
    lost > 0 ? `${plural(lost, "message")} lost in a crash` : "",
  ].filter((text) => text !== "");
  const events = sum((s) => s.events);
  const checked = known.length < all.length ? "Still reading."
    : events === 0 ? "It kept no traces, so there are only its counts to go by."
    : `This page recomputed the clock and the message of all ${count(events)} rows: `
      + `${broken === 0 ? "each is as the rules say." : `${count(broken)} are not as the rules say.`}`;
  const level = doubts.length > 0 ? "bad" : cares.length > 0 ? "careful" : "good";
  const word = { bad: "No", careful: "With care", good: "Yes" }[level];
  const why = [...doubts, ...cares].join(", ");
  return { level, text: `${word}${why ? `: ${why}` : ": verdict ok, no problem, no warning, every message accounted for"}. ${checked} `
    + "For all rules, run bustrace verify." };
}
