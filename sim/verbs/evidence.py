"""The verb that makes the figures the field would want to read, one at a time; or all that the pages print."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from sim.verbs.asking import BadInput, Json, Seed, announce_compilation, print_json, say
from sim.verbs.places import can_hold
from sim.verbs.rebuilding import rebuild


def evidence(
    context: typer.Context,
    figure: Annotated[str, typer.Argument(metavar="FIGURE", help="Which: see `dilemma evidence list`; `all` for everything that pages print.")],
    size: Annotated[
        int | None, typer.Option("--size", min=2, max=10_000_000, help="Replicates, histories or pairs (the list says which); a quick one if absent.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="The full size, for print.")] = False,
    seed: Seed = 0,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Threads; all cores where absent. Same result.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; dilemma-out/FIGURE where absent.")] = None,
    check: Annotated[bool, typer.Option("--check", help="With all: only say what is stale; exit code 1 if anything is.")] = False,
    work: Annotated[Path, typer.Option("--work", metavar="DIR", help="With all: where commands write their stores.")] = Path("dilemma-out/pages"),
    as_json: Json = False,
) -> None:
    """Make a figure the field would want to read.

    Its table (CSV), its picture (PNG, SVG) and where it comes from (JSON). With all: every number, figure and block of the pages in --out.
    """
    if figure == "all":
        if size is not None or as_json or seed:
            raise BadInput("all has the sizes and seeds that the pages name; it takes --full, --check, --workers, --work and --out")
        rebuild(out or Path("docs"), work, full, check, workers, context.find_root().command)
        return
    from sim.evidence.figures.catalogue import STUDIES

    if figure == "list":
        for name, study in STUDIES.items():
            print(f"{name:<14}{study.says}; size: {study.counts}, {study.quick:,} by default, {study.full:,} with --full")
        print(f"{'all':<14}Everything that pages print, into --out")
        return
    if figure not in STUDIES:
        from sim.scenario.errors import nearest

        near = nearest(figure, (*STUDIES, "all"))
        raise BadInput(f"there is no figure {figure!r}; figures are {', '.join(STUDIES)}, all" + (f"; did you mean {near!r}?" if near else ""))
    if full and size is not None:
        raise BadInput("--size and --full both say how much to run; give one of them")
    folder = out or Path("dilemma-out") / figure
    can_hold(folder)
    announce_compilation()
    from sim.evidence.figures.study import Ask
    from sim.observe.provenance import package_version, rulebook_digest
    from sim.show.evidence_figure import write
    from sim.study.executors import cores

    study = STUDIES[figure]
    wanted = size if size is not None else study.full if full else study.quick
    say(f"{study.says}: {wanted:,} {study.counts}")
    table = study.run(Ask(wanted, seed, workers or cores(), _watched()))
    source = {
        "figure": figure,
        "size": wanted,
        "counts": study.counts,
        "seed": seed,
        "rulebook_sha256": rulebook_digest(),
        "version": package_version(),
    }
    if as_json:
        # JSON has no NaN: what nothing could be told of is null.
        print_json({**source, "rows": [{k: None if v != v else v for k, v in row.items()} for row in table.to_dict("records")]})
    for path in write(figure, table, source, folder):
        say(f"wrote {path}")


def _watched() -> Callable[[int, int], None]:
    """Return what tells on standard error how far a study is, at most once a second on a terminal and every ten seconds elsewhere."""
    terminal = sys.stderr.isatty()
    last = [time.monotonic()]

    def watch(done: int, total: int) -> None:
        now = time.monotonic()
        if done < total and now - last[0] < (1.0 if terminal else 10.0):
            return
        last[0] = now
        if terminal:
            print(f"\r{done:,} of {total:,}", end="" if done < total else "\n", file=sys.stderr, flush=True)
        else:
            say(f"{done:,} of {total:,}")

    return watch
