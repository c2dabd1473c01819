"""A history as a historian's page: date, who, what, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.observe.history import History
from sim.scenario.timeline import month_index
from sim.world import codes
from sim.world.build import identity
from sim.world.layout import CAUSES

MAJOR = (
    codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE, codes.DEPARTURE, codes.SURRENDER, codes.RETURN, codes.MERGER, codes.BRAND_CHANGE, codes.SUCCESSION,
    codes.ALLIANCE_MADE, codes.ALLIANCE_BROKEN, codes.CAPTURE, codes.ENDING, codes.BROKER_GROUP, codes.ENTERED,
)  # fmt: skip
"""Events that a chronicle tells one by one; the others are told by the year."""

_YEARLY = (
    (codes.RELOCATION, "{} moved"),
    (codes.DORMANCY, "{} lay low"),
    (codes.RE_EMERGENCE, "{} came back"),
    (codes.NEW_KATIBA, "{} founded"),
    (codes.KATIBA_LOST, "{} folded"),
    (codes.EMIR_SUCCESSION, "{} lost their emir"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the chronicle: date, what happened, and why; ``kind`` is the event's, ``world``, ``record`` or ``year``.

    ``causes`` are all that is recorded, each with its share; ``why`` tells the largest. Both are empty where no cause is recorded.
    """

    date: str
    month: int
    kind: str
    text: str
    why: str = ""
    causes: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.date}  {self.text}" + (f" — {self.why}" if self.why else "")


def shares(entry: np.void) -> dict[str, float]:
    """Return the causes of an event with a share above 0, the largest first."""
    found = {cause: float(entry["cause_" + cause.replace(" ", "_")]) for cause in CAUSES}
    return dict(sorted(((c, s) for c, s in found.items() if s > 0.0), key=lambda pair: -pair[1]))


def why(entry: np.void) -> str:
    """Return the causes of an event in words: those of a tenth or more, at most three."""
    told = [f"{cause} {share:.0%}" for cause, share in shares(entry).items() if share >= 0.1][:3]
    return ", ".join(told)


def tell(history: History, entry: np.void) -> str:
    """Return one event as a sentence."""
    names, t = history.names, int(entry["month"])
    who = names.of(int(entry["actor"]), t)
    organisation = names.of(int(entry["organisation"]), t) if entry["organisation"] >= 0 else ""
    other = names.of(int(entry["other"]), t) if entry["other"] >= 0 else ""
    region = history.scenario.regions[int(entry["region"])].name if entry["region"] >= 0 else ""
    size = f"{entry['amount']:,.0f}"
    kind = int(entry["kind"])
    if kind == codes.SPLINTER:
        return f"{who} breaks with {organisation} in {region} and founds {other}; {size} go along."
    if kind == codes.AUTONOMY:
        return f"{who} goes his own way in {region}: {other} leaves {organisation} with {size}."
    if kind == codes.PLEDGE:
        return f"{who} leaves {organisation} in {region} and pledges {other} to the rival brand; {size} follow."
    if kind == codes.DEPARTURE:
        return f"{who} departs from {organisation} in {region}; {size} go home."
    if kind == codes.SURRENDER:
        return f"{who} of {organisation} takes the amnesty in {region} with {size}."
    if kind == codes.RETURN:
        return f"{other} returns to {organisation} with {size}."
    if kind == codes.MERGER:
        return f"{other} merges into {organisation}, bringing {size}."
    if kind == codes.BRAND_CHANGE:
        old, new = names.all_names(int(entry["organisation"]))[0], organisation
        renamed = f" and takes the name {new}" if new != old else ""
        return f"{old} joins the global brand{renamed} (strength {size})."
    if kind == codes.SUCCESSION:
        cause = "dies" if entry["detail"] == 1 else "is lost"
        after = f"{entry['amount']:.0f} months of disruption follow" if entry["amount"] >= 1 else "the succession is smooth"
        return f"{other}, leader of {organisation}, {cause}; {after}."
    if kind == codes.ALLIANCE_MADE:
        through = f" through {who}" if entry["detail"] >= 0 else ""
        return f"{organisation} and {other} ally in {region}{through}."
    if kind == codes.ALLIANCE_BROKEN:
        return f"{organisation} and {other} part in {region} after {size} months."
    if kind == codes.CAPTURE:
        return f"Half the institutions of {region} are in private hands."
    if kind == codes.ENDING:
        how = codes.ENDINGS[int(entry["detail"])]
        return f"{organisation} ends by {how}; at its height it had {size}."
    if kind == codes.BROKER_GROUP:
        return f"{who} raises a group of his own in {region}: {organisation}, with {size}."
    if kind == codes.ENTERED:
        return f"{organisation} takes up arms around {region} with {size}."
    if kind == codes.MEANS_CHANGE:
        return f"The leadership of {organisation} changes its means: {codes.MEANS[int(entry['detail'])]}."
    return f"{codes.EVENTS[kind]}: {who} {organisation} {other} {region} {size}".rstrip()


