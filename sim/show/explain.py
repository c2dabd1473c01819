"""What a name means: parameters, mechanisms, scenario fields, event kinds, outcomes and state variables, from the metadata the docs use."""

from __future__ import annotations

import re
from typing import Any, get_args

from sim.scenario import schema
from sim.scenario.errors import nearest
from sim.scenario.load import mechanism_key
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.numbers import between, unrounded
from sim.scenario.parameters import PARAMETERS

SECTIONS: dict[str, type[schema.Spec]] = {
    "states": schema.StateSpec,
    "regions": schema.RegionSpec,
    "communities": schema.CommunitySpec,
    "organisations": schema.OrganisationSpec,
    "emirs": schema.EmirSpec,
    "emirs.ties": schema.TieSpec,
    "smugglers": schema.SmugglerSpec,
    "brokers": schema.BrokerSpec,
    "forces": schema.ForceSpec,
    "policies": schema.PolicySpec,
    "timeline": schema.TimelineEntry,
    "record": schema.RecordEntry,
    "data": schema.DataSpec,
    "data.places": schema.DataPlace,
    "data.actors": schema.DataActor,
}

Entry = dict[str, Any]


def explain(path: str) -> list[Entry]:
    """Return everything a name means: a list of entries, each with ``what``, ``name``, ``meaning`` and what else there is to say.

    Raises:
        LookupError: If nothing bears that name; the message gives the nearest.
    """
    name = _plain(path)
    bare = name.removeprefix("parameters.").removeprefix("mechanisms.")
    found = [*_parameter(bare), *_mechanism(bare), *_field(name), *_event(bare), *_outcome(bare), *_variable(name)]
    if found:
        return found
    if "timeline" in name.split("."):
        raise LookupError(f"{path!r} is no part of every scenario; the events of one are listed by: dilemma list --events SCENARIO")
    near = nearest(bare, everything())
    raise LookupError(f"nothing is named {path!r}" + (f"; did you mean {near!r}?" if near else "; `dilemma list` names scenarios and mechanisms"))


def _plain(path: str) -> str:
    """Return the field that a path of an error or an override names: ``emirs.Amber.ties.0.pragmatic`` is ``emirs.ties.pragmatic``."""
    parts = re.sub(r"\[\d+\]", "", path.strip()).split(".")
    section = parts[0]
    for part in parts[1:]:
        section = f"{section}.{part}" if f"{section}.{part}" in SECTIONS else section
    fields = SECTIONS[section].model_fields if section in SECTIONS else {}
    field = next((part for part in reversed(parts[1:]) if part in fields), None)
    return f"{section}.{field}" if field else ".".join(parts)


def everything() -> list[str]:
    """Return every name that can be explained."""
    from sim.world.layout import LAYOUT
    from sim.world.outcomes import OUTCOMES, YEARLY

    fields = [f"{section}.{field}" for section, spec in SECTIONS.items() for field in spec.model_fields]
    bare = [field.rpartition(".")[2] for field in fields]
    variables = [f"{table}.{column.name}" for table, columns in LAYOUT.items() for column in columns]
    return [*bare, *PARAMETERS, *MECHANISMS, *fields, *schema.TARGET_OF, *(o[0] for o in (*OUTCOMES, *YEARLY)), *variables]


def _parameter(name: str) -> list[Entry]:
    p = PARAMETERS.get(name)
    if p is None:
        return []
    mechanism = MECHANISMS[p.mechanism].title if p.mechanism in MECHANISMS else "base of the model"
    return [
        {"what": "parameter", "name": name, "meaning": p.meaning, "default": p.default, "range": [p.low, p.high], "unit": p.unit, "claim": p.claim,
         "value": p.basis, "mechanism": mechanism, "set with": f"--set {name}={unrounded(p.default)}"}
    ]  # fmt: skip


def _mechanism(name: str) -> list[Entry]:
    key = mechanism_key(name)
    if key is None:
        return []
    m = MECHANISMS[key]
    own = [p.name for p in PARAMETERS.values() if p.mechanism == key]
    return [
        {"what": f"mechanism {m.id}", "name": m.key, "meaning": m.title, "claim": m.claim, "source": m.source, "observable": m.observable,
         "prediction": m.prediction, "switched off": m.off, "parameters": own, "set with": f"--without {m.key}"}
    ]  # fmt: skip


