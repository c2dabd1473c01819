"""Verbs that run studies and read their stores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from sim.verbs.asking import Asked, BadInput, Json, announce_compilation, expect, kind_of, plain, print_json, say
from sim.verbs.places import can_hold

Experiment = Annotated[str, typer.Argument(metavar="EXPERIMENT", help="The path of an experiment (YAML), or the name of a shipped one.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Directory of the store; dilemma-out/NAME where absent.")]
Count = Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Workers on this machine; all cores where absent.")]
Cluster = Annotated[str | None, typer.Option("--cluster", metavar="ADDRESS", help="Dask scheduler whose workers do it: tcp://10.0.0.1:8786.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a store that is there; what it has is kept.")]
Which = Annotated[Literal["compiled", "mesa"], typer.Option("--engine", help="The compiled engine runs in threads, Mesa in processes; same results.")]


def sweep(
    experiment: Experiment,
    out: Out = None,
    workers: Count = None,
    cluster: Cluster = None,
    resume: Resume = False,
    engine: Which = "compiled",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would cost, and stop there.")] = False,
    as_json: Json = False,
) -> None:
    """Run an experiment into a store; safe to kill and resume.

    The bytes of its table are the same whoever computes them, and however often it was stopped.
    """
    from sim.study.plan import load_study
    from sim.study.store import Store
    from sim.study.sweep import default_store, may_begin

    expect(experiment, "experiment")
    study = load_study(experiment)
    store = out or default_store(study)
    if not dry_run:
        can_hold(store)
        with Asked():
            may_begin(Store(store), study, resume)
    if engine == "compiled" and study.scenarios:
        announce_compilation()
    if dry_run or not resume:
        found = _estimate(study, workers, cluster, engine)
        from sim.show.study_text import estimate_data, estimate_text

        if dry_run:
            print_json(estimate_data(study, found)) if as_json else print(estimate_text(study, found))
            return
        say(estimate_text(study, found))
        _within_budget(study, found)
    progress = run_and_tell(study, store, experiment, workers, cluster, resume, engine)
    with Asked():
        _close(study, store, progress, as_json)


def _estimate(study: Any, workers: int | None, cluster: str | None, engine: Any) -> Any:
    from sim.study.estimate import estimate
    from sim.study.executors import cores

    count = workers or cores()
    if cluster is not None:
        from sim.study.executors import workers as have

        with Asked(), have(engine, None, cluster) as ready:
            count = ready.count
    return estimate(study, count, engine)


def _within_budget(study: Any, found: Any) -> None:
    """Refuse to begin what is estimated to cost more than the experiment allows."""
    budget = study.spec.budget
    over = []
    if budget.runs is not None and found.runs[1] > budget.runs:
        over.append(f"{found.runs[1]:,} runs, of {budget.runs:,} allowed")
    if budget.hours is not None and found.seconds[1] > 3600 * budget.hours:
        over.append(f"{found.seconds[1] / 3600:.2g} hours, of {budget.hours:g} allowed")
    if budget.gigabytes is not None and found.bytes[1] > 1e9 * budget.gigabytes:
        over.append(f"{found.bytes[1] / 1e9:.2g} gigabytes, of {budget.gigabytes:g} allowed")
    if over:
        place = study.written.place("budget")
        raise BadInput(f"{place}: budget: the study may need {'; '.join(over)}. Nothing was begun; make it smaller or raise its budget")


def run_and_tell(study: Any, store: Path, experiment: str, workers: int | None, cluster: str | None, resume: bool, engine: Any) -> Any:
    """Run a sweep with its progress on standard error; turn how it may end into messages and exit codes."""
    from sim.study.progress import shown
    from sim.study.sweep import InterruptedSweepError, run_sweep

    how = f"dilemma sweep {experiment} --out {store} --resume"
    try:
        with Asked(), shown() as watch:
            return run_sweep(study, store, count=workers, engine=engine, cluster=cluster, resume=resume, watch=watch)
    except InterruptedSweepError as stopped:
        say(f"stopped: {stopped}. Go on with: {how}")
        raise typer.Exit(128 + stopped.signal) from None
    except KeyboardInterrupt:
        say(f"interrupted: shards that were complete are safe in {store}. Go on with: {how}")
        raise typer.Exit(130) from None


def _close(study: Any, store: Path, progress: Any, as_json: bool) -> None:
    """Say what came out, and what failed."""
    from dataclasses import asdict

    from sim.show.study_text import shares_text
    from sim.study.result import SweepResult
    from sim.study.variance import shares

    result = SweepResult(store)
    found = shares(result)
    failures = result.failures() if progress.failures or progress.before else None
    failed = 0 if failures is None else len(failures)
    if as_json:
        rows = [] if failures is None else failures[["point", "replicate", "error", "command"]].to_dict("records")
        print_json({"store": str(store), "runs": len(result), "failed": failed, "outcomes": [plain(asdict(s)) for s in found], "failures": rows})
    else:
        print(f"{study.spec.title or study.spec.name}: {len(result):,} runs\n\n{shares_text(found)}")
    say(f"wrote {store}")
    if failures is not None and failed:
        say(f"{failed:,} of {len(result):,} runs failed; they are rows with an `error`. The first of them, and how to run each alone:")
        for row in failures.head(5).itertuples():
            say(f"  {row.error}\n    {row.command}")
        raise typer.Exit(1)


def compare(
    sets: Annotated[
        list[str], typer.Argument(metavar="A B …", help="Parameter sets: stores of sweeps, or scenarios with changes: aqim,percolation=0.5")
    ],
    by: Annotated[str | None, typer.Option("--by", metavar="COLUMN", help="For one store: compare the levels of this factor or arm.")] = None,
    outcome: Annotated[list[str] | None, typer.Option("--outcome", metavar="NAME", help="Outcome to compare; may be repeated.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Seed of scenarios that are run.")] = 0,
    replicates: Annotated[int, typer.Option("--replicates", min=2, max=1_000_000, help="Replicates of scenarios that are run.")] = 200,
    threads: Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Threads; all cores where absent.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write the figure and its table.")] = None,
    as_json: Json = False,
) -> None:
    """Set parameter sets side by side, under the same draws."""
    if out is not None:
        can_hold(out)
    stores = [kind_of(name) == "store" for name in sets]
    if any(stores) and not all(stores):
        raise BadInput(f"{sets[stores.index(False)]!r} is no store, and {sets[stores.index(True)]!r} is one; compare stores with stores")
    if not any(stores):
        _comparable(sets, outcome or ())
        announce_compilation()
    with Asked():
        from sim.study.compare import compare as compared
        from sim.study.compare import groups, of_scenario, whole
        from sim.study.executors import cores
        from sim.study.result import SweepResult

        if len(sets) == 1 and any(stores):
            samples = groups(SweepResult(sets[0]), by, outcome)
        elif any(stores):
            results = [SweepResult(name) for name in sets]
            if len({(r.manifest["seed"], r.manifest["draws"]) for r in results}) > 1:
                raise BadInput("the stores differ in seed or draws, so their runs face different chances and cannot be paired")
            samples = [whole(r, outcome) for r in results]
        else:
            samples = [of_scenario(words, seed, replicates, threads or cores()) for words in sets]
        found = compared(samples, outcome)
    from sim.show.compare_figure import text, write

    if as_json:
        shares = {name: None if s is None else {"parameters": s[0], "low": s[1], "high": s[2]} for name, s in found.shares.items()}
        print_json({"labels": found.labels, "differences": [plain(vars(d)) for d in found.differences], "variance": shares})
    else:
        print(text(found))
    for path in write(found, out) if out is not None else ():
        say(f"wrote {path}")


def _comparable(sets: Sequence[str], outcomes: Sequence[str]) -> None:
    """Refuse parameter sets that cannot be run or set side by side before anything heavy is loaded, and before the first of them is run."""
    from sim.study.parameter_set import MOST_SETS, parameter_set, source_of

    for words in sets:
        expect(source_of(words), "scenario")
        parameter_set(words)
    if not 2 <= len(sets) <= MOST_SETS:
        raise BadInput(f"a comparison needs at least two parameter sets, or a store and --by, and takes {MOST_SETS} at most; given: {len(sets)}")
    if outcomes:
        from sim.scenario.errors import listed, nearest
        from sim.world.outcomes import OUTCOMES

        known = [name for name, _, _ in OUTCOMES]
        for name in outcomes:
            if name not in known:
                near = nearest(name, known)
                hint = f"; did you mean {near!r}?" if near else f"; there are {listed(known)}"
                raise BadInput(f"--outcome {name[:60]!r}: there is no such outcome{hint}")


def sensitivity(
    experiment: Annotated[
        str, typer.Argument(metavar="EXPERIMENT", help="An experiment with a saltelli or morris design, or the store of one that was swept.")
    ],
    out: Out = None,
    outcome: Annotated[list[str] | None, typer.Option("--outcome", metavar="NAME", help="Outcome; may be repeated; all where absent.")] = None,
    workers: Count = None,
    cluster: Cluster = None,
    resume: Resume = False,
    engine: Which = "compiled",
    as_json: Json = False,
) -> None:
    """Say which factors drive an outcome (Morris, Sobol')."""
    from sim.study.store import Store

    store = Path(experiment)
    if not Store(store).exists:
        from sim.study import design
        from sim.study.plan import load_study
        from sim.study.sweep import default_store, may_begin

        expect(experiment, "experiment")
        study = load_study(experiment)
        spec = study.spec.design
        if spec is None or spec.kind not in design.SENSITIVITY:
            place = study.written.place("design", "kind")
            raise BadInput(f"{place}: design.kind: sensitivity indices need a design of kind {' or '.join(design.SENSITIVITY)}")
        store = out or default_store(study)
        can_hold(store)
        with Asked():
            may_begin(Store(store), study, resume)
        if engine == "compiled" and study.scenarios:
            announce_compilation()
        if not resume:
            from sim.show.study_text import estimate_text

            found = _estimate(study, workers, cluster, engine)
            say(estimate_text(study, found))
            _within_budget(study, found)
        run_and_tell(study, store, experiment, workers, cluster, resume, engine)
    else:
        can_hold(store / "figures")
    with Asked():
        from sim.study.result import SweepResult
        from sim.study.sensitivity import sensitivity as analysed

        result = SweepResult(store)
        indices = analysed(result, outcome)
    from sim.show.sensitivity_figure import text, write

    if as_json:
        print_json({"store": str(store), "method": indices.method, "indices": [vars(i) for i in indices.indices], "never_vary": indices.still})
    else:
        print(text(indices))
    for path in write(indices, result.labels, store / "figures"):
        say(f"wrote {path}")


def plot(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="The store of a sweep.")],
    kind: Annotated[
        Literal["fan", "rates", "survival", "heat", "lineages", "tornado"],
        typer.Option("--kind", help="fan and rates by month, survival curves, a heat map, lineage trees, a tornado."),
    ],
    outcome: Annotated[str | None, typer.Option("--outcome", metavar="NAME", help="Outcome of heat and tornado; event of rates.")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="COLUMN", help="What tells the panels or lines apart; the first that varies.")] = None,
    x: Annotated[str | None, typer.Option("--x", metavar="FACTOR", help="Across, in a heat map.")] = None,
    y: Annotated[str | None, typer.Option("--y", metavar="FACTOR", help="Up, in a heat map.")] = None,
    series: Annotated[str, typer.Option("--series", metavar="NAME", help="What a fan shows by month.")] = "strength",
    where: Annotated[list[str] | None, typer.Option("--where", metavar="COLUMN=VALUE", help="Only these runs; may be repeated.")] = None,
    replicates: Annotated[int, typer.Option("--replicates", min=2, max=100_000, help="Histories computed again for a group, at most.")] = 200,
    style: Annotated[Literal["print", "projector"], typer.Option("--style", help="For a page, or for the back of a room.")] = "print",
    formats: Annotated[list[str] | None, typer.Option("--format", metavar="FORMAT", help="png, svg or pdf; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; STORE/figures where absent.")] = None,
) -> None:
    """Draw a figure of a sweep, with the data behind it."""
    chosen = tuple(formats or ["png"])
    for form in chosen:
        if form not in ("png", "svg", "pdf"):
            raise BadInput(f"--format {form!r} is not one of png, svg, pdf")
    expect(str(store), "store")
    asked: dict[str, str] = {}
    for words in where or []:
        column, equals, value = words.partition("=")
        if not equals:
            raise BadInput(f"--where {words!r} is not of the form COLUMN=VALUE, such as policy=force")
        asked[column] = value
    with Asked():
        from sim.study.result import SweepResult

        result = SweepResult(store)
        can_hold(out or store / "figures")
        if kind in ("fan", "rates", "lineages"):
            announce_compilation()
        from sim.show.store_figure import save

        written = save(
            result,
            kind,
            out or store / "figures",
            chosen,
            outcome=outcome,
            by=by,
            x=x,
            y=y,
            series=series,
            replicates=replicates,
            style=style,
            where=asked or None,
        )
    for path in written:
        say(f"wrote {path}")
