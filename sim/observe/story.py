"""A history as prose: an opening, a paragraph or two for a year in which much happens and a line for one in which little does, and an end.

Nothing stands here that the log and the tables do not hold. Time does not run backwards within a paragraph (:mod:`sim.observe.telling`). Events of
one kind that befall one organisation share a sentence if nothing lies between (:mod:`sim.observe.together`); what drove each stands behind it in
parentheses, as the log has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.observe.annals import Year, katibas_told, small_groups_told, years_of
from sim.observe.chronicle import struck, told
from sim.observe.history import History
from sim.observe.sentences import MONTHS, counted, in_full, number, sentence
from sim.observe.telling import Telling, as_they_arise
from sim.observe.together import month_name
from sim.observe.weight import of_weight
from sim.scenario.schema import RecordEntry
from sim.scenario.timeline import in_force, month_index
from sim.world import codes

QUIET = 2
"""Sentences about events up to which a year is told in one paragraph."""
_LOST = {
    "lost_to_force": "by force", "lost_to_exit": "in splits and departures", "lost_to_amnesty": "under an amnesty", "lost_to_rivals": "to rivals",
    "lost_to_attrition": "by going home",
}  # fmt: skip
"""What an organisation's people were lost to, by its tallies."""


@dataclass(frozen=True)
class YearStory:
    """A year as prose.

    Attributes:
        year: The calendar year; where nothing is told of several, the first and the last: ``2005-2007``.
        prose: Paragraphs of what the model brought forth: what befell the followed lineage and whom the scenario names, then the others.
        given: What comes from outside, each with its months.
        record: What the sources say happened, each with its months and its source.
    """

    year: str
    prose: tuple[str, ...]
    given: tuple[str, ...]
    record: tuple[str, ...]


def years_in_prose(history: History) -> list[YearStory]:
    """Return a history year by year; years of which there is nothing to tell share a line."""
    weight = of_weight(history)
    log = history.log
    one_by_one = told(history, weight)
    means = (log["kind"] == codes.MEANS_CHANGE) & (log["organisation"] == history.focus)
    near = np.isin(log["organisation"], list(weight.near)) | np.isin(log["other"], list(weight.near)) | (log["organisation"] < 0)
    e, o = history.tables["emir"][0], history.tables["organisation"]
    before = float(e["strength"][(e["alive"] == 1) & (o[0]["lineage"][e["organisation"]] == history.focus)].sum())
    lineage = set(o[-1]["identity"][o[-1]["lineage"] == history.focus].tolist())
    telling = Telling(history, one_by_one)
    found: list[YearStory] = []
    quiet_since = ""
    trend, again = "", 0
    for year in years_of(history, one_by_one):
        here = (log["month"] >= year.first) & (log["month"] <= year.last)
        turns, course = telling.policy(np.flatnonzero(here & means))
        quiet = int((here & (one_by_one | means)).sum()) <= QUIET
        own = [*np.flatnonzero(here & one_by_one & (near | quiet)).tolist(), *turns]
        others = np.flatnonzero(here & one_by_one & ~(near | quiet)).tolist()
        own, others = as_they_arise(log, sorted(own), others)
        first = telling.sentences(telling.together(own), course)
        ends_with = telling.ends_with
        again = again + 1 if _trend(year, before) == trend else 0
        trend = _trend(year, before)
        strength = _strength_told(history, year, before, again)
        if strength and first and not lineage & ends_with:
            # After a sentence about somebody else a reader is told whose lineage it is.
            whose = f"the lineage of {history.names.told(history.focus, year.last)}"
            strength = sentence((strength[:1].lower() + strength[1:-1]).replace("the lineage", whose, 1))
        its_end = [words for words in (strength, katibas_told(year)) if words]
        second = [*telling.sentences(telling.together(others)), *(words for words in (small_groups_told(year),) if words)]
        paragraphs = [[*first, *its_end, *second]] if quiet else [[*first, *its_end], second]
        calendar = year.date[:4]
        given, record = tuple(_given(history, calendar)), tuple(_record(history, calendar))
        if any(paragraphs) or given or record:
            prose = tuple(" ".join(lines) for lines in paragraphs if lines) or (_nothing(history, year.first, year.last),)
            found.append(YearStory(calendar, prose, given, record))
            quiet_since = ""
        else:
            first_quiet = quiet_since or calendar
            if quiet_since:
                found.pop()
            span = calendar if first_quiet == calendar else f"{first_quiet}-{calendar}"
            since = max(0, month_index(history.scenario, f"{first_quiet}-01"))
            found.append(YearStory(span, (_nothing(history, since, year.last),), (), ()))
            quiet_since = first_quiet
        before = year.strength
    return found


def _nothing(history: History, first: int, last: int) -> str:
    """Return the sentence of a time in which nothing happened that is told; it says whether there was anybody left."""
    alive = history.tables["organisation"]["alive"][first : last + 2]
    return "No group stood any more." if not alive.any() else "Nothing of note happened among the groups."


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
    when = "at the year's end" if year.date.endswith("-12") else f"at the close, in {in_full(year.date)},"
    strong = f"{when} the lineage was {number(round(year.strength))} strong in {there}"
    had = f"{number(round(year.strength))} in {there}"
    words = {
        "gone": "",
        "ends": "at the year's end nothing of the lineage stood",
        "begins": strong,
        "falls": f"{strong}, down from {number(round(before))}{_losses(history, year) if trend == 'falls' else ''}",
        "rises": f"{strong}, up from {number(round(before))}",
        "keeps": (f"the lineage kept its strength, and had {had} {when.rstrip(',')}", f"the strength of the lineage stayed where it was: {had}"),
        "grows": (f"the lineage grew a little, and had {had} {when.rstrip(',')}", f"the lineage went on growing, to {had}"),
        "shrinks": (f"the lineage shrank a little, and had {had} {when.rstrip(',')}", f"the lineage went on shrinking, to {had}"),
    }[trend]
    words = words if isinstance(words, str) else words[again % len(words)]
    return sentence(words) if words else ""


def _losses(history: History, year: Year) -> str:
    """Return by what the lineage lost people in a year, with its shares, in parentheses: its organisations' tallies of losses have it.

    Who went over to a group of the same lineage is no loss to it.
    """
    o, log = history.tables["organisation"][year.first : year.last + 2], history.log
    own = (o["lineage"][-1] == history.focus) & (o["alive"][:-1] | o["alive"][1:]).astype(bool)
    sums = {what: float(np.where(own, np.maximum(history.losses(name, year.first, year.last), 0.0), 0.0).sum()) for name, what in _LOST.items()}
    inside = np.isin(log["kind"], (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE)) & (log["month"] >= year.first) & (log["month"] <= year.last)
    lineage = o["identity"][-1][o["lineage"][-1] == history.focus]
    stayed = float(log["amount"][inside & np.isin(log["organisation"], lineage) & np.isin(log["other"], lineage)].sum())
    sums[_LOST["lost_to_exit"]] = max(0.0, sums[_LOST["lost_to_exit"]] - stayed)
    total = sum(sums.values())
    shares = sorted(((n / total, what) for what, n in sums.items() if n >= 0.1 * total), reverse=True) if total >= 1.0 else []
    words = [f"{'all' if share > 0.995 else f'{share:.0%}'} {what}" for share, what in shares]
    return f" (lost: {', '.join(words)})" if words else ""


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
        when = month_name(history, t) if entry.months <= 1 else _from_to(entry.date, history.date(last))
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
