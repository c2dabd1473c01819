"""The report of a sweep: one file that refers to nothing outside itself, tells what the store tells, and is the same twice."""

from __future__ import annotations

import base64
import html
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from sim.cli import main
from sim.observe.outcome_words import label_of
from sim.show.report import CAVEAT, report
from sim.show.whole_file import write_whole
from sim.study.plan import load_study
from sim.study.result import SweepResult
from sim.study.sweep import InterruptedSweepError, run_sweep, sweep
from tests.conftest import Watched

WILD = 'Does <script>alert("x")</script> & co hold?'


def experiment(**more):
    return {
        "name": "small", "claim": WILD, "sources": ["A & B <i>2020</i>"], "scenario": "dilemma-101", "seed": 1, "replicates": 6,
        "outcomes": ["strength_end", "survived", "months_survived"], **more,
    }  # fmt: skip


INTELLIGENCE = {"path": "forces.National force.intelligence", "range": [0.1, 0.9]}
EXPOSURE, GROWTH = {"range": [0.1, 0.9]}, {"range": [1.0, 5.0]}
KNOWN = {
    "name": "known",
    "claim": WILD,
    "function": "ishigami",
    "replicates": 1,
    "design": {"kind": "saltelli", "points": 64},
    "factors": {name: {"range": [-3.14, 3.14]} for name in ("x1", "x2", "x3")},
}
STUDIES = {
    "arms": (
        experiment(policies={"none": {}, "force": {"budget": 1.0, "force": 1.0}}),
        ["Arms side by side", "Survival", "Strength by month", "Lineages"],
    ),
    "grid": (
        experiment(factors={"intelligence": INTELLIGENCE, "percolation": EXPOSURE}, design={"kind": "grid", "levels": 2}),
        ["Strength of the lineage at the end over two factors", "Survival", "Breaks by month"],
    ),
    "one at a time": (
        experiment(factors={"percolation": EXPOSURE}, design={"kind": "one-at-a-time"}),
        ["Each factor in turn: Strength of the lineage at the end", "Survival"],
    ),
    "morris": (
        experiment(factors={"percolation": EXPOSURE, "recruitment": GROWTH}, design={"kind": "morris", "trajectories": 4}),
        ["Which factors drive it"],
    ),
    "function": (KNOWN, ["Which factors drive it"]),
}


@pytest.fixture(scope="module", params=list(STUDIES))
def store(request, tmp_path_factory):
    spec, figures = STUDIES[request.param]
    result = sweep(spec, tmp_path_factory.mktemp("store") / "s")
    return result, figures, report(result, 6)


