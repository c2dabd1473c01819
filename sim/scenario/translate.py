"""What pydantic finds wrong, in words for whoever wrote the file."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from sim.scenario.errors import MOST_KEPT, Hints, Problem, listed
from sim.scenario.numbers import between, unrounded
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

_PATTERNS = {
    "[0-9][0-9]-": "a month is written YYYY-MM, from 1900-01 to 2099-12",
    "[a-z0-9-]": "a name in lower case, digits and hyphens is wanted",
    r"\S": "a name stands on one line, with no space before or after it",
}


def problems_of(error: ValidationError, node: Node, root: type[Spec] = Scenario) -> list[Problem]:
    """Return the problems a validation found, each at the place it was written; ``root`` is what the file as a whole was to be."""
    hint = Hints()
    return [_problem(item, node, root, hint) for item in error.errors(include_url=False)[:MOST_KEPT]]


def written(path: tuple[str | int, ...]) -> str:
    """Return a path as one writes it: ``emirs[2].region``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def declared_at(path: tuple[str | int, ...], root: type[Spec] = Scenario) -> FieldInfo | None:
    """Return the declaration of what stands at a path, or None where the schema has nothing there."""
    inner: Any = root
    info: FieldInfo | None = None
    for part in path:
        spec = _spec_of(inner)
        if spec is not None and isinstance(part, str):
            info = spec.model_fields.get(part)
        elif get_args(inner):
            # An entry of a list, or a value of a mapping.
            info = FieldInfo.from_annotation(get_args(inner)[-1])
        else:
            return None
        if info is None:
            return None
        inner = info.annotation
    return info


def _spec_of(annotation: Any) -> type[Spec] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, Spec) else None


def _problem(item: Any, node: Node, root: type[Spec], hint: Hints) -> Problem:
    path = tuple(part for part in item["loc"] if part != "[key]")
    kind, value, context = item["type"], item["input"], item.get("ctx", {})
    place = node.at(path)
    if kind == "extra_forbidden":
        above = declared_at(path[:-1], root)
        spec = root if above is None else _spec_of(above.annotation)
        fields = list(spec.model_fields) if spec else []
        message = f"unknown key {path[-1]!r}; allowed are {listed(fields, 30)}"
        return Problem(node.at(path, key=True), written(path), message, hint(path[-1], fields))
    if kind == "missing":
        info = declared_at(path, root)
        return Problem(place, written(path), f"is missing: {info.description if info and info.description else 'it has to be given'}")
    bounds = bounds_at(path, root)
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        allowed = bounds or item["msg"].removeprefix("Input should be ")
        return Problem(place, written(path), f"{value!r} is out of range; allowed is {allowed}")
    if kind == "literal_error":
        allowed = [name.strip().strip("'") for name in context["expected"].replace(" or ", ", ").split(",")]
        return Problem(place, written(path), f"{kind_of(value)} is not one of {listed(allowed, 30)}", hint(value, allowed))
    if kind == "string_pattern_mismatch":
        wanted = next(words for mark, words in _PATTERNS.items() if mark in context["pattern"])
        return Problem(place, written(path), f"{value!r} is not admissible: {wanted}")
    if kind in _WANTED:
        within = f" {'' if bounds.startswith('more') else 'from '}{bounds}" if bounds and kind in ("float_type", "int_type", "int_from_float") else ""
        return Problem(place, written(path), f"{_WANTED[kind]}{within} is wanted, not {kind_of(value)}")
    if kind == "too_short":
        return Problem(place, written(path), f"at least {context['min_length']} is wanted; there are {context['actual_length']}")
    if kind == "too_long":
        return Problem(place, written(path), f"at most {context['max_length']} are allowed; there are {context['actual_length']}")
    if kind == "string_too_short":
        return Problem(place, written(path), f"{value!r} is too short; at least {context['min_length']} character is wanted")
    if kind == "string_too_long":
        return Problem(place, written(path), f"{value[:30]!r}… has {len(value)} characters; at most {context['max_length']} are allowed")
    return Problem(place, written(path), f"{item['msg']} (given: {kind_of(value)})")


def bounds_at(path: tuple[str | int, ...], root: type[Spec] = Scenario) -> str:
    """Return the range of the number at a path in words, with its unit, or an empty string where it has none."""
    info = declared_at(path, root)
    if info is None:
        return ""
    low = next((m.ge for m in info.metadata if hasattr(m, "ge")), None)
    above = next((m.gt for m in info.metadata if hasattr(m, "gt")), None)
    high = next((m.le for m in info.metadata if hasattr(m, "le")), None)
    extra = info.json_schema_extra
    unit = str(extra.get("unit", "1")) if isinstance(extra, dict) else "1"
    after = "" if unit == "1" or unit.startswith("1 (") else f" {unit}"
    if low is not None and high is not None:
        return f"{between(low, high)}{after}"
    return f"more than {unrounded(above)} up to {unrounded(high)}{after}" if above is not None and high is not None else ""
