"""A report of a sweep: one HTML file with figures, tables and provenance that opens by itself, for whoever has no program and no network."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

from sim.observe.ensemble import clustered_interval
from sim.observe.outcome_words import in_full, label_of, named_in
from sim.scenario.numbers import span, told
from sim.show.report_origin import escaped, provenance, sources, what_was_run
from sim.show.store_panels import STYLES, settle
from sim.show.style import STYLE
from sim.show.whole_file import write_whole
from sim.study.result import ARM, SweepResult
from sim.study.store import StoreError
from sim.world.outcomes import described

if TYPE_CHECKING:
    import pandas as pd

CAVEAT = "A model of ideas in an artificial world: it predicts no real group, and recommends no policy. Most of its numbers are assumptions."
MOST_ROWS = 200
"""Parameter sets of which the table tells the means one by one; a design of thousands is a picture, not a table."""
MOST_PANELS = 12
"""Outcomes that the comparison draws."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Shown:
    """A figure of a report.

    Attributes:
        title: What it shows.
        words: How to read it.
        svg: The figure itself.
        data: The data behind it, as CSV.
        name: Name of the data's file.
    """

    title: str
    words: str
    svg: str
    data: str
    name: str


@dataclass(frozen=True)
class Ordered:
    """The outcomes of a store in the order in which its report shows them.

    Attributes:
        about: Those that the claim is about: as the experiment says, or else those whose names stand in claim and title.
        rest: The others that vary.
        still: Those that are the same in every run, with their value.
        unmoved: Those of them that the claim is about: that nothing moves them is an answer, too.
    """

    about: list[str]
    rest: list[str]
    still: dict[str, float]
    unmoved: list[str]

    @classmethod
    def of(cls, result: SweepResult, frame: pd.DataFrame) -> Ordered:
        """Return the outcomes of a store, ordered."""
        spec = result.study.spec
        still = {name: float(frame[name].iloc[0]) for name in result.outcomes if frame[name].nunique(dropna=False) == 1}
        about = [name for name in spec.about if name in result.outcomes] or named_in(f"{spec.claim} {spec.title}", result.outcomes)
        unmoved = [name for name in about if name in still]
        about = [name for name in about if name not in still]
        return cls(about, [name for name in result.outcomes if name not in about and name not in still], still, unmoved)

    @property
    def varying(self) -> list[str]:
        """All that vary, those that the claim is about first; all outcomes where none varies."""
        return [*self.about, *self.rest] or list(self.still)


def report(result: SweepResult, replicates: int = 100, tell: Tell = lambda _: None) -> str:
    """Return a report of a sweep, as the text of an HTML file without any reference outside itself; the same store gives the same text.

    Args:
        result: The sweep; one that is not complete is told as far as it is.
        replicates: Runs of a group that are run again at most, for figures by month.
        tell: Told which part is being made.

    Raises:
        StoreError: If the store has no runs.
    """
    from importlib.resources import files

    manifest = result.manifest
    frame = result.to_pandas([*result.factors, *result.outcomes])
    if frame.empty:
        raise StoreError(f"{result.path}: has no run that did not fail, so there is nothing to report")
    outcomes = Ordered.of(result, frame)
    shown, left_out = [], []
    for title, make in _figures(result, replicates, outcomes):
        tell(f"{title} …")
        try:
            shown.append(make())
        except ValueError as error:
            # The first line says why; the path in front of it says nothing to a reader of the report.
            left_out.append((title, str(error).splitlines()[0].removeprefix(f"{result.path}: ")))
    tell("tables …")
    body = [
        f"<h1>{escaped(manifest.get('title') or manifest['name'])}</h1>",
        f'<p class="caveat">{escaped(CAVEAT)}</p>',
        f"<p><b>Claim or question.</b> {escaped(manifest['claim'])}</p>",
        *_answer(result, frame, outcomes),
        *sources(result),
        *what_was_run(result, frame),
        "<h2>Figures</h2>",
        *_still(outcomes),
        *(_figure(one) for one in shown),
        *_missing(left_out),
        *_table(result, frame, outcomes),
        *provenance(result),
    ]
    page = files("sim.show").joinpath("report.html").read_text(encoding="utf-8")
    title = escaped(manifest.get("title") or manifest["name"])
    before, _, rest = page.partition("<!--title-->")
    middle, _, after = rest.partition("<!--body-->")
    return before + title + middle + "\n".join(body) + after


