"""The verbs that freeze a forecast, and that score one afterwards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.verbs.asking import Asked, BadInput, Json, announce_compilation, expect, print_json, say
from sim.verbs.places import can_hold

_Forecast = Annotated[str, typer.Argument(metavar="FORECAST", help="The path of a forecast (YAML), or the name of a shipped one.")]
_Page = Annotated[Path | None, typer.Option("--page", metavar="FILE", help="A Markdown page whose block is written anew.")]


def forecast(
    question: _Forecast,
    calibrated: Annotated[Path, typer.Option("--calibrated", metavar="DIR", help="Where `dilemma calibrate` wrote.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; dilemma-out/NAME where absent.")] = None,
    rival: Annotated[
        list[str] | None,
        typer.Option(
            "--rival", metavar="NAME=FILE", help="Another model's histories: CSV, a row a history, a column an outcome of a year. May be repeated."
        ),
    ] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Threads; all cores where absent. Same result.")] = None,
    page: _Page = None,
    as_json: Json = False,
) -> None:
    """Forecast the years that were not used.

    Beside rivals, and frozen in files; nothing is scored.
    """
    from sim.evidence.forecast import load_forecast
    from sim.evidence.frozen import freeze, thaw
    from sim.evidence.predictive import forecasters
    from sim.study.executors import cores

    expect(question, "forecast")
    if out is not None:
        can_hold(out)
    rivals = {}
    for one in rival or []:
        name, found, file = one.partition("=")
        if not (name and found and file):
            raise BadInput(f"--rival {one}: wanted is NAME=FILE")
        if name in rivals:
            raise BadInput(f"--rival {one}: a second rival with the name {name!r}")
        rivals[name] = Path(file)
    ready = load_forecast(question, _as_swept(calibrated))
    folder = out or Path("dilemma-out") / ready.spec.name
    can_hold(folder)
    announce_compilation()
    with Asked():
        said = forecasters(ready, calibrated, rivals, workers or cores(), say)
        paths = freeze(ready, said, calibrated, folder)
        frozen = thaw(folder)
    from sim.show.forecast_figure import write_figure
    from sim.show.forecast_text import FORECAST, forecast_text, put

    text = forecast_text(ready, frozen)
    print_json(frozen.origin) if as_json else print(text)
    if page is not None:
        with Asked():
            picture = os.path.relpath(folder / "forecast.png", page.parent)
            put(page, FORECAST, f"{text}\n\n![Numbers of each year, by the posterior and by the prior]({picture})")
        paths.append(page)
    for path in [*paths, *write_figure(ready, frozen, folder)]:
        say(f"wrote {path}")


def score(
    question: _Forecast,
    frozen: Annotated[Path, typer.Option("--frozen", metavar="DIR", help="Where `dilemma forecast` wrote.")],
    observed: Annotated[
        Path | None, typer.Option("--observed", metavar="FILE", help="Numbers observed, beside the record's: CSV with number, year, value.")
    ] = None,
    tag: Annotated[str, typer.Option("--tag", help="The tag of git that must hold the very files that are scored.")] = "",
    page: _Page = None,
    as_json: Json = False,
) -> None:
    """Score a frozen forecast by what happened.

    Events by log and Brier scores, numbers by CRPS.
    """
    from sim.evidence.forecast import load_forecast
    from sim.evidence.frozen import held_by, thaw
    from sim.evidence.scores import read_observed
    from sim.evidence.scores import score as scored_by
    from sim.show.forecast_text import SCORE, put, score_text
    from sim.show.score_table import write_scores

    expect(question, "forecast")
    ready = load_forecast(question)
    with Asked():
        there = thaw(frozen)
        held = held_by(frozen, tag) if tag else ""
        scored = scored_by(ready, there, read_observed(observed, ready) if observed is not None else None)
    text = score_text(scored, tag, held)
    print_json({"tag": tag, "commit": held, "scores": [vars(line) for line in scored.lines]}) if as_json else print(text)
    paths = [write_scores(scored, frozen)]
    if page is not None:
        with Asked():
            put(page, SCORE, text)
        paths.append(page)
    for path in paths:
        say(f"wrote {path}")


def _as_swept(calibrated: Path) -> dict[str, Any]:
    """Return in what the calibration that was run differs from its file: `--histories`."""
    if not calibrated.is_dir():
        what = "is a file, and what is wanted is a directory" if calibrated.exists() else "there is no such directory"
        raise BadInput(f"--calibrated {calibrated}: {what}; dilemma calibrate writes one")
    from sim.study.result import SweepResult

    with Asked():
        return {"histories": int(SweepResult(calibrated / "table").manifest["points"])}
