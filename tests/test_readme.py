"""The README's test command is the one that CI runs, and what the README and docs point to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_ci_runs_the_readmes_test_command():
    command = next(line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.endswith(".venv/bin/pytest"))
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    "page", sorted(str(p.relative_to(ROOT)) for p in [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), ROOT / "benchmarks" / "README.md"])
)
def test_links_lead_somewhere(page):
    # In a formula, a bracket before a parenthesis is no link.
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]*\$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        # The reference is made when the site is built.
        if not target.startswith(("http", "reference/")):
            assert ((ROOT / page).parent / target).exists(), f"{page} points to {target}"


def test_no_file_of_the_package_is_longer_than_a_room():
    long = {str(p.relative_to(ROOT)): n for p in ROOT.glob("sim/**/*.py") if (n := len(p.read_text(encoding="utf-8").splitlines())) > 410}
    assert not long


def test_the_readme_names_the_extra_that_a_calibration_needs():
    (line,) = [line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("dilemma calibrate ")]
    assert "pip install '.[evidence]'" in line
