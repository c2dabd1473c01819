"""Verbs that run histories: one, many replicates of one, one with something changed."""

from __future__ import annotations

import dataclasses
import gc
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.verbs.asking import LARGEST, BadInput, Changes, Json, Scenario, Seed, Without, announce_compilation, as_bad_input, expect, print_json, say
from sim.verbs.places import can_hold

if TYPE_CHECKING:
    from sim.observe.history import History


def run(
    scenario: Scenario,
    seed: Seed = 0,
    replicate: Annotated[
        int, typer.Option("--replicate", min=0, max=LARGEST, help="Replicate number: the second part of the address of every draw.")
    ] = 0,
    replicates: Annotated[
        int, typer.Option("--replicates", min=1, max=1_000_000, help="Run so many replicates and print their outcomes with intervals instead.")
    ] = 1,
    threads: Annotated[
        int, typer.Option("--threads", min=1, max=256, help="Threads for --replicates and for the bands; results do not depend on it.")
    ] = 1,
    nearest: Annotated[
        int | None,
        typer.Option("--nearest", metavar="N", min=1, max=100_000, help="Of N histories, with seeds from --seed on, the one nearest to the record."),
    ] = None,
    set_: Changes = None,
    without: Without = None,
    engine: Annotated[
        Literal["compiled", "mesa"] | None,
        typer.Option("--engine", help="Both give the same history, bit for bit; compiled where absent, except while that would have to wait."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to write; dilemma-out/SCENARIO-CHANGES-seed-N where absent.")
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="Write the violence, and all that is known of everybody month by month, as Parquet tables too.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write there though it holds another run.")] = False,
    as_json: Json = False,
) -> None:
    """Run one history: chronicle, figure, tidy tables."""
    from sim.scenario.load import load_scenario
    from sim.scenario.overriding import in_words

    expect(scenario, "scenario")
    loaded = load_scenario(scenario, overrides=set_ or (), without=without or ())
    if out is not None:
        can_hold(out)
    if nearest is not None:
        if replicates > 1 or replicate:
            raise BadInput("--nearest looks at histories of replicate 0, one after another seed; it goes with neither --replicate nor --replicates")
        seed = _nearest(loaded, seed, nearest, threads)
    changes = in_words(set_ or (), without or ())
    if out is not None and not force:
        _claim(out, loaded, seed, replicate, changes, replicates)
    if replicates > 1:
        if engine == "mesa":
            raise BadInput("--replicates runs on the compiled engine; for replicates of the Mesa model use mesa.batch_run (docs/mesa-users.md)")
        announce_compilation()
        _ensemble(loaded, seed, replicate, replicates, threads, out, as_json, changes)
        return
    if out is None and not as_json:
        from sim.show.output import folder_name

        out = Path("dilemma-out") / folder_name(loaded.name, changes, seed, replicate)
        can_hold(out)
        if not force:
            _claim(out, loaded, seed, replicate, changes)
    with _keeping_everything():
        _one(loaded, seed, replicate, changes, engine, out, tables, as_json)


