"""A history as prose: an opening, a paragraph or two for a year in which much happens and a line for one in which little does, and an end.

Nothing stands here that the log and the tables do not hold. Time does not run backwards within a paragraph, and nobody is told
of before he is there. Events of one kind that befall one organisation share a sentence if nothing lies between; what drove each stands behind it in
parentheses, as the log has it. A policy that goes on is not told anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from sim.observe.annals import Year, katibas_told, small_groups_told, years_of
from sim.observe.chronicle import struck, told
from sim.observe.history import History
from sim.observe.names import in_text
from sim.observe.sentences import (
    MEANS,
    MONTHS,
    clause,
    community,
    counted,
    followed,
    in_full,
    joined,
    leadership,
    leaver,
    number,
    people,
    sentence,
    why,
)
from sim.observe.weight import of_weight
from sim.scenario.schema import RecordEntry
from sim.scenario.timeline import in_force, month_index
from sim.world import codes
from sim.world.build import parameters

_T = TypeVar("_T")

QUIET = 2
"""Sentences about events up to which a year is told in one paragraph."""
_LISTED = 4
"""Offers that are told one after the other; of more, how many there were, to whom, and from when to when."""
_REMEMBERED = 24
"""Months for which a change of means is remembered: the same again within them goes on, and is not told anew."""
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
    telling = _Telling(history, one_by_one)
    found: list[YearStory] = []
    quiet_since = ""
    trend, again = "", 0
    for year in years_of(history, one_by_one):
        here = (log["month"] >= year.first) & (log["month"] <= year.last)
        turns, course = telling.policy(np.flatnonzero(here & means))
        quiet = int((here & (one_by_one | means)).sum()) <= QUIET
        own = [*np.flatnonzero(here & one_by_one & (near | quiet)).tolist(), *turns]
        others = np.flatnonzero(here & one_by_one & ~(near | quiet)).tolist()
        own, others = _as_they_arise(log, sorted(own), others)
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


def _concerned(events: np.ndarray[Any, Any]) -> set[int]:
    """Return the identities of whom events befall."""
    return {*events["organisation"].tolist(), *events["other"].tolist()} - {-1}


def _arises(event: np.void) -> int:
    """Return the identity of the organisation that an event brings forth, or -1."""
    if event["kind"] in (codes.FOUNDING, codes.BROKER_GROUP, codes.ENTERED):
        return int(event["organisation"])
    return int(event["other"]) if event["kind"] in (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE) else -1


def _as_they_arise(log: np.ndarray[Any, Any], own: list[int], others: list[int]) -> tuple[list[int], list[int]]:
    """Move the events by which an organisation arises from the second paragraph to the first, if the first tells of it: nobody acts unborn.

    Args:
        log: The event log.
        own: Places in the log of the first paragraph's events.
        others: Those of the second's.
    """
    concerned, new = _concerned(log[own]), set[int]()
    left = list(others)
    # Whoever is new and told of there has his whole year there.
    while moved := [n for n in left if _arises(log[n]) in concerned or _concerned(log[[n]]) & new]:
        own, left = sorted([*own, *moved]), [n for n in left if n not in moved]
        concerned |= _concerned(log[moved])
        new |= {_arises(log[n]) for n in moved} - {-1}
    return own, left


@dataclass(frozen=True)
class _Course:
    """What a leadership went on with in a year: the place in the log of its last step, who it was, and what in words."""

    place: int
    who: str
    words: str


class _Telling:
    """What has been told so far, and what is still to come.

    Args:
        history: Which.
        one_by_one: Whether each event of the log is told one by one.
    """

    def __init__(self, history: History, one_by_one: np.ndarray[Any, Any]) -> None:
        self.history = history
        self._last_heard: dict[int, int] = {}
        for n in np.flatnonzero(one_by_one).tolist():
            self._last_heard |= dict.fromkeys(_concerned(history.log[[n]]), n)
        self._chosen: dict[int, tuple[int, int]] = {}
        self._course: list[int] = []
        self._held = 0
        self.ends_with: set[int] = set()
        """Whom the last sentence was about."""

    def policy(self, changes: np.ndarray[Any, Any]) -> tuple[list[int], _Course | None]:
        """Return a year's changes of means: those that turn, to be told with their months, and those that go on as before, until something turns.

        Args:
            changes: Places in the log, in order of time.
        """
        log = self.history.log
        turns: list[int] = []
        course: list[int] = []
        for n in changes.tolist():
            what, t = int(log[n]["detail"]), int(log[n]["month"])
            chosen, since = self._chosen.get(what // 2, (-1, -_REMEMBERED))
            (course if chosen == what and t - since < _REMEMBERED else turns).append(n)
            self._chosen[what // 2] = (what, t)
        # What went on for a while and then turned is told by its turn.
        turned = {int(log[n]["detail"]) // 2: n for n in turns}
        course = [n for n in course if turned.get(int(log[n]["detail"]) // 2, -1) < n]
        if not course:
            self._course, self._held = [], 0
            return turns, None
        kinds = _each([int(log[n]["detail"]) for n in course])
        same = sorted(kinds) == self._course and not turns
        self._course, self._held = sorted(kinds), self._held + 1 if same else 0
        who = leadership(self.history, log[course[-1]])
        if same:
            return turns, _Course(course[-1], who, ("held to that course", "still held to its course")[(self._held + 1) % 2])
        still = [f"{MEANS[what].partition(' ')[0]} still {MEANS[what].partition(' ')[2]}" for what in kinds if what != codes.FALL_BACK]
        words = [f"went on to {joined(still)}"] if still else []
        words += ["fell back again"] if codes.FALL_BACK in kinds else []
        return turns, _Course(course[-1], who, ", and ".join(words))

    def together(self, events: list[int]) -> list[list[int]]:
        """Return events in groups that share a sentence, in order of time: those of one kind about one organisation, unless others lie between.

        Args:
            events: Places in the log, in its order.
        """
        log = self.history.log
        groups: list[list[int]] = []
        for n in events:
            kind, t = int(log[n]["kind"]), int(log[n]["month"])
            about = "" if kind in (codes.FOUNDING, codes.BRAND_CHANGE) else "actor" if kind == codes.OFFER else "organisation"
            arisen: set[int] = set()
            for group in reversed(groups) if kind in _TOGETHER else ():
                head = log[group[0]]
                if head["kind"] == kind and (not about or head[about] == log[n][about]) and not arisen & _concerned(log[[n]]):
                    group.append(n)
                    break
                if head["month"] < t:
                    groups.append([n])
                    break
                arisen |= {_arises(log[k]) for k in group} - {-1}
            else:
                groups.append([n])
        return groups

    def sentences(self, groups: list[list[int]], course: _Course | None = None) -> list[str]:
        """Return groups of events as sentences, and among them, in its time, what a leadership went on with."""
        history, log = self.history, self.history.log
        lines: list[str] = []
        last, again, lengths, several = -1, 0, False, False
        self.ends_with = set()
        turned = False
        for group in [*groups, []]:
            turns = bool(group) and log[group[0]]["kind"] == codes.MEANS_CHANGE
            # What goes on shares the sentence of a turn that stands beside it.
            if course and not (turns and not turned) and (not group or group[0] > course.place):
                self.ends_with = {int(log[course.place]["organisation"])}
                t = int(log[course.place]["month"])
                if turned:
                    lines[-1] = f"{lines[-1][:-1]}, and {f'in {_month(history, t)} ' if t > last else ''}{course.words}."
                else:
                    lines.append(sentence(f"{course.who} {course.words}"))
                last, several = (max(t, last), True) if turned else (-1, False)
                course = None
            if not group:
                break
            turned = turns
            self.ends_with = _concerned(log[group])
            kind, t = int(log[group[0]]["kind"]), int(log[group[0]]["month"])
            if len(group) > 1:
                words = _TOGETHER[kind](history, [log[n] for n in group])
                if t == last:
                    words = re.sub(f"^in {_month(history, t)} ", f"in {_month(history, t)}, too, " if several else "the same month ", words)
                if kind == codes.FOUNDING and all(self._last_heard[int(log[n]["organisation"])] > n for n in group):
                    words = words.replace(" arose: ", " arose of which more was to be heard: ", 1)
                lines.append(sentence(words))
                last, again, lengths, several = int(log[group[-1]]["month"]), 0, False, bool(t != log[group[-1]]["month"])
                continue
            again = again + 1 if t == last and not several else 0
            when = f"In {_month(history, t)}"
            if t == last and several:
                when += ", too,"
            elif again:
                when = "The same month" if again % 2 else "Then, too,"
            elif last >= 0 and t == last + 1 and not lengths and not several and kind != codes.ALLIANCE_BROKEN:
                when = "A month later"
            # One length of time after another is hard to count: how long an office was empty, an alliance stood, or all this came later.
            lengths = when == "A month later" or kind == codes.SUCCESSION
            lines.append(sentence(f"{when} {clause(history, log[group[0]])}{_because(log[group[0]])}"))
            last, several = t, False
        return lines


def _month(history: History, t: int) -> str:
    return MONTHS[int(history.date(t)[5:]) - 1]


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
    made: list[tuple[list[str], list[str]]] = []
    for e in events:
        to, month = history.names.told(int(e["organisation"]), int(e["month"])), _month(history, int(e["month"]))
        if made and made[-1][0] == [to]:
            made[-1][1].append(month)
        elif made and made[-1][1] == [month]:
            made[-1][0].append(to)
        else:
            made.append(([to], [month]))
    offers = f"offers {joined([f'to {joined(_each(whom))} in {joined(_each(months))}' for whom, months in made])}"
    if len(made) > _LISTED:
        whom = joined(_each([to for some, _ in made for to in some]))
        offers = f"{number(len(events))} offers from {made[0][1][0]} to {made[-1][1][-1]} to {whom}"
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
    return f"the elite of {elite} made {offers}; {answer} ({'; '.join(_each(why(e) for e in events))})"


def _means(history: History, events: Sequence[np.void]) -> str:
    by_month: dict[str, list[str]] = {}
    for e in events:
        by_month.setdefault(_month(history, int(e["month"])), []).append(f"{MEANS[int(e['detail'])]}{_because(e)}")
    (first, changes), *later = by_month.items()
    words = [f"in {first} {leadership(history, events[0])} turned to {joined(changes)}", *(f"in {month} to {joined(some)}" for month, some in later)]
    return "; ".join(words)


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
    return f"{number(len(events))} local groups arose: {joined(arose)}"


def _brands(history: History, events: Sequence[np.void]) -> str:
    took = []
    for e in events:
        t = int(e["month"])
        took.append(f"{history.names.told(int(e['organisation']), t)} ({_month(history, t)}, {people(e)} strong; {why(e)})")
    return f"{number(len(events))} groups joined the global brand: {joined(took)}"


_TOGETHER = {
    codes.SUCCESSION: _leaders, codes.OFFER: _offers, codes.MEANS_CHANGE: _means, codes.DEPARTURE: _departures, codes.SURRENDER: _surrenders,
    codes.FOUNDING: _foundings, codes.BRAND_CHANGE: _brands,
}  # fmt: skip
"""Kinds of event of which several share a sentence, and how."""


def _each(things: Iterable[_T]) -> list[_T]:
    """Return things in their order, none twice."""
    return list(dict.fromkeys(things))


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
        "falls": f"{strong}, down from {number(round(before))}{_losses(history, year)}",
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
    keep = 1.0 - float(parameters(history.scenario)["loss_memory"][0])
    own = (o["lineage"][-1] == history.focus) & (o["alive"][:-1] | o["alive"][1:]).astype(bool)
    sums = {what: float(np.where(own, np.maximum(o[name][1:] - keep * o[name][:-1], 0.0), 0.0).sum()) for name, what in _LOST.items()}
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
