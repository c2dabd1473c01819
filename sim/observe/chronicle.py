"""A history as a historian's page: date, who, what, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.observe.history import History
from sim.observe.outcome_words import or_none
from sim.observe.weight import Weight, of_weight
from sim.scenario.timeline import in_force, month_index
from sim.world import codes
from sim.world.build import identity
from sim.world.layout import CAUSES

MAJOR = (
    codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE, codes.DEPARTURE, codes.SURRENDER, codes.RETURN, codes.MERGER, codes.BRAND_CHANGE, codes.SUCCESSION,
    codes.ALLIANCE_MADE, codes.ALLIANCE_BROKEN, codes.CAPTURE, codes.ENDING, codes.BROKER_GROUP, codes.ENTERED, codes.FOUNDING, codes.PURGE,
    codes.OFFER,
)  # fmt: skip
"""Events that a chronicle tells one by one, where they concern an organisation of weight; the others are told by the year."""
_MAKING = (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE, codes.RETURN, codes.MERGER, codes.ENDING, codes.BROKER_GROUP, codes.ENTERED, codes.FOUNDING)
"""Those of them by which an organisation comes to be or ceases to."""

_YEARLY = (
    (codes.RELOCATION, "one katiba moved", "{} katibas moved"),
    (codes.DORMANCY, "one lay low", "{} lay low"),
    (codes.RE_EMERGENCE, "one came back", "{} came back"),
    (codes.NEW_KATIBA, "one was founded", "{} were founded"),
    (codes.KATIBA_LOST, "one folded", "{} folded"),
    (codes.EMIR_SUCCESSION, "one lost its emir", "{} lost their emirs"),
)
"""Small events of the lineage, as one of them is told in a year and as several are."""
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


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


def told(history: History, weight: Weight) -> np.ndarray[Any, Any]:
    """Return which events of the log a chronicle tells one by one: all major ones of who is near, of others of weight those that make or unmake them.

    Args:
        history: Whose log.
        weight: Who has weight (see :func:`sim.observe.weight.of_weight`).
    """
    log = history.log
    near, any_weight = (
        np.isin(log["organisation"], list(those)) | np.isin(log["other"], list(those)) | (log["organisation"] < 0)
        for those in (weight.near, weight.all)
    )
    return (np.isin(log["kind"], MAJOR) & near) | (np.isin(log["kind"], _MAKING) & any_weight)


def tell(history: History, entry: np.void) -> str:
    """Return one event as a sentence, in the past tense: an organisation's name may be a plural ("Tuareg rebels")."""
    sentence = _tell(history, entry)
    return sentence[:1].upper() + sentence[1:]


def _tell(history: History, entry: np.void) -> str:
    names, t = history.names, int(entry["month"])
    who = names.of(int(entry["actor"]), t)
    organisation = names.of(int(entry["organisation"]), t) if entry["organisation"] >= 0 else ""
    other = names.of(int(entry["other"]), t) if entry["other"] >= 0 else ""
    region = history.scenario.regions[int(entry["region"])].name if entry["region"] >= 0 else ""
    size = f"{entry['amount']:,.0f}"
    kind = int(entry["kind"])
    if kind == codes.SPLINTER:
        return f"{who} broke with {organisation} in {region} and founded {other}; {size} went along."
    if kind == codes.AUTONOMY:
        return f"{who} went his own way in {region}: {other} left {organisation} with {size}."
    if kind == codes.PLEDGE:
        return f"{who} left {organisation} in {region} and pledged {other} to a rival brand; {size} followed."
    if kind == codes.DEPARTURE:
        # Where the leader commands himself, it is his second man who leaves.
        table = history.tables["organisation"][t]
        who = f"the second man of {who}" if entry["actor"] in table["leader"][table["identity"] == entry["organisation"]] else who
        return f"{who} left {organisation} in {region} and founded nothing; {size} went home with him."
    if kind == codes.SURRENDER:
        return f"{who} of {organisation} took the amnesty in {region} with {size}."
    if kind == codes.RETURN:
        return f"{other} returned to {organisation} with {size}."
    if kind == codes.MERGER:
        return f"{other} merged into {organisation}, bringing {size}."
    if kind == codes.BRAND_CHANGE:
        old, new = names.all_names(int(entry["organisation"]))[0], organisation
        renamed = f" and took the name {new}" if new != old else ""
        return f"{old} joined the global brand{renamed} ({size} strong)."
    if kind == codes.SUCCESSION:
        fallen = _leader(other, organisation)
        return f"{fallen} {'died' if entry['detail'] == 1 else 'was lost'}; {_followed(history, entry, who)}."
    if kind == codes.ALLIANCE_MADE:
        through = f" through {who}" if entry["detail"] >= 0 else ""
        return f"{organisation} and {other} allied in {region}{through}."
    if kind == codes.ALLIANCE_BROKEN:
        return f"{organisation} and {other} parted in {region} after {_counted(float(entry['amount']), 'month')}."
    if kind == codes.CAPTURE:
        return f"Half the institutions of {region} passed into private hands."
    if kind == codes.ENDING:
        how = codes.ENDINGS[int(entry["detail"])]
        return f"{organisation} ended by {how}; at its height it had {size}."
    if kind == codes.BROKER_GROUP:
        return f"{who} raised a group of his own in {region}: {organisation}, with {size}."
    if kind == codes.ENTERED:
        return f"{organisation} took up arms around {region} with {size}."
    if kind == codes.FOUNDING:
        people = history.community_names()[int(entry["detail"])]
        where = people if region in people else f"{people} in {region}"
        return f"A local group arose among {where}: {organisation}, with {size}."
    if kind == codes.PURGE:
        return (
            f"The leadership of {organisation} struck {other} and his camp in {region}; {_counted(float(entry['amount']), 'person', 'people')} died."
        )
    if kind == codes.OFFER:
        answer = "took it" if entry["detail"] == 1 else "refused it"
        return f"The elite of {who} made {organisation} ({size} strong) an offer; the leadership {answer}."
    if kind == codes.MEANS_CHANGE:
        return f"The leadership of {organisation} changed its means: {codes.MEANS[int(entry['detail'])]}."
    return f"{codes.EVENTS[kind]}: {who} {organisation} {other} {region} {size}".rstrip()


