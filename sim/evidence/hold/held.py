"""A scenario held against data: an ensemble of its log of violence beside the observed one, month by month and year by year, with scores.

Two rivals stand beside the model, and know of the data only what lies before the year that is scored: *years before* (each earlier year, or month of
one, as likely as any other) and *year before* (the last of them). So the first year of the data is drawn and not scored.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence.hold.atlas import Atlas
from sim.evidence.hold.cells import GREAT, NOTICED, Cell, cells, dyad_year_row, dyad_years, simulated, tabulate
from sim.evidence.hold.reading import Observed
from sim.evidence.hold.scores import BANDS, BINS, LEVELS, coverage, crps, gain, log_score
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count
from sim.world import codes

if TYPE_CHECKING:
    import pandas as pd

RIVALS = ("years before", "year before")
_ROWS = 20_000
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Series:
    """One quantity by period, in the data and in the model.

    Attributes:
        quantity: ``events``, ``deaths`` or ``level`` (0 below twenty-five deaths in the year, 1 below a thousand, 2 above).
        unit: ``month`` or ``year``.
        cells: What is counted.
        observed: Counts, shape (cells, periods of the data).
        periods: The periods of the data: months since the year 0, or years.
        shared: Of them, the ones that the scenario has too.
        model: Counts of the ensemble in the shared periods, shape (replicates, cells, shared).
    """

    quantity: str
    unit: str
    cells: list[Cell]
    observed: _Array
    periods: _Array
    shared: _Array
    model: _Array

    @property
    def years(self) -> _Array:
        """Year of each period of the data."""
        return self.periods // 12 if self.unit == "month" else self.periods

    def rival(self, cell: int, period: int, which: str) -> _Array:
        """Return a rival's sample for a period, shape (draws,); empty where nothing lies before it."""
        year = period // 12 if self.unit == "month" else period
        before = self.years < year if which == RIVALS[0] else self.years == year - 1
        return self.observed[cell, before]


@dataclass(frozen=True)
class Held:
    """What came out.

    Attributes:
        scenario: What was run.
        observed: The data.
        replicates: Replicates of the ensemble.
        seed: Their seed.
        first: First month that data and scenario share, in months since the year 0.
        last: Last such month.
        series: A series for each quantity and unit.
    """

    scenario: Scenario
    observed: Observed
    replicates: int
    seed: int
    first: int
    last: int
    series: list[Series]

    def of(self, quantity: str, unit: str) -> Series | None:
        """Return a series, or None where there is none."""
        return next((s for s in self.series if (s.quantity, s.unit) == (quantity, unit)), None)


def window(scenario: Scenario, observed: Observed, first: int | None = None, last: int | None = None) -> tuple[int, int, int, int]:
    """Return the months of the data, and those that the scenario has too, each first and last, in months since the year 0.

    Args:
        scenario: The scenario.
        observed: The data.
        first: First month that the data cover, where that is known; the first event's (or its year's) where absent.
        last: Last such month.

    Raises:
        ValueError: If data and scenario share no month, or the data have nothing in the months that they are said to cover.
    """
    start = 12 * int(scenario.start[:4]) + int(scenario.start[5:]) - 1
    end = start + month_count(scenario) - 1
    a, b = first if first is not None else observed.first, last if last is not None else observed.last
    low, high = max(a, start), min(b, end)
    if low > high:
        raise ValueError(
            f"{observed.file}: the data run from {label(a)} to {label(b)}, the scenario from {scenario.start} to {scenario.end}; they share no month"
        )
    if not ((observed.month >= a) & (observed.month <= b)).any():
        raise ValueError(
            f"{observed.file}: no row of use lies between {label(a)} and {label(b)}; it covers {label(observed.first)} to {label(observed.last)}"
        )
    return a, b, low, high


