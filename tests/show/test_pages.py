"""Pages are what their commands made: a small version is rebuilt and compared, what is stale is told, and every step is a command that exists."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
import pytest

from sim.cli import command, main
from sim.evidence.figures.catalogue import STUDIES
from sim.show import claims_table, pages
from sim.show.pages import STEPS, Step, stale

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("ODD.md", "TRACE.md", "FINDINGS.md", "figures.md", "inference.md", "population.md", "leave-one-out.md")
SMALL = {
    "claims": "patterns M3 --replicates 4 --out {out}",
    "embedding": "evidence embedding --size 2 --out {out}",
}


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pages, and two of their steps at a size for a test."""
    (tmp_path / "docs").mkdir()
    for name in PAGES:
        shutil.copyfile(DOCS / name, tmp_path / "docs" / name)
    small = [Step(s.name, SMALL[s.name], SMALL[s.name], s.files, s.page, s.block, s.pictures) for s in STEPS if s.name in SMALL]
    monkeypatch.setattr(pages, "STEPS", tuple(small))
    return tmp_path / "docs"


def rebuilt(docs: Path, *more: str) -> int:
    return main(["evidence", "all", "--out", str(docs), "--work", str(docs.parent / "work"), "--workers", "2", *more])


def files(docs: Path) -> dict[str, bytes]:
    return {str(path.relative_to(docs)): path.read_bytes() for path in sorted(docs.rglob("*")) if path.is_file()}


def test_a_small_version_is_made_again_to_the_byte(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rebuilt(docs, "--check") == 1
    assert "1 of 2, claims: was never made by this command" in capsys.readouterr().err
    assert rebuilt(docs) == 0
    first = files(docs)
    assert {"findings/patterns.csv", "findings/embedding.csv", "images/embedding.png", "findings/made.json"} <= first.keys()
    findings, figures = ((docs / name).read_text(encoding="utf-8") for name in ("FINDINGS.md", "figures.md"))
    assert f"<!-- claims -->\nMade by `dilemma patterns M3 --replicates 4`.\n\n{claims_table.block(docs / 'findings/patterns.csv')}" in findings
    assert "Made by `dilemma evidence embedding --size 2`.\n\n| size | counts | seed |" in figures
    assert "](images/embedding.png)\n<!-- end of embedding -->" in figures
    # What is as it was made is left alone; what is not is made again, and is the same.
    capsys.readouterr()
    assert rebuilt(docs, "--check") == 0
    (docs / "FINDINGS.md").write_text(findings.replace("+", "-"), encoding="utf-8")
    (docs / "findings" / "embedding.csv").unlink()
    assert rebuilt(docs, "--check") == 1
    told = capsys.readouterr().err
    assert "claims: the block claims of FINDINGS.md is not what was made" in told
    assert "embedding: findings/embedding.csv is not what was made" in told
    shutil.rmtree(docs.parent / "work")
    (docs / "FINDINGS.md").write_text(findings, encoding="utf-8")
    made = json.loads((docs / "findings" / "made.json").read_text())
    (docs / "findings" / "made.json").write_text("{}")
    assert rebuilt(docs) == 0
    assert files(docs) == first
    assert json.loads((docs / "findings" / "made.json").read_text()) == made


def test_a_page_without_a_place_is_refused_before_anything_runs(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (docs / "FINDINGS.md").write_text("Nothing here.\n")
    assert rebuilt(docs) == 1
    assert "wanted are <!-- claims --> and <!-- end of claims -->" in capsys.readouterr().err
    assert not (docs.parent / "work").exists()
    assert main(["evidence", "all", "--out", str(docs / "nowhere")]) == 2
    assert main(["evidence", "all", "--size", "3", "--out", str(docs)]) == 2


def test_another_command_or_rulebook_is_stale(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = Step("gates", "patterns --gates G1", "patterns --gates", {})
    pages.make(step, docs, docs.parent / "work", False, lambda words: 0)
    assert stale(step, docs, False) == ""
    assert stale(step, docs, True) == "was made by: dilemma patterns --gates G1"
    monkeypatch.setattr(pages, "rulebook_digest", lambda: "0" * 64)
    assert stale(step, docs, False) == "was made by another rulebook"
    with pytest.raises(pages.CommandFailedError, match="exit code 3"):
        pages.make(step, docs, docs.parent / "work", False, lambda words: 3)


@pytest.mark.parametrize("step", STEPS, ids=lambda s: s.name)
def test_every_step_is_a_command_with_a_place_on_its_page(step: Step) -> None:
    group = command()
    for words in (step.look.split(), step.full.split()):
        verb = group.get_command(click.Context(group), words[0])
        verb.make_context(words[0], [word.replace("{out}", "nowhere") for word in words[1:]])
    if step.page:
        assert f"<!-- {step.name} -->" in (DOCS / step.page).read_text(encoding="utf-8")
    assert all(path in step.files.values() for path in step.pictures)


def test_steps_are_all_figures_and_write_to_places_of_their_own() -> None:
    places = [where for step in STEPS for where in step.files.values()]
    assert len(places) == len(set(places))
    assert {step.name for step in STEPS} >= STUDIES.keys()


def test_the_committed_claims_are_those_of_the_committed_table() -> None:
    assert claims_table.block(DOCS / "findings" / "patterns.csv") in (DOCS / "FINDINGS.md").read_text(encoding="utf-8")
