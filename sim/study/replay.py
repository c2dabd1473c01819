"""The months behind a store: every run has an address, so a store of outcomes is a store of histories, made again when they are asked for.

What is made again is checked: the outcomes of the run must be those in the store, bit for bit, or the months would be another history's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.observe import provenance
from sim.observe.history import History
from sim.observe.history import run as run_history
from sim.scenario.errors import listed, nearest
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count
from sim.study.functions import ARGUMENTS
from sim.study.plan import Study
from sim.study.result import ARM, SweepResult
from sim.study.store import StoreError
from sim.world import codes
from sim.world.build import build, parameters
from sim.world.layout import LAYOUT
from sim.world.outcomes import of_year

if TYPE_CHECKING:
    import pandas as pd

_MEANS = (
    "cohesion", "agency_loss", "control", "divergence", "polarisation", "tension", "support", "outside", "institutions", "morale", "posture",
    "r0", "threat", "crowding", "hardship",
)  # fmt: skip
SERIES: dict[str, tuple[str, str]] = {
    "strength": ("fighter-equivalents", "Strength of the followed lineage."),
    "organisations": ("organisations", "Organisations of the followed lineage that stand."),
    **{
        c.name: (c.unit, f"{c.meaning} Mean over the standing organisations of the lineage, by strength.")
        for c in LAYOUT["organisation"]
        if c.name in _MEANS
    },
}
"""Monthly series of a replayed run: unit and meaning. Those with unit 1 are means, which do not exist in months in which no organisation stands."""

RESAMPLES = 1000
WINDOW = 12
"""Months in a running mean."""

FRAGMENTATIONS = ("splinter", "autonomy", "pledge", "departure")
_EVENT_OF = {
    "splinters": "splinter", "autonomies": "autonomy", "pledges": "pledge", "departures": "departure", "surrenders": "surrender", "voices": "voice",
    "returns": "return", "mergers": "merger", "successions": "succession", "alliances_made": "alliance made", "alliances_broken": "alliance broken",
    "deals": "deal", "broker_groups": "broker-founded group", "relocations": "relocation", "dormancies": "dormancy",
    "re_emergences": "re-emergence", "outbiddings": "outbidding", "means_changes": "means change", "renegotiations": "renegotiation",
    "captures": "capture", "endings": "ending", "communities_reached": "community reached", "foundings": "founding", "purges": "purge",
    "offers": "offer",
}  # fmt: skip
"""The event that an outcome counts."""


_ADDRESS = 2**32
"""Replicate numbers are below it, so a cell and a replicate make one whole number."""


@dataclass(frozen=True)
class Months:
    """The months of one run of a store.

    Attributes:
        cell: Its cell: number of the arm times the number of points, plus the point.
        replicate: Its replicate number.
        scenario: What was run.
        series: Series of :data:`SERIES` by name, shape (months,): the state at the end of each month; NaN where there is nothing to take the mean of.
        events: Events of each month by name (of :data:`sim.world.codes.EVENTS`), shape (months,).
    """

    cell: int
    replicate: int
    scenario: Scenario
    series: dict[str, np.ndarray[Any, Any]]
    events: dict[str, np.ndarray[Any, Any]]


def replay(result: SweepResult, cell: int, replicate: int) -> Months:
    """Run one run of a store again, month by month; see :func:`replays`."""
    return next(iter(replays(result, [(cell, replicate)])))


def replays(result: SweepResult, runs: Iterable[tuple[int, int]]) -> Iterator[Months]:
    """Run runs of a store again, month by month, on the compiled engine.

    Args:
        result: The sweep.
        runs: Cells and replicates. It is quickest where the runs of a cell stand together.

    Yields:
        The months of each run, in the order given.

    Raises:
        StoreError: If the store is of a test function, has no such run, or the run failed; if the rulebook is another than the store's, or a run
            comes to other outcomes than the store has.
    """
    from sim import engine

    study, wanted = _replayable(result), list(runs)
    stored = _stored(result, wanted)
    at, scenario = -1, None
    for cell, replicate in wanted:
        if scenario is None or cell != at:
            at, scenario = cell, study.scenario(cell)
            p, months = parameters(scenario), month_count(scenario)
        world = build(scenario, study.spec.seed, replicate)
        kept = _Kept(world, months)
        for month in engine.months_of(world, p, months):
            kept.take(month)
        outcomes = engine.outcomes(world, months)
        _verify(result, study, cell, replicate, outcomes, stored[cell, replicate])
        yield Months(cell, replicate, scenario, kept.series(), kept.events())


def histories(result: SweepResult, runs: Iterable[tuple[int, int]]) -> Iterator[History]:
    """Run runs of a store again as histories; the store is read through once for all of them.

    Args:
        result: The sweep.
        runs: Cells and replicates.

    Yields:
        The histories, in the order given.

    Raises:
        StoreError: See :func:`replays`.
    """
    study, wanted = _replayable(result), list(runs)
    stored = _stored(result, wanted)
    for cell, replicate in wanted:
        found = run_history(study.scenario(cell), study.spec.seed, replicate)
        _verify(result, study, cell, replicate, found.outcomes, stored[cell, replicate])
        yield found


def kinds_of(event: str | None) -> dict[str, tuple[str, ...]]:
    """Return the kinds of event that a name stands for, by the name of what is counted.

    Args:
        event: An event of :data:`sim.world.codes.EVENTS`, or an outcome that counts one; ``fragmentations`` are four kinds together, and None is each
            of the four alone.

    Raises:
        ValueError: If there is no such event.
    """
    if event is None:
        return {kind: (kind,) for kind in FRAGMENTATIONS}
    if event == "fragmentations":
        return {event: FRAGMENTATIONS}
    name = _EVENT_OF.get(event, event)
    if name not in codes.EVENTS:
        near = nearest(event, [*codes.EVENTS, *_EVENT_OF, "fragmentations"])
        hint = f"; did you mean {near!r}?" if near else ""
        raise ValueError(f"there is no event {event!r}; events are {listed(codes.EVENTS, 40)}, and fragmentations{hint}")
    return {name: (name,)}


def cells(result: SweepResult, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Return the cell of each row of a table of runs, which has the columns of the arm and the point."""
    import pandas as pd

    arms = pd.MultiIndex.from_tuples([tuple(arm[name] for name in ARM) for arm in result.manifest["arms"]])
    place = arms.get_indexer(pd.MultiIndex.from_frame(frame[list(ARM)].astype(str)))
    return place * result.manifest["points"] + frame["point"].to_numpy(np.int64)


