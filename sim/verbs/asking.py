"""What several verbs ask for, and how every verb speaks."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

LARGEST = 2**32 - 1


class BadInput(Exception):
    """What the user gave cannot be used; the message says why and what is allowed."""


Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped name (see `dilemma list`) or the path of a YAML file.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=LARGEST, help="Seed of every draw.")]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set", "--change", metavar="PATH=VALUE", help="Change one thing: percolation=0.5, organisations.GSPC.control=0.3. May be repeated."
    ),
]
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="MECHANISM", help="Switch a mechanism off, by key or id (brokerage, M10). May be repeated.")
]
Json = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON, and nothing else, on standard output.")]


def say(text: str) -> None:
    """Tell how it goes, on standard error."""
    print(text, file=sys.stderr, flush=True)


def print_json(data: Any) -> None:
    """Print plain data as JSON on standard output."""
    print(json.dumps(data, indent=1, ensure_ascii=False))


def announce_compilation(what_for: str = "") -> None:
    """Tell whoever waits that the first ever use compiles the rulebook, and what for."""
    from sim import engine

    if not engine.is_compiled():
        say(f"Compiling the rulebook{what_for and ' '}{what_for}: the first use takes about a minute, later ones none.")


def as_bad_input(error: ValueError) -> Exception:
    """Return a value error as bad input, unless it tells its own story."""
    from sim.scenario.errors import ScenarioError

    return error if isinstance(error, ScenarioError) else BadInput(str(error))


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
