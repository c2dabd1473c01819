"""What a prompt or a notebook shows of a result: a line, and a page of it; never all its numbers."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import sim
from sim.evidence.calibration import load_calibration
from sim.study.compare import compare, of_scenario
from sim.study.plan import load_study
from sim.study.sensitivity import sensitivity
from sim.study.whatif import what_if

KNOWN = {"name": "known", "claim": "<b>?", "function": "ishigami", "replicates": 1, "design": {"kind": "saltelli", "points": 8}}
FACTORS = {name: {"range": [-3.14, 3.14]} for name in ("x1", "x2", "x3")}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    result = sim.sweep({**KNOWN, "factors": FACTORS}, tmp_path_factory.mktemp("repr") / "s")
    return {
        "history": sim.run("dilemma-101", seed=1, without=("brokerage",)),
        "scenario": sim.load("aqim"),
        "what if": what_if("dilemma-101", without=("the-leader-is-killed",), seed=1),
        "same": what_if("dilemma-101", ("timeline.the-leader-is-killed.label=Other",), seed=1),
        "comparison": compare([of_scenario(words, 1, 4, 1) for words in ("dilemma-101", "dilemma-101,without=brokerage")]),
        "sweep": result,
        "sensitivity": sensitivity(result),
        "study": load_study("ablations"),
        "calibration": load_calibration("calibrate-aqim"),
    }


def test_a_result_is_a_line(shown):
    for name, result in shown.items():
        assert len(repr(result)) < 300, name
        assert "\n" not in repr(result), name
    assert repr(shown["history"]).startswith("<History 'dilemma-101' (without brokerage): ")
    assert "nothing differs" in repr(shown["same"])


class _Read(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.words = [], []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        if tag not in ("br", "polyline"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in ("br", "polyline"):
            assert self.open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_data(self, data):
        self.words.append(data)


def test_a_notebook_shows_a_page_of_it(shown):
    for name in ("history", "what if", "same", "comparison", "sweep", "sensitivity"):
        read = _Read(shown[name]._repr_html_())
        assert len("".join(read.words)) > 40, name
    told = "".join(_Read(shown["history"]._repr_html_()).words)
    assert all(str(entry) in told for entry in sim.chronicle(shown["history"]))
