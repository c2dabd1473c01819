"""What became of each fault, and the table that is printed of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SURVIVED, REFUSED, WRONG, CRASHED = "survived", "refused", "WRONG", "CRASHED"
"""Came to the same bytes as if nothing had happened; said in words what is wrong; gave other numbers; ended in what nobody meant to say."""
MOST_EXAMPLES = 5


class WrongError(AssertionError):
    """Something other than the truth was given as a result."""


@dataclass
class Tally:
    """What became of faults, by kind.

    Attributes:
        counts: How many ended in what, by kind of fault.
        seconds: How long each kind took.
        examples: What went wrong or crashed, in words; the first few.
        said: How things were refused, in words; one example a kind.
    """

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, what: str, words: str = "") -> None:
        """Count a fault."""
        self.counts.setdefault(kind, Counter())[what] += 1
        if what == REFUSED and words:
            self.said.setdefault(kind, words)
        if what in (WRONG, CRASHED) and len(self.examples) < MOST_EXAMPLES:
            self.examples.append(f"{kind}: {what}: {words}")

    def attempt(self, kind: str, work: Callable[[], None], refusals: tuple[type[BaseException], ...], detail: str) -> None:
        """Do work that a fault was done to, and count how it ends: as if nothing had happened, in a refusal, or otherwise."""
        with self.timed(kind):
            try:
                work()
            except WrongError as error:
                self.add(kind, WRONG, f"{detail}: {error}")
            except refusals as error:
                self.add(kind, REFUSED, str(error))
            except Exception as error:
                self.add(kind, CRASHED, f"{detail}: {type(error).__name__}: {error}")
            else:
                self.add(kind, SURVIVED)

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """Count the time that a fault takes."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[kind] += time.perf_counter() - began

    @property
    def bad(self) -> int:
        """How many gave other numbers or crashed."""
        return sum(count[WRONG] + count[CRASHED] for count in self.counts.values())

    def table(self) -> str:
        """Return the table: a row a kind of fault."""
        width = max(map(len, self.counts))
        lines = [f"{'fault':<{width}}  {'tried':>7}  {SURVIVED:>8}  {REFUSED:>7}  {WRONG:>5}  {CRASHED:>7}  {'seconds':>7}"]
        total: Counter[str] = Counter()
        for kind, count in self.counts.items():
            total += count
            lines.append(self._line(kind, width, count, self.seconds[kind]))
        return "\n".join([*lines, self._line("all", width, total, sum(self.seconds.values())), *self.examples])

    @staticmethod
    def _line(kind: str, width: int, count: Counter[str], seconds: float) -> str:
        tried = sum(count.values())
        return (
            f"{kind:<{width}}  {tried:>7,}  {count[SURVIVED]:>8,}  {count[REFUSED]:>7,}  {count[WRONG]:>5,}  {count[CRASHED]:>7,}  {seconds:>7,.0f}"
        )
