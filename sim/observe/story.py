"""A history as prose: an opening, a paragraph or two for a year in which much happens and a line for one in which little does, and an end.

Nothing stands here that the log and the tables do not hold. Events of one kind that befall one organisation within a year share a sentence; what
drove each stands behind it in parentheses, as the log has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.observe.annals import Year, katibas_told, small_groups_told, years_of
from sim.observe.chronicle import struck, told
from sim.observe.history import History
from sim.observe.names import in_text
from sim.observe.sentences import MEANS, clause, community, counted, followed, joined, leaver, number, people, sentence, why
from sim.observe.weight import of_weight
from sim.scenario.schema import RecordEntry
from sim.scenario.timeline import in_force, month_index
from sim.world import codes

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
QUIET = 2
"""Sentences about events up to which a year is told in one paragraph."""


@dataclass(frozen=True)
class YearStory:
    """A year as prose.

    Attributes:
        year: The calendar year.
        prose: Paragraphs of what the model brought forth: what befell the followed lineage and whom the scenario names, then the others.
        given: What comes from outside, each with its months.
        record: What the sources say happened, each with its months and its source.
    """

    year: str
    prose: tuple[str, ...]
    given: tuple[str, ...]
    record: tuple[str, ...]


def years_in_prose(history: History) -> list[YearStory]:
    """Return a history year by year."""
    weight = of_weight(history)
    log = history.log
    one_by_one = told(history, weight)
    means = (log["kind"] == codes.MEANS_CHANGE) & (log["organisation"] == history.focus)
    near = np.isin(log["organisation"], list(weight.near)) | np.isin(log["other"], list(weight.near)) | (log["organisation"] < 0)
    e = history.tables["emir"][0]
    before = float(e["strength"][(e["alive"] == 1) & (history.tables["organisation"][0]["lineage"][e["organisation"]] == history.focus)].sum())
    found: list[YearStory] = []
    trend, again = "", 0
    for year in years_of(history, one_by_one):
        here = (log["month"] >= year.first) & (log["month"] <= year.last) & (one_by_one | means)
        own, others = (_sentences(history, log[here & which]) for which in (near, ~near))
        again = again + 1 if _trend(year, before) == trend else 0
        trend = _trend(year, before)
        its_end = [words for words in (_strength_told(history, year, before, again), katibas_told(year)) if words]
        small = [words for words in (small_groups_told(year),) if words]
        quiet = int(here.sum()) <= QUIET
        paragraphs = [[*own, *others, *its_end, *small]] if quiet else [[*own, *its_end], [*others, *small]]
        calendar = year.date[:4]
        given, record = tuple(_given(history, calendar)), tuple(_record(history, calendar))
        if any(paragraphs) or given or record:
            found.append(YearStory(calendar, tuple(" ".join(lines) for lines in paragraphs if lines), given, record))
        before = year.strength
    return found


def _sentences(history: History, events: np.ndarray[tuple[int], np.dtype[np.void]]) -> list[str]:
    """Return events as sentences in order of time, those of one kind about one organisation together."""
    groups: dict[tuple[int, ...], list[np.void]] = {}
    for n, event in enumerate(events):
        kind = int(event["kind"])
        alone = () if kind in _TOGETHER else (n,)
        about = () if kind == codes.FOUNDING else (int(event["actor"]),) if kind == codes.OFFER else (int(event["organisation"]),)
        groups.setdefault((kind, *about, *alone), []).append(event)
    lines: list[str] = []
    last, again, lengths = -1, 0, False
    for group in groups.values():
        t = int(group[0]["month"])
        if len(group) > 1:
            lines.append(sentence(_TOGETHER[int(group[0]["kind"])](history, group)))
            last = -1  # What comes later in the group leaves no month that "the same month" could mean.
            continue
        again = again + 1 if t == last else 0
        when = f"In {_month(history, t)}"
        if again:
            when = "The same month" if again % 2 else "Then, too,"
        elif last >= 0 and t == last + 1 and not lengths and int(group[0]["kind"]) != codes.ALLIANCE_BROKEN:
            when = "A month later"
        # One length of time after another is hard to count: how long an office was empty, an alliance stood, or all this came later.
        lengths = when == "A month later" or int(group[0]["kind"]) == codes.SUCCESSION
        lines.append(sentence(f"{when} {clause(history, group[0])}{_because(group[0])}"))
        last = t
    return lines


def _month(history: History, t: int) -> str:
    return MONTHS[int(history.date(t)[5:]) - 1]


def in_full(date: str) -> str:
    """Return ``June 2004`` for ``2004-06``."""
    return f"{MONTHS[int(date[5:]) - 1]} {date[:4]}"


def _because(event: np.void) -> str:
    found = why(event)
    return f" ({found})" if found else ""


def _leaders(history: History, events: Sequence[np.void]) -> str:
    organisation = history.names.told(int(events[0]["organisation"]), int(events[0]["month"]))
    lost = [
        f"{history.names.told(int(e['other']), int(e['month']))} in {_month(history, int(e['month']))} ({followed(history, e)}; {why(e)})"
        for e in events
    ]
    return f"{number(len(events))} leaders of {organisation} fell: {joined(lost)}"


def _offers(history: History, events: Sequence[np.void]) -> str:
    elite = history.names.told(int(events[0]["actor"]), int(events[0]["month"]))
    made: dict[str, list[str]] = {}
    for e in events:
        made.setdefault(history.names.told(int(e["organisation"]), int(e["month"])), []).append(_month(history, int(e["month"])))
    offers = [f"to {organisation} in {joined(_each(months))}" for organisation, months in made.items()]
    taken = _each(history.names.told(int(e["organisation"]), int(e["month"])) for e in events if e["detail"] == 1)
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
    return f"the elite of {elite} made offers {joined(offers)}; {answer} ({'; '.join(_each(why(e) for e in events))})"


def _means(history: History, events: Sequence[np.void]) -> str:
    organisation = history.names.told(int(events[0]["organisation"]), int(events[0]["month"]))
    by_month: dict[str, list[str]] = {}
    for e in events:
        by_month.setdefault(_month(history, int(e["month"])), []).append(f"{MEANS[int(e['detail'])]}{_because(e)}")
    if len(by_month) == 1:
        ((month, changes),) = by_month.items()
        return f"in {month} the leadership of {organisation} changed its means: {joined(changes)}"
    listed = "; ".join(f"in {month} {joined(changes)}" for month, changes in by_month.items())
    return f"the leadership of {organisation} changed its means: {listed}"


def _departures(history: History, events: Sequence[np.void]) -> str:
    organisation = history.names.told(int(events[0]["organisation"]), int(events[0]["month"]))
    left = [f"{leaver(history, e)} in {_month(history, int(e['month']))} ({people(e)} went home as well; {why(e)})" for e in events]
    return f"{number(len(events))} men left {organisation} and founded nothing: {joined(left)}"


def _surrenders(history: History, events: Sequence[np.void]) -> str:
    organisation = history.names.told(int(events[0]["organisation"]), int(events[0]["month"]))
    regions = history.scenario.regions
    took = [
        f"{history.names.told(int(e['actor']), int(e['month']))} in {_month(history, int(e['month']))} with {people(e)} "
        f"in {in_text(regions[int(e['region'])].name)}{_because(e)}"
        for e in events
    ]
    return f"{number(len(events))} emirs of {organisation} took the amnesty: {joined(took)}"


def _foundings(history: History, events: Sequence[np.void]) -> str:
    arose = []
    for e in events:
        t = int(e["month"])
        arose.append(f"{history.names.told(int(e['organisation']), t)} among {community(history, e)} ({_month(history, t)}, {people(e)} strong)")
    return f"{number(len(events))} local groups arose of which more was to be heard: {joined(arose)}"


_TOGETHER = {
    codes.SUCCESSION: _leaders, codes.OFFER: _offers, codes.MEANS_CHANGE: _means, codes.DEPARTURE: _departures, codes.SURRENDER: _surrenders,
    codes.FOUNDING: _foundings,
}  # fmt: skip
"""Kinds of event of which several share a sentence, and how."""


def _each(words: Iterator[str] | Sequence[str]) -> list[str]:
    """Return words in their order, none twice."""
    return list(dict.fromkeys(words))


def _strength_told(history: History, year: Year, before: float, again: int) -> str:
    """Tell how strong the lineage was at a year's end, as against the end of the year before.

    Args:
        history: Which.
        year: The year.
        before: Strength at the end of the year before.
        again: Years before it, without a break, of which the same is told: a reader is not told it in the same words.
    """
    trend = _trend(year, before)
    low = f", {number(year.dormant)} of them lying low" if year.dormant else ""
    if year.dormant == year.katibas:
        low = ", lying low" if year.katibas == 1 else ", all of them lying low"
    there = f"{counted(year.katibas, 'katiba')}{low}"
    when = "at the year's end" if year.date.endswith("-12") else f"in {in_full(year.date)}, where this history closes,"
    strong = f"{when} the lineage was {number(round(year.strength))} strong in {there}"
    had = f"{number(round(year.strength))} in {there}"
    words = {
        "gone": "",
        "ends": "at the year's end nothing of the lineage stood",
        "begins": strong,
        "falls": f"{strong}, down from {number(round(before))}",
        "rises": f"{strong}, up from {number(round(before))}",
        "keeps": (f"the lineage kept its strength, and had {had} {when.rstrip(',')}", f"its strength stayed where it was: {had}"),
        "grows": (f"the lineage grew a little, and had {had} {when.rstrip(',')}", f"it went on growing, to {had}"),
        "shrinks": (f"the lineage shrank a little, and had {had} {when.rstrip(',')}", f"it went on shrinking, to {had}"),
    }[trend]
    words = words if isinstance(words, str) else words[again % len(words)]
    return sentence(words) if words else ""


def _trend(year: Year, before: float) -> str:
    """Return how the lineage's strength went in a year."""
    if not year.katibas:
        return "ends" if before > 0.0 else "gone"
    if before <= 0.0:
        return "begins"
    change = year.strength / before
    if change < 0.75 or change > 1.33:
        return "falls" if change < 1.0 else "rises"
    return "keeps" if 0.95 < change < 1.05 else "grows" if change > 1.0 else "shrinks"


