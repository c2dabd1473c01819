"""The verb that leaves each history out in turn, and scores what the others say of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.verbs.asking import Asked, Json, announce_compilation, expect, plain, print_json, say
from sim.verbs.calibrations import go_on, swept_and_read
from sim.verbs.places import can_hold


def leave_one_out(
    question: Annotated[str, typer.Argument(metavar="FILE", help="The path of a file of histories (YAML), or the name of a shipped one.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; dilemma-out/NAME where absent.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Threads; all cores where absent. Same result.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what is there; whole tables are kept, and read again.")] = False,
    histories: Annotated[int | None, typer.Option("--histories", min=50, help="Draws of the prior, instead of the file's number.")] = None,
    as_json: Json = False,
) -> None:
    """Leave each history out in turn.

    Infer the shared parameters on the others, to the last year that may be used, and score what that says of the one left out.
    """
    from sim.evidence.left_out.asked import load_leave_one_out

    expect(question, "leave-one-out")
    left = load_leave_one_out(question, {} if histories is None else {"histories": histories})
    folder = out or Path("dilemma-out") / left.spec.name
    can_hold(folder)
    how = f"dilemma leave-one-out {question} --out {folder}{f' --histories {histories}' if histories else ''} --resume"
    announce_compilation()
    from sim.study.durable import alone
    from sim.study.executors import cores

    with Asked(), alone(folder, "leave-one-out"):
        found, stores = _found(left, folder, workers or cores(), resume, how)
        from sim.evidence import kept
        from sim.show import left_out_text

        rows = [plain(vars(line)) for line in found.lines]
        print_json({"draws": found.draws, "lines": rows}) if as_json else print(left_out_text.text(found))
        for path in [*kept.keep(folder, left_out_text.files(found), stores), *left_out_text.write_figure(found, folder)]:
            say(f"wrote {path}")


def _found(left: Any, folder: Path, threads: int, resume: bool, how: str) -> tuple[Any, list[str]]:
    """Run what is missing of the tables, and return what they say and the names of the stores it was read from."""
    from sim.evidence import kept

    sweeps = {f"{kept.TABLE}-{h.name}": left.table(h) for h in left.held}
    found, anew = swept_and_read(sweeps, folder, threads, resume, how, lambda: _read(left, folder, threads, how))
    return found, [*sweeps, *anew]


def _read(left: Any, folder: Path, threads: int, how: str) -> tuple[Any, list[str]]:
    """Read the tables, run what they say of each history anew in it, and return all that is known, and the names of those stores."""
    from sim.evidence import kept
    from sim.evidence.inference import points_text
    from sim.evidence.left_out import told
    from sim.evidence.regression import resampled
    from sim.show.left_out_text import Found

    tables = told.read(left, {h.name: folder / f"{kept.TABLE}-{h.name}" for h in left.held})
    known: dict[tuple[str, ...], Any] = {}
    scored, stores = [], []
    for h in left.held:
        others = left.others(h)
        of = tuple(o.name for o in others)
        if of not in known:
            known[of] = told.evidence(left, tables, others, threads, say)
        units = resampled(known[of].draws, left.spec.predicted, left.calibration.spec.seed)
        draws = f"draws-{h.name}.csv"
        kept.keep(folder, {draws: points_text(left.calibration.factors, units).encode("utf-8")})
        study = left.predictive(h, folder / draws)
        # Another posterior of the same tables has a store of its own.
        stores.append(f"predicted-{h.name}-{study.sha256[:8]}")
        kept.begin(folder, stores[-1:], say)
        say(f"{h.name}: {study.runs[1]:,} points of the posterior given {' and '.join(of)}, run anew")
        go_on(study, folder / stores[-1], threads, how)
        scored.append(told.tell(left, tables, h, known[of], told.run_anew(left, h, folder / stores[-1])))
        say(f"{h.name}: scored")
    return Found(left, len(tables.points), scored), stores