def _field(name: str) -> list[Entry]:
    section, _, field = name.rpartition(".")
    section = next((part for part in SECTIONS if part.rpartition(".")[2] == section), section)
    if section in SECTIONS and field in SECTIONS[section].model_fields:
        return [_describe(f"{section}.{field}", SECTIONS[section].model_fields[field])]
    if not section and field in schema.Scenario.model_fields:
        entry = _describe(field, schema.Scenario.model_fields[field])
        if field in SECTIONS:
            entry["meaning"] = entry["meaning"] or (SECTIONS[field].__doc__ or "").strip()
            entry["fields"] = list(SECTIONS[field].model_fields)
        return [entry]
    if not section:
        return [
            _describe(f"{part}.{field}", spec.model_fields[field])
            for part, spec in SECTIONS.items()
            if field in spec.model_fields and field != "name"
        ]
    return []


def _describe(name: str, info: Any) -> Entry:
    entry: Entry = {"what": "scenario field", "name": name, "meaning": info.description or ""}
    low = next((m.ge for m in info.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in info.metadata if hasattr(m, "le")), None)
    if not info.is_required() and info.default is not None and not callable(info.default) and info.default_factory is None:
        entry["default"] = info.default
    if low is not None:
        entry["range"] = [low, high]
    if isinstance(info.json_schema_extra, dict):
        entry |= info.json_schema_extra
    # A choice may be left out: it is then one of an annotation that allows None too.
    choices = [choice for part in (info.annotation, *get_args(info.annotation)) for choice in get_args(part) if isinstance(choice, str)]
    if choices:
        entry["one of"] = choices
    return entry


def _event(name: str) -> list[Entry]:
    if name not in schema.TARGET_OF:
        return []
    target = schema.TARGET_OF[name]
    return [
        {
            "what": "kind of timeline entry",
            "name": name,
            "meaning": EVENT_MEANINGS[name],
            "target": "none" if target == "none" else f"one of the {target}",
        }
    ]


EVENT_MEANINGS = {
    "amnesty": "An amnesty stands open in a state: gloomy fighters and emirs may take it.",
    "coup": "A state is ruptured: its reach shrinks, most in the remotest regions, and its elite's horizon shortens.",
    "protest": "Protest burdens a state's forces: capacity is tied down, repression is held back, morale falls.",
    "purge": "A reshuffle of a state's security services: divisions grow.",
    "services": "Aid and services reach neglected communities of a state.",
    "peace": "A negotiated settlement stands open in a state: rebels and militias may leave for politics.",
    "intervention": "A force is reinforced by so many personnel-equivalents.",
    "rival_brand": "A rival brand has reach: pledges to it become possible.",
    "global_cause": "World events lend the global cause appeal.",
    "leader_death": "The leader of an organisation dies.",
    "entry": "An organisation that the scenario holds back takes up arms.",
    "cleavage": "The divisions of a region's communities deepen, and stay deep.",
}


def _outcome(name: str) -> list[Entry]:
    from sim.observe.outcome_words import in_full
    from sim.world.outcomes import OUTCOMES, YEARLY

    asked = f"outcome of a year of the followed lineage, asked for as {name}@2006"
    return [
        {"what": what, "name": name, "meaning": in_full(name, of_a_year), "unit": unit}
        for what, known, of_a_year in (("outcome of a run", OUTCOMES, False), (asked, YEARLY, True))
        for n, unit, _ in known
        if n == name
    ]


def _variable(name: str) -> list[Entry]:
    from sim.world.layout import LAYOUT

    table, _, column = name.rpartition(".")
    return [
        {"what": "state variable", "name": name, "meaning": c.meaning, "unit": c.unit, "range": [c.low, c.high]}
        for c in LAYOUT.get(table, ())
        if c.name == column
    ]


def as_text(entries: list[Entry]) -> str:
    """Return entries as text for a terminal."""
    blocks = []
    for entry in entries:
        lines = [f"{entry['name']}  ({entry['what']})", f"  {entry['meaning']}"]
        for key, value in entry.items():
            if key in ("what", "name", "meaning") or value in ("", None):
                continue
            if key == "range":
                value = between(*value)
            lines.append(f"  {key}: {', '.join(map(str, value)) if isinstance(value, list) else value}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