@contextmanager
def _keeping_everything() -> Iterator[None]:
    """Look for nothing to throw away: a history needs what it makes to its end, and looking took a tenth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _one(
    loaded: Any,
    seed: int,
    replicate: int,
    changes: tuple[str, ...],
    engine: Literal["compiled", "mesa"] | None,
    out: Path | None,
    tables: bool,
    as_json: bool,
) -> None:
    """Run one history, tell it and write it."""
    if engine == "compiled":
        announce_compilation()
    history = dataclasses.replace(_history(loaded, seed, replicate, engine), changes=changes)
    if history.outcomes["refused"]:
        say(f"Warning: {history.outcomes['refused']:.0f} foundings were refused because a table was full.")
    if history.unlogged:
        say(f"Warning: the event log was full; the last {history.unlogged:,} events but one are missing in it.")
    if history.unrecorded:
        say(f"Warning: the log of violence was full; its last {history.unrecorded:,} entries are missing.")
    # A reader has the history at once; the figure's bands take many more runs, and on a new machine a minute of compilation before them.
    left = _tell(history, as_json)
    if out is not None:
        from sim.show.history_figure import BAND_REPLICATES
        from sim.show.output import write

        if engine != "compiled":
            announce_compilation("for the bands of the figure")
        for path in write(history, out, BAND_REPLICATES, tables):
            say(f"wrote {path}")
    if left is not None:
        raise left


def _nearest(loaded: Any, seed: int, among: int, threads: int) -> int:
    """Return the seed of the history that is nearest to the record, and say by how much."""
    from sim.observe.nearest import nearest

    announce_compilation()
    try:
        found = nearest(loaded, seed, among, threads)
    except ValueError as error:
        raise as_bad_input(error) from None
    say(f"{found}.".capitalize())
    return found.seed


def _claim(out: Path, loaded: Any, seed: int, replicate: int, changes: tuple[str, ...], replicates: int = 1) -> None:
    """Refuse, before anything is run, to write over another run."""
    from sim.observe.provenance import provenance
    from sim.show.output import OtherRunError, claim

    source = provenance(loaded, seed, replicate, changes)
    try:
        claim(out, source if replicates == 1 else {**source, "replicates": replicates})
    except OtherRunError as error:
        raise BadInput(f"{error}; --out DIR writes elsewhere, --force puts this one in its place") from None


def _history(loaded: Any, seed: int, replicate: int, engine: Literal["compiled", "mesa"] | None) -> History:
    """Run one history on the engine asked for; where none is, on the one that needs no compilation now."""
    from sim import engine as compiled
    from sim.observe.history import run as run_history

    return run_history(loaded, seed, replicate, engine or ("compiled" if compiled.is_compiled() else "mesa"))


def _tell(history: History, as_json: bool) -> BrokenPipeError | None:
    """Print a history; return the error if whoever read our output has gone, since the files are still to be written."""
    from sim.observe.chronicle import as_json as history_as_json
    from sim.show.output import page

    try:
        if as_json:
            print_json(history_as_json(history))
        else:
            print(page(history))
        sys.stdout.flush()
    except BrokenPipeError as error:
        return error
    return None


def _ensemble(loaded: Any, seed: int, first: int, replicates: int, threads: int, out: Path | None, as_json: bool, changes: tuple[str, ...]) -> None:
    """Outcomes of many replicates, each with the mean's bootstrap interval, and how often what happened happens."""
    from sim.observe.ensemble import outcomes
    from sim.observe.provenance import provenance
    from sim.observe.turns import turns
    from sim.show.terminal import outcome_rows, outcome_text, turn_data, turn_text

    frame = outcomes(loaded, seed, replicates, threads, first)
    turned = turns(loaded, seed, replicates, threads, first)
    source = {**provenance(loaded, seed, first, changes), "replicates": replicates}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(out / "outcomes.parquet")
        (out / "provenance.json").write_text(json.dumps(source, indent=2) + "\n", encoding="utf-8")
        say(f"wrote {out / 'outcomes.parquet'}\nwrote {out / 'provenance.json'}")
    rows = outcome_rows(frame)
    if as_json:
        print_json({"provenance": source, "outcomes": rows, "turns": turn_data(turned)})
    else:
        changed = "".join(f"\nChanged: {change}" for change in changes)
        print(f"{loaded.title or loaded.name}: {replicates} replicates from {first}, seed {seed}{changed}\n\n{outcome_text(rows)}")
        if turned.turns:
            print(f"\n{turn_text(turned)}")


def whatif(
    scenario: Scenario,
    change: Changes = None,
    without: Without = None,
    seed: Seed = 0,
    replicate: Annotated[int, typer.Option("--replicate", min=0, max=LARGEST, help="Replicate number.")] = 0,
    as_json: Json = False,
) -> None:
    """Run one history again with one thing changed.

    What differs follows from the change, and from nothing else: both face the same draws.
    """
    if not change and not without:
        raise BadInput("nothing is changed; say what with --change path=value or --without MECHANISM")
    expect(scenario, "scenario")
    announce_compilation()
    from sim.study.whatif import what_if

    try:
        found = what_if(scenario, tuple(change or ()), tuple(without or ()), seed, replicate)
    except ValueError as error:
        raise as_bad_input(error) from None
    from sim.show.terminal import what_if_data, what_if_text

    if as_json:
        print_json(what_if_data(found))
        return
    changed = ", ".join([*(change or []), *(f"{mechanism} off" for mechanism in without or [])])
    print(f"{found.before.scenario.title or scenario}: seed {seed}, replicate {replicate}, with {changed}\n\n{what_if_text(found)}")


def bench(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped name or a path.")] = "aqim",
    pairs: Annotated[int, typer.Option("--pairs", min=1, max=100, help="Pairs to time.")] = 5,
    as_json: Json = False,
) -> None:
    """Time the compiled engine against the Mesa model."""
    from sim.scenario.load import load_scenario

    expect(scenario, "scenario")
    load_scenario(scenario)
    announce_compilation()
    from sim.study.bench import engine_against_mesa, threads_against_one

    comparisons = []
    for measure in (engine_against_mesa, threads_against_one):
        comparisons.append(measure(scenario, pairs=pairs))
        if not as_json:
            print(comparisons[-1], flush=True)
    if as_json:
        print_json(
            [
                {"fast": c.fast, "slow": c.slow, "ratios": c.ratios, "fast_seconds": c.fast_seconds, "slow_seconds": c.slow_seconds}
                for c in comparisons
            ]
        )
