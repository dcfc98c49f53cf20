"""Measured figures, their targets, and the table of them."""

from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Target:
    """A bound that the median is held to."""

    bound: float
    is_least: bool

    @staticmethod
    def at_least(bound):
        return Target(bound, True)

    @staticmethod
    def at_most(bound):
        return Target(bound, False)

    def reached(self, value):
        return value >= self.bound if self.is_least else value <= self.bound

    def __str__(self):
        return f"{'>=' if self.is_least else '<='} {self.bound:g}"


@dataclass
class Figure:
    """One line of the table: a number measured once in each round."""

    section: str
    name: str
    unit: str
    target: Target | None = None
    samples: list = field(default_factory=list)

    @property
    def median(self):
        return median(self.samples)

    @property
    def reached(self):
        return None if self.target is None else self.target.reached(self.median)

    def as_json(self):
        return {"section": self.section, "name": self.name, "unit": self.unit,
                "samples": self.samples, "median": self.median,
                "target": str(self.target) if self.target else None, "reached": self.reached}


@dataclass(frozen=True)
class Remark:
    """One line of the table that is no number: what was not measured and why, or what was done."""

    section: str
    name: str
    text: str

    def as_json(self):
        return {"section": self.section, "name": self.name, "remark": self.text}


class Figures:
    """All figures of a session, in the order in which they were first measured."""

    def __init__(self):
        self._figures = {}

    def add(self, section, name, unit, value, target=None):
        """Adds one sample of a figure."""
        key = (section, name, unit)
        self._figures.setdefault(key, Figure(section, name, unit, target)).samples.append(value)

    def remark(self, section, name, text):
        """Adds a remark, once however many rounds say it; the last one counts."""
        self._figures[(section, name, None)] = Remark(section, name, text)

    def all(self):
        return list(self._figures.values())


def spell(number):
    """Four digits or so: 5.21M, 432k, 71.3, 0.412."""
    for size, suffix in ((1e6, "M"), (1e4, "k")):
        if abs(number) >= size:
            scaled = number / (1e6 if suffix == "M" else 1e3)
            return f"{scaled:.2f}{suffix}" if scaled < 100 else f"{scaled:.0f}{suffix}"
    if float(number).is_integer():
        return f"{number:.0f}"
    return f"{number:.3f}" if abs(number) < 10 else f"{number:.1f}"


def cells_of(figure):
    """The columns of a figure, or the name and the text of a remark."""
    if isinstance(figure, Remark):
        return figure.name, figure.text
    return (figure.name, figure.unit, spell(figure.median), spell(min(figure.samples)),
            spell(max(figure.samples)), str(figure.target or ""),
            {None: "", True: "yes", False: "NO"}[figure.reached])


def table(figures):
    """The lines of the table."""
    header = ("", "unit", "median", "min", "max", "target", "reached")
    rows = [(None, header), *((figure.section, cells_of(figure)) for figure in figures)]
    # A remark's text runs on across the columns of numbers.
    widths = [max(len(cells[i]) for _, cells in rows if i == 0 or len(cells) == len(header))
              for i in range(len(header))]
    lines = []
    section = None
    for title, row in rows:
        if title != section:
            section = title
            lines += ["", title]
        cells = [cell.rjust(width) if 2 <= i <= 4 else cell.ljust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines
