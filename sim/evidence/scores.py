"""Scores of a frozen forecast: proper ones, so that nobody gains by saying other than what they think (Gneiting & Raftery 2007).

* An event: the logarithmic score, minus the logarithm of the probability given to what happened; and Brier's, the squared difference.
* A number: the continuous ranked probability score of the quantiles that were frozen, each as likely as the others, in the number's own unit.

Lower is better in all three. What happened is what the scenario's record and the forecast's file say, and what a table of observed numbers adds.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.evidence.forecast import GROUPS, Forecast
from sim.evidence.frozen import Frozen, FrozenError

Observed = Mapping[tuple[str, int], float]
"""Numbers observed, by name and year."""


def log_score(probability: float, happened: bool) -> float:
    """Return minus the logarithm of the probability that was given to what happened."""
    return -math.log(probability if happened else 1.0 - probability)


def brier_score(probability: float, happened: bool) -> float:
    """Return the squared difference between a probability and what happened."""
    return (probability - happened) ** 2


def crps(points: Sequence[float], value: float) -> float:
    """Return the continuous ranked probability score of equally likely points: E|x - y| - E|x - x'| / 2."""
    n, up = len(points), sorted(points)
    # The mean difference of all pairs, from the order: the k-th of n points is the upper one of k pairs and the lower one of n - 1 - k.
    spread = math.fsum((2 * k - n + 1) * x for k, x in enumerate(up)) / (n * n)
    return math.fsum(abs(x - value) for x in up) / n - spread


@dataclass(frozen=True)
class Line:
    """Scores of one forecaster on questions of a group, or on a number's years.

    Attributes:
        what: The group, or the number.
        forecaster: Whose.
        count: How many questions, or years.
        log: Mean logarithmic score; None of a number.
        brier: Mean Brier score; None of a number.
        crps: Mean continuous ranked probability score; None of a group.
    """

    what: str
    forecaster: str
    count: int
    log: float | None
    brier: float | None
    crps: float | None


@dataclass(frozen=True)
class Scored:
    """A scored forecast.

    Attributes:
        frozen: The forecast.
        happened: What happened, question by question.
        questions: Group, words and probabilities by forecaster (NaN where it says nothing), question by question.
        lines: Means, by group and number.
        observed: Numbers that were observed.
        silent: Names of the numbers of which no year was observed.
    """

    frozen: Frozen
    happened: list[bool]
    questions: list[tuple[str, str, list[float]]]
    lines: list[Line]
    observed: Observed
    silent: list[str]


def score(forecast: Forecast, frozen: Frozen, more: Observed | None = None) -> Scored:
    """Score a frozen forecast.

    Args:
        forecast: What was asked, and what happened.
        frozen: What was said.
        more: Numbers observed that the record does not have.

    Raises:
        FrozenError: If the forecast's file asks something else by now than what was frozen.
    """
    if frozen.origin["asked_sha256"] != forecast.sha256:
        raise FrozenError(f"{frozen.folder}: was asked something else than what {forecast.spec.name} asks now; score it with the code of its tag")
    happened, asked = forecast.answers, forecast.questions
    lines = []
    for group in GROUPS:
        for said in frozen.forecasters:
            given = [
                (p, h) for q, p, h in zip(asked, said.probabilities, happened, strict=True) if q.group == group and not math.isnan(p)
            ]  # fmt: skip
            if given:
                log, brier = (math.fsum(rule(p, h) for p, h in given) / len(given) for rule in (log_score, brier_score))
                lines.append(Line(group, said.name, len(given), log, brier, None))
    seen = {(n.number, y): value for n in forecast.spec.numbers for y in forecast.years if (value := forecast.observed(n, y)) is not None}
    for key, value in (more or {}).items():
        if key in seen:
            raise FrozenError(f"{key[0]} in {key[1]} is in the record already; a table of observed numbers adds to it and does not change it")
        seen[key] = value
    for number in forecast.spec.numbers:
        for said in frozen.forecasters:
            rows = [crps(said.numbers[key], value) for key, value in seen.items() if key[0] == number.number and key in said.numbers]
            if rows:
                lines.append(Line(number.number, said.name, len(rows), None, None, math.fsum(rows) / len(rows)))
    questions = [(q.group, q.words, [f.probabilities[n] for f in frozen.forecasters]) for n, q in enumerate(asked)]
    silent = [number.number for number in forecast.spec.numbers if not any(key[0] == number.number for key in seen)]
    return Scored(frozen, happened, questions, lines, seen, silent)


def read_observed(file: Path, forecast: Forecast) -> dict[tuple[str, int], float]:
    """Read observed numbers from a CSV file with the columns ``number``, ``year`` and ``value``.

    Raises:
        FrozenError: If it cannot be read, or holds what was not forecast.
    """
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FrozenError(f"{file}: cannot be read: {error}") from None
    names, found = [n.number for n in forecast.spec.numbers], {}
    for line, row in enumerate(rows, start=2):
        try:
            number, year, value = str(row["number"]), int(row["year"]), float(row["value"])
        except (KeyError, TypeError, ValueError) as error:
            raise FrozenError(f"{file}, line {line}: wanted are the columns number, year and value ({error})") from None
        if number not in names or year not in forecast.years or not math.isfinite(value):
            years = f"{forecast.years[0]} to {forecast.years[-1]}"
            raise FrozenError(f"{file}, line {line}: {number!r} in {year} was not forecast; forecast were {'; '.join(names)}, each from {years}")
        found[number, year] = value
    return found
