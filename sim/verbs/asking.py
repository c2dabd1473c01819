"""What several verbs ask for, and how every verb speaks."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

LARGEST = 2**32 - 1


class BadInput(Exception):
    """What the user gave cannot be used; the message says why and what is allowed."""


Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped name (see `dilemma list`) or the path of a YAML file.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=LARGEST, help="Seed of every draw.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", "--change", metavar="PATH=VALUE", help="Change one thing: percolation=0.5, timeline.war-in-iraq.date=2004-01."),
]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="NAME", help="Switch off a mechanism (brokerage, M10) or an event (see `dilemma list --events`)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON, and nothing else, on standard output.")]


def say(text: str) -> None:
    """Tell how it goes, on standard error."""
    print(text, file=sys.stderr, flush=True)


def print_json(data: Any) -> None:
    """Print plain data as JSON on standard output."""
    print(json.dumps(data, indent=1, ensure_ascii=False))


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as JSON takes it: what is missing is null."""
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}


def announce_compilation(what_for: str = "") -> None:
    """Tell whoever waits that the first ever use compiles the rulebook, and what for."""
    from sim import engine

    if not engine.is_compiled():
        say(f"Compiling the rulebook{what_for and ' '}{what_for}: the first use takes about a minute, later ones none.")


def as_bad_input(error: ValueError) -> Exception:
    """Return a value error as bad input, unless it tells its own story."""
    from sim.scenario.errors import ScenarioError

    return error if isinstance(error, ScenarioError) else BadInput(str(error))


VERB_OF = {
    "scenario": "run",
    "experiment": "sweep",
    "calibration": "calibrate",
    "forecast": "forecast",
    "leave-one-out": "leave-one-out",
    "lesson": "teach",
    "store": "report",
}
"""The verb that each kind of thing is for."""


def kind_of(source: str) -> str | None:
    """Return of which kind, a key of :data:`VERB_OF`, a path or a shipped name is; None for what is none of them, or cannot be read."""
    from sim.scenario.inheritance import shipped, shipped_files
    from sim.study.experiment import kind_of_file, shipped_studies

    if os.path.isdir(source):
        return "store" if os.path.isfile(os.path.join(source, "manifest.json")) else None
    if os.path.lexists(source):
        return kind_of_file(source)
    if source in shipped():
        return "scenario"
    if source in shipped_studies():
        return kind_of_file(source)
    # A lesson's file begins with its place in the course: 2-embedding is the lesson `embedding`.
    lessons = shipped_files("lessons")
    return "lesson" if source in lessons or source in {stem.partition("-")[2] for stem in lessons} else None


def use(source: str, of: str) -> str:
    """Return what a thing is, and the verb that takes it, in a sentence."""
    article = "an" if of == "experiment" else "a"
    what = "the store of a sweep" if of == "store" else f"{article} {of}"
    return f"{source} is {what}; use: dilemma {VERB_OF[of]}{'' if of == 'lesson' else f' {source}'}"


def expect(source: str, wanted: str) -> None:
    """Refuse a file, a store, or a shipped name, of another kind than the verb takes, and name the verb that takes it.

    Args:
        source: The path or the name. One that cannot be read is left to whoever reads it, who says why.
        wanted: The kind that the verb takes, a key of :data:`VERB_OF`.

    Raises:
        BadInput: If it is of another kind, or there is nothing of that name.
    """
    from sim.scenario.errors import listed, nearest
    from sim.study.experiment import kind_of_file, shipped_studies

    found = kind_of(source)
    if found not in (None, wanted):
        raise BadInput(use(source, str(found)))
    if found == wanted or os.path.lexists(source) or wanted in ("scenario", "store"):
        return
    known = [name for name in shipped_studies() if kind_of_file(name) == wanted]
    near = nearest(source, known)
    hint = f"; did you mean {near!r}?" if near else ""
    raise BadInput(f"there is no file {source[:60]!r}, and no shipped {wanted} of that name; shipped are {listed(known, 20)}{hint}")


class Asked:
    """Turns what a user asked in vain into bad input, and work that failed into exit code 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        from sim.study.errors import StoreDamagedError
        from sim.study.sweep import SweepStoppedError

        if isinstance(error, (SweepStoppedError, StoreDamagedError)):
            say(f"dilemma: {error}")
            raise typer.Exit(1) from None
        if isinstance(error, ValueError):
            raise as_bad_input(error) from None