class _Read(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.references, self.tags, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.references += [value for name, value in attributes if name in ("src", "href", "action", "data", "srcset") and value]

    def handle_data(self, data):
        self.words.append(data)


def test_a_report_tells_what_the_store_tells_and_refers_to_nothing_else(store):
    result, figures, text = store
    if "Survival" in figures and result.to_pandas()["survived"].min() == 1.0:
        figures = [title for title in figures if title != "Survival"]
        assert "Lineage stands at the end (1)" in text
    read = _Read(text)
    assert all(reference.startswith("data:") for reference in read.references)
    assert read.tags.count("script") == 1, "the claim's script is text"
    words = "".join(read.words)
    assert WILD in words
    assert CAVEAT in words
    for heading in ("What was run", "Figures", "Outcomes", "Provenance", *figures):
        assert f">{html.escape(heading)}</h" in text, heading
    assert len(re.findall(r"<figure>", text)) >= len(figures)
    for image in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", text):
        drawn = base64.b64decode(image).decode()
        assert "<svg" in drawn
        # Names of vocabularies are names, not places that anything is fetched from.
        assert not re.search(r'(?:src|href)="https?:', drawn)
    for data in re.findall(r"data:text/csv;base64,([^\"]+)", text):
        assert base64.b64decode(data).decode().count("\n") > 1


@pytest.mark.parametrize("store", ["arms", "function"], indirect=True)  # With histories that are run again, and without.
def test_a_report_is_the_same_twice(store):
    result, _, text = store
    assert text == report(SweepResult(result.path), 6)


def test_the_table_has_the_means_of_the_store(store):
    result, _, text = store
    frame = result.to_pandas()
    by = [name for name in result.varying if name in frame]
    cells = {float(x) for x in re.findall(r'data-value="([-0-9.e]+)"', text)}
    if len(frame[by].drop_duplicates()) > 200:
        by = []
    vary = [name for name in result.outcomes if frame[name].nunique() > 1]
    means = frame.groupby(by, observed=True)[vary].mean().to_numpy().ravel() if by else frame[vary].mean().to_numpy()
    assert all(any(abs(mean - cell) <= 1e-9 * max(1.0, abs(mean)) for cell in cells) for mean in means)


DEATH = {"path": "timeline.The Leader is killed.magnitude", "values": [0.0, 1.0], "label": "Leader killed"}


@pytest.mark.parametrize(
    ("more", "about"),
    [
        ({"about": ["institutions", "policy_cost"]}, ["institutions"]),
        ({"claim": "Where leaders die, agency losses grow."}, ["agency_loss"]),
    ],
)
def test_what_the_claim_is_about_comes_first_and_what_never_varies_is_left_out(tmp_path, more, about):
    kept = ["strength_end", "policy_cost", "institutions", "agency_loss", "fragmentations"]
    grid = {"factors": {"death": DEATH, "percolation": EXPOSURE}, "design": {"kind": "grid", "levels": 2}}
    result = sweep(experiment(outcomes=kept, **grid, **more), tmp_path / "s")
    text = report(result, 2)
    frame = result.to_pandas()
    titles = re.findall(r"<h3>(.*?) over two factors</h3>", text)
    rest = [name for name in kept if name not in (*about, "policy_cost")]
    assert titles == [label_of(name) for name in [*about, *rest]][:4]
    # Said in words, before anything is drawn: the name that people read, and the lowest and highest mean with their sets.
    said = text[text.index("What the claim is about") : text.index("What was run")]
    means = frame.groupby(["death", "percolation"])[about[0]].mean()
    assert label_of(about[0]) in said
    for end in (means.min(), means.max()):
        assert f"{end:.4g} [" in said
        # Sets with one mean are alike; one of them is named.
        alike = [place for place in means.index if np.isclose(means[place], end)]
        assert any(f"with Leader killed {place[0]:.4g}, percolation {place[1]:.4g}" in said for place in alike)
    if "policy_cost" in more.get("about", ()):
        assert f"{label_of('policy_cost')}</b>: 0 in every run: nothing that was varied moves it." in said
    assert "The same in every run, and so left out of figures and table: Money spent on policies (0)." in text
    assert not re.search(r"<button[^>]*>Money spent on policies", text)


def test_a_sweep_that_is_not_complete_is_told_as_far_as_it_is(tmp_path):
    study = load_study(experiment(policies={"none": {}, "force": {"budget": 1.0, "force": 1.0}}, replicates=40))

    def stop(progress):
        progress.stopping = progress.done > 20

    with pytest.raises(InterruptedSweepError):
        run_sweep(study, tmp_path / "s", count=1, watch=stop)
    result = SweepResult(tmp_path / "s")
    assert 0 < len(result) < 80
    text = report(result, 4)
    assert "the sweep is not complete: this report tells of the runs that are there" in text
    assert f">{len(result)}, none failed<" in text


def test_the_verb_writes_where_it_is_told_and_says_what_is_wrong(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sweep(experiment(), tmp_path / "s")
    assert main(["report", "s"]) == 0
    assert "wrote s/report.html" in capsys.readouterr().err
    assert main(["report", "s", "--out", "deep/er/r.html", "--replicates", "2"]) == 0
    assert (tmp_path / "deep" / "er" / "r.html").is_file()
    for bad in ("nowhere", "."):
        assert main(["report", bad]) == 2
        said = capsys.readouterr().err
        assert "Traceback" not in said


def test_it_opens_from_a_file_and_sorts_from_the_keyboard(store, chromium, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(store[2], encoding="utf-8")
    watched = Watched(chromium, color_scheme="dark")
    page = watched.page
    page.goto(path.as_uri())
    head = page.locator("table.sortable th").last
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    values = [float(x) for x in page.eval_on_selector_all("table.sortable tbody tr td:last-child", "cells => cells.map((c) => c.dataset.value)")]
    assert values == sorted(values)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert page.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    watched.check(path.as_uri())
    watched.context.close()


def test_a_page_is_not_written_through_a_link(tmp_path, monkeypatch):
    kept = tmp_path / "kept"
    kept.write_text("mine")
    monkeypatch.setattr("secrets.token_hex", lambda _: "guessed")
    (tmp_path / ".page.html.guessed.tmp").symlink_to(kept)
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "page.html", "theirs")
    assert kept.read_text() == "mine"
    monkeypatch.undo()
    write_whole(tmp_path / "page.html", "whole")
    assert (tmp_path / "page.html").read_text() == "whole"
    assert sorted(p.name for p in tmp_path.iterdir()) == [".page.html.guessed.tmp", "kept", "page.html"]
