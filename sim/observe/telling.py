"""The order in which a year is told: in order of time, nobody before he is there, and a policy that goes on not anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.observe.history import History
from sim.observe.sentences import MEANS, clause, joined, leadership, sentence
from sim.observe.together import TOGETHER, because, each, month_name
from sim.world import codes

_REMEMBERED = 24
"""Months for which a change of means is remembered: the same again within them goes on, and is not told anew."""


def concerned(events: np.ndarray[Any, Any]) -> set[int]:
    """Return the identities of whom events befall."""
    return {*events["organisation"].tolist(), *events["other"].tolist()} - {-1}


def arises(event: np.void) -> int:
    """Return the identity of the organisation that an event brings forth, or -1."""
    if event["kind"] in (codes.FOUNDING, codes.BROKER_GROUP, codes.ENTERED):
        return int(event["organisation"])
    return int(event["other"]) if event["kind"] in (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE) else -1


def as_they_arise(log: np.ndarray[Any, Any], own: list[int], others: list[int]) -> tuple[list[int], list[int]]:
    """Move the events by which an organisation arises from the second paragraph to the first, if the first tells of it: nobody acts unborn.

    Args:
        log: The event log.
        own: Places in the log of the first paragraph's events.
        others: Those of the second's.
    """
    whom, new = concerned(log[own]), set[int]()
    left = list(others)
    # Whoever is new and told of there has his whole year there.
    while moved := [n for n in left if arises(log[n]) in whom or concerned(log[[n]]) & new]:
        own, left = sorted([*own, *moved]), [n for n in left if n not in moved]
        whom |= concerned(log[moved])
        new |= {arises(log[n]) for n in moved} - {-1}
    return own, left


@dataclass(frozen=True)
class Course:
    """What a leadership went on with in a year: the place in the log of its last step, who it was, and what in words."""

    place: int
    who: str
    words: str


class Telling:
    """What has been told so far, and what is still to come.

    Args:
        history: Which.
        one_by_one: Whether each event of the log is told one by one.
    """

    def __init__(self, history: History, one_by_one: np.ndarray[Any, Any]) -> None:
        self.history = history
        self._last_heard: dict[int, int] = {}
        for n in np.flatnonzero(one_by_one).tolist():
            self._last_heard |= dict.fromkeys(concerned(history.log[[n]]), n)
        self._chosen: dict[int, tuple[int, int]] = {}
        self._course: list[int] = []
        self._held = 0
        self.ends_with: set[int] = set()
        """Whom the last sentence was about."""

    def policy(self, changes: np.ndarray[Any, Any]) -> tuple[list[int], Course | None]:
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
        kinds = each([int(log[n]["detail"]) for n in course])
        same = sorted(kinds) == self._course and not turns
        self._course, self._held = sorted(kinds), self._held + 1 if same else 0
        who = leadership(self.history, log[course[-1]])
        if same:
            return turns, Course(course[-1], who, ("held to its course", "still held to its course")[(self._held + 1) % 2])
        still = [f"{MEANS[what].partition(' ')[0]} still {MEANS[what].partition(' ')[2]}" for what in kinds if what != codes.FALL_BACK]
        words = [f"went on to {joined(still)}"] if still else []
        words += ["fell back again"] if codes.FALL_BACK in kinds else []
        return turns, Course(course[-1], who, ", and ".join(words))

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
            for group in reversed(groups) if kind in TOGETHER else ():
                head = log[group[0]]
                if head["kind"] == kind and (not about or head[about] == log[n][about]) and not arisen & concerned(log[[n]]):
                    group.append(n)
                    break
                if head["month"] < t:
                    groups.append([n])
                    break
                arisen |= {arises(log[k]) for k in group} - {-1}
            else:
                groups.append([n])
        return groups

    def sentences(self, groups: list[list[int]], course: Course | None = None) -> list[str]:
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
                    lines[-1] = f"{lines[-1][:-1]}, and {f'in {month_name(history, t)} ' if t > last else ''}{course.words}."
                else:
                    lines.append(sentence(f"{course.who} {course.words}"))
                last, several = (max(t, last) if turned else last), True
                course = None
            if not group:
                break
            turned = turns
            self.ends_with = concerned(log[group])
            kind, t = int(log[group[0]]["kind"]), int(log[group[0]]["month"])
            if len(group) > 1:
                words = TOGETHER[kind](history, [log[n] for n in group])
                if t == last:
                    words = re.sub(f"^in {month_name(history, t)} ", f"in {month_name(history, t)}, too, " if several else "the same month ", words)
                if kind == codes.FOUNDING and all(self._last_heard[int(log[n]["organisation"])] > n for n in group):
                    words = words.replace(" arose: ", " arose of which more was to be heard: ", 1)
                lines.append(sentence(words))
                last, again, lengths, several = int(log[group[-1]]["month"]), 0, False, bool(t != log[group[-1]]["month"])
                continue
            again = again + 1 if t == last and not several else 0
            when = f"In {month_name(history, t)}"
            if t == last and several:
                when += ", too,"
            elif again:
                when = "The same month" if again % 2 else "Then, too,"
            elif last >= 0 and t == last + 1 and not lengths and not several and kind != codes.ALLIANCE_BROKEN:
                when = "A month later"
            # One length of time after another is hard to count: how long an office was empty, an alliance stood, or all this came later.
            lengths = when == "A month later" or kind == codes.SUCCESSION
            lines.append(sentence(f"{when} {clause(history, log[group[0]])}{because(log[group[0]])}"))
            last, several = t, False
        return lines