def write(result: SweepResult, path: Path, replicates: int = 100, tell: Tell = lambda _: None) -> Path:
    """Write a report of a sweep into a file, whole or not at all; see :func:`report`."""
    text = report(result, replicates, tell)
    write_whole(path, text)
    return path


def _figures(result: SweepResult, replicates: int, outcomes: Ordered) -> Iterator[tuple[str, Callable[[], Shown]]]:
    """Yield the figures that such a store may carry, each with what makes it."""
    from sim.show.store_figure import plot

    spec = result.study.spec
    kind = spec.design.kind if spec.design is not None else ""
    kept = set(result.outcomes)

    def drawn(title: str, words: str, figure_kind: str, **options: Any) -> tuple[str, Callable[[], Shown]]:
        def make() -> Shown:
            figure, data = plot(result, figure_kind, replicates=replicates, **options)
            settle(figure)
            return Shown(
                title,
                words,
                _svg(figure, STYLES["print"]),
                data.to_csv(index=False),
                f"{figure_kind}{'-' + options['outcome'] if 'outcome' in options else ''}.csv",
            )

        return title, make

    if any(len({arm[name] for arm in result.manifest["arms"]}) > 1 for name in ARM):
        yield "Arms side by side", lambda: _compared(result, outcomes.varying[:MOST_PANELS])
    if kind in ("saltelli", "morris"):
        yield "Which factors drive it", lambda: _sensitivity(result, outcomes.varying[:MOST_PANELS])
    if kind == "one-at-a-time":
        for outcome in _first(outcomes, 3):
            yield drawn(
                f"Each factor in turn: {label_of(outcome)}",
                "Bars reach from one end of a factor to the other, beside the point as written.",
                "tornado",
                outcome=outcome,
            )
    elif len(result.factors) >= 2 and kind not in ("saltelli", "morris"):
        words = "Each cell tells the mean and half the width of its 95 % interval; colours that differ much stand for means that do."
        for outcome in _first(outcomes, 4):
            yield drawn(f"{label_of(outcome)} over two factors", words, "heat", outcome=outcome)
    # Where all survive, a survival curve is a line along the top.
    if {"survived", "months_survived"} <= kept and outcomes.still.get("survived") != 1.0:
        yield drawn(
            "Survival", "Share of histories in which something of the followed lineage still stands (Kaplan and Meier, 95 % intervals).", "survival"
        )
    if not spec.function and kind not in ("saltelli", "morris"):
        words = "Months are not in the store: histories were run again from their addresses, and checked bit for bit against it."
        yield drawn("Strength by month", f"Median with its 95 % interval, and the range of histories. {words}", "fan")
        yield drawn(
            "Breaks by month",
            f"Splinters, bids for autonomy, pledges and departures of all groups, running means with 95 % intervals. {words}",
            "rates",
        )
        yield drawn("Lineages", f"Histories of the first replicates, who splits from whom. {words}", "lineages")


def _svg(figure: Figure, style: Any) -> str:
    buffer = io.StringIO()
    with mpl.rc_context(style):
        figure.savefig(buffer, format="svg", metadata={"Creator": "dilemma", "Date": None})
    return buffer.getvalue()


def _first(outcomes: Ordered, least: int) -> list[str]:
    """Return the outcomes that get a figure of their own: all that the claim is about, and others until there are so many."""
    return outcomes.varying[: max(least, len(outcomes.about))]


