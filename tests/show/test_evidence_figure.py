"""The figures of the studies: each is written from a table of its study, and the verb that makes them."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from sim.cli import main
from sim.evidence.figures import backfire, causes, channels, contingency, decapitation, embedding, extinction
from sim.evidence.figures.catalogue import STUDIES
from sim.evidence.figures.study import Ask
from sim.evidence.life_courses import Population
from sim.show.evidence_figure import DRAWINGS, write

ASK = Ask(3, seed=1)
TABLES = {
    "extinction": lambda: extinction.extinction(ASK, (0.0, 1.0), (0.1, 10.0)),
    "embedding": lambda: embedding.embedding(ASK, ("dilemma-101",)),
    "channels": lambda: channels.channels(ASK, ("dilemma-101",)),
    "contingency": lambda: contingency.contingency(ASK, "dilemma-101"),
    "causes": lambda: causes.causes(Ask(2, seed=1), "gia-1990s", per_history=2),
    "backfire": lambda: backfire.backfire(ASK, (0.2, 0.8), (0.2, 0.8)),
    "decapitation": lambda: decapitation.decapitation(Ask(10, seed=1), Population(years=12, burn_in=2)),
}


def test_every_study_has_a_drawing():
    assert set(DRAWINGS) == set(STUDIES) == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_a_study_is_written_as_table_and_figure(name, tmp_path):
    table = TABLES[name]()
    paths = write(name, table, {"size": 3}, tmp_path / "new")
    assert [path.suffix for path in paths] == [".csv", ".json", ".png", ".svg"]
    again = pd.read_csv(paths[0])
    assert list(again.columns) == list(table.columns)
    assert len(again) == len(table)
    assert paths[2].stat().st_size > 10_000
    assert "<svg" in paths[3].read_text(encoding="utf-8")


def test_the_verb_writes_the_same_twice_whatever_the_threads(tmp_path, capsys):
    for workers in ("1", "3"):
        assert main(["evidence", "backfire", "--size", "2", "--seed", "4", "--workers", workers, "--out", str(tmp_path / workers)]) == 0
    for form in ("csv", "json", "png"):
        assert (tmp_path / "1" / f"backfire.{form}").read_bytes() == (tmp_path / "3" / f"backfire.{form}").read_bytes()
    assert json.loads((tmp_path / "1" / "backfire.json").read_text())["seed"] == 4
    assert "wrote" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "told"),
    [(["backfires"], "did you mean 'backfire'"), (["backfire", "--size", "3", "--full"], "one of them"), (["causes", "--size", "1"], "--size")],
)
def test_what_cannot_be_made_is_refused(given, told, capsys):
    assert main(["evidence", *given]) == 2
    assert told in capsys.readouterr().err


def test_the_list_names_every_figure(capsys):
    assert main(["evidence", "list"]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in STUDIES)
