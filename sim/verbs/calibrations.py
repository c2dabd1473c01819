"""The verb that calibrates a scenario on dated facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from sim.verbs.asking import Asked, BadInput, Json, announce_compilation, expect, print_json, say
from sim.verbs.places import can_hold

Read = TypeVar("Read")


def calibrate(
    experiment: Annotated[str, typer.Argument(metavar="EXPERIMENT", help="The path of a calibration (YAML), or the name of a shipped one.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; dilemma-out/NAME where absent.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Threads; all cores where absent. Same result.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what is there; whole tables are kept, and read again.")] = False,
    histories: Annotated[
        int | None, typer.Option("--histories", min=50, help="Histories drawn from the prior, instead of the file's number.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Calibrate a scenario on its dated facts.

    A posterior, which rulebook, and whether either can be trusted.
    """
    expect(experiment, "calibration")
    if out is not None:
        can_hold(out)
    from sim.evidence.forests import NoForestsError, require

    try:
        require()
    except NoForestsError as error:
        raise BadInput(str(error)) from None
    changes: dict[str, Any] = {} if histories is None else {"histories": histories}
    from sim.evidence.calibration import load_calibration

    calibration = load_calibration(experiment, changes)
    folder = out or Path("dilemma-out") / calibration.spec.name
    can_hold(folder)
    how = f"dilemma calibrate {experiment} --out {folder}{f' --histories {histories}' if histories else ''} --resume"
    announce_compilation()
    from sim.study.durable import alone
    from sim.study.executors import cores

    with Asked(), alone(folder, "calibration"):
        found, stores = _found(calibration, folder, workers or cores(), resume, how)
        from sim.evidence import kept
        from sim.show import calibration_text

        print_json(found.data()) if as_json else print(calibration_text.text(found))
        for path in [*kept.keep(folder, calibration_text.files(found), stores), *calibration_text.write_figures(found, folder)]:
            say(f"wrote {path}")


def _found(calibration: Any, folder: Path, threads: int, resume: bool, how: str) -> tuple[Any, list[str]]:
    """Run what is missing of the tables, and return what they say and the names of the stores it was read from."""
    from sim.evidence import kept

    sweeps = {kept.TABLE: calibration.table(), **{f"without-{name}": calibration.rulebook(name) for name in calibration.families}}
    found, predicted = swept_and_read(sweeps, folder, threads, resume, how, lambda: _read(calibration, folder, threads, how))
    return found, [*sweeps, predicted]


def swept_and_read(sweeps: Mapping[str, Any], folder: Path, threads: int, resume: bool, how: str, read: Callable[[], Read]) -> Read:
    """Run what is missing of several sweeps of the prior, then return what reading them says; an interruption tells ``how`` one goes on."""
    from sim.evidence import kept
    from sim.study.store import Store
    from sim.study.sweep import may_begin

    for name, study in sweeps.items():
        may_begin(Store(folder / name), study, resume)
    kept.begin(folder, sweeps, say)
    for name, study in sweeps.items():
        say(f"{name}: {study.runs[1]:,} histories of the prior")
        go_on(study, folder / name, threads, how)
    try:
        return read()
    except KeyboardInterrupt:
        say(f"interrupted: the tables are safe in {folder}. Go on with: {how}")
        raise typer.Exit(130) from None


def go_on(study: Any, store: Path, threads: int, how: str) -> None:
    """Run a sweep or what is missing of it, with its progress on standard error; ``how`` is the command that goes on after an interruption."""
    from sim.study.progress import shown
    from sim.study.sweep import InterruptedSweepError, run_sweep

    try:
        with Asked(), shown() as watch:
            run_sweep(study, store, count=threads, resume=True, watch=watch)
    except InterruptedSweepError as stopped:
        say(f"stopped: {stopped}. Go on with: {how}")
        raise typer.Exit(128 + stopped.signal) from None


def _read(calibration: Any, folder: Path, threads: int, how: str) -> tuple[Any, str]:
    """Read the tables, run the posterior's histories anew, and return all that is known, and the name of those histories' store."""
    from sim.evidence import inference, kept
    from sim.evidence.calibration import WHOLE
    from sim.show.calibration_text import Found

    spec = calibration.spec
    table = inference.read_table(calibration, folder / kept.TABLE, spec.seed)
    inferred = inference.infer(calibration, table, threads, say)
    told = None
    if spec.rulebooks is not None:
        say("telling rulebooks apart")
        tables = {WHOLE: inference.read_table(calibration, folder / kept.TABLE, spec.seed, spec.rulebooks.histories)}
        for k, name in enumerate(calibration.families):
            tables[name] = inference.read_table(calibration, folder / f"without-{name}", spec.seed + 1 + k)
        told = inference.rulebooks(calibration, tables)
    kept.keep(folder, {kept.DRAWS: inference.draws_text(calibration, inferred).encode("utf-8")})
    study = calibration.predictive(folder / kept.DRAWS, spec.until)
    # Another posterior of the same table has a store of its own.
    name = f"predicted-{study.sha256[:8]}"
    kept.begin(folder, [name], say)
    say(f"predicted: {study.runs[1]:,} histories of the posterior")
    go_on(study, folder / name, threads, how)
    predicted = inference.read_table(calibration, folder / name, spec.seed + 99)
    return Found(calibration, inferred, predicted, told), name
