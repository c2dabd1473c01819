"""A population of groups beside what was observed of groups: survival, hazards, roads to an end, leaders lost, and every fact with its range."""

from __future__ import annotations

import json
import textwrap
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np

from sim.evidence.following import Followed
from sim.evidence.levels import OBSERVED
from sim.evidence.life_courses import AGES, ROADS, SPANS, STARTS, at_risk, counted, survival
from sim.evidence.sampling import Sampling, Spread
from sim.evidence.stylised import RULE, Fact
from sim.scenario.numbers import estimate
from sim.show import population_text
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Levels = Mapping[str, Mapping[str, Spread]]
_RULES = dict(zip((RULE, *(name for name in STARTS if name != RULE)), (OKABE_ITO[0], OKABE_ITO[2], OKABE_ITO[1]), strict=True))
_LOOKS = {
    "met": OKABE_ITO[0], "shown": OKABE_ITO[0], "missed": OKABE_ITO[1], "contrary": OKABE_ITO[1], "not shown": OKABE_ITO[4], "reported": SOFT,
}  # fmt: skip
_YEARS = 20


def figure(followed: Followed, sampling: Sampling, levels: Levels, facts: Sequence[Fact]) -> Picture:
    """Draw survival, hazard and roads under three inclusion rules beside what was observed, and below them every fact.

    Args:
        followed: The population.
        sampling: The weights under which it was read.
        levels: From :func:`sim.evidence.stylised.levels_of`.
        facts: From :func:`sim.evidence.stylised.facts`.
    """
    told = [fact for fact in facts if np.isfinite(fact.spread.value)]
    with mpl.rc_context({**STYLE, "font.size": 9.0}):
        drawn = Picture(figsize=(15.0, 6.2 + 0.235 * len(told)), layout="constrained")
        # Two figures in one, so that the facts' long names take no room from the panels above.
        parts: Any = drawn.subfigures(2, 1, height_ratios=[4.9, 0.235 * len(told) + 0.8])
        above, below = parts
        panels = above.subplots(1, 3)
        _survival(panels[0], followed, sampling)
        hazards = [name for name in OBSERVED if name.startswith("hazard")]
        spans = [f"{b}" if b == a + 1 else f"{a + 1}–{b}" for a, b in SPANS]
        _levels(panels[1], levels, hazards, spans, "Hazard of ending by year of age", "1 / year")
        panels[1].legend(
            frameon=False, fontsize=8.5, loc="upper right", title="thick: 95 %; thin: predictive range;\ndots: seeds", title_fontsize=8.0
        )
        shares = [*(f"ended by {road}" for road in ROADS), "born as splinters"]
        _levels(panels[2], levels, shares, [*ROADS, "born as\nsplinters"], "How groups end; how many begin as splinters", "share")
        _facts(below.subplots(), told)
        c, groups = followed.courses, len(counted(followed.courses, RULE).left)
        years = (c.last - c.first) // 12
        told_title = f"{followed.seeds} seeds of {c.settings // followed.seeds} settings, {years} years each after a burn-in of {c.first // 12}"
        drawn.suptitle(
            f"A population of groups that found themselves   ({told_title}; {groups:,} groups that struck)",
            fontsize=13,
            fontweight="bold",
            x=0.01,
            ha="left",
        )
    return drawn


