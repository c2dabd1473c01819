"""What docs/add-a-mechanism.md says is done, in a copy of the tree: the mechanism works, and switched off it changes nothing."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import sim

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "add-a-mechanism.md"
PLACES = {
    "sim/scenario/mechanisms.py, at the end of _ROWS": ")  # fmt: skip\n\nMECHANISMS",
    "sim/scenario/parameters.py, at the end of _ROWS": ")  # fmt: skip\n\nPARAMETERS",
    "sim/schedule.py, among the imports": "    economy,\n",
    "sim/schedule.py, before the accounts": "    # Accounts\n",
}
"""What stands behind each place at which the page adds a line."""

CHECK = """
import hashlib, json, sys
import sim
from sim.cli import main
from sim.scenario.json_schema import json_schema
from sim.study.plan import load_study

def digest(**changes):
    h = sim.run("dilemma-101", 1, engine="mesa", **changes)
    sums = hashlib.sha256()
    for name in sorted(h.tables):
        sums.update(h.tables[name].tobytes())
    return sums.hexdigest()

print(sim.__file__)
assert main(["explain", "drought"]) == main(["explain", "drought_grievance"]) == main(["list"]) == 0
assert main(["check", "dilemma-101"]) == 0
assert "drought" in json.dumps(json_schema())
assert "drought" in [arm.without for arm in load_study("ablations").arms]
assert digest() != digest(without=("drought",)) != digest(overrides=("wet_months=0",))
assert digest(without=("M27",)) == digest(overrides=("drought_grievance=0",)) == sys.argv[1]
print("works")
"""


def _added(folder: Path) -> list[str]:
    """Do what the page says, in a copy of the tree; return the places where it was done."""
    done = []
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        head, text = block.split("\n", 1)
        place = head.removeprefix("# ")
        file = folder / place.partition(",")[0]
        if place in PLACES:
            before, mark, after = file.read_text(encoding="utf-8").partition(PLACES[place])
            assert mark, place
            file.write_text(before + text + mark + after, encoding="utf-8")
        else:
            assert not file.exists()
            file.write_text(text, encoding="utf-8")
        done.append(place)
    return done


def test_a_mechanism_is_three_rows_and_a_file(tmp_path):
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("scenarios", "experiments", "lessons"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    done = _added(tmp_path)
    assert sorted(done) == sorted([*PLACES, "sim/rules/drought.py"])
    here = sim.run("dilemma-101", 1, engine="mesa")
    sums = hashlib.sha256()
    for name in sorted(here.tables):
        sums.update(here.tables[name].tobytes())
    told = subprocess.run(
        [sys.executable, "-c", CHECK, sums.hexdigest()],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(str(tmp_path))
    assert told.stdout.endswith("works\n")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    lint = subprocess.run([sys.executable, "-m", "ruff", "check", "sim/rules", "sim/scenario", "sim/schedule.py"], cwd=tmp_path, check=False)
    assert lint.returncode == 0
