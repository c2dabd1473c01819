"""Lessons: what an instructor writes, and what the model says to what students predicted.

A lesson asks a question, lets students commit to a prediction, runs an experiment (a few worlds under the same draws), and tells which
predictions the model bears out, what the literature says, and what to discuss. Nothing in a lesson says what will come out: an option names
the signs of paired differences that it expects, and the verdict is read from the runs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from sim.scenario.errors import Place, Problem, ScenarioError, nearest
from sim.scenario.inheritance import shipped_files
from sim.scenario.load import Draft
from sim.scenario.schema import Scenario, Spec
from sim.scenario.translate import problems_of
from sim.scenario.yaml_text import Node, read_file
from sim.study.experiment import LARGEST
from sim.world.outcomes import OUTCOMES

PAGES = ("begin", "dilemma", "history", "what-if", "policies", "lessons")
"""Pages of the classroom, by the name that a link has."""


class WorldSpec(Spec):
    """A world of the experiment: the scenario with something changed."""

    label: str = Field(min_length=1, max_length=40, description="What figures call it.")
    set: dict[str, Any] = Field(default_factory=dict, description="Changes to the scenario: values by path.")
    without: list[str] = Field(default_factory=list, description="Mechanisms switched off.")


class OutcomeSpec(Spec):
    """An outcome that the experiment shows."""

    name: str = Field(min_length=1, description="Outcome of a run (dilemma explain NAME).")
    words: str = Field(min_length=1, max_length=80, description="What the class reads.")


class ExpectationSpec(Spec):
    """A sign that a prediction expects of a paired difference."""

    outcome: str = Field(min_length=1, description="Outcome; one of those that the experiment shows.")
    of: str = Field(min_length=1, description="World, by its label.")
    against: str = Field(min_length=1, description="World it is set against.")
    sign: Literal["higher", "lower", "same"] = Field(description="What is expected; `same` is no difference that can be told.")


class OptionSpec(Spec):
    """A prediction that students can commit to."""

    text: str = Field(min_length=1, max_length=300, description="The prediction in words.")
    expects: list[ExpectationSpec] = Field(min_length=1, max_length=6, description="All of these hold if the prediction does.")


class PredictionSpec(Spec):
    """What students commit to before the experiment runs."""

    prompt: str = Field(min_length=1, max_length=400, description="The question they answer.")
    options: list[OptionSpec] = Field(min_length=2, max_length=6, description="The answers they choose from.")


class TrialSpec(Spec):
    """The experiment."""

    scenario: str = Field(min_length=1, description="Scenario: a shipped name, or a path relative to this file.")
    seed: int = Field(1, ge=0, le=LARGEST, description="Seed of every draw.")
    replicates: int = Field(100, ge=10, le=2000, description="Replicates of each world.")
    worlds: list[WorldSpec] = Field(
        min_length=2, max_length=6, description="Worlds that are set side by side; the first is what others are told against."
    )
    outcomes: list[OutcomeSpec] = Field(min_length=1, max_length=6, description="What is shown.")


class LinkSpec(Spec):
    """Somewhere to look further on the page."""

    text: str = Field(min_length=1, max_length=200, description="What to try.")
    page: str = Field(min_length=1, max_length=300, description="A page and its state, such as dilemma?intelligence=0.8.")


class LessonSpec(Spec):
    """A lesson."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="Short name, in lower case with hyphens.")
    title: str = Field(min_length=1, max_length=100, description="Title.")
    minutes: int = Field(10, ge=1, le=180, description="How long it takes with a class.", json_schema_extra={"unit": "minutes"})
    question: str = Field(min_length=1, max_length=3000, description="What is asked before anything is shown; blank lines part paragraphs.")
    prediction: PredictionSpec
    experiment: TrialSpec
    literature: str = Field(min_length=1, max_length=6000, description="What the literature says, with sources.")
    discussion: list[str] = Field(min_length=1, max_length=10, description="Questions to discuss.")
    explore: list[LinkSpec] = Field(default_factory=list, max_length=8, description="Where to look further on the page.")


@dataclass(frozen=True)
class Lesson:
    """A lesson that has been checked, with its worlds ready to run."""

    spec: LessonSpec
    worlds: tuple[Scenario, ...]


def shipped_lessons() -> dict[str, Path]:
    """Return the shipped lessons by name, in the order of their files: ``1-dilemma.yaml`` before ``2-embedding.yaml``."""
    return shipped_files("lessons")


