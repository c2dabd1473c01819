"""The site is whole: every page has a place in it, what lies outside docs/ is taken in with its links, and it is built without a warning."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def _listed(page: Path) -> set[str]:
    """Return the pages that the tables of contents of a page name."""
    found = set()
    for block in re.findall(r"```\{toctree\}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for name in (line for line in block.splitlines() if line and not line.startswith(":")):
            found |= {str(p.relative_to(DOCS).with_suffix("")) for p in DOCS.glob(f"{name}.md")} or {name}
    return found


def test_every_page_has_a_place():
    pages = {str(p.relative_to(DOCS).with_suffix("")) for p in [*DOCS.rglob("*.md"), *DOCS.glob("*.ipynb")]}
    listed = _listed(DOCS / "index.md") | _listed(DOCS / "scenarios.md")
    assert listed == pages - {"index"} | {"reference/modules"}


def test_what_the_package_offers_is_on_the_page_of_its_interface():
    named = re.findall(r"^\.\. auto\w+:: sim\.(\w+)$", (DOCS / "interface.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(name for name in sim.__all__ if name != "__version__")


def test_the_readmes_command_is_the_one_that_ci_runs():
    (command,) = re.findall(r"^(\.venv/bin/pip .*sphinx-build .*) docs out/site$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert f"{command} -j auto docs out/site\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.fixture
def tree(tmp_path):
    """A copy of what the site is made of, with a package of one module: what reads the docstrings of all takes half a minute."""
    shutil.copytree(DOCS, tmp_path / "docs", ignore=shutil.ignore_patterns("reference", "__pycache__"))
    for name in ("README.md", "CHANGELOG.md", "CITATION.cff", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("benchmarks", "experiments", "sim"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def _built(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-t", "pages", "docs", "site"],
        cwd=tree, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


built = pytest.mark.skipif(find_spec("sphinx") is None or find_spec("myst_nb") is None, reason="needs the extra [docs]; .ci/run builds all of it")


@built
def test_the_pages_are_built_without_a_warning(tree):
    told = _built(tree)
    assert told.returncode == 0, told.stderr
    index = (tree / "site" / "index.html").read_text(encoding="utf-8")
    for page in ("changelog.html", "benchmarks.html", "scenarios.html", "ODD.html"):
        assert f'href="{page}"' in index


@built
def test_a_link_that_leads_nowhere_is_an_error(tree):
    page = tree / "docs" / "hold.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[gone](no-such-page.md) and [so is this](ODD.md#no-such-heading)\n", encoding="utf-8")
    told = _built(tree)
    assert told.returncode != 0
    assert "no-such-page.md" in told.stderr
    assert "no-such-heading" in told.stderr
