"""What kind of history this was: how a page about it opens and how it ends, computed from the history and from nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.observe.history import History
from sim.observe.names import in_text
from sim.observe.nearest import distance
from sim.observe.sentences import ENDED, counted, ended, in_full, joined, number, sentence
from sim.observe.turns import lineage_events, turns_of
from sim.observe.weight import of_weight
from sim.world import codes

_SPLITS = ((codes.SPLINTER, "splinter", "splinters"), (codes.AUTONOMY, "bid for autonomy", "bids for autonomy"), (codes.PLEDGE, "pledge", "pledges"))
SMALL, LARGE = 0.25, 1.25
"""Strength at the end over that at the start below which a lineage is left small, and above which it has grown."""


class _Course:
    """The course of a followed lineage, in numbers."""

    def __init__(self, history: History) -> None:
        e, o = history.tables["emir"], history.tables["organisation"]
        self.last = o[-1]
        self.own = np.flatnonzero((self.last["lineage"] == history.focus) & (self.last["peak"] > 0.0)).tolist()
        self.root = next(i for i in self.own if self.last["identity"][i] == history.focus)
        self.stands = [i for i in self.own if self.last["alive"][i] == 1]
        mine = (e["alive"] == 1) & (np.take_along_axis(o["lineage"], e["organisation"], axis=1) == history.focus)
        self.katibas = mine.sum(axis=1)
        self.by_region = np.zeros((len(mine), len(history.scenario.regions)))
        t, row = np.nonzero(mine)
        np.add.at(self.by_region, (t, e["region"][t, row]), e["strength"][t, row])
        self.strength = self.by_region.sum(axis=1)
        spec = next(s for s in history.scenario.organisations if s.name == history.scenario.focus)
        self.home = next(r.state for r in history.scenario.regions if r.name == spec.home)
        self.at_home = np.array([r.state == self.home for r in history.scenario.regions])
        there = np.flatnonzero(self.strength > 0.0)
        self.begins = int(there[0]) if len(there) else 0
        self.brand = spec.brand
        self.kinds, self.months = lineage_events(history.log, set(self.last["identity"][self.own].tolist()))

    def abroad(self, t: int) -> float:
        """Return the share of strength outside the home state."""
        return float(self.by_region[t, ~self.at_home].sum() / self.strength[t]) if self.strength[t] > 0.0 else 0.0

    def count(self, *kinds: int) -> int:
        """Return how many events of some kinds befell the lineage."""
        return int(np.isin(self.kinds, kinds).sum())


def opening(history: History) -> str:
    """Return how a page about a history opens: what kind of history it was, and how it began."""
    c, s = _Course(history), history.scenario
    start = c.strength[c.begins]
    focus = history.names.told(history.focus, 0)
    began = (
        f"in {in_full(history.date(max(0, c.begins - 1)))} {focus} stood with {start:,.0f} people in {counted(int(c.katibas[c.begins]), 'katiba')}"
    )
    began += f", {_where(history, c, c.begins)}"
    beside = [o.name for o in s.organisations if not o.absent and o.name != s.focus]
    lines = [f"This is one history of many that chance could have written: that {_kind(history, c)}.", sentence(began)]
    if beside:
        lines.append(sentence(f"beside it stood {joined([in_text(name) for name in beside])}"))
    arose = int((history.log["kind"] == codes.FOUNDING).sum())
    if arose:
        weighty = int(np.isin(history.log["organisation"][history.log["kind"] == codes.FOUNDING], list(of_weight(history).all)).sum())
        told = "none of which came to weigh" if not weighty else f"{number(weighty)} of which {'is' if weighty == 1 else 'are'} told of by name"
        lines.append(f"In its time {counted(arose, 'local group')} arose around it{f', {told}' if arose > 1 else ''}.")
    return " ".join(lines)


def _kind(history: History, c: _Course) -> str:
    """Return what kind of history it was, as it goes on after "that of"."""
    root = c.last[c.root]
    children = len(c.own) - 1
    if not c.stands:
        over = max(int(c.last["ended"][i]) for i in c.own)
        short = "did not long outlive it" if over - root["ended"] < 24 else "outlived it and then ended too"
        rest = f", and of a lineage that {short}" if children else " and left nobody behind"
        return f"of an organisation that {ENDED[int(root['ending'])]}{rest}"
    if root["alive"]:
        kind = "of an organisation that held together" if not children else "of an organisation that split and stood"
    else:
        kind = f"of an organisation that {ENDED[int(root['ending'])]}, and of a lineage that went on without it"
    ratio = c.strength[-1] / c.strength[c.begins]
    size = "small at the end" if ratio < SMALL else "larger at the end than at the beginning" if ratio > LARGE else ""
    moved = c.abroad(len(c.strength) - 1) - c.abroad(c.begins)
    place = "with most of its weight gone abroad" if moved > 0.5 else "with most of its weight come home" if moved < -0.5 else ""
    return ", ".join(words for words in (kind, size, place) if words)


def _where(history: History, c: _Course, t: int) -> str:
    """Return where the lineage's weight lies: the regions that together hold half of it, at most three."""
    share = c.by_region[t] / c.strength[t]
    order = np.argsort(-share, kind="stable")
    enough = int(np.searchsorted(np.cumsum(share[order]), 0.5)) + 1
    names = [in_text(history.scenario.regions[int(r)].name) for r in order[: min(enough, 3)]]
    held = float(share[order[: len(names)]].sum())
    return f"{_part(held)} of them in {joined(names)}"


