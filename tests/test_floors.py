"""The house has floors, and a floor imports only from below: read from the source, so that an import inside a function counts as well."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sim

FLOORS = ("scenario", "world", "rules", "schedule", "model", "engine", "observe", "study", "evidence", "show", "classroom", "verbs", "cli")
"""From the ground up."""
ROOF = "__init__"
"""The package itself offers the verbs of every floor below."""
HOUSE = Path(sim.__file__).parent


def imported(source: str) -> set[str]:
    """Return the floors that a module's text imports; what is taken from the package itself counts as its name, or as the roof."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # The version is a constant of the package, not a floor of it.
            names = [alias.name for alias in node.names if alias.name != "__version__"]
            modules = [f"sim.{name}" for name in names] if node.module == "sim" else [node.module or ""]
        else:
            continue
        for module in modules:
            first, *rest = module.split(".")
            if first == "sim":
                found.add(rest[0] if rest and rest[0] in FLOORS else ROOF)
    return found


def test_every_part_of_the_package_is_a_floor():
    parts = {path.stem for path in HOUSE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert parts == {*FLOORS, ROOF}


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_only_from_below(floor):
    files = sorted((HOUSE / floor).rglob("*.py")) if (HOUSE / floor).is_dir() else [HOUSE / f"{floor}.py"]
    assert files
    below = set(FLOORS[: FLOORS.index(floor) + 1])
    above = {str(file.relative_to(HOUSE)): sorted(imported(file.read_text(encoding="utf-8")) - below) for file in files}
    assert {name: floors for name, floors in above.items() if floors} == {}


def test_the_reading_of_imports_sees_every_kind():
    text = "import sim.show.style\nfrom sim import engine, load\ndef f():\n    from sim.study.work import warm\n"
    assert imported(text) == {"show", "engine", ROOF, "study"}
