"""What a chronicle counts by the year instead of telling it one by one: the followed lineage's katibas, and the many small local groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.observe.history import History
from sim.observe.sentences import counted, joined, number
from sim.world import codes

_SMALL = (
    (codes.RELOCATION, "moved", "moved"),
    (codes.DORMANCY, "lay low", "lay low"),
    (codes.RE_EMERGENCE, "came back into the open", "came back into the open"),
    (codes.NEW_KATIBA, "was founded", "were founded"),
    (codes.KATIBA_LOST, "folded", "folded"),
    (codes.EMIR_SUCCESSION, "lost its emir", "lost their emirs"),
)
"""Small events of a katiba, as of one and of several."""


@dataclass(frozen=True)
class Year:
    """A year of a history, or what the run has of it.

    Attributes:
        date: Its last month, ``YYYY-MM``.
        first: Its first month, counted from the scenario's start.
        last: Its last month.
        strength: Of the followed lineage at its end, in fighter-equivalents.
        katibas: Katibas of the lineage at its end.
        dormant: Those of them that lie low.
        small: Small events of the lineage's katibas, by kind.
        arose: Small local groups that arose in it.
        brief: Those of them that were gone before its end.
        ended: Older small groups that ended in it.
    """

    date: str
    first: int
    last: int
    strength: float
    katibas: int
    dormant: int
    small: Counter[int]
    arose: int
    brief: int
    ended: int


def years_of(history: History, events: np.ndarray[Any, Any]) -> Iterator[Year]:
    """Yield the years of a history.

    Args:
        history: Which.
        events: Whether each event of the log is told one by one.
    """
    organisation, emir, log = history.tables["organisation"], history.tables["emir"], history.log
    own = np.isin(log["organisation"], organisation["identity"][-1][organisation["lineage"][-1] == history.focus])
    for last in [t for t in range(history.months) if history.date(t).endswith("-12") or t == history.months - 1]:
        first = max(0, last - int(history.date(last)[5:]) + 1)
        year = (log["month"] >= first) & (log["month"] <= last)
        here = (emir[last + 1]["alive"] == 1) & (organisation[last + 1]["lineage"][emir[last + 1]["organisation"]] == history.focus)
        arose, ended = (log["organisation"][year & ~events & (log["kind"] == kind)] for kind in (codes.FOUNDING, codes.ENDING))
        brief = int(np.isin(arose, ended).sum())
        yield Year(
            history.date(last),
            first,
            last,
            float(emir[last + 1]["strength"][here].sum()),
            int(here.sum()),
            int(emir[last + 1]["dormant"][here].sum()),
            Counter(log["kind"][own & year].tolist()),
            len(arose),
            brief,
            len(ended) - brief,
        )


def katibas_told(year: Year) -> str:
    """Return the small events of the lineage's katibas as a sentence, or an empty text."""
    found = [(year.small[kind], one, many) for kind, one, many in _SMALL if year.small[kind]]
    if not found:
        return ""
    words = [f"{number(n)} {one if n == 1 else many}" for n, one, many in found]
    n, one, many = found[0]
    words[0] = f"{counted(n, 'katiba')} {one if n == 1 else many}"
    return f"{joined(words)}.".capitalize()


def small_groups_told(year: Year) -> str:
    """Return how many small local groups came and went as a sentence, or an empty text."""
    gone = f"{counted(year.ended, 'older one') if year.arose else counted(year.ended, 'small local group')} ended" if year.ended else ""
    if not year.arose:
        return f"{gone}.".capitalize() if gone else ""
    words = f"{counted(year.arose, 'small local group')} arose"
    if year.brief == year.arose:
        words += f" and {'was' if year.arose == 1 else 'were'} gone within the year"
    elif year.brief:
        words += f", {number(year.brief)} of them gone within the year"
    return f"{words}{(', and ' if year.brief else ' and ') + gone if gone else ''}.".capitalize()