def _compared(result: SweepResult, chosen: list[str]) -> Shown:
    from sim.show.compare_figure import figure
    from sim.study.compare import compare, groups

    by = next(name for name in ARM if len({arm[name] for arm in result.manifest["arms"]}) > 1)
    found = compare(groups(result, by, chosen), chosen)
    words = f"Paired differences against {found.labels[0]}, under the same draws, with 95 % intervals; a filled mark leaves nought out."
    return Shown("Arms side by side", words, _svg(figure(found), STYLE), found.to_pandas().to_csv(index=False), "compare.csv")


def _sensitivity(result: SweepResult, chosen: list[str]) -> Shown:
    import pandas as pd

    from sim.show.sensitivity_figure import figure
    from sim.study.sensitivity import sensitivity

    found = sensitivity(result, chosen)
    data = pd.DataFrame([vars(index) for index in found.indices]).to_csv(index=False)
    return Shown(
        "Which factors drive it",
        f"Indices by the method of {found.method}, with 95 % intervals.",
        _svg(figure(found, result.labels), STYLE),
        data,
        "sensitivity.csv",
    )


def _figure(one: Shown) -> str:
    image = base64.b64encode(one.svg.encode()).decode()
    data = base64.b64encode(one.data.encode()).decode()
    alt = escaped(f"{one.title}. {one.words}")
    return (
        f'<figure><h3>{escaped(one.title)}</h3><div class="white"><img src="data:image/svg+xml;base64,{image}" alt="{alt}"></div>'
        f'<figcaption>{escaped(one.words)} <a download="{escaped(one.name)}" href="data:text/csv;base64,{data}">Data (CSV)</a></figcaption></figure>'
    )


def _missing(left_out: list[tuple[str, str]]) -> list[str]:
    if not left_out:
        return []
    return ["<p>Not drawn:</p>", "<ul>", *(f"<li>{escaped(title)}: {escaped(why)}</li>" for title, why in left_out), "</ul>"]


def _answer(result: SweepResult, frame: pd.DataFrame, outcomes: Ordered) -> list[str]:
    """What the claim is about, in words: between which means it lies over the parameter sets."""
    if not outcomes.about and not outcomes.unmoved:
        return []
    by = [name for name in result.varying if name in frame]
    groups = list(frame.groupby(by, observed=True, sort=False, dropna=False)) if by else []
    lines = ["<h2>What the claim is about</h2>", "<ul>"]
    for name in outcomes.about:
        label, meaning = escaped(label_of(name)), escaped(in_full(name))
        if 1 < len(groups) <= MOST_ROWS:
            ranked = sorted((group for group in groups if group[1][name].notna().any()), key=lambda group: float(group[1][name].mean()))
            ends = [f"{_mean(one, name)} with {escaped(_set_in_words(result, by, key))}" for key, one in (ranked[0], ranked[-1])]
            lines.append(f"<li><b>{label}</b>: from {ends[0]} to {ends[1]}. {meaning}</li>")
        else:
            lines.append(f"<li><b>{label}</b>: {_mean(frame, name)} over all runs. {meaning}</li>")
    for name in outcomes.unmoved:
        value = outcomes.still[name]
        said = "never happens" if math.isnan(value) else f"{told(value)} in every run: nothing that was varied moves it"
        lines.append(f"<li><b>{escaped(label_of(name))}</b>: {said}. {escaped(in_full(name))}</li>")
    lines.append("</ul>")
    if outcomes.about and 1 < len(groups) <= MOST_ROWS:
        words = f"Means with 95 % intervals: the lowest and the highest of {len(groups)} parameter sets, which of so many are partly luck."
        lines.append(f"<p>{words} The figures show how they lie in between.</p>")
    return lines


def _mean(frame: pd.DataFrame, name: str) -> str:
    """Return the mean of an outcome with its interval, in words."""
    mean, interval = _measured(frame, name)
    return "never" if math.isnan(mean) else f"{told(mean)} {interval}"