def ending(history: History) -> str:
    """Return how a page about a history ends: fate, strength, where the weight went, splits, brand, and how far from the record it was."""
    c = _Course(history)
    return " ".join(words for words in (_fate(history, c), _numbers(history, c), _splits(history, c), _brand(history, c), _far(history)) if words)


def _fate(history: History, c: _Course) -> str:
    root, close = c.last[c.root], in_full(history.date(history.months - 1))
    first, name = in_text(history.names.all_names(history.focus)[0]), history.names.told(history.focus)
    stands = [history.names.told(int(c.last["identity"][i])) for i in c.stands if i != c.root]
    if root["alive"]:
        renamed = f", by now {name}," if name != first else ""
        beside = f", and beside it {_several(stands)}" if stands else ""
        return sentence(f"when this history closes, in {close}, {first}{renamed} still stood{beside}")
    heir = history.names.told(int(c.last["identity"][root["heir"]])) if root["heir"] >= 0 else ""
    called = f"{first}{f', by then {name},' if name != first else ''}"
    how = f"{called} {'returned to' if root['ending'] == codes.BY_RETURN else 'merged into'} {heir}" if heir else ended(called, int(root["ending"]))
    gone = f"{how} in {in_full(history.date(int(root['ended'])))}"
    if stands:
        return sentence(f"{gone}; of its lineage {_several(stands)} stood when this history closes, in {close}")
    over = max(c.own, key=lambda i: int(c.last["ended"][i]))
    if over == c.root:
        return sentence(f"{gone}, and with it the lineage" if len(c.own) > 1 else gone)
    return sentence(
        f"{gone}; the last of its lineage, {history.names.told(int(c.last['identity'][over]))}, {ENDED[int(c.last['ending'][over])]} "
        f"in {in_full(history.date(int(c.last['ended'][over])))}"
    )


def _several(names: list[str]) -> str:
    return joined(names) if len(names) <= 3 else f"{number(len(names))} others"


def _numbers(history: History, c: _Course) -> str:
    """Tell the lineage's strength from the start to the end, and where it was."""
    start, peak, end = c.strength[c.begins], int(np.argmax(c.strength)), len(c.strength) - 1
    words = f"The lineage began with {start:,.0f} people"
    if c.strength[end] <= 0.0:
        reached = f", reached {c.strength[peak]:,.0f} in {in_full(history.date(peak - 1))}" if c.strength[peak] > 1.1 * start else ""
        return f"{words}{reached} and ended with none."
    # Only what stands out from beginning and end, in the order of time.
    low, ends = c.begins + int(np.argmin(c.strength[c.begins :])), (start, c.strength[end])
    between = [(peak, "reached")] if c.strength[peak] > 1.1 * max(ends) else []
    between += [(low, "was down to")] if c.strength[low] < 0.8 * min(ends) else []
    words += "".join(f", {verb} {number(round(c.strength[t]))} in {in_full(history.date(t - 1))}" for t, verb in sorted(between))
    words = f"{words} and ended with {number(round(c.strength[end]))}, {_where(history, c, end)}."
    one, other = c.abroad(c.begins), c.abroad(end)
    home, most = in_text(c.home), max(range(c.begins, end + 1), key=c.abroad)
    if c.abroad(most) < 0.005:
        return f"{words} It never left {home}."
    if c.abroad(most) > max(one, other) + 0.2:
        when = in_full(history.date(most - 1))
        return (
            f"{words} Of its weight {_part(one)} stood outside {home} at the start, {_part(c.abroad(most))} in {when} and {_part(other)} at the end."
        )
    return f"{words} Of its weight {_part(one)} stood outside {home} at the start and {_part(other)} at the end."


