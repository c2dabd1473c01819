"""What the page can ask, by name, and who answers: questions come as plain data from a browser, so everything in them is checked here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.classroom import allotment, frontier, info, opening, pairs, story, twin
from sim.classroom.lesson import FEWEST, Lesson, as_data, outcome_of
from sim.classroom.playback import playback
from sim.classroom.worlds import Wanted, always, draft
from sim.observe.history import run
from sim.scenario.errors import ScenarioError, listed
from sim.scenario.inheritance import shipped
from sim.scenario.numbers import between
from sim.scenario.timeline import month_count
from sim.study.experiment import LARGEST

CAVEAT = (
    "A model of ideas. Where real names stand, what they do here is invented. It predicts no group and recommends no policy; "
    "most of its numbers are assumptions."
)
"""The permanent line: what the model is, and is not."""

LONGEST_SHIFT = 120
MOST_TEXT = 100_000


class BadQuestion(ValueError):
    """A question that cannot be answered; the message says why and what is allowed."""


class Book:
    """All that a page can be answered.

    Args:
        lessons: The lessons it shows.
        scenario: A scenario of the instructor's own (a path) to show beside the shipped ones, or a shipped name to begin with.

    Raises:
        ScenarioError: If the scenario is not right.
    """

    def __init__(self, lessons: Sequence[Lesson], scenario: str | None = None) -> None:
        self.lessons = {lesson.spec.name: lesson for lesson in lessons}
        self.scenarios = dict.fromkeys(shipped(), "")
        self.first = "aqim"
        if scenario is not None:
            loaded = draft(scenario).scenario()
            self.first = scenario if scenario in self.scenarios else loaded.name
            if scenario not in self.scenarios:
                # Shown by its name; a file of the same name as a shipped scenario takes its place on the page.
                self.scenarios[loaded.name] = str(Path(scenario))
        self._run: dict[tuple[str, int], dict[str, Any]] = {}
        self._answers: dict[str, Callable[[Mapping[str, Any], Wanted], Any]] = {
            "contents": self._contents,
            "frontier": self._frontier,
            "history": self._history,
            "what-if": self._what_if,
            "opening": self._opening,
            "pairs": self._pairs,
            "rule": self._rule,
            "weights": self._weights,
            "policy": self._policy,
            "policy-file": self._policy_file,
            "policy-back": self._policy_back,
            "lesson": self._lesson,
        }

    @property
    def questions(self) -> tuple[str, ...]:
        """What can be asked."""
        return tuple(self._answers)

    def answer(self, name: str, question: Mapping[str, Any], wanted: Wanted = always) -> Any:
        """Return the answer to a question, as plain data.

        Args:
            name: What is asked.
            question: Its particulars.
            wanted: Asked now and then whether somebody still waits.

        Raises:
            BadQuestion: If there is no such question, or a particular is missing or not admissible.
            Stale: If the answer is not wanted any more.
        """
        if name not in self.questions:
            raise BadQuestion(f"there is no question {_told(name)}; questions are {', '.join(self.questions)}")
        if not isinstance(question, Mapping):
            raise BadQuestion("a question is a mapping")
        try:
            return self._answers[name](question, wanted)
        except BadQuestion:
            raise
        except ValueError as error:
            raise BadQuestion(str(error)) from None

    def _contents(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        scenarios = []
        for name in self.scenarios:
            loaded = draft(self._source(name)).scenario()
            scenarios.append(
                {
                    "name": name, "title": loaded.title or name, "start": loaded.start, "end": loaded.end,
                    "months": month_count(loaded), "real": bool(loaded.record), "focus": loaded.focus, "events": twin.events(self._source(name)),
                }
            )  # fmt: skip
        return {
            "caveat": CAVEAT,
            "scenarios": scenarios,
            "first": self.first,
            "story": story.story(),
            "info": info.contents(),
            "sliders": frontier.SLIDERS,
            "levels": list(frontier.LEVELS),
            "frontierParts": len(frontier.PARTS),
            "policies": allotment.POLICIES,
            "parts": allotment.PARTS,
            "lessons": [as_data(lesson) for lesson in self.lessons.values()],
        }

    def _source(self, name: str) -> str:
        return self.scenarios[name] or name

    def _scenario(self, question: Mapping[str, Any]) -> str:
        name = question.get("scenario", self.first)
        if not isinstance(name, str) or name not in self.scenarios:
            raise BadQuestion(f"there is no scenario {_told(name)}; scenarios are {listed(self.scenarios)}")
        return self._source(name)

    def _frontier(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        settings = {name: number(question, name, s["low"], s["high"], s["default"]) for name, s in frontier.SLIDERS.items()}
        last = len(frontier.PARTS) - 1
        return frontier.frontier(settings, whole(question, "part", 0, last, last), wanted)

    def _history(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        scenario = draft(self._scenario(question)).scenario()
        return playback(run(scenario, whole(question, "seed", 0, LARGEST, 1), whole(question, "replicate", 0, LARGEST, 0)))

    def _opening(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        return opening.opening(self._scenario(question))

    def _rule(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, str]:
        return {"text": info.rule_text(words(question, "name", 60))}

    def _weights(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        return pairs.weights(self._scenario(question))

    def _pairs(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        return pairs.pairs(self._scenario(question), whole(question, "event", 0, 10_000, 0), _shift(question), wanted)

    def _what_if(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        scenario = self._scenario(question)
        event = whole(question, "event", 0, 10_000, 0)
        return twin.twin(scenario, event, _shift(question), whole(question, "seed", 0, LARGEST, 1), whole(question, "replicate", 0, LARGEST, 0))

    def _parts(self, question: Mapping[str, Any]) -> dict[str, int]:
        given = question.get("parts", {})
        if not isinstance(given, Mapping):
            raise BadQuestion("parts are a mapping of policies to whole numbers")
        for name in given:
            if name not in allotment.POLICIES:
                raise BadQuestion(f"there is no policy {str(name)[:60]!r}; policies are {', '.join(allotment.POLICIES)}")
        return {name: whole(given, name, 0, allotment.PARTS, 0) for name in allotment.POLICIES}

    def _policy(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        found = allotment.allotment(self._scenario(question), self._parts(question))
        return {**found, "scenario": question.get("scenario", self.first)}

    def _policy_file(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, str]:
        name, text = allotment.scenario_file(self._scenario(question), words(question, "group", 40), self._parts(question))
        return {"name": name, "text": text}

    def _policy_back(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        try:
            return allotment.read_back(words(question, "text", MOST_TEXT), words(question, "file", 200) or "file")
        except ScenarioError as error:
            # A file with a mistake in it is an answer to whoever asks what is in it, not a bad question.
            return {"problem": str(error)}

    def _lesson(self, question: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        name = question.get("name")
        if not isinstance(name, str) or name not in self.lessons:
            raise BadQuestion(f"there is no lesson {_told(name)}; lessons are {', '.join(self.lessons)}")
        lesson = self.lessons[name]
        count = whole(question, "replicates", FEWEST, lesson.spec.experiment.replicates, lesson.spec.experiment.replicates)
        if (name, count) not in self._run:
            self._run[name, count] = outcome_of(lesson, count)
        return self._run[name, count]


def _shift(question: Mapping[str, Any]) -> int | None:
    """Return by how many months a question moves an event, or None if it takes it out."""
    return None if question.get("shift") is None else whole(question, "shift", -LONGEST_SHIFT, LONGEST_SHIFT, 0)


def _told(value: Any) -> str:
    """Return what was given as messages tell it: short, whatever it is."""
    if isinstance(value, str | int | float):
        return repr(str(value)[:60])
    return "nothing" if value is None else "a list" if isinstance(value, list) else "a mapping"


def number(question: Mapping[str, Any], name: str, low: float, high: float, default: float) -> float:
    """Return a number of a question.

    Raises:
        BadQuestion: If it is no number from low to high.
    """
    value = question.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise BadQuestion(f"{name} is {_told(value)}; a number from {between(low, high)} is wanted")
    return float(value)


def whole(question: Mapping[str, Any], name: str, low: int, high: int, default: int) -> int:
    """Return a whole number of a question.

    Raises:
        BadQuestion: If it is no whole number from low to high.
    """
    value = question.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadQuestion(f"{name} is {_told(value)}; a whole number from {low} to {high} is wanted")
    return value


def words(question: Mapping[str, Any], name: str, most: int) -> str:
    """Return a text of a question.

    Raises:
        BadQuestion: If it is no text, or too long.
    """
    value = question.get(name, "")
    if not isinstance(value, str) or len(value) > most:
        raise BadQuestion(f"{name} is not a text of at most {most} characters")
    return value
