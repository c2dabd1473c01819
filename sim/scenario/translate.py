"""What pydantic finds wrong, in words for whoever wrote the file."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sim.scenario.errors import Problem, listed, nearest
from sim.scenario.schema import Scenario, Spec
from sim.scenario.yaml_text import Node, kind_of

_WANTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "a text (in quotes, if it looks like a number or a truth value)",
    "bool_type": "on or off",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def problems_of(error: ValidationError, node: Node) -> list[Problem]:
    """Return the problems a validation found, each at the place it was written."""
    return [_problem(item, node) for item in error.errors()]


def written(path: tuple[str | int, ...]) -> str:
    """Return a path as one writes it: ``emirs[2].region``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def model_at(path: tuple[str | int, ...]) -> type[BaseModel]:
    """Return the part of the schema that a path lies in."""
    model: type[BaseModel] = Scenario
    for part in path:
        if isinstance(part, int) or part not in model.model_fields:
            continue
        inner = _model_of(model.model_fields[part].annotation)
        if inner is not None:
            model = inner
    return model


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_of(arg)) is not None), None)


def _problem(item: Any, node: Node) -> Problem:
    path = tuple(part for part in item["loc"] if part != "[key]")
    kind, value, context = item["type"], item["input"], item.get("ctx", {})
    place = node.at(path)
    if kind == "extra_forbidden":
        fields = list(model_at(path[:-1]).model_fields)
        message = f"unknown key {path[-1]!r}; allowed are {listed(fields, 30)}"
        return Problem(node.at(path, key=True), written(path), message, nearest(path[-1], fields))
    if kind == "missing":
        return Problem(place, written(path), f"is missing: {_meaning(path) or 'it has to be given'}")
    unit, low, high = _range(path)
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        bounds = f"{low:g} to {high:g}{unit}" if low is not None and high is not None else _bounds(context)
        return Problem(place, written(path), f"{value!r} is out of range; allowed is {bounds}")
    if kind == "literal_error":
        allowed = [name.strip().strip("'") for name in context["expected"].replace(" or ", ", ").split(",")]
        return Problem(place, written(path), f"{kind_of(value)} is not one of {listed(allowed, 30)}", nearest(value, allowed))
    if kind == "string_pattern_mismatch":
        wanted = (
            "a month is written YYYY-MM, from 1900-01 to 2099-12"
            if r"\d\d-" in context["pattern"]
            else "a name in lower case, digits and hyphens is wanted"
        )
        return Problem(place, written(path), f"{value!r} is not admissible: {wanted}")
    if kind in _WANTED:
        bounds = f" from {low:g} to {high:g}{unit}" if kind == "float_type" and low is not None else ""
        return Problem(place, written(path), f"{_WANTED[kind]}{bounds} is wanted, not {kind_of(value)}")
    if kind == "too_short":
        return Problem(place, written(path), f"at least {context['min_length']} is wanted; there are {context['actual_length']}")
    if kind == "too_long":
        return Problem(place, written(path), f"at most {context['max_length']} are allowed; there are {context['actual_length']}")
    if kind == "string_too_short":
        return Problem(place, written(path), f"{value!r} is too short; at least {context['min_length']} character is wanted")
    if kind == "string_too_long":
        return Problem(place, written(path), f"{value[:30]!r}… has {len(value)} characters; at most {context['max_length']} are allowed")
    return Problem(place, written(path), f"{item['msg']} (given: {kind_of(value)})")


def _bounds(context: dict[str, Any]) -> str:
    words = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}
    return " and ".join(f"{words[k]} {v:g}" for k, v in context.items() if k in words)


def _field(path: tuple[str | int, ...]) -> Any:
    names = [part for part in path if isinstance(part, str)]
    return model_at(path[:-1]).model_fields.get(names[-1]) if names else None


def _meaning(path: tuple[str | int, ...]) -> str:
    info = _field(path)
    return (info.description or "") if info is not None else ""


def _range(path: tuple[str | int, ...]) -> tuple[str, float | None, float | None]:
    """Return unit, low and high of the quantity at a path, if it is one."""
    info = _field(path)
    if info is None:
        return "", None, None
    low = next((m.ge for m in info.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in info.metadata if hasattr(m, "le")), None)
    extra = info.json_schema_extra
    unit = extra.get("unit", "1") if isinstance(extra, dict) else "1"
    return ("" if str(unit).startswith("1") else f" {unit}"), low, high