def _part(share: float) -> str:
    return "none" if share < 0.005 else "all" if share > 0.995 else f"{share:.0%}"


def _splits(history: History, c: _Course) -> str:
    """Tell the lineage's fragmentations and what was joined again."""
    parts = [counted(c.count(kind), one, many) for kind, one, many in _SPLITS if c.count(kind)]
    departed = c.count(codes.DEPARTURE)
    if parts:
        years = sorted({history.date(int(t))[:4] for t in c.months[np.isin(c.kinds, [kind for kind, _, _ in _SPLITS])]})
        alone = [one for kind, one, _ in _SPLITS if c.count(kind)] if sum(c.count(kind) for kind, _, _ in _SPLITS) == 1 else []
        words = f"one group broke from it, a {alone[0]}" if alone else f"groups broke from it by {joined(parts)}"
        words += f" ({', '.join(years)})"
        if departed:
            words += (
                f"; {number(departed)} more of its men left and founded nothing" if departed > 1 else "; one more of its men left and founded nothing"
            )
    elif departed:
        words = f"no group broke from it; {'one man' if departed == 1 else f'{number(departed)} men'} left it and founded nothing"
    else:
        words = "nobody broke from it"
    joins = [
        counted(n, one, many) for n, one, many in ((c.count(codes.RETURN), "return", "returns"), (c.count(codes.MERGER), "merger", "mergers")) if n
    ]
    return sentence(f"{words}; {joined(joins)} brought groups together" if joins else words)


def _brand(history: History, c: _Course) -> str:
    """Tell whether and when the lineage's organisations joined the global brand, and then who else did: together all whom the log has."""
    log = history.log
    joining = log[log["kind"] == codes.BRAND_CHANGE]
    its = np.isin(joining["organisation"], c.last["identity"][c.own])
    own, others = _who_joined(history, joining[its]), _who_joined(history, joining[~its])
    if own:
        words = f"of the lineage, {joined(own) if len(own) <= 3 else f'{number(len(own))} organisations'} joined the global brand"
    elif c.brand == "global":
        words = "the lineage bore the global brand from the start"
    else:
        words = "none of the lineage joined the global brand"
    if others:
        first, *_, last = [history.date(int(t))[:4] for t in joining["month"][~its]] * 2
        span = first if first == last else f"{first} to {last}"
        words += f"; of the others, {joined(others) if len(others) <= 3 else f'{number(len(others))} groups ({span})'} joined it"
    return sentence(words)


def _who_joined(history: History, joining: np.ndarray[Any, Any]) -> list[str]:
    """Return who joined the brand, each with the month; under both names who took another with it."""
    names, told = history.names, []
    for event in joining:
        who = int(event["organisation"])
        renamed = f" as {names.told(who)}" if len(names.all_names(who)) > 1 else ""
        told.append(f"{in_text(names.all_names(who)[0])}{renamed} ({in_full(history.date(int(event['month'])))})")
    return told


def _far(history: History) -> str:
    """Tell how far the history is from the record of its scenario, where that can be told."""
    found = distance(history)
    if found is None:
        return ""
    wanted = turns_of(history.scenario)
    met = [f"{turn.fact.event} of {turn.fact.date[:4]}" for turn, is_met in zip(wanted, found.met, strict=True) if is_met]
    words = f"from the record its distance is {found.value:.2f} (0 is the record itself, 1 as far as a history in which nothing happens)"
    if wanted:
        words += f": of {counted(len(wanted), 'dated turn')} it brings forth {number(len(met)) if met else 'none'} within two years of their time"
        words += f" ({', '.join(met)})" if met else ""
    return sentence(words)