def _world(history: History) -> Iterator[Entry]:
    """The exogenous events of the scenario's timeline."""
    for entry in history.scenario.timeline:
        t = month_index(history.scenario, entry.date)
        until = f" (to {history.date(min(t + entry.months, history.months) - 1)})" if entry.months > 1 else ""
        label = entry.label or f"{entry.event} {entry.target}".strip()
        yield Entry(entry.date, t, "world", f"[{label}]{until}")


def _record(history: History) -> Iterator[Entry]:
    """What the sources say happened, which the model knows nothing of."""
    for fact in history.scenario.record:
        # Some facts last, and of some the month is uncertain: a reader must not hold the model to a date that nobody knows.
        until = f" between then and {fact.until}" if fact.until else ""
        who = f" to {fact.who}" if fact.who and fact.who not in fact.what else ""
        text = f"{{What happened{who}{until}: {fact.what} ({fact.source})}}"
        yield Entry(fact.date, month_index(history.scenario, fact.date), "record", text)


def _years(history: History, focus: int) -> Iterator[Entry]:
    """What happened by the year in the lineage that is followed: strength, and the small events as counts."""
    organisation, emir, log = history.tables["organisation"], history.tables["emir"], history.log
    members = set(organisation["identity"][organisation["lineage"] == focus].tolist())
    own = np.isin(log["organisation"], list(members))
    for last in [t for t in range(history.months) if history.date(t).endswith("-12") or t == history.months - 1]:
        first = max(0, last - int(history.date(last)[5:]) + 1)
        year = log[own & (log["month"] >= first) & (log["month"] <= last)]
        counts = Counter(year["kind"].tolist())
        mine = organisation[last + 1]["lineage"][emir[last + 1]["organisation"]] == focus
        here = mine & (emir[last + 1]["alive"] == 1)
        strength = emir[last + 1]["strength"][here].sum()
        small = ", ".join(text.format(counts[kind]) for kind, text in _YEARLY if counts[kind])
        low = int(emir[last + 1]["dormant"][here].sum())
        state = f"{strength:,.0f} strong in {int(here.sum())} katibas" + (f" ({low} lying low)" if low else "")
        yield Entry(history.date(last), last, "year", f"The lineage is {state}." + (f" In the year: {small}." if small else ""))


def chronicle(history: History) -> list[Entry]:
    """Return the chronicle of a history.

    Major events stand one by one, with what drove them; changes of means are told of the organisation that is followed; small events are
    told by the year. Exogenous events stand in brackets, what the sources say happened in braces.

    Returns:
        Entries in order of time; within a month the world's events first, then the record, then the group's, then the year's summary.
    """
    focus = identity("organisation", history.scenario.focus)
    entries = [*_world(history), *_record(history)]
    for event in history.log:
        kind = int(event["kind"])
        if kind in MAJOR or (kind == codes.MEANS_CHANGE and int(event["organisation"]) == focus):
            t = int(event["month"])
            entries.append(Entry(history.date(t), t, codes.EVENTS[kind], tell(history, event), why(event), shares(event)))
    order = {"world": 0, "record": 1, "year": 3}
    entries += _years(history, focus)
    entries.sort(key=lambda e: (e.month, order.get(e.kind, 2)))
    return entries


def as_json(history: History) -> dict[str, Any]:
    """Return a history as plain data: provenance, outcomes, lineages, events with their causes, the chronicle, the record, and monthly series.

    It does not depend on the engine or on threads, so the same history gives the same text.
    """
    events = history.events()
    cause_columns = [f"cause: {cause}" for cause in CAUSES]
    records = []
    for row in events.to_dict("records"):
        causes = {cause: row.pop(column) for cause, column in zip(CAUSES, cause_columns, strict=True)}
        row["causes"] = {cause: share for cause, share in causes.items() if share > 0.0}
        records.append(row)
    return {
        "provenance": history.provenance,
        "outcomes": history.outcomes,
        "lineages": history.lineages().to_dict("records"),
        "events": records,
        "chronicle": [{"date": e.date, "kind": e.kind, "text": e.text, "why": e.why} for e in chronicle(history)],
        "record": [fact.model_dump() for fact in history.scenario.record],
        "presence": history.presence().to_dict("list"),
        "series": {table: history.series(table).to_dict("list") for table in ("organisation", "region", "community", "elite", "force")},
    }