def _given(history: History, year: str) -> Iterator[str]:
    """What comes from outside in a year."""
    for entry in in_force(history.scenario):
        if entry.date[:4] != year:
            continue
        t = month_index(history.scenario, entry.date)
        last = min(t + entry.months, history.months) - 1
        when = _month(history, t) if entry.months <= 1 else _from_to(entry.date, history.date(last))
        label = entry.label or f"{entry.event} {entry.target}".strip()
        # A label that tells the month already need not be told it again.
        yield f"{label if when in label else f'{label} ({when})'}.{struck(history, entry)}"


def _record(history: History, year: str) -> Iterator[str]:
    """What the sources say happened, by the year in which it began."""
    for fact in sorted(history.scenario.record, key=lambda fact: (fact.date, fact.until or fact.date)):
        if fact.date[:4] == year:
            who = f"{fact.who}; " if fact.who and fact.who not in fact.what else ""
            yield f"{_when(fact)}: {fact.what.rstrip('.')} ({who}{fact.source})."


def _when(fact: RecordEntry) -> str:
    """Return the months of a fact; sources date many no closer than to a span."""
    return _from_to(fact.date, fact.until) if fact.until else MONTHS[int(fact.date[5:]) - 1]


def _from_to(first: str, last: str) -> str:
    """Return two months as a span; where both lie in the year that is told, the year need not be."""
    if first == last:
        return MONTHS[int(first[5:]) - 1]
    if first[:4] == last[:4]:
        return f"{MONTHS[int(first[5:]) - 1]} to {MONTHS[int(last[5:]) - 1]}"
    return f"{in_full(first)} to {in_full(last)}"