def _counted(amount: float, one: str, many: str = "") -> str:
    """Return an amount with its noun: ``one month``, ``14 months``."""
    n = round(amount)
    return f"{_number(n)} {one if n == 1 else many or one + 's'}"


def _leader(name: str, organisation: str) -> str:
    """Return a leader with his organisation; one whom nobody names is only its leader."""
    return f"the leader of {organisation}" if name.startswith("leader of ") else f"{name}, leader of {organisation},"


def _followed(history: History, entry: np.void, successor: str) -> str:
    """Tell who followed a lost leader, and for how many months the office stood empty (the kept tables say it)."""
    o, t = history.tables["organisation"], int(entry["month"])
    row = int(np.flatnonzero(o["identity"][t + 1] == entry["organisation"])[0])
    after = o[t + 1 :, row]
    over = np.flatnonzero((after["vacant"] == 0) | (after["alive"] == 0))
    if not len(over):
        return "nobody has followed him since"
    empty = int(over[0])
    if after["alive"][empty] == 0:
        return "nobody followed him before the end"
    return f"{successor} followed at once" if empty == 0 else f"{successor} followed after {_counted(empty, 'month')}"


def _world(history: History) -> Iterator[Entry]:
    """The exogenous events of the scenario's timeline; of a dated death also whom the model lost by it, whose leader may be another by then."""
    for entry in in_force(history.scenario):
        t = month_index(history.scenario, entry.date)
        until = f" (to {history.date(min(t + entry.months, history.months) - 1)})" if entry.months > 1 else ""
        label = entry.label or f"{entry.event} {entry.target}".strip()
        instead = _instead(history, entry.target, t) if entry.event == "leader_death" else ""
        yield Entry(entry.date, t, "world", f"[{label}]{until}{instead}")


def _instead(history: History, target: str, t: int) -> str:
    """Tell what a dated death means in this history, where it cannot mean the man whom the record names."""
    who = identity("organisation", target)
    log = history.log[(history.log["kind"] == codes.SUCCESSION) & (history.log["organisation"] == who)]
    struck = log[(log["month"] == t) & (log["detail"] == 1)]
    if len(struck):
        return f" In this history it was a later leader of {target} who died." if (log["month"] < t).any() else ""
    o = history.tables["organisation"][min(t, history.months)]
    stood = o["alive"][o["identity"] == who]
    return f" In this history {target} had no leader then." if len(stood) and stood[0] else f" In this history there was no {target} then."


def _record(history: History) -> Iterator[Entry]:
    """What the sources say happened, which the model knows nothing of."""
    for fact in history.scenario.record:
        # Some facts last, and of some the month is uncertain: a reader must not hold the model to a date that nobody knows.
        until = f" between then and {fact.until}" if fact.until else ""
        who = f" to {fact.who}" if fact.who and fact.who not in fact.what else ""
        text = f"{{What happened{who}{until}: {fact.what} ({fact.source})}}"
        yield Entry(fact.date, month_index(history.scenario, fact.date), "record", text)


