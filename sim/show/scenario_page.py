"""The tables of a scenario's page in ``docs/scenarios``, made from the scenario and from the schema's metadata.

Which columns a table has, their units and the sources of their claims come from the schema, so that a field added there needs no word here. Where the
*values* come from differs from scenario to scenario: the page says it by hand, above each table.
"""

from __future__ import annotations

import functools
from typing import Any, get_args

from pydantic.fields import FieldInfo

from sim.scenario.inheritance import NAMED_LISTS
from sim.scenario.load import load_scenario
from sim.scenario.numbers import exact
from sim.scenario.parameters import PARAMETERS
from sim.scenario.schema import Scenario, Spec
from sim.show.markdown import table

SINGULAR = {"states": "state", "regions": "region", "communities": "community", "organisations": "organisation", "emirs": "command",
            "smugglers": "smuggler", "brokers": "broker", "forces": "force"}  # fmt: skip
"""What one of each kind is called on a page: an emir of a scenario stands for a command in a zone."""


@functools.cache
def _scenario(name: str) -> Scenario:
    return load_scenario(name)


def sections(name: str) -> list[str]:
    """Return the parts of a shipped scenario that hold initial values: what its page must have a table of."""
    scenario = _scenario(name)
    return [part for part in ("parameters", *NAMED_LISTS) if getattr(scenario, part)]


def head(name: str) -> str:
    """Return the line that says how long a scenario lasts, whom it follows and how much is in it."""
    scenario = _scenario(name)
    counts = ", ".join(_count(len(getattr(scenario, part)), part) for part in NAMED_LISTS)
    return f"Scenario `{name}`: {scenario.start} to {scenario.end}, following the lineage of **{scenario.focus}**. {counts}."


def _count(number: int, part: str) -> str:
    return f"{number} {SINGULAR[part] if number == 1 else 'commands' if part == 'emirs' else part}"


def timeline(name: str) -> str:
    """Return the table of what comes from outside."""
    rows = [
        (e.date, e.event, e.target or "all", *((f"{e.magnitude:g}", e.months) if e.event not in ("leader_death", "entry") else ("", "")), e.label,
         e.source)
        for e in _scenario(name).timeline
    ]  # fmt: skip
    if not rows:
        return "Nothing comes from outside."
    return table(("month", "event", "strikes", "size", "months", "what", "source and certainty"), rows)


def values(what: str) -> str:
    """Return the table of a part's initial values: a row an agent, under the unit of each column and the source of its claim.

    Args:
        what: Name of a scenario and of a part of it: ``aqim emirs``.
    """
    name, part = what.split(" ")
    scenario = _scenario(name)
    if part == "parameters":
        rows = [(f"`{n}`", f"{x:g}", f"{PARAMETERS[n].default:g}", PARAMETERS[n].unit, PARAMETERS[n].source) for n, x in scenario.parameters.items()]
        return table(("parameter", "value", "default", "unit", "claim"), rows)
    agents: tuple[Spec, ...] = tuple(getattr(scenario, part))
    fields = {field: info for field, info in type(agents[0]).model_fields.items() if field != "name"}
    shown = {field: info for field, info in fields.items() if any(field in agent.model_fields_set for agent in agents)}
    lines = [
        ("*unit*", *(", ".join(_extra(info, "unit")) for info in shown.values())),
        ("*claim*", *(", ".join(_extra(info, "source")) for info in shown.values())),
        *(tuple(_cell(agent, field) for field in ("name", *shown)) for agent in agents),
    ]
    made = table((SINGULAR[part], *(f"`{field}`" for field in shown)), lines)
    rest = [f"`{field}` {_shown(getattr(agents[0], field)) or 'empty'}" for field in fields if field not in shown]
    return f"{made}\n\nAt the default throughout: {', '.join(rest)}." if rest else made


def record(name: str) -> str:
    """Return the table of what the sources say happened."""
    rows = [(f"{e.date} to {e.until}" if e.until else e.date, e.what, e.event or "", e.who, e.source) for e in _scenario(name).record]
    if not rows:
        return "There is no record."
    return table(("when", "what happened", "event", "who", "source and certainty"), rows)


def _cell(agent: Spec, field: str) -> str:
    """Return a value; one that the scenario leaves at its default stands in italics."""
    shown = _shown(getattr(agent, field))
    return shown if field in agent.model_fields_set or not shown else f"*{shown}*"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return exact(value, 6)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(x)}" for name, x in value.items())
    if isinstance(value, list):
        return "; ".join(_shown(x) for x in value)
    if isinstance(value, Spec):
        first, *others = (field for field in type(value).model_fields if field in value.model_fields_set)
        inner = ", ".join(f"{field} {_shown(getattr(value, field))}" for field in others)
        return f"{_shown(getattr(value, first))} ({inner})"
    return str(value)


def _extra(info: FieldInfo, key: str) -> list[str]:
    """Return what the schema says of a column under a key (``unit``, ``source``), once each; of a column of parts, what it says of their fields."""
    if isinstance(info.json_schema_extra, dict) and key in info.json_schema_extra:
        return [str(info.json_schema_extra[key])]
    inner = next((part for part in get_args(info.annotation) if isinstance(part, type) and issubclass(part, Spec)), None)
    found = [word for part in inner.model_fields.values() for word in _extra(part, key)] if inner else []
    return list(dict.fromkeys(found))