def _survival(ax: Axes, followed: Followed, sampling: Sampling) -> None:
    """Kaplan and Meier's curves with delayed entry under three inclusion rules, with 95 % bands over settings, and what was observed."""
    months = 12 * _YEARS
    x = np.arange(months + 1) / 12.0
    for rule, color in _RULES.items():
        c = counted(followed.courses, rule)
        ends, risk = at_risk(c, followed.courses.settings, months)
        curves = survival(sampling.weights @ ends, sampling.weights @ risk)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # An age that nobody reached has no band.
            low, high = np.nanpercentile(curves[1 : 1 + (len(curves) - 1 - followed.seeds) // 2], [2.5, 97.5], axis=0)
        ax.fill_between(x, low, high, color=color, alpha=0.2, lw=0)
        if rule == RULE:
            for curve in curves[-followed.seeds :]:
                ax.plot(x, curve, color=color, lw=0.4, alpha=0.6)
        ax.plot(x, curves[0], color=color, lw=2, label=f"{rule} ({len(c.left):,} groups)")
    for n, age in enumerate(AGES):
        low, high = OBSERVED[f"survival after {age} y"]
        ax.plot([age, age], [low, high], color=INK, lw=2.2, label="observed (struck once), ± 10 %" if n == 0 else None)
        ax.plot([age], [(low + high) / 2.0], "o", color=INK, ms=5)
    ax.set_xlim(0.0, _YEARS + 0.4)
    ax.set_ylim(0.0, 1.02)
    ax.set_xlabel("age (years)")
    ax.set_ylabel("share that still stands")
    ax.grid(axis="y", color=GRID, lw=0.7)
    ax.set_title("Survival (band: 95 %; thin: single seeds)")
    ax.legend(frameon=False, fontsize=8.5, loc="lower left")


def _levels(ax: Axes, levels: Levels, names: Sequence[str], ticks: Sequence[str], title: str, unit: str) -> None:
    """Levels under three inclusion rules with their intervals and predictive ranges, single seeds as dots, and what was observed."""
    top = 0.0
    for n, name in enumerate(names):
        low, high = OBSERVED[name]
        ax.fill_between([n - 0.42, n + 0.42], low, high, color=GRID, lw=0, zorder=0, label="observed" if n == 0 else None)
        for k, (rule, color) in enumerate(_RULES.items()):
            s = levels[rule][name]
            x = n + 0.26 * (k - 1)
            ax.plot([x, x], [s.least, s.most], color=color, lw=1.0, zorder=3)
            ax.plot([x, x], [s.low, s.high], color=color, lw=3.2, solid_capstyle="butt", label=rule if n == 0 else None)
            ax.plot(np.full(len(s.seeds), x + 0.07), s.seeds, ".", color=color, ms=2.5, alpha=0.7)
            top = max([top, high, *(v for v in (s.most, s.high) if np.isfinite(v))])
    ax.set_xticks(range(len(names)), ticks, fontsize=8.5)
    ax.set_ylim(0.0, 1.08 * top)
    ax.set_ylabel(unit)
    ax.set_title("\n".join(textwrap.wrap(title, 48)))


def _facts(ax: Axes, facts: Sequence[Fact]) -> None:
    """Every fact on a scale of its own, from its interval to its predictive range, with its number beside it."""
    for row, fact in enumerate(facts):
        s, color = fact.spread, _LOOKS[fact.verdict]
        known = [abs(v) for v in (s.low, s.high, s.least, s.most, s.value, *(fact.observed or ())) if np.isfinite(v)]
        scale = max([*known, 1e-12])
        if fact.observed is not None:
            ax.fill_betweenx([row - 0.4, row + 0.4], fact.observed[0] / scale, fact.observed[1] / scale, color=GRID, lw=0, zorder=0)
        ax.plot([s.least / scale, s.most / scale], [row, row], color=color, lw=1.0)
        ax.plot([s.low / scale, s.high / scale], [row, row], color=color, lw=3.0, solid_capstyle="butt")
        ax.plot([s.value / scale], [row], "o", color=color, ms=4, mec="white", mew=0.5)
        unit = "" if fact.unit == "1" else fact.unit
        ax.text(1.04, row, f"{estimate(s.value, s.low, s.high, sign=True, digits=3)} {unit}", va="center", fontsize=7.5, color=INK)
        if row and facts[row - 1].number != fact.number:
            ax.axhline(row - 0.5, color=GRID, lw=0.7, zorder=0)
    ax.axvline(0.0, color=INK, lw=0.9, zorder=0)
    ax.set_yticks(range(len(facts)), [f"{fact.number}  {textwrap.shorten(fact.says, 112, placeholder=' …')}" for fact in facts], fontsize=7.8)
    ax.set_ylim(len(facts) - 0.4, -0.6)
    ax.set_xlim(-1.05, 1.9)
    ax.set_xticks([-1, 0, 1], ["−", "0", "+"])
    handles = [
        mpl.lines.Line2D([], [], color=_LOOKS[v], lw=3, marker="o", ms=4, label=f"{' or '.join(w)} ({sum(f.verdict in w for f in facts)})")
        for v, w in (("met", ("met", "shown")), ("missed", ("missed", "contrary")), ("not shown", ("not shown",)), ("reported", ("reported",)))
    ]
    ax.legend(handles=handles, frameon=False, fontsize=8.0, loc="upper right", ncols=4, bbox_to_anchor=(1.0, -0.012))
    ax.set_title("Stylised facts, each on its own scale (grey: observed)")


def text(followed: Followed, facts: Sequence[Fact], pairs: int) -> str:
    """Return the facts as text, a line each, with headings and what they mean."""
    rows = [{str(name): value for name, value in row.items()} for row in tables({}, facts)[1].to_dict("records")]
    return population_text.text(followed, _RULES, rows, pairs)


def tables(levels: Levels, facts: Sequence[Fact]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the levels under each inclusion rule and the facts, a row each."""
    import pandas as pd

    def row(s: Spread, observed: tuple[float, float] | None) -> dict[str, Any]:
        found = {name: getattr(s, name) for name in ("value", "low", "high", "least", "most")}
        found |= dict(zip(("observed_low", "observed_high"), observed or (np.nan, np.nan), strict=True))
        return found | {f"seed_{n}": value for n, value in enumerate(s.seeds)}

    by_rule = [{"rule": rule, "level": name, **row(s, OBSERVED[name])} for rule, found in levels.items() for name, s in found.items()]
    told = [{"fact": f.number, "says": f.says, "unit": f.unit, "gate": f.gate, "verdict": f.verdict, **row(f.spread, f.observed)} for f in facts]
    return pd.DataFrame(by_rule), pd.DataFrame(told)


def groups(followed: Followed) -> pd.DataFrame:
    """Return the life courses, a row a group: setting; months of founding, attacks, 25 deaths a year, end (-1: none); road; splinter."""
    import pandas as pd

    names = ("setting", "born", "first_attack", "last_attack", "first_25", "ended", "road", "breakaway")
    return pd.DataFrame({name: getattr(followed.courses, name) for name in names})


def write(
    followed: Followed, sampling: Sampling, levels: Levels, facts: Sequence[Fact], pairs: int, source: Mapping[str, Any], folder: Path
) -> list[Path]:
    """Write levels and facts (CSV), groups (Parquet), text, figure (PNG, SVG) and provenance into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ("levels.csv", "facts.csv", "groups.parquet", "population.txt", "population.png", "population.svg", "provenance.json")
    paths = [folder / name for name in names]
    by_rule, told = tables(levels, facts)
    by_rule.to_csv(paths[0], index=False)
    told.to_csv(paths[1], index=False)
    groups(followed).to_parquet(paths[2], index=False)
    paths[3].write_text(text(followed, facts, pairs) + "\n", encoding="utf-8")
    drawn = figure(followed, sampling, levels, facts)
    with mpl.rc_context({**STYLE, "font.size": 9.0}):
        drawn.savefig(paths[4])
        drawn.set_layout_engine("none")  # Everything has its place by now.
        drawn.savefig(paths[5], metadata={"Date": None})
    paths[6].write_text(json.dumps(dict(source), indent=1) + "\n", encoding="utf-8")
    return paths