def _years(history: History, events: np.ndarray[Any, Any]) -> Iterator[Entry]:
    """What happened by the year: the followed lineage and its small events, and how many local groups arose and ended that are not told of by name.

    Args:
        history: Which.
        events: Whether each event of the log is told one by one.
    """
    organisation, emir, log = history.tables["organisation"], history.tables["emir"], history.log
    own = np.isin(log["organisation"], organisation["identity"][-1][organisation["lineage"][-1] == history.focus])
    gone = False
    for last in [t for t in range(history.months) if history.date(t).endswith("-12") or t == history.months - 1]:
        first = max(0, last - int(history.date(last)[5:]) + 1)
        year = (log["month"] >= first) & (log["month"] <= last)
        counts = Counter(log["kind"][own & year].tolist())
        here = (emir[last + 1]["alive"] == 1) & (organisation[last + 1]["lineage"][emir[last + 1]["organisation"]] == history.focus)
        small = ", ".join(one if counts[kind] == 1 else many.format(_number(counts[kind])) for kind, one, many in _YEARLY if counts[kind])
        told = []
        if here.any():
            low = int(emir[last + 1]["dormant"][here].sum())
            told.append(f"The lineage was {emir[last + 1]['strength'][here].sum():,.0f} strong in {_counted(int(here.sum()), 'katiba')}")
            told[0] += f" ({_number(low)} lying low)." if low else "."
        elif not gone:
            told.append("The lineage was gone.")
        gone = not here.any()
        if small:
            told.append(f"In the year {small}.")
        others = Counter(log["kind"][year & ~events].tolist())
        arose, ended = others[codes.FOUNDING], others[codes.ENDING]
        if arose or ended:
            groups = [f"{_counted(arose, 'small local group')} arose"] if arose else []
            groups += [(f"{_number(ended)} ended" if arose else f"{_counted(ended, 'small group')} ended")] if ended else []
            told.append(f"{' and '.join(groups).capitalize()}.")
        if told:
            yield Entry(history.date(last), last, "year", " ".join(told))


def _number(n: int) -> str:
    return _NUMBERS[n] if n < len(_NUMBERS) else f"{n:,}"


def chronicle(history: History) -> list[Entry]:
    """Return the chronicle of a history.

    Major events of organisations of weight (:mod:`sim.observe.weight`) stand one by one, with what drove them; changes of means are told of the
    organisation that is followed; small events and small groups are told by the year. Exogenous events stand in brackets, what the sources say
    happened in braces.

    Returns:
        Entries in order of time; within a month the world's events first, then the record, then the group's, then the year's summary.
    """
    major = told(history, of_weight(history))
    entries = [*_world(history), *_record(history)]
    means = (history.log["kind"] == codes.MEANS_CHANGE) & (history.log["organisation"] == history.focus)
    for event in history.log[major | means]:
        t = int(event["month"])
        entries.append(Entry(history.date(t), t, codes.EVENTS[int(event["kind"])], tell(history, event), why(event), shares(event)))
    order = {"world": 0, "record": 1, "year": 3}
    entries += _years(history, major)
    entries.sort(key=lambda e: (e.month, order.get(e.kind, 2)))
    return entries


def as_json(history: History) -> dict[str, Any]:
    """Return a history as plain data.

    That is: provenance, outcomes, lineages and fates, events with their causes, the chronicle, the record, violence, and yearly and monthly series.

    It does not depend on the engine or on threads, so the same history gives the same text.
    """
    events, years = history.events(), history.years().astype(object)
    cause_columns = [f"cause: {cause}" for cause in CAUSES]
    records = []
    for row in events.to_dict("records"):
        causes = {cause: row.pop(column) for cause, column in zip(CAUSES, cause_columns, strict=True)}
        row["causes"] = {cause: share for cause, share in causes.items() if share > 0.0}
        records.append(row)
    return {
        "provenance": history.provenance,
        "outcomes": or_none(history.outcomes),
        "lineages": history.lineages().to_dict("records"),
        "fates": history.fates().to_dict("records"),
        "events": records,
        "chronicle": [{"date": e.date, "kind": e.kind, "text": e.text, "why": e.why} for e in chronicle(history)],
        "record": [fact.model_dump() for fact in history.scenario.record],
        "violence": history.violence().to_dict("list"),
        "years": years.where(years.notna(), None).to_dict("list"),
        "presence": history.presence().to_dict("list"),
        "series": {table: history.series(table).to_dict("list") for table in ("organisation", "region", "community", "elite", "force")},
    }
