"""The page without a server: one file with all it can be asked answered beforehand, for classrooms that may install nothing."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sim.classroom import allotment, frontier, info, pairs
from sim.classroom.answers import Book
from sim.classroom.assembly import whole
from sim.show.whole_file import write_whole
from sim.study.executors import cores

GRID: dict[str, list[float]] = {
    "intelligence": [0.05, 0.25, 0.45, 0.65, 0.85],
    "divergence": [0.0, 0.5, 1.0, 1.5],
    "remoteness": [0.0, 0.5, 1.0, 1.5],
}
"""Positions of the dilemma's sliders in a file."""

SEEDS = (1, 2, 3)
"""Seeds of the histories in a file, beside the one that is shown first."""

STEP = 2
"""Parts of the budget that a slider moves at a time in a file."""


def key(name: str, question: dict[str, Any]) -> str:
    """Return what a page looks an answer up by: the question as JavaScript writes it, names in order and whole numbers without a point."""
    return f"{name}?{json.dumps(_plain(question), sort_keys=True, separators=(',', ':'), ensure_ascii=False)}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def questions(contents: dict[str, Any], first: str, seeds: dict[str, list[int]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every question that a file answers, but for the pairs that are drawn: which these are is in the answers to others.

    Args:
        contents: The page's contents.
        first: Scenario whose policies can be tried, beside none.
        seeds: Seeds of the histories, by scenario.
    """
    for position in itertools.product(*GRID.values()):
        yield "frontier", {**dict(zip(GRID, position, strict=True)), "part": len(frontier.PARTS) - 1}
    for scenario in contents["scenarios"]:
        for seed in seeds[scenario["name"]]:
            yield "history", {"scenario": scenario["name"], "seed": seed}
        for event in scenario["events"]:
            yield "pairs", {"scenario": scenario["name"], "event": event["index"], "shift": None}
        yield "weights", {"scenario": scenario["name"]}
        yield "opening", {"scenario": scenario["name"]}
    for name in info.MECHANISMS:
        yield "rule", {"name": name}
    for lesson in contents["lessons"]:
        for count in lesson["sizes"]:
            yield "lesson", {"name": lesson["name"], "replicates": count}
    for parts in allotments():
        yield "policy", {"scenario": first, "parts": parts}


def allotments() -> Iterator[dict[str, int]]:
    """Yield every allotment of the budget in steps, the budget spent in whole or in part."""
    names = list(allotment.POLICIES)
    for parts in itertools.product(range(0, allotment.PARTS + 1, STEP), repeat=len(names)):
        if sum(parts) <= allotment.PARTS:
            yield dict(zip(names, parts, strict=True))


def write(book: Book, folder: Path, tell: Callable[[str], None]) -> list[Path]:
    """Write the page into one file that opens by itself.

    Args:
        book: What it is answered from.
        folder: Where to write; made if need be.
        tell: Told now and then how far it is.

    Returns:
        The file.
    """
    contents = book.answer("contents", {})
    first = book.first
    names = [s["name"] for s in contents["scenarios"]]
    seeds = {name: list(dict.fromkeys([book.answer("opening", {"scenario": name})["seed"], *SEEDS])) for name in names}
    asked = list(questions(contents, first, seeds))
    contents |= {
        "grid": GRID,
        "offer": {
            "history": seeds,
            "whatif": {s["name"]: True for s in contents["scenarios"] if s["events"]},
            "policy": {"scenarios": {first: True}, "step": STEP},
        },
    }
    answers = {key("contents", {}): contents}
    # The folder first: a place that cannot be written to is told of before the work, not after.
    folder.mkdir(parents=True, exist_ok=True)
    pool = ThreadPoolExecutor(cores())
    try:
        found = pool.map(lambda one: book.answer(*one), asked)
        drawn = []
        for n, ((name, question), answer) in enumerate(zip(asked, found, strict=True)):
            if n % 50 == 0:
                tell(f"{n} of {len(asked)} answers")
            answers[key(name, question)] = answer
            if name == "pairs":
                drawn.append({**question, "seed": pairs.SEED, "replicate": answer["typical"]})
        tell(f"{len(drawn)} pairs to draw")
        for question, answer in zip(drawn, pool.map(lambda one: book.answer("what-if", one), drawn), strict=True):
            if question["replicate"] == 0:
                # The history as it was is there once already.
                del answer["before"]
            answers[key("what-if", question)] = answer
    finally:
        # Whoever interrupts does not wait for the hundreds of answers that were to come.
        pool.shutdown(cancel_futures=True)
    path = folder / "classroom.html"
    write_whole(path, whole(answers))
    return [path]


assert set(GRID) == set(frontier.SLIDERS), "a file has a grid for every slider"
