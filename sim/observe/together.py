"""Several events of one kind as one sentence: whom they befell, each with its month and what drove it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np

from sim.observe.history import History
from sim.observe.names import in_text
from sim.observe.sentences import MEANS, MONTHS, community, followed, joined, leadership, leaver, number, people, why
from sim.world import codes

_T = TypeVar("_T")
_LISTED = 4
"""Offers that are told one after the other; of more, how many there were, to whom, and from when to when."""


def month_name(history: History, t: int) -> str:
    """Return the calendar month of a month counted from the scenario's start."""
    return MONTHS[int(history.date(t)[5:]) - 1]


def because(event: np.void) -> str:
    """Return what drove an event, in parentheses, or an empty text."""
    found = why(event)
    return f" ({found})" if found else ""


def _leaders(history: History, events: Sequence[np.void]) -> str:
    organisation = history.names.told(int(events[0]["organisation"]), int(events[0]["month"]))
    lost = [
        f"{history.names.told(int(e['other']), int(e['month']))} in {month_name(history, int(e['month']))} ({followed(history, e)}; {why(e)})"
        for e in events
    ]
    return f"{number(len(events))} leaders of {organisation} fell: {joined(lost)}"


def _offers(history: History, events: Sequence[np.void]) -> str:
    elite = history.names.told(int(events[0]["actor"]), int(events[0]["month"]))
    made: list[tuple[list[str], list[str]]] = []
    for e in events:
        to, month = history.names.told(int(e["organisation"]), int(e["month"])), month_name(history, int(e["month"]))
        if made and made[-1][0] == [to]:
            made[-1][1].append(month)
        elif made and made[-1][1] == [month]:
            made[-1][0].append(to)
        else:
            made.append(([to], [month]))
    offers = f"offers {joined([f'to {joined(each(whom))} in {joined(each(months))}' for whom, months in made])}"
    if len(made) > _LISTED:
        whom = joined(each([to for some, _ in made for to in some]))
        offers = f"{number(len(events))} offers from {made[0][1][0]} to {made[-1][1][-1]} to {whom}"
    taken = each(history.names.told(int(e["organisation"]), int(e["month"])) for e in events if e["detail"] == 1)
    refused = len(events) - sum(int(e["detail"] == 1) for e in events)
    answer = "; ".join(
        words
        for words in (
            f"{joined(taken)}{' each' if len(taken) > 1 else ''} took one" if taken else "",
            ("the others were refused" if refused > 1 else "the other was refused") if taken and refused else "",
            ("both were refused" if refused == 2 else "all were refused") if not taken else "",
        )
        if words
    )
    return f"the elite of {elite} made {offers}; {answer} ({'; '.join(each(why(e) for e in events))})"


def _means(history: History, events: Sequence[np.void]) -> str:
    by_month: dict[str, list[str]] = {}
    for e in events:
        by_month.setdefault(month_name(history, int(e["month"])), []).append(f"{MEANS[int(e['detail'])]}{because(e)}")
    (first, changes), *later = by_month.items()
    words = [f"in {first} {leadership(history, events[0])} turned to {joined(changes)}", *(f"in {month} to {joined(some)}" for month, some in later)]
    return "; ".join(words)


def _departures(history: History, events: Sequence[np.void]) -> str:
    organisation = history.names.told(int(events[0]["organisation"]), int(events[0]["month"]))
    left = [f"{leaver(history, e)} in {month_name(history, int(e['month']))} ({people(e)} went home as well; {why(e)})" for e in events]
    return f"{number(len(events))} men left {organisation} and founded nothing: {joined(left)}"


def _surrenders(history: History, events: Sequence[np.void]) -> str:
    organisation = history.names.told(int(events[0]["organisation"]), int(events[0]["month"]))
    regions = history.scenario.regions
    took = [
        f"{history.names.told(int(e['actor']), int(e['month']))} in {month_name(history, int(e['month']))} with {people(e)} "
        f"in {in_text(regions[int(e['region'])].name)}{because(e)}"
        for e in events
    ]
    return f"{number(len(events))} emirs of {organisation} took the amnesty: {joined(took)}"


def _foundings(history: History, events: Sequence[np.void]) -> str:
    arose = []
    for e in events:
        t = int(e["month"])
        arose.append(f"{history.names.told(int(e['organisation']), t)} among {community(history, e)} ({month_name(history, t)}, {people(e)} strong)")
    return f"{number(len(events))} local groups arose: {joined(arose)}"


def _brands(history: History, events: Sequence[np.void]) -> str:
    took = []
    for e in events:
        t = int(e["month"])
        took.append(f"{history.names.told(int(e['organisation']), t)} ({month_name(history, t)}, {people(e)} strong; {why(e)})")
    return f"{number(len(events))} groups joined the global brand: {joined(took)}"


TOGETHER = {
    codes.SUCCESSION: _leaders, codes.OFFER: _offers, codes.MEANS_CHANGE: _means, codes.DEPARTURE: _departures, codes.SURRENDER: _surrenders,
    codes.FOUNDING: _foundings, codes.BRAND_CHANGE: _brands,
}  # fmt: skip
"""Kinds of event of which several share a sentence, and how."""


def each(things: Iterable[_T]) -> list[_T]:
    """Return things in their order, none twice."""
    return list(dict.fromkeys(things))
