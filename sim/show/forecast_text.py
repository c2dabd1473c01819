"""A forecast and its score as text and as blocks of a page."""

from __future__ import annotations

import math
import re
from pathlib import Path

from sim.evidence.forecast import Forecast
from sim.evidence.frozen import Frozen
from sim.evidence.predictive import POINTS, Forecaster
from sim.evidence.scores import Scored
from sim.scenario.numbers import told
from sim.show.markdown import table

FORECAST, SCORE = "forecast", "score"
_SHOWN = (0.05, 0.5, 0.95)


class PageError(ValueError):
    """A page has no place for a block; the message says what is missing."""


def forecast_text(forecast: Forecast, frozen: Frozen) -> str:
    """Return a forecast as Markdown: what it was made from, probabilities, and the ranges of the first forecaster's numbers."""
    origin, said = frozen.origin, frozen.forecasters
    calibration = origin["calibration"]
    lines = [
        f"Rulebook `{origin['rulebook_sha256'][:12]}`, table `{calibration['table_sha256'][:12]}`, facts to {calibration['until']} "
        f"`{calibration['facts_sha256'][:12]}`, code `{origin['commit'][:12] or 'not a checkout'}`; forecast `{origin['files']['events.csv'][:12]}`, "
        f"`{origin['files']['numbers.csv'][:12]}`.",
        "",
        table(
            ["forecaster", "is", "histories", "of equal weight"],
            [[f.name, f.words, f.histories or "", f"{f.effective:.0f}" if f.histories else ""] for f in said],
        ),
        "",
        table(
            ["", "question", *(f.name for f in said)],
            [[q.group, q.words, *(_chance(f.probabilities[n]) for f in said)] for n, q in enumerate(forecast.questions)],
        ),
        "",
        f"Numbers of each year by `{said[0].name}`: median, and from the 5 % to the 95 % quantile.",
        "",
        table(
            ["number", *map(str, forecast.years)],
            [
                [f"{n.number}{f' ({n.unit})' if n.unit != '1' else ''}", *(_range(said[0], n.number, y) for y in forecast.years)]
                for n in forecast.spec.numbers
            ],
        ),
    ]
    return "\n".join(lines)


def score_text(scored: Scored, tag: str = "", held: str = "") -> str:
    """Return a score as Markdown: whether it was frozen, means by group and number, and every question beside what happened.

    Args:
        scored: The score.
        tag: The tag that holds the forecast; empty where none was asked for.
        held: The commit that it names.
    """
    names = [f.name for f in scored.frozen.forecasters]
    frozen = (
        f"The files that were scored are those under the tag `{tag}` (commit `{held[:12]}`)."
        if tag
        else "No tag was asked to hold the files that were scored."
    )
    means: dict[tuple[str, str], dict[str, str]] = {}
    for line in scored.lines:
        for rule, value in (("log", line.log), ("Brier", line.brier), ("CRPS", line.crps)):
            if value is not None:
                means.setdefault((line.what, rule), {})[line.forecaster] = told(value, digits=3)
                means[line.what, rule]["count"] = str(max(line.count, int(means[line.what, rule].get("count", 0))))
    rows = [[what, rule, by["count"], *(by.get(name, "") for name in names)] for (what, rule), by in means.items()]
    lines = [frozen, "", "Lower is better.", "", table(["", "score", "of", *names], rows)]
    if scored.silent:
        lines += ["", f"Not scored, for no number of a year was observed: {'; '.join(scored.silent)}."]
    asked = [
        [group, words, "yes" if happened else "no", *(_chance(p) for p in given)]
        for (group, words, given), happened in zip(scored.questions, scored.happened, strict=True)
    ]
    lines += ["", table(["", "question", "happened", *names], asked)]
    return "\n".join(lines)


def put(page: Path, name: str, text: str) -> None:
    """Put a block into a page, between the comments that stand there for it.

    Raises:
        PageError: If the page cannot be read, or has no such comments.
    """
    try:
        old = page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PageError(f"{page}: cannot be read: {error}") from None
    begins, ends = f"<!-- {name} -->", f"<!-- end of {name} -->"
    new, count = re.subn(f"{begins}.*?{ends}", lambda _: f"{begins}\n{text}\n{ends}", old, flags=re.DOTALL)
    if count != 1:
        raise PageError(f"{page}: wanted are one {begins} and one {ends}, between which the block goes")
    page.write_text(new, encoding="utf-8")


def _chance(probability: float) -> str:
    return "" if math.isnan(probability) else f"{probability:.2f}"


def _range(said: Forecaster, number: str, year: int) -> str:
    points = said.numbers.get((number, year))
    if points is None:
        return ""
    low, middle, high = (points[min(int(share * POINTS), POINTS - 1)] for share in _SHOWN)
    return f"{told(middle, digits=3)} ({told(low, digits=3)} to {told(high, digits=3)})"
