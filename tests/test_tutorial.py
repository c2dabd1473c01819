"""The tutorial: its cells run, and the notebook that is shown is made of them."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"


def cells() -> list[tuple[str, str]]:
    source, found = (DOCS / "tutorial.py").read_text(encoding="utf-8"), []
    for part in source.split("# %%")[1:]:
        head, _, body = part.partition("\n")
        if "[markdown]" in head:
            found.append(("markdown", "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.strip().splitlines())))
        else:
            found.append(("code", body.strip()))
    return found


def test_the_notebook_is_made_of_the_script() -> None:
    notebook = json.loads((DOCS / "tutorial.ipynb").read_text(encoding="utf-8"))
    assert [(c["cell_type"], "".join(c["source"])) for c in notebook["cells"]] == cells()
    outputs = [o for c in notebook["cells"] if c["cell_type"] == "code" for o in c["outputs"]]
    assert not [o for o in outputs if o["output_type"] == "error"]
    assert sum("image/png" in o.get("data", {}) for o in outputs) == 3


def test_its_cells_run_and_print_what_the_notebook_shows() -> None:
    pytest.importorskip("xarray")
    notebook = json.loads((DOCS / "tutorial.ipynb").read_text(encoding="utf-8"))
    shown = ["".join("".join(o["text"]) for o in c["outputs"] if o["output_type"] == "stream") for c in notebook["cells"] if c["cell_type"] == "code"]
    names: dict[str, object] = {"__name__": "tutorial"}
    for (_, code), text in zip((c for c in cells() if c[0] == "code"), shown, strict=True):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(code, "tutorial.py", "exec"), names)
        # Where its stores are differs from run to run, and xarray's padding from version to version.
        if "/tmp" not in text:
            assert said.getvalue().split() == text.split()


def test_the_builder_cuts_cells_as_this_test_does() -> None:
    pytest.importorskip("nbformat")
    pytest.importorskip("nbclient")
    spec = importlib.util.spec_from_file_location("build_tutorial", DOCS / "build_tutorial.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.cells((DOCS / "tutorial.py").read_text(encoding="utf-8")) == cells()