def spread(runs: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return at most so many runs, spread evenly over cells and at random over replicates, in the order of the store.

    Stepping through the table would meet the same replicates in every cell, so which replicates a cell gives is drawn, always alike.
    """
    if len(runs) <= most:
        return runs
    rng = np.random.default_rng(0)
    shuffled = runs.iloc[rng.permutation(len(runs))]
    turn = shuffled.groupby("cell").cumcount().to_numpy()
    kept = shuffled.index[np.argsort(turn, kind="stable")[:most]]
    return runs.loc[kept.sort_values()]


def redrawn(replicate: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return bootstrap resamples of runs as how often each is drawn, shape (:data:`RESAMPLES`, runs).

    Runs of one replicate share their draws, so replicates are drawn as a whole; where there is but one, the runs are (its cells are then the sample).

    Args:
        replicate: Replicate number of each run, shape (runs,).
    """
    _, number = np.unique(replicate, return_inverse=True)
    count = int(number.max()) + 1
    if count == 1:
        count, number = len(replicate), np.arange(len(replicate))
    drawn = np.random.default_rng(0).multinomial(count, np.full(count, 1.0 / count), size=RESAMPLES)
    return drawn[:, number]


def quantiles(values: np.ndarray[Any, Any], replicate: np.ndarray[Any, Any]) -> pd.DataFrame:
    """Return the quantiles of runs by month, with the 95 % bootstrap interval of the median.

    Args:
        values: A series, shape (runs, months); NaN where a run has none.
        replicate: Replicate number of each run, shape (runs,); replicates are drawn anew as a whole.

    Returns:
        A row a month: ``runs``, ``standing`` (runs that have a value), ``median`` with ``median_low`` and ``median_high``, and ``q05`` … ``q95``.
    """
    import pandas as pd

    count, months = values.shape
    weights = redrawn(replicate)
    table = np.full((months, 7), np.nan)
    standing = np.isfinite(values).sum(axis=0)
    for t in np.flatnonzero(standing).tolist():
        here = np.isfinite(values[:, t])
        order = np.argsort(values[here, t], kind="stable")
        ranked = values[here, t][order]
        table[t, :5] = np.percentile(ranked, [50, 5, 25, 75, 95])
        # A resample is how often each value is in it: its median stands where half of the values have gone by.
        gone = np.cumsum(weights[:, here][:, order], axis=1)
        total = gone[:, -1]
        some = gone[total > 0], total[total > 0][:, None]
        low, high = ((some[0] <= place).sum(axis=1) for place in ((some[1] - 1) // 2, some[1] // 2))
        table[t, 5:] = np.percentile((ranked[low] + ranked[high]) / 2.0, [2.5, 97.5])
    frame = pd.DataFrame(table, columns=["median", "q05", "q25", "q75", "q95", "median_low", "median_high"])
    frame.insert(0, "runs", count)
    frame.insert(1, "standing", standing)
    return frame[["runs", "standing", "median", "median_low", "median_high", "q05", "q25", "q75", "q95"]]


def running_rates(counts: np.ndarray[Any, Any], replicate: np.ndarray[Any, Any], window: int = WINDOW) -> pd.DataFrame:
    """Return events a month as running means over runs and months, with their 95 % bootstrap interval.

    Args:
        counts: Events, shape (runs, months).
        replicate: Replicate number of each run, shape (runs,); replicates are drawn anew as a whole.
        window: Months in a mean.

    Returns:
        A row a window, under its middle month: ``month``, ``runs``, ``rate`` (events / month), ``low``, ``high``.
    """
    import pandas as pd

    summed = np.cumsum(np.pad(counts, ((0, 0), (1, 0))), axis=1, dtype=float)
    mean = (summed[:, window:] - summed[:, :-window]) / window
    weights = redrawn(replicate)
    drawn = weights @ mean / weights.sum(axis=1, keepdims=True)
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    # The middle of months t … t + window - 1 is the end of month t + window / 2 - 1.
    month = np.arange(mean.shape[1]) + window / 2.0 - 1.0
    return pd.DataFrame({"month": month, "runs": len(counts), "rate": mean.mean(axis=0), "low": low, "high": high})


def kaplan_meier(months: np.ndarray[Any, Any], censored: np.ndarray[Any, Any]) -> pd.DataFrame:
    r"""Return Kaplan and Meier's estimate of survival, with its 95 % interval.

    The interval is Greenwood's on the scale of :math:`\log(-\log S)`, which has none where all or none survive; there it is the exact one of
    :math:`n` alike, with the other limit :math:`0.025^{1/n}` away from one or nought.

    Args:
        months: Months that each run lasted, shape (runs,).
        censored: Whether it still stood then, shape (runs,).

    Returns:
        A row a month in which something ends, and the start: ``months``, ``survival``, ``low``, ``high``, ``at_risk`` and ``ended``.
    """
    import warnings

    import pandas as pd
    from scipy.stats import CensoredData, ecdf

    found = ecdf(CensoredData(uncensored=months[~censored], right=months[censored])).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        limits = found.confidence_interval(confidence_level=0.95, method="log-log")
    at = found.quantiles
    risk = np.array([(months >= t).sum() for t in at])
    low, high = limits.low.probabilities.copy(), limits.high.probabilities.copy()
    all_stand, none_stands = found.probabilities == 1.0, found.probabilities == 0.0
    low[all_stand], high[all_stand] = 0.025 ** (1.0 / risk[all_stand]), 1.0
    low[none_stands], high[none_stands] = 0.0, 1.0 - 0.025 ** (1.0 / len(months))
    table = pd.DataFrame({"months": at, "survival": found.probabilities, "low": low, "high": high, "at_risk": risk})
    table["ended"] = [int(((months == t) & ~censored).sum()) for t in at]
    start = pd.DataFrame(
        {"months": [0.0], "survival": [1.0], "low": [0.025 ** (1.0 / len(months))], "high": [1.0], "at_risk": [len(months)], "ended": [0]}
    )
    return table if at[0] == 0.0 else pd.concat([start, table], ignore_index=True)


class _Kept:
    """What a replay keeps of every month: columns, not whole tables, which would take longer to copy than the months take to run."""

    def __init__(self, world: Any, months: int) -> None:
        self.world = world
        self.focus = world.clock["focus"][0]
        self.tally = np.zeros((months + 1, len(codes.EVENTS)), np.int64)
        self.tally[0] = world.tally["count"]
        self.columns: list[tuple[str, str, np.ndarray[Any, Any], np.ndarray[Any, Any]]] = []
        self.of: dict[tuple[str, str], np.ndarray[Any, Any]] = {}
        for table, names in (("organisation", ("alive", "lineage", "strength", *_MEANS)), ("emir", ("alive", "organisation", "strength"))):
            live = getattr(world, table)
            for name in names:
                self.of[table, name] = np.zeros((months, len(live)), live.dtype[name])
                self.columns.append((table, name, live[name], self.of[table, name]))

    def take(self, month: int) -> None:
        """Keep the end of a month."""
        for _, _, live, kept in self.columns:
            kept[month] = live
        self.tally[month + 1] = self.world.tally["count"]

    def series(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return the series of :data:`SERIES`."""
        of = self.of
        mine = (of["organisation", "alive"] == 1) & (of["organisation", "lineage"] == self.focus)
        under = np.take_along_axis(of["organisation", "lineage"], of["emir", "organisation"], axis=1)
        emirs = np.where((of["emir", "alive"] == 1) & (under == self.focus), of["emir", "strength"], 0.0)
        # One after another, as the outcome is added up: the last month is then the outcome itself, bit for bit.
        found = {"strength": np.cumsum(emirs, axis=1)[:, -1], "organisations": mine.sum(axis=1).astype(float)}
        weight = np.where(mine, of["organisation", "strength"], 0.0)
        total = weight.sum(axis=1)
        for name in _MEANS:
            summed = (np.where(mine, of["organisation", name], 0.0) * weight).sum(axis=1)
            found[name] = np.divide(summed, total, out=np.full(len(total), np.nan), where=total > 0.0)
        return {name: found[name] for name in SERIES}

    def events(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return the events of each month by name."""
        return dict(zip(codes.EVENTS, np.diff(self.tally, axis=0).T, strict=True))


def _replayable(result: SweepResult) -> Study:
    """Return the study of a store whose runs can be made again."""
    names, identity = [arm["scenario"] for arm in result.manifest["arms"]], result.manifest["identity"]
    functions = [name for name in names if name in ARGUMENTS and f"scenario {name}" not in identity]
    if functions:
        raise StoreError(f"{result.path}: is of the test function {functions[0]}; a test function has no histories, only outcomes")
    now = provenance.rulebook_digest()
    if identity["rulebook"] != now:
        raise StoreError(
            f"{result.path}: was computed by rulebook {identity['rulebook'][:12]}, and this is {now[:12]}: the code has changed since, so its"
            " histories cannot be made again; install the version it was computed with, or sweep it again into another directory"
        )
    return result.study


def _stored(result: SweepResult, runs: list[tuple[int, int]]) -> dict[tuple[int, int], list[float]]:
    """Return the stored outcomes of runs by their address; the store is read through part by part."""
    import pyarrow.compute as pc

    if not runs:
        return {}
    points = result.manifest["points"]
    total = len(result.manifest["arms"]) * points
    for cell, replicate in runs:
        if not 0 <= cell < total:
            raise StoreError(f"{result.path}: has no cell {cell}; its cells are 0 to {total - 1}")
        if not 0 <= replicate < _ADDRESS:
            raise StoreError(f"{result.path}: has no replicate {replicate}")
    wanted = np.unique(np.array([cell * _ADDRESS + replicate for cell, replicate in runs], np.int64))
    where = pc.field("point").isin((np.unique(wanted // _ADDRESS) % points).tolist())
    where &= (pc.field("replicate") >= int((wanted % _ADDRESS).min())) & (pc.field("replicate") <= int((wanted % _ADDRESS).max()))
    columns = [*ARM, "point", "replicate", *result.outcomes, "error"]
    found: dict[tuple[int, int], list[float]] = {}
    for batch in result.dataset(columns).to_batches(columns=columns, filter=where):
        frame = batch.to_pandas()
        key = cells(result, frame) * _ADDRESS + frame["replicate"].to_numpy()
        frame = frame[np.isin(key, wanted)]
        for here, row, error in zip(key[np.isin(key, wanted)].tolist(), frame[result.outcomes].to_numpy(), frame["error"], strict=True):
            if isinstance(error, str):
                raise StoreError(f"{result.path}: cell {here // _ADDRESS}, replicate {here % _ADDRESS} failed, so it has no history: {error}")
            found[here // _ADDRESS, here % _ADDRESS] = row.tolist()
    for cell, replicate in runs:
        if (cell, replicate) not in found:
            more = "" if result.complete else "; the sweep is not complete: go on with it with --resume"
            raise StoreError(f"{result.path}: has no run of cell {cell} with replicate {replicate}{more}")
    return found


def _verify(result: SweepResult, study: Study, cell: int, replicate: int, outcomes: Any, before: list[float]) -> None:
    """Refuse a run that does not come to the stored outcomes, bit for bit; those of single years are not looked at."""
    names = [name for name in result.outcomes if of_year(name) is None]
    now, stored = [float(outcomes[name]) for name in names], [x for name, x in zip(result.outcomes, before, strict=True) if name in names]
    differ = np.flatnonzero(np.array(now).view(np.int64) != np.array(stored).view(np.int64))
    if not len(differ):
        return
    from sim.study.sweep import differences

    k = int(differ[0])
    known = differences(result.manifest, study)
    why = "".join(f"\n  {line}" for line in known) or "\n  nothing that the manifest tells of: the store, or a scenario in it, was edited"
    raise StoreError(
        f"{result.path}: cell {cell}, replicate {replicate} comes to {names[k]} {now[k]!r} now, and the store has {stored[k]!r}: the code"
        f" or the scenario has changed since, so the months are not those of the store. What differs:{why}"
    )
