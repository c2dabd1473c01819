"""The verb that puts claims and gates to the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from sim.verbs.asking import BadInput, Json, announce_compilation, print_json, say
from sim.verbs.places import can_hold


def patterns(
    claims: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIM …]", help="Claims to test, by id (M3, I1), or gates (G1); all where absent.")
    ] = None,
    gates: Annotated[bool, typer.Option("--gates", help="The gates G1–G9 instead of the claims.")] = False,
    replicates: Annotated[int, typer.Option("--replicates", min=2, max=1_000_000, help="Replicates of each world.")] = 300,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Seed of every draw.")] = 0,
    threads: Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Threads; all cores where absent.")] = None,
    settings: Annotated[int, typer.Option("--settings", min=2, max=100_000, help="Settings of the population behind gate G7.")] = 300,
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=1000, help="Seeds of that population, whose spread is told.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write the figure and its table.")] = None,
    as_json: Json = False,
) -> None:
    """Put every claim of the sources to the test.

    Each gets an effect, an interval and a verdict. With --gates: what the rulebook as a whole must show.
    """
    if out is not None:
        can_hold(out)
    if gates:
        _gates(claims or [], replicates, seed, threads, settings, seeds, out, as_json)
        return
    from sim.evidence.claims import CLAIMS

    known = {c.id: c for c in CLAIMS}
    _known(claims or [], known, "claim")
    announce_compilation()
    from sim.evidence.patterns import battery, to_pandas
    from sim.study.executors import cores

    found = battery([known[name] for name in claims] if claims else CLAIMS, replicates, seed, threads or cores(), _watched("worlds"))
    from sim.show.patterns_figure import text, write

    if as_json:
        print_json({"replicates": replicates, "seed": seed, "contrasts": to_pandas(found).to_dict("records")})
    else:
        print(text(found))
    for path in write(found, out) if out is not None else ():
        say(f"wrote {path}")


def _known(names: list[str], known: Mapping[str, object], what: str) -> None:
    """Refuse a name that is not known, and say which are."""
    from sim.scenario.errors import nearest

    for name in names:
        if name not in known:
            near = nearest(name, known)
            raise BadInput(f"there is no {what} {name!r}; {what}s are {', '.join(known)}" + (f"; did you mean {near!r}?" if near else ""))


def _watched(what: str) -> Callable[[int, int], None]:
    """Return what tells on standard error how many are done."""
    import sys

    def watch(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done} of {total} {what}", end="" if done < total else "\n", file=sys.stderr, flush=True)
        elif done == total:
            say(f"{done} of {total} {what}")

    return watch


def _gates(names: list[str], replicates: int, seed: int, threads: int | None, settings: int, seeds: int, out: Path | None, as_json: bool) -> None:
    """Run gates, print them, and write their figure and table where that is asked for."""
    from sim.evidence.gates.battery import GATES
    from sim.evidence.gates.battery import gates as run_gates

    _known(names, GATES, "gate")
    announce_compilation()
    from sim.evidence.gates.gate import numbers_of
    from sim.evidence.gates.runs import Runs
    from sim.study.executors import cores

    runs = Runs(replicates, seed, threads or cores(), settings, seeds)
    found = run_gates(runs, names or tuple(GATES), lambda done, of: say(f"{done} of {of} gates"))
    from sim.show.gates_figure import text, write

    if as_json:
        told = [{"gate": g.id, "says": g.says, "verdict": g.verdict, "found": g.found} for g in found]
        # JSON has no NaN: what nothing could be told of is null.
        numbers = [{k: None if v != v else v for k, v in row.items()} for row in numbers_of(found)]
        print_json({"replicates": replicates, "seed": seed, "settings": settings, "seeds": seeds, "gates": told, "numbers": numbers})
    else:
        print(text(found))
    for path in write(found, out) if out is not None else ():
        say(f"wrote {path}")
