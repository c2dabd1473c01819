"""The JSON Schema of scenario files, so that editors complete and check them."""

from __future__ import annotations

import copy
from typing import Any

from sim.scenario.inheritance import DATED_LISTS, NAMED_LISTS
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.schema import Scenario


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file.

    A file that extends another may leave out what it inherits, and its named things may be partial; such a file is checked against a looser branch.
    """
    whole = Scenario.model_json_schema()
    definitions = whole.pop("$defs")
    properties = whole["properties"]
    properties["parameters"] = {
        "type": "object",
        "description": properties["parameters"]["description"],
        "additionalProperties": False,
        "properties": {
            p.name: {
                "type": "number",
                "minimum": p.low,
                "maximum": p.high,
                "default": p.default,
                "description": f"{p.meaning} Unit: {p.unit}. Claim: {p.claim}. Value: {p.basis}.",
            }
            for p in PARAMETERS.values()
        },
    }
    properties["mechanisms"] = {
        "type": "object",
        "description": properties["mechanisms"]["description"],
        "additionalProperties": False,
        # YAML 1.2 editors read `off` as text, our reader as a truth value: both are allowed here.
        "properties": {
            name: {"enum": [True, False, "on", "off"], "description": f"{m.id} {m.title}: {m.claim}."}
            for m in MECHANISMS.values()
            for name in (m.key, m.id)
        },
    }
    loose = copy.deepcopy(properties)
    for section in ("parameters", "mechanisms"):
        # A reference, so that the long list of parameters is written out once.
        own = f"#/else/properties/{section}/properties"
        loose[section]["properties"] = {name: {"anyOf": [{"$ref": f"{own}/{name}"}, {"type": "null"}]} for name in properties[section]["properties"]}
    for section in NAMED_LISTS:
        name = properties[section]["items"]["$ref"].rsplit("/", 1)[-1]
        part = copy.deepcopy(definitions[name])
        part["required"] = ["name"]
        part["properties"] = {key: shape if key == "name" else _or_empty(shape) for key, shape in part["properties"].items()}
        part["properties"]["remove"] = {"const": True, "description": "Takes the inherited thing of that name away."}
        definitions[f"{name}Change"] = part
        merged = {"type": "array", "items": {"$ref": f"#/$defs/{name}Change"}}
        loose[section] = _or_replace(
            merged, properties[section], f"Merged by name over the inherited {section}, or put in their place with `replace`."
        )
    definitions["PolicySpecChange"] = {
        **definitions["PolicySpec"],
        "properties": {key: _or_empty(shape) for key, shape in definitions["PolicySpec"]["properties"].items()},
    }
    loose["policies"] = {"$ref": "#/$defs/PolicySpecChange"}
    entry = copy.deepcopy(definitions["TimelineEntry"])
    entry["required"] = []
    entry["properties"] = {"name": {"type": "string", "description": "The inherited event that is changed."}} | {
        key: _or_empty(shape) for key, shape in entry["properties"].items()
    }
    entry["properties"]["remove"] = {"const": True, "description": "Takes the inherited event of that name away."}
    # An entry that changes an inherited one names it; one that is added is whole, and may bear the label of one that it changes.
    entry["anyOf"] = [{"required": [key]} for key in ("name", "label")] + [{"required": definitions["TimelineEntry"]["required"]}]
    definitions["TimelineEntryChange"] = entry
    loose["timeline"] = {"type": "array", "items": {"$ref": "#/$defs/TimelineEntryChange"}}
    for section in DATED_LISTS:
        loose[section] = _or_replace(loose[section], properties[section], f"Added to the inherited {section}, or put in its place with `replace`.")
    loose["extends"] = {"type": "string", "description": "Shipped name or path of the scenario this one inherits from."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of dilemma",
        "description": whole.get("description", ""),
        "type": "object",
        "if": {"required": ["extends"]},
        "then": {"properties": loose, "additionalProperties": False, "required": ["name", "extends"]},
        "else": {"properties": properties, "additionalProperties": False, "required": whole["required"]},
        "$defs": definitions,
    }


def _or_empty(shape: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of a value that may be left empty, so that the inherited one is taken away."""
    if not isinstance(shape.get("type"), str) or "enum" in shape:
        return {"anyOf": [shape, {"type": "null"}]}
    shape = {**shape, "type": [shape["type"], "null"]}
    if isinstance(shape.get("additionalProperties"), dict):
        shape["additionalProperties"] = _or_empty(shape["additionalProperties"])
    return shape


def _or_replace(merged: dict[str, Any], whole: dict[str, Any], meaning: str) -> dict[str, Any]:
    replaced = {"type": "object", "additionalProperties": False, "required": ["replace"], "properties": {"replace": whole}}
    return {"anyOf": [merged, replaced], "description": meaning}