def _measured(frame: pd.DataFrame, name: str) -> tuple[float, str]:
    """Return the mean of an outcome, and its interval in words: over the runs in which it happens, with their share where that is not all."""
    there = frame[frame[name].notna()]
    if there.empty:
        return float("nan"), "never"
    mean, low, high = clustered_interval(there[name].to_numpy(float), there["replicate"].to_numpy())
    return mean, span(low, high, mean) + (f" in {len(there) / len(frame):.1%} of runs" if len(there) < len(frame) else "")


def _set_in_words(result: SweepResult, by: list[str], key: Any) -> str:
    """Return a parameter set in words: what varies, and how it is set."""
    values = key if isinstance(key, tuple) else (key,)
    return ", ".join(f"{result.labels.get(name, name)} {_said(value)}" for name, value in zip(by, values, strict=True))


def _still(outcomes: Ordered) -> list[str]:
    """Say which outcomes are left out because they never differ."""
    if not outcomes.still:
        return []
    words = "; ".join(f"{label_of(name)} ({told(value)})" for name, value in outcomes.still.items())
    return [f"<p>The same in every run, and so left out of figures and table: {escaped(words)}.</p>"]


def _table(result: SweepResult, frame: pd.DataFrame, outcomes: Ordered) -> list[str]:
    """Means by parameter set with 95 % intervals, sorted by a click or a key on a column's head."""
    by = [name for name in result.varying if name in frame]
    meanings = {name: (described(name)[0], in_full(name)) for name in result.outcomes}
    groups: list[tuple[tuple[Any, ...], pd.DataFrame]]
    whole = len(frame[by].drop_duplicates()) > MOST_ROWS if by else False
    if whole:
        by = []
    if by:
        groups = [(key if isinstance(key, tuple) else (key,), one) for key, one in frame.groupby(by, observed=True, sort=False, dropna=False)]
    else:
        groups = [((), frame)]
    lines = ["<h2>Outcomes</h2>", "<p>Means with 95 % bootstrap intervals over replicates. Choose a column's name to sort by it.</p>"]
    if whole:
        lines.append(f"<p>The design has more than {MOST_ROWS} parameter sets, so means are over all runs together; the sets are in the store.</p>")
    heads = [result.labels.get(name, name) for name in by]
    heads += ["runs", *(label_of(name) for name in outcomes.varying)]
    buttons = "".join(f'<th scope="col" aria-sort="none"><button type="button">{escaped(head)}</button></th>' for head in heads)
    lines.append(f'<div class="wide"><table class="sortable"><thead><tr>{buttons}</tr></thead><tbody>')
    for key, one in groups:
        cells = [f'<td data-value="{escaped(value)}">{escaped(_said(value))}</td>' for value in key] + [
            f'<td data-value="{len(one)}">{len(one):,}</td>'
        ]
        for name in outcomes.varying:
            mean, interval = _measured(one, name)
            said = "never" if math.isnan(mean) else f"{told(mean)} <span>{interval}</span>"
            cells.append(f'<td data-value="{-math.inf if math.isnan(mean) else mean}">{said}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody></table></div>", "<h3>What the outcomes are</h3>", "<dl>"]
    for name in [*outcomes.varying, *(name for name in outcomes.still if name not in outcomes.varying)]:
        unit, meaning = meanings.get(name, ("", ""))
        of_unit = f" Unit: {escaped(unit)}." if unit and unit != "1" else ""
        lines.append(f"<dt>{escaped(label_of(name))} (<code>{escaped(name)}</code>)</dt><dd>{escaped(meaning)}{of_unit}</dd>")
    return [*lines, "</dl>"]


def _said(value: object) -> str:
    if isinstance(value, float):
        return "as written" if math.isnan(value) else told(value)
    return str(value) or "as written"
