"""A report of a sweep: one HTML file with figures, tables and provenance that opens by itself, for whoever has no program and no network."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from sim.observe.ensemble import clustered_interval
from sim.show.store_panels import STYLES
from sim.show.style import STYLE
from sim.show.whole_file import write_whole
from sim.study.result import ARM, SweepResult
from sim.study.store import EXPERIMENT, StoreError
from sim.world.outcomes import OUTCOMES

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
    shown, left_out = [], []
    for title, make in _figures(result, replicates):
        tell(f"{title} …")
        try:
            shown.append(make())
        except ValueError as error:
            # The first line says why; the path in front of it says nothing to a reader of the report.
            left_out.append((title, str(error).splitlines()[0].removeprefix(f"{result.path}: ")))
    tell("tables …")
    body = [
        f"<h1>{_e(manifest.get('title') or manifest['name'])}</h1>",
        f'<p class="caveat">{_e(CAVEAT)}</p>',
        f"<p><b>Claim or question.</b> {_e(manifest['claim'])}</p>",
        *_sources(result),
        *_what_was_run(result, frame),
        "<h2>Figures</h2>",
        *(_figure(one) for one in shown),
        *_missing(left_out),
        *_table(result, frame),
        *_provenance(result),
    ]
    page = files("sim.show").joinpath("report.html").read_text(encoding="utf-8")
    title = _e(manifest.get("title") or manifest["name"])
    before, _, rest = page.partition("<!--title-->")
    middle, _, after = rest.partition("<!--body-->")
    return before + title + middle + "\n".join(body) + after


def write(result: SweepResult, path: Path, replicates: int = 100, tell: Tell = lambda _: None) -> Path:
    """Write a report of a sweep into a file, whole or not at all; see :func:`report`."""
    text = report(result, replicates, tell)
    write_whole(path, text)
    return path


def _e(text: object) -> str:
    return html.escape(str(text))


def _figures(result: SweepResult, replicates: int) -> Iterator[tuple[str, Callable[[], Shown]]]:
    """Yield the figures that such a store may carry, each with what makes it."""
    from sim.show.store_figure import plot

    spec = result.study.spec
    kind = spec.design.kind if spec.design is not None else ""
    kept = set(result.outcomes)

    def drawn(title: str, words: str, figure_kind: str, **options: Any) -> tuple[str, Callable[[], Shown]]:
        def make() -> Shown:
            figure, data = plot(result, figure_kind, replicates=replicates, **options)
            return Shown(
                title,
                words,
                _svg(figure, STYLES["print"]),
                data.to_csv(index=False),
                f"{figure_kind}{'-' + options['outcome'] if 'outcome' in options else ''}.csv",
            )

        return title, make

    if any(len({arm[name] for arm in result.manifest["arms"]}) > 1 for name in ARM):
        yield "Arms side by side", lambda: _compared(result)
    if kind in ("saltelli", "morris"):
        yield "Which factors drive it", lambda: _sensitivity(result)
    if kind == "one-at-a-time":
        for outcome in result.outcomes[:3]:
            yield drawn(
                f"Each factor in turn: {outcome}",
                "Bars reach from one end of a factor to the other, beside the point as written.",
                "tornado",
                outcome=outcome,
            )
    elif len(result.factors) >= 2 and kind not in ("saltelli", "morris"):
        for outcome in result.outcomes[:4]:
            yield drawn(f"{outcome} over two factors", "Each cell tells the mean and half the width of its 95 % interval.", "heat", outcome=outcome)
    if {"survived", "months_survived"} <= kept:
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


def _compared(result: SweepResult) -> Shown:
    from sim.show.compare_figure import figure
    from sim.study.compare import compare, groups

    by = next(name for name in ARM if len({arm[name] for arm in result.manifest["arms"]}) > 1)
    chosen = result.outcomes[:MOST_PANELS]
    found = compare(groups(result, by, chosen), chosen)
    words = f"Paired differences against {found.labels[0]}, under the same draws, with 95 % intervals; a filled mark leaves nought out."
    return Shown("Arms side by side", words, _svg(figure(found), STYLE), found.to_pandas().to_csv(index=False), "compare.csv")


def _sensitivity(result: SweepResult) -> Shown:
    import pandas as pd

    from sim.show.sensitivity_figure import figure
    from sim.study.sensitivity import sensitivity

    found = sensitivity(result, result.outcomes[:MOST_PANELS])
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
    alt = _e(f"{one.title}. {one.words}")
    return (
        f'<figure><h3>{_e(one.title)}</h3><div class="white"><img src="data:image/svg+xml;base64,{image}" alt="{alt}"></div>'
        f'<figcaption>{_e(one.words)} <a download="{_e(one.name)}" href="data:text/csv;base64,{data}">Data (CSV)</a></figcaption></figure>'
    )


def _missing(left_out: list[tuple[str, str]]) -> list[str]:
    if not left_out:
        return []
    return ["<p>Not drawn:</p>", "<ul>", *(f"<li>{_e(title)}: {_e(why)}</li>" for title, why in left_out), "</ul>"]


def _sources(result: SweepResult) -> list[str]:
    sources = result.study.spec.sources
    return ["<p><b>Sources.</b></p>", "<ul>", *(f"<li>{_e(source)}</li>" for source in sources), "</ul>"] if sources else []


def _what_was_run(result: SweepResult, frame: pd.DataFrame) -> list[str]:
    manifest, spec = result.manifest, result.study.spec
    failed = len(result) - len(frame)
    arms = manifest["arms"]
    rows = [
        ("Scenarios", ", ".join(dict.fromkeys(arm["scenario"] for arm in arms))),
        ("Arms", f"{len(arms):,}: " + "; ".join(_arm(arm) for arm in arms[:30]) + (" …" if len(arms) > 30 else "")),
        (
            "Design",
            (spec.design.kind if spec.design is not None else "none") + f", {manifest['points']:,} point{'' if manifest['points'] == 1 else 's'}",
        ),
        ("Draws", f"{manifest['draws']}, seed {manifest['seed']}"),
        ("Runs", f"{len(result):,}" + (f", of which {failed:,} failed and are left out" if failed else ", none failed")),
    ]
    if not result.complete:
        rows.append(("State", "the sweep is not complete: this report tells of the runs that are there"))
    lines = ["<h2>What was run</h2>", '<div class="wide"><table>']
    lines += [f'<tr><th scope="row">{_e(name)}</th><td>{_e(value)}</td></tr>' for name, value in rows]
    lines.append("</table></div>")
    if result.factors:
        head = "".join(f'<th scope="col">{_e(word)}</th>' for word in ("Factor", "What varies", "Values"))
        lines.append(f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>')
        for name in result.factors:
            factor = spec.factors.get(name)
            values = (
                ""
                if factor is None
                else f"{factor.range[0]:g} to {factor.range[1]:g} ({factor.scale})"
                if factor.range
                else ", ".join(map(str, factor.values or ()))
            )
            what = f"{result.labels[name]} ({factor.path or name})" if factor is not None else result.labels[name]
            lines.append(f"<tr><td>{_e(name)}</td><td>{_e(what)}</td><td>{_e(values)}</td></tr>")
        lines.append("</tbody></table></div>")
    return lines


def _arm(arm: dict[str, str]) -> str:
    parts = [arm["policy"], f"without {arm['without']}" if arm["without"] else ""]
    return f"{arm['scenario']} {' '.join(part for part in parts if part)}".strip()


def _table(result: SweepResult, frame: pd.DataFrame) -> list[str]:
    """Means by parameter set with 95 % intervals, sorted by a click or a key on a column's head."""
    by = [name for name in result.varying if name in frame]
    meanings = {name: (unit, meaning) for name, unit, meaning in OUTCOMES}
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
    buttons = "".join(
        f'<th scope="col" aria-sort="none"><button type="button">{_e(head)}</button></th>' for head in [*heads, "runs", *result.outcomes]
    )
    lines.append(f'<div class="wide"><table class="sortable"><thead><tr>{buttons}</tr></thead><tbody>')
    for key, one in groups:
        cells = [f'<td data-value="{_e(value)}">{_e(_said(value))}</td>' for value in key] + [f'<td data-value="{len(one)}">{len(one):,}</td>']
        for name in result.outcomes:
            values = one[name].to_numpy(float)
            mean, low, high = clustered_interval(values, one["replicate"].to_numpy()) if np.isfinite(values).all() else (float("nan"),) * 3
            cells.append(f'<td data-value="{mean!r}">{mean:.4g} <span>[{low:.4g}, {high:.4g}]</span></td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody></table></div>", "<h3>What the outcomes are</h3>", "<dl>"]
    for name in result.outcomes:
        unit, meaning = meanings.get(name, ("", ""))
        lines.append(f"<dt>{_e(name)}</dt><dd>{_e(meaning)}{' Unit: ' + _e(unit) + '.' if unit and unit != '1' else ''}</dd>")
    return [*lines, "</dl>"]


def _said(value: object) -> str:
    if isinstance(value, float):
        return "as written" if np.isnan(value) else f"{value:.4g}"
    return str(value) or "as written"


def _provenance(result: SweepResult) -> list[str]:
    manifest = result.manifest
    rows: list[tuple[str, object]] = [("experiment", manifest["name"]), ("swept", manifest.get("created", ""))]
    rows += [(name + (" (SHA-256)" if len(str(value)) == 64 else ""), value) for name, value in manifest["identity"].items()]
    rows += [(f"library {name}", value) for name, value in manifest.get("libraries", {}).items()]
    rows += [(f"host {name}", value) for name, value in manifest.get("host", {}).items()]
    commands = [f"dilemma sweep STORE/{EXPERIMENT} --out ANEW", "dilemma report ANEW"]
    return [
        "<h2>Provenance</h2>",
        '<div class="wide"><table>',
        *(f'<tr><th scope="row">{_e(name)}</th><td>{_e(value)}</td></tr>' for name, value in rows),
        "</table></div>",
        "<p>To make it again, from the experiment that the store holds:</p>",
        f"<pre>{_e(chr(10).join(commands))}</pre>",
    ]