def label(month: int) -> str:
    """Return a month since the year 0 as ``YYYY-MM``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def hold(
    scenario: Scenario,
    atlas: Atlas,
    observed: Observed,
    *,
    replicates: int = 200,
    seed: int = 0,
    threads: int = 1,
    first: int | None = None,
    last: int | None = None,
    watch: Callable[[int, int], None] | None = None,
) -> Held:
    """Lay an ensemble beside data.

    Args:
        scenario: What to run.
        atlas: Its places and sides, with which the data were read.
        observed: The data.
        replicates: Replicates, at least two.
        seed: Their seed.
        threads: Threads; the result does not depend on it.
        first: First month that the data cover, in months since the year 0; see :func:`window`.
        last: Last one.
        watch: Told how many replicates of how many are done.

    Raises:
        ValueError: If data and scenario share no month.
    """
    from sim.study.work import warm

    a, b, low, high = window(scenario, observed, first, last)
    start = 12 * int(scenario.start[:4]) + int(scenario.start[5:]) - 1
    warm()

    def one(number: int) -> list[_Array]:
        log, _ = simulated(scenario, atlas, seed, number, ucdp=observed.convention.ucdp and observed.convention.events, rows=_ROWS)
        month = log[0] + start
        return _counts(atlas, observed, log[:, (month >= low) & (month <= high)], start, low, high)

    found: list[list[_Array]] = []
    with ThreadPoolExecutor(threads) as pool:
        try:
            for counts in pool.map(one, range(replicates)):
                found.append(counts)
                if watch is not None:
                    watch(len(found), replicates)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    model = [np.stack(part) for part in zip(*found, strict=True)]
    series = _event_series if observed.convention.events else _level_series
    return Held(scenario, observed, replicates, seed, low, high, series(atlas, observed, model, a, b, low, high))


def _counts(atlas: Atlas, observed: Observed, log: _Array, start: int, low: int, high: int) -> list[_Array]:
    """Return a replicate's counts in the shared months: events and deaths by cell and month, or levels by dyad and year."""
    month, place, one, other, kind, deaths = log
    if observed.convention.events:
        where = (atlas, high - low + 1, month + start - low, place, atlas.dyad(one, other), kind)
        return [tabulate(*where).astype(np.int32), tabulate(*where, deaths).astype(np.int32)]
    whole = _whole_years(low, high)
    year = (month + start) // 12
    fought = (kind == codes.STATE_BASED) & np.isin(year, whole)
    found = np.zeros((len(dyad_years(atlas)), len(whole)))
    np.add.at(
        found, (dyad_year_row(atlas, place, np.maximum(one, other))[fought], year[fought] - whole[0] if len(whole) else year[fought]), deaths[fought]
    )
    return [(found >= NOTICED).astype(np.int32) + (found >= GREAT)]