def load_lesson(source: str | os.PathLike[str]) -> Lesson:
    """Read a lesson and check it.

    Args:
        source: Path of the file, or the name of a shipped one.

    Raises:
        ScenarioError: If anything is wrong, with file, line and column.
    """
    path = Path(source)
    if not os.path.lexists(path):
        path = shipped_lessons().get(os.fspath(source), path)
    node = read_file(path, os.fspath(path), "a lesson")
    try:
        spec = LessonSpec.model_validate(node.plain())
    except ValidationError as error:
        raise ScenarioError(problems_of(error, node, LessonSpec)) from None
    wrong = [*_wrong_outcomes(spec, node), *_wrong_worlds(spec, node), *_wrong_links(spec, node)]
    if wrong:
        raise ScenarioError(wrong)
    return Lesson(spec, _worlds(spec, node, path.parent))


def lessons_in(folder: Path) -> list[Lesson]:
    """Return the lessons of a folder, in the order of their files' names.

    Raises:
        ScenarioError: If there is none, two have one name, or one is not right.
    """
    found = [load_lesson(path) for path in sorted(folder.glob("*.yaml"))]
    if not found:
        raise ScenarioError([Problem(Place(str(folder)), "", "holds no lesson; a lesson is a file that ends in .yaml")])
    seen: set[str] = set()
    for lesson in found:
        if lesson.spec.name in seen:
            raise ScenarioError([Problem(Place(str(folder)), "name", f"two lessons are called {lesson.spec.name!r}")])
        seen.add(lesson.spec.name)
    return found


def _wrong_outcomes(spec: LessonSpec, node: Node) -> list[Problem]:
    known = [name for name, _, _ in OUTCOMES]
    shown = [o.name for o in spec.experiment.outcomes]
    wrong = []
    for n, name in enumerate(shown):
        if name not in known:
            path = ("experiment", "outcomes", n, "name")
            wrong.append(Problem(node.at(path), f"experiment.outcomes[{n}].name", f"there is no outcome {name!r}", nearest(name, known)))
    for n, option in enumerate(spec.prediction.options):
        for k, expected in enumerate(option.expects):
            if expected.outcome not in shown:
                place = node.at(("prediction", "options", n, "expects", k, "outcome"))
                message = f"{expected.outcome!r} is not shown by the experiment, which shows {', '.join(shown)}"
                wrong.append(Problem(place, f"prediction.options[{n}].expects[{k}].outcome", message, nearest(expected.outcome, shown)))
    return wrong


def _wrong_worlds(spec: LessonSpec, node: Node) -> list[Problem]:
    labels = [w.label for w in spec.experiment.worlds]
    wrong = []
    for n, label in enumerate(labels):
        if label in labels[:n]:
            wrong.append(Problem(node.at(("experiment", "worlds", n, "label")), f"experiment.worlds[{n}].label", f"two worlds are called {label!r}"))
    for n, option in enumerate(spec.prediction.options):
        for k, expected in enumerate(option.expects):
            for name in ("of", "against"):
                label = getattr(expected, name)
                if label not in labels:
                    path = ("prediction", "options", n, "expects", k, name)
                    message = f"there is no world {label!r}; worlds are {', '.join(labels)}"
                    wrong.append(Problem(node.at(path), f"prediction.options[{n}].expects[{k}].{name}", message, nearest(label, labels)))
    return wrong


def _wrong_links(spec: LessonSpec, node: Node) -> list[Problem]:
    wrong = []
    for n, link in enumerate(spec.explore):
        page = link.page.partition("?")[0]
        if page not in PAGES:
            message = f"there is no page {page!r}; pages are {', '.join(PAGES)}"
            wrong.append(Problem(node.at(("explore", n, "page")), f"explore[{n}].page", message, nearest(page, PAGES)))
    return wrong


def _worlds(spec: LessonSpec, node: Node, folder: Path) -> tuple[Scenario, ...]:
    """Return the worlds, each checked; what is wrong with a change is told at the world that makes it."""
    beside = folder / spec.experiment.scenario
    source = str(beside) if spec.experiment.scenario.endswith((".yaml", ".yml")) else spec.experiment.scenario
    try:
        written = Draft(source)
        written.scenario()
    except ScenarioError as error:
        first = error.problems[0]
        place = node.at(("experiment", "scenario"))
        raise ScenarioError([Problem(place, "experiment.scenario", f"{spec.experiment.scenario}: {first.message}", first.nearest)]) from None
    wrong, found = [], []
    for n, world in enumerate(spec.experiment.worlds):
        try:
            found.append(written.scenario(world.set, world.without))
        except ScenarioError as error:
            place = node.at(("experiment", "worlds", n))
            wrong += [Problem(place, f"experiment.worlds[{n}]", f"{p.path}: {p.message}" if p.path else p.message, p.nearest) for p in error.problems]
    if wrong:
        raise ScenarioError(wrong)
    return tuple(found)


