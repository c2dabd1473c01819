"""The verb that lays a scenario beside data of events that a researcher brings."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Annotated

import typer

from sim.verbs.asking import BadInput, Changes, Json, Scenario, Seed, Without, announce_compilation, expect, print_json, say
from sim.verbs.places import can_hold

TOLD_FROM = 50_000_000
"""Bytes from which reading a file takes long enough to be told of."""


def hold(
    scenario: Scenario,
    data: Annotated[Path, typer.Option("--data", metavar="FILE.csv", help="UCDP GED events, ACLED events, or UCDP dyad-years (docs/hold.md).")],
    replicates: Annotated[int, typer.Option("--replicates", min=2, max=5000, help="Replicates of the ensemble.")] = 200,
    seed: Seed = 0,
    threads: Annotated[int | None, typer.Option("--threads", min=1, max=256, help="Threads; all cores where absent. Same result.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="YYYY-MM", help="First month that the data cover, where it is not that of their first event.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM", help="Last month that the data cover.")] = None,
    encoding: Annotated[str, typer.Option("--encoding", help="Encoding of the file.")] = "utf-8",
    set_: Changes = None,
    without: Without = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; dilemma-out/SCENARIO-held where absent.")] = None,
    as_json: Json = False,
) -> None:
    """Lay simulated violence beside observed data.

    By month, place, kind and dyad, with scores and a figure.
    """
    from sim.scenario.load import load_scenario

    expect(scenario, "scenario")
    loaded = load_scenario(scenario, overrides=set_ or (), without=without or ())
    spans = [_month(name, text) for name, text in (("--from", first), ("--to", last))]
    folder = out or Path("dilemma-out") / f"{loaded.name}-held"
    can_hold(folder)
    from sim.evidence.hold.atlas import Atlas
    from sim.evidence.hold.reading import read

    atlas = Atlas(loaded)
    if data.is_file() and data.stat().st_size > TOLD_FROM:
        say(f"Reading {data} ({data.stat().st_size / 1e6:,.0f} MB) …")
    observed = read(data, atlas, _encoding(encoding))
    from sim.evidence.hold.held import hold as held_against
    from sim.evidence.hold.held import scores, window

    try:
        window(loaded, observed, *spans)
        announce_compilation()
        from sim.study.executors import cores

        held = held_against(
            loaded, atlas, observed, replicates=replicates, seed=seed, threads=threads or cores(), first=spans[0], last=spans[1], watch=_told
        )
    except ValueError as error:
        raise BadInput(str(error)) from None
    scored = scores(held)
    from sim.show.hold_figure import rows_of, text, write

    # Whoever reads our output may leave before its end; the files are there by then.
    for path in write(held, scored, folder):
        say(f"wrote {path}")
    if as_json:
        print_json({"rows": observed.rows, "used": len(observed.month), "left_out": dict(observed.left_out), "scores": rows_of(scored)})
    else:
        print(text(held, scored))


def _told(done: int, total: int) -> None:
    """Say how far the ensemble is, five times."""
    if done % max(1, total // 5) == 0 or done == total:
        say(f"{done} of {total} replicates")


def _month(option: str, text: str | None) -> int | None:
    """Return a month as months since the year 0."""
    if text is None:
        return None
    if not re.fullmatch(r"(19|20)\d{2}-(0[1-9]|1[0-2])", text):
        raise BadInput(f"{option} is {text[:40]!r}; a month is written YYYY-MM, from 1900-01 to 2099-12")
    return 12 * int(text[:4]) + int(text[5:]) - 1


def _encoding(name: str) -> str:
    """Return an encoding whose lines end in one byte, as Python calls it."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        raise BadInput(f"--encoding is {name[:40]!r}, which is none; utf-8, cp1252 and latin-1 are common") from None
    if found.startswith(("utf-16", "utf-32")):
        raise BadInput(f"--encoding {name}: a file with more than one byte for a line's end is not read; save it as UTF-8")
    return "utf-8-sig" if found == "utf-8" else found