def _whole_years(low: int, high: int) -> _Array:
    """Return the years of which every month lies between two months."""
    return np.arange(-(-low // 12), (high + 1) // 12)


def _by_year(counts: _Array, low: int, years: _Array) -> _Array:
    """Return counts by year from counts by month, shape (..., months from ``low``)."""
    first = 12 * int(years[0]) - low
    inside = counts[..., first : first + 12 * len(years)]
    return inside.reshape(*counts.shape[:-1], len(years), 12).sum(axis=-1)


def _event_series(atlas: Atlas, observed: Observed, model: list[_Array], a: int, b: int, low: int, high: int) -> list[Series]:
    here = (observed.month >= a) & (observed.month <= b)
    where = (
        atlas, b - a + 1, observed.month[here] - a, observed.place[here], atlas.dyad(observed.one[here], observed.other[here]), observed.kind[here],
    )  # fmt: skip
    all_cells = cells(atlas)
    # Dyads that nobody saw, in the data or in any replicate, are not told.
    there = np.array([cell.by != "dyad" for cell in all_cells])
    counts = [tabulate(*where).astype(int), tabulate(*where, observed.amount[here]).astype(int)]
    there |= (counts[0].sum(axis=1) > 0) | (model[0].sum(axis=(0, 2)) > 0)
    named = [cell for cell, shown in zip(all_cells, there.tolist(), strict=True) if shown]
    found = []
    for quantity, seen, made in zip(("events", "deaths"), counts, model, strict=True):
        found.append(Series(quantity, "month", named, seen[there], np.arange(a, b + 1), np.arange(low, high + 1), made[:, there]))
        years, shared = _whole_years(a, b), _whole_years(low, high)
        if len(shared):
            yearly = (_by_year(seen[there], a, years), years, shared, _by_year(made[:, there], low, shared))
            found.append(Series(quantity, "year", named, *yearly))
    return found


def _level_series(atlas: Atlas, observed: Observed, model: list[_Array], a: int, b: int, low: int, high: int) -> list[Series]:
    years, shared = _whole_years(a, b), _whole_years(low, high)
    if not len(shared):
        raise ValueError(f"{observed.file}: data by year and the scenario share no whole year")
    levels = np.zeros((len(dyad_years(atlas)), len(years)), int)
    actor = np.maximum(observed.one, observed.other)
    here = (observed.month // 12 >= years[0]) & (observed.month // 12 <= years[-1])
    np.maximum.at(
        levels, (dyad_year_row(atlas, observed.place, actor)[here], observed.month[here] // 12 - years[0]), observed.amount[here]
    )  # fmt: skip
    # A place or an actor that the file never names may have been cut out of it: only the others can be held against it. The other groups are many.
    rows = np.array([(p, s) for p in range(len(atlas.places)) for s in range(2, len(atlas.sides))])
    known = np.isin(rows[:, 0], observed.place) & np.isin(rows[:, 1], actor) & (rows[:, 1] < len(atlas.sides) - 1)
    if not known.any():
        others = ", ".join(name for name, _ in observed.others.most_common(6))
        raise ValueError(
            f"{observed.file}: none of its groups ({others}) is an organisation of the scenario, which knows {', '.join(atlas.sides[2:-1])}; "
            "give `data: actors:` (docs/hold.md)"
        )
    named = [cell for cell, shown in zip(dyad_years(atlas), known.tolist(), strict=True) if shown]
    return [Series("level", "year", named, levels[known], years, shared, model[0][:, known])]


def scores(held: Held) -> pd.DataFrame:
    """Return the scores of the model and of its rivals.

    Returns:
        A row a quantity, unit and cell: ``quantity``, ``unit``, ``by``, ``name``, ``periods`` (scored), ``observed`` and ``model`` (means a
        period), ``crps`` and ``log`` (of the model), the same of each rival, ``crps gain`` and ``log gain`` (over the years before, positive
        where the model is better) with the ends of their 95 % intervals, and for each band ``in 90 %`` (share of periods inside) and
        ``held 90 %`` (share of the ensemble).
    """
    import pandas as pd

    rows = []
    for series in held.series:
        scored = [n for n, period in enumerate(series.shared) if len(series.rival(0, int(period), RIVALS[1]))]
        # With no year before any of the shared ones there is no rival, and the model stands alone.
        at = np.array(scored or range(len(series.shared)))
        observed = series.observed[:, np.searchsorted(series.periods, series.shared[at])]
        bins = LEVELS if series.quantity == "level" else BINS
        for c, cell in enumerate(series.cells):
            made, seen = series.model[:, c][:, at], observed[c]
            row: dict[str, Any] = {
                "quantity": series.quantity, "unit": series.unit, "by": cell.by, "name": cell.name, "periods": len(at),
                "observed": seen.mean(), "model": made.mean(),
            }  # fmt: skip
            own = {"crps": crps(made, seen), "log": log_score(made, seen, bins)}
            row |= {name: values.mean() for name, values in own.items()}
            years = series.shared[at] // 12 if series.unit == "month" else series.shared[at]
            for which in RIVALS if scored else ():
                theirs = _rival_scores(series, c, at, seen, which, bins)
                for name, values in theirs.items():
                    row[f"{name} {which}"] = values.mean()
                    if which == RIVALS[0]:
                        better, low, high = gain(values, own[name], years)
                        row |= {f"{name} gain": better, f"{name} gain low": low, f"{name} gain high": high}
            for share in BANDS:
                inside, holds = coverage(made, seen, share)
                row |= {f"in {share:.0%}".replace("%", " %"): inside.mean(), f"held {share:.0%}".replace("%", " %"): holds.mean()}
            rows.append(row)
    return pd.DataFrame(rows)


def _rival_scores(series: Series, cell: int, at: _Array, seen: _Array, which: str, bins: int) -> dict[str, _Array]:
    """Return a rival's scores in the periods that are scored; it has one sample for all the months of a year."""
    periods = series.shared[at]
    years = periods // 12 if series.unit == "month" else periods
    found = {"crps": np.zeros(len(at)), "log": np.zeros(len(at))}
    for year in np.unique(years):
        own = years == year
        sample = np.repeat(series.rival(cell, int(periods[own][0]), which)[:, None], own.sum(), axis=1)
        found["crps"][own] = crps(sample, seen[own])
        found["log"][own] = log_score(sample, seen[own], bins)
    return found


def table(held: Held) -> pd.DataFrame:
    """Return the data and the model side by side.

    Returns:
        A row a quantity, unit, cell and period that both have: ``quantity``, ``unit``, ``period`` (``YYYY-MM`` or a year), ``by``, ``name``,
        ``observed``, ``years before`` (their mean, NaN where there is none), ``mean`` of the ensemble and its quantiles (``q05`` … ``q95``).
    """
    import pandas as pd

    parts = []
    for series in held.series:
        cell, period = (part.ravel() for part in np.indices((len(series.cells), len(series.shared))))
        at = np.searchsorted(series.periods, series.shared)
        earlier = [[_mean(series.rival(c, int(p), RIVALS[0])) for p in series.shared] for c in range(len(series.cells))]
        names = [label(p) if series.unit == "month" else str(p) for p in series.shared.tolist()]
        part = pd.DataFrame(
            {
                "quantity": series.quantity,
                "unit": series.unit,
                "period": np.array(names, object)[period],
                "by": [series.cells[c].by for c in cell],
                "name": [series.cells[c].name for c in cell],
                "observed": series.observed[:, at].ravel(),
                "years before": np.array(earlier).ravel(),
                "mean": series.model.mean(axis=0).ravel(),
            }
        )
        quantiles = np.quantile(series.model, _QUANTILES, axis=0, method="inverted_cdf")
        parts.append(part.assign(**{f"q{round(100 * q):02d}": quantiles[n].ravel() for n, q in enumerate(_QUANTILES)}))
    return pd.concat(parts, ignore_index=True)


def _mean(values: _Array) -> float:
    return float(values.mean()) if len(values) else float("nan")
