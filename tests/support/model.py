"""The model computed a second time, from docs/model.md and docs/formats.md alone.

Nothing here shares a line with the programs, so that a mistake in them does not hide itself.
`scenario` is the resolved scenario of a run.json, read with decimals as fractions.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15

TRIAL_SEED, TICK, RATE, LINK, TOPOLOGY, PHASE = 0, 1, 2, 4, 5, 6

UNIT_NS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "min": 60 * 10**9, "h": 3600 * 10**9}


def mix(z):
    z &= MASK
    z ^= z >> 30
    z = z * 0xBF58476D1CE4E5B9 & MASK
    z ^= z >> 27
    z = z * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def word(seed, stream, a, b):
    return mix(mix(mix(seed + stream * GOLDEN) + a * GOLDEN) + b * GOLDEN)


def uniform(w, n):
    return ((w >> 32) * n) >> 32


def uniform_low(w, n):
    return ((w & 0xFFFFFFFF) * n) >> 32


def uniform64(w, n):
    return (w * n) >> 64


def trial_seed(seed, trial):
    return seed if trial == 1 else word(seed, TRIAL_SEED, trial, 0) >> 1


def nanoseconds(text):
    """A duration as scenarios spell it; a bare number counts as seconds."""
    if isinstance(text, (int, Fraction)):
        return int(text * 10**9)
    number, unit = re.fullmatch(r"(-?[0-9.]+)(ns|us|ms|s|min|h)", text).groups()
    value = Fraction(number) * UNIT_NS[unit]
    assert value.denominator == 1, text
    return int(value)


@dataclass
class VmModel:
    """What the rules say of one VM in one trial."""

    id: int
    name: str
    rate: Fraction | None  # ticks per second, multiplier included; None: unpaced
    phase_ns: int
    ring: list  # ids of its peers in ring order
    draw: int
    actions: dict  # drawn value -> target word
    drift_ppb: int
    offset_ns: int

    def due_ns(self, k):
        """Rule 1.3: when tick k is due."""
        return self.phase_ns + (k - 1) * 10**9 * self.rate.denominator // self.rate.numerator

    def due_before(self, time_ns):
        """Rule 1.3: how many ticks are due before a time."""
        if time_ns <= self.phase_ns:
            return 0
        return -((self.phase_ns - time_ns) * self.rate.numerator
                 // (10**9 * self.rate.denominator))

    def wall_us(self, start_unix_us, time_us):
        """Rule 4.4, to within the microseconds that the floors of both times lose."""
        time = time_us * 1000
        bent = time + time * self.drift_ppb // 10**9 + self.offset_ns
        return start_unix_us + bent // 1000


def ring_order(id, count, peers):
    """Rule 2.3."""
    return [j for j in [*range(id + 1, count + 1), *range(1, id)] if j in peers]


def random_peers(id, count, wanted, seed):
    """Rule 5.1, `random: k`."""
    peers, j = set(), 0
    while len(peers) < wanted:
        candidate = 1 + uniform(word(seed, TOPOLOGY, id, j), count)
        if candidate != id:
            peers.add(candidate)
        j += 1
    return peers


def regular_peers(kind, id, count):
    """Rule 5.1, the topologies that have a name."""
    everyone = set(range(1, count + 1)) - {id}
    if kind == "mesh":
        return everyone
    if kind == "ring":
        return {id % count + 1} - {id}
    if kind == "line":
        return everyone & {id - 1, id + 1}
    if kind == "star":
        return everyone if id == 1 else {1}
    raise ValueError(kind)


def names_of(scenario):
    vms = scenario["vms"]
    return vms.get("names") or [f"vm{i}" for i in range(1, vms["count"] + 1)]


def peers_of(scenario, id, seed):
    names = names_of(scenario)
    topology = scenario["network"]["topology"]
    if isinstance(topology, str):
        return regular_peers(topology, id, len(names))
    if "random" in topology:
        return random_peers(id, len(names), topology["random"], seed)
    return {names.index(to) + 1 for source, to in topology["edges"] if source == names[id - 1]}


def laid_over(common, over):
    """Overrides go over the common keys key by key; actions, rates and ends are replaced whole."""
    merged = dict(common)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        whole = key in ("actions", "clock_rate", "expect")
        merged[key] = laid_over(merged[key], value) if both and not whole else value
    return merged


def clock_rate(spec, multiplier, seed, id):
    """Rule 1.2: ticks per second, or None for unpaced."""
    rate = spec["clock_rate"]
    if rate == "unpaced":
        return None
    if isinstance(rate, dict):
        low, high = rate["min"], rate["max"]
        rate = low + uniform(word(seed, RATE, id, 0), high - low + 1)
    return Fraction(rate) * Fraction(multiplier)


def phase(scenario, rate, seed, id):
    """Rule 1.3."""
    if rate is None or scenario["ticks"]["phase"] == "aligned":
        return 0
    return uniform64(word(seed, PHASE, id, 0), 10**9 * rate.denominator // rate.numerator)


def vm_model(scenario, id, seed):
    names = names_of(scenario)
    common = scenario["vms"]
    name = names[id - 1]
    spec = laid_over(common, (common.get("overrides") or {}).get(name, {}))
    rate = clock_rate(spec, scenario["ticks"]["multiplier"], seed, id)
    physical = spec["physical_clock"]
    return VmModel(
        id=id, name=name, rate=rate, phase_ns=phase(scenario, rate, seed, id),
        ring=ring_order(id, len(names), peers_of(scenario, id, seed)),
        draw=spec["workload"]["draw"],
        actions={int(value): target for value, target in spec["workload"]["actions"].items()},
        drift_ppb=physical["drift_ppb"], offset_ns=nanoseconds(physical["offset"]))


def receivers(vm, names, seed, tick):
    """Rules 2.2, 2.3, 2.6: whom the draw sends to, in ring order; empty: an internal event."""
    w = word(seed, TICK, vm.id, tick)
    target = vm.actions.get(1 + uniform(w, vm.draw))
    if target is None or not vm.ring:
        return []
    if target == "next":
        return vm.ring[:1]
    if target == "after_next":
        return [vm.ring[1 % len(vm.ring)]]
    if target == "all":
        return list(vm.ring)
    if target == "random":
        return [vm.ring[uniform_low(w, len(vm.ring))]]
    named = names.index(target) + 1
    return [named] if named in vm.ring else []