def as_data(lesson: Lesson) -> dict[str, Any]:
    """Return what the page shows of a lesson before its experiment has run."""
    spec = lesson.spec
    return {
        "name": spec.name,
        "title": spec.title,
        "minutes": spec.minutes,
        "question": spec.question,
        "prompt": spec.prediction.prompt,
        "options": [option.text for option in spec.prediction.options],
        "scenario": lesson.worlds[0].title or lesson.worlds[0].name,
        "worlds": [{"label": w.label, "set": w.set, "without": w.without} for w in spec.experiment.worlds],
        "replicates": spec.experiment.replicates,
        "sizes": sizes(lesson),
        "literature": spec.literature,
        "discussion": spec.discussion,
        "explore": [{"text": link.text, "page": link.page} for link in spec.explore],
    }


FEWEST = 20
"""Histories of each world that a class may begin with."""


def sizes(lesson: Lesson) -> list[int]:
    """Return how many histories of each world a class can ask for: few, more, and all that the lesson wants."""
    most = lesson.spec.experiment.replicates
    return sorted({min(FEWEST, most), min(100, most), most})


def outcome_of(lesson: Lesson, replicates: int | None = None) -> dict[str, Any]:
    """Run a lesson's experiment, and read from it which predictions hold.

    Args:
        lesson: The lesson.
        replicates: Histories of each world; None are as many as the lesson wants.

    Returns:
        ``worlds`` (labels); ``pairs`` of worlds that predictions set against each other, as two labels; ``outcomes``: for each name, words, unit,
        ``means`` (mean and 95 % interval by world), ``differences`` (paired, by world after the first, against the first), ``pairs`` (paired, by
        pair), ``predicted`` (whether an option speaks of it) and ``least`` (width that an axis should not go below: a quarter of the largest mean);
        ``options``: for each its ``verdict`` (``holds``, ``contrary`` or ``open``) and ``contrasts`` (outcome and pair, by number; words, sign
        expected, difference with its interval, verdict).
    """
    from sim.classroom.worlds import interval_of, mean, run_worlds

    spec, trial = lesson.spec, lesson.spec.experiment
    count = trial.replicates if replicates is None else replicates
    runs = dict(zip([w.label for w in trial.worlds], run_worlds(lesson.worlds, trial.seed, count), strict=True))
    units = {name: unit for name, unit, _ in OUTCOMES}
    pairs = list(dict.fromkeys((e.of, e.against) for option in spec.prediction.options for e in option.expects))
    predicted = {e.outcome for option in spec.prediction.options for e in option.expects}
    base, *others = runs

    def told(o: OutcomeSpec) -> dict[str, Any]:
        means = [interval_of(o.name, world[o.name]) for world in runs.values()]
        return {
            "name": o.name, "words": o.words, "unit": units[o.name], "means": means, "predicted": o.name in predicted,
            "differences": [mean(runs[label][o.name] - runs[base][o.name]) for label in others],
            "pairs": [mean(runs[of][o.name] - runs[against][o.name]) for of, against in pairs],
            "least": 0.25 * max(abs(row[0]) for row in means),
        }  # fmt: skip

    outcomes = [told(o) for o in trial.outcomes]
    return {
        "worlds": list(runs),
        "replicates": count,
        "pairs": [list(pair) for pair in pairs],
        "outcomes": outcomes,
        "options": [_option(option, outcomes, pairs) for option in spec.prediction.options],
    }


def _option(option: OptionSpec, outcomes: Sequence[Mapping[str, Any]], pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return what the runs say to a prediction, read from the very differences that the figure draws."""
    number = {o["name"]: n for n, o in enumerate(outcomes)}
    contrasts = []
    for e in option.expects:
        outcome, pair = number[e.outcome], pairs.index((e.of, e.against))
        difference = outcomes[outcome]["pairs"][pair]
        contrasts.append(
            {
                "outcome": outcome,
                "pair": pair,
                "words": f"{outcomes[outcome]['words']}: {e.of} against {e.against}",
                "sign": e.sign,
                "difference": difference,
                "verdict": verdict(e.sign, difference),
            }
        )
    found = {c["verdict"] for c in contrasts}
    return {"verdict": "contrary" if "contrary" in found else "open" if "open" in found else "holds", "contrasts": contrasts}


def verdict(sign: str, difference: list[float]) -> str:
    """Return whether an expected sign holds: the whole interval lies on its side (for ``same``: it holds nought), on the other, or neither."""
    _, low, high = difference
    if sign == "same":
        return "holds" if low <= 0.0 <= high else "contrary"
    if sign == "lower":
        low, high = -high, -low
    return "holds" if low > 0.0 else "contrary" if high < 0.0 else "open"


def lesson_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a lesson file."""
    whole = LessonSpec.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole, "title": "Lesson of dilemma", "additionalProperties": False}
