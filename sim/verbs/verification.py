"""The verb that says whether what is on disk is what was written."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from sim.verbs.asking import Asked, Json, print_json


def verify(
    stores: Annotated[list[Path], typer.Argument(metavar="STORE…", help="Stores of sweeps, or directories of calibrations.")],
    as_json: Json = False,
) -> None:
    """Say whether a store is what was written.

    All of it is read, part by part: exit code 0 if all are, 1 if any is not.
    """
    from sim.evidence import kept
    from sim.study.verify import verify as verified

    found = {}
    for store in stores:
        with Asked():
            found[str(store)] = kept.verify(store) if kept.is_calibration(store) else verified(store)
    if as_json:
        print_json([{"store": name, "whole": all(p.whole for p in parts), "parts": [asdict(p) for p in parts]} for name, parts in found.items()])
    else:
        for name, parts in found.items():
            bad = sum(not part.whole for part in parts)
            print(f"{name}: " + ("whole" if not bad else f"NOT WHOLE: {bad} part{'s are' if bad > 1 else ' is'} not what was written"))
            width = max(len(part.name) for part in parts)
            for part in parts:
                print(f"  {part.name:<{width}}  {part.words}")
    if any(not part.whole for parts in found.values() for part in parts):
        raise typer.Exit(1)
