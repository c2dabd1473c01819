"""The verb that tells of a sweep in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.verbs.asking import Asked, announce_compilation, expect, say
from sim.verbs.places import can_hold_file


def report(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="The store of a sweep.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write; STORE/report.html where absent.")] = None,
    replicates: Annotated[int, typer.Option("--replicates", min=2, max=100_000, help="Histories computed again for a group, at most.")] = 100,
) -> None:
    """Tell of a sweep in one HTML file.

    It has figures, tables and provenance, and opens without any program or network.
    """
    expect(str(store), "store")
    with Asked():
        from sim.study.result import SweepResult

        result = SweepResult(store)
        can_hold_file(out or store / "report.html")
        if result.study.scenarios:
            announce_compilation()
        from sim.show.report import write

        path = write(result, out or store / "report.html", replicates, say)
    say(f"wrote {path}")
