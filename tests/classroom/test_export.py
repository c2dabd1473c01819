"""The page as one file: it opens by itself, asks nobody, and every control on it finds its answer."""

from __future__ import annotations

import contextlib
import json
import re
from html.parser import HTMLParser

import pytest

from sim.classroom import export, frontier, lesson, opening, pairs, twin
from sim.classroom.answers import Book
from sim.classroom.assembly import embedded
from sim.classroom.lesson import load_lesson, shipped_lessons
from sim.classroom.listening import take
from sim.cli import main
from sim.scenario.inheritance import shipped
from tests.conftest import Watched

PATIENCE = 120_000


EVENTS = 2
"""Events of each scenario that can be taken out in the file: a twin of the longest takes a second."""


@contextlib.contextmanager
def small(scenarios):
    """A book of some scenarios whose file holds few answers, from few histories; what it does not hold does not take longer to hold."""
    all_events, all_weights = twin.events, pairs.weights

    def weights(scenario):
        found = all_weights(scenario)
        return {**found, "events": [e for e in found["events"] if e["index"] < EVENTS]}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "GRID", {"intelligence": [0.25, 0.45], "divergence": [1.0], "remoteness": [0.5, 1.0]})
        patch.setattr(export, "STEP", 5)
        patch.setattr(export, "SEEDS", (1,))
        patch.setattr(frontier, "PARTS", (4, 8, 16))
        patch.setattr(frontier, "_runs", frontier._Runs())  # What other tests ran is more than these.
        patch.setattr(lesson, "sizes", lambda _: [lesson.FEWEST])
        patch.setattr(opening, "AMONG", 6)
        patch.setattr(pairs, "PAIRS", 8)
        patch.setattr(pairs, "QUICK", 4)
        patch.setattr(pairs, "weights", weights)
        patch.setattr(twin, "events", lambda scenario: all_events(scenario)[:EVENTS])
        for remembered in (opening.opening, all_weights):
            remembered.cache_clear()
        book = Book([load_lesson("1-dilemma"), load_lesson("3-brokers")], "dilemma-101")
        book.scenarios = dict.fromkeys(scenarios, "")
        yield book
        for remembered in (opening.opening, all_weights):
            remembered.cache_clear()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The file."""
    told = []
    with small(shipped()) as book:
        (path,) = export.write(book, tmp_path_factory.mktemp("export"), told.append)
    assert told
    return path


@pytest.fixture(scope="module")
def answers(written):
    """What the file holds, by question."""
    text = re.search(r"window\.dilemmaAnswers = (.*);", written.read_text(encoding="utf-8")).group(1)
    return json.loads(text)


class _References(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("src", "href", "action", "data") and value]


def test_it_refers_to_nothing_outside_itself(written):
    parser = _References()
    parser.feed(written.read_text(encoding="utf-8"))
    assert all(value.startswith(("#", "data:")) for value in parser.found), parser.found


def test_the_same_questions_have_the_same_bytes_of_answers(tmp_path):
    written = []
    for folder in ("one", "other"):
        with small(["dilemma-101"]) as book:
            (path,) = export.write(book, tmp_path / folder, lambda _: None)
        written.append(path.read_bytes())
    assert written[0] == written[1]


def test_it_is_small_without_a_library_of_figures(written):
    text = written.read_text(encoding="utf-8")
    scripts = len(text) - len(re.search(r"window\.dilemmaAnswers = .*", text).group())
    assert scripts < 300_000


@pytest.fixture(scope="module")
def opened(written, chromium):
    """A page of the file, checked at the end: it asked nobody for anything, and complained of nothing."""
    watched = Watched(chromium)
    watched.page.goto(written.as_uri())
    watched.page.wait_for_selector("main h1", timeout=PATIENCE)
    yield watched.page
    watched.check(written.as_uri())
    watched.context.close()


def go(page, place):
    """Go to a place of the file that is open: its address is told apart from every other, so that the page hears of it."""
    page.evaluate(
        """(place) => new Promise((done) => {
        addEventListener('hashchange', () => setTimeout(done), { once: true });
        location.hash = `#/${place}${place.includes('?') ? '&' : '?'}visit=${Math.random()}`; })""",
        place,
    )
    page.wait_for_selector("main h1", timeout=PATIENCE)


@pytest.mark.parametrize("scenario", shipped())
def test_a_file_shows_every_scenario(opened, answers, scenario):
    page = opened
    contents = answers[export.key("contents", {})]
    (told,) = [s for s in contents["scenarios"] if s["name"] == scenario]
    first = answers[export.key("opening", {"scenario": scenario})]
    for seed in contents["offer"]["history"][scenario]:
        history = answers[export.key("history", {"scenario": scenario, "seed": seed})]
        go(page, f"history?scenario={scenario}" + ("" if seed == first["seed"] else f"&seed={seed}"))
        page.wait_for_selector("#view .panel", timeout=PATIENCE)
        assert page.locator(".instead").count() == 0
        assert page.locator("#scenario option:checked").text_content() == told["title"]
        assert page.input_value("#seed") == str(seed)
        page.click("#to-end")
        assert page.get_attribute("#view", "data-month") == str(history["months"])
        assert page.locator("#view .entry:not([hidden])").count() == len(history["chronicle"])
        assert page.locator("#view .moment b").nth(1).text_content() == f"{history['lineage']['strength'][-1]:,}"
        assert page.locator("#record li").count() == len(history["record"])
    for event in told["events"]:
        question = {"scenario": scenario, "event": event["index"], "shift": None}
        over = answers[export.key("pairs", question)]
        go(page, f"what-if?scenario={scenario}&event={event['index']}")
        page.wait_for_selector("#after .panel", timeout=PATIENCE)
        assert f"{event['date']} {event['label']}" in page.text_content("#chosen h2")
        assert page.get_attribute("#said", "data-changed") == str(over["changed"])
        assert f"of {over['pairs']} histories" in page.text_content("#said")
        assert f"number {over['typical'] + 1}" in page.text_content("#one h2")
        pair = answers[export.key("what-if", {**question, "seed": 1, "replicate": over["typical"]})]
        expected = "In this pair nothing differs" if pair["first"] is None else f"The same to the last bit until {pair['date']}"
        assert expected in page.text_content("#pair-said")
        page.click("#to-end")
        last = page.locator("#after .moment b").nth(1).text_content()
        assert last == f"{pair['after']['lineage']['strength'][-1]:,}"
    # Events stand by how much they matter, and those that change nothing in any pair say so.
    weights = answers[export.key("weights", {"scenario": scenario})]["events"]
    listed = page.locator("#events .event")
    assert listed.evaluate_all("(list) => list.map((e) => Number(e.dataset.event))") == [e["index"] for e in weights]
    words = page.locator("#events .weight").all_text_contents()
    assert [word == "changes nothing" for word in words] == [e["changed"] == 0 for e in weights]
    assert page.locator(".error").count() == 0


def test_every_control_of_a_file_finds_its_answer(opened):
    page = opened
    go(page, "dilemma")
    for name, value in (("intelligence", 0.25), ("remoteness", 0.5)):
        page.wait_for_selector("#frontier[data-settings]:not(.busy)", timeout=PATIENCE)
        page.focus(f"#{name}")
        page.keyboard.press("Home")
        page.wait_for_function(
            """([name, value]) => { const figure = document.getElementById('frontier');
            return !figure.classList.contains('busy') && JSON.parse(figure.dataset.settings)[name] === value; }""",
            arg=[name, value],
            timeout=PATIENCE,
        )
    go(page, "policies")
    page.wait_for_selector("#outcomes[data-rows]", timeout=PATIENCE)
    page.focus("#dialogue")
    page.keyboard.press("ArrowRight")
    page.click("#keep")
    page.wait_for_function("document.getElementById('outcomes').dataset.rows === '2'", timeout=PATIENCE)
    for name in ("dilemma", "brokers"):
        go(page, f"lessons?lesson={name}&choice=0&step=3&n={lesson.FEWEST}")
        page.wait_for_selector("#verdicts .verdict", timeout=PATIENCE)
    go(page, "begin?trail=0&level=1&move=0")
    page.wait_for_selector("#frontier[data-settings]", timeout=PATIENCE)
    assert page.locator(".error").count() == 0


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (
            "policies?scenario=aqim",
            "This file holds no policies of “From GSPC to AQIM and the Sahel, 1998-2019”; shown instead is “One leader, six emirs”.",
        ),
        ("history?scenario=mine", "This file holds no history of “mine”; shown instead is “One leader, six emirs”."),
        ("history?scenario=aqim&seed=77", "This file holds no history number 77 of it; shown instead is the first."),
        ("what-if?scenario=dilemma-101&event=0&shift=12", "This file takes events out, but moves none; shown instead is without it."),
        ("dilemma?intelligence=0.8", "This file holds some positions of the sliders; shown instead is the nearest."),
    ],
)
def test_who_asks_a_file_for_what_it_does_not_hold_is_told(opened, place, said):
    go(opened, place)
    assert opened.text_content(".instead") == said
    opened.wait_for_selector("main .take-away", timeout=PATIENCE)
    assert opened.locator(".error").count() == 0


def test_links_of_lessons_open_in_a_file_what_they_name_or_say_what_instead(opened):
    for path in shipped_lessons().values():
        for link in load_lesson(path).spec.explore:
            go(opened, link.page)
            named = re.search(r"scenario=([\w-]+)", link.page)
            assert opened.locator(".error").count() == 0, link.page
            if named and link.page.startswith(("history", "what-if", "policies")):
                value = opened.input_value("#scenario")
                assert value == named.group(1) or opened.is_visible(".instead"), link.page


def test_the_key_of_a_question_is_what_javascript_writes(chromium, served):
    questions = [
        {"intelligence": 0.05, "divergence": 1.0, "remoteness": 0.0},
        {"scenario": 'größe "x"', "parts": {"b": 1, "a": 2}, "shift": None, "seed": 3},
    ]
    page = chromium.new_page()
    page.goto(served.url)
    page.wait_for_selector("main h1", timeout=PATIENCE)
    for question in questions:
        assert page.evaluate("(q) => window.dilemma.key('x', q)", question) == export.key("x", question)
    page.close()


def test_data_cannot_end_the_script_it_stands_in():
    data = {"a": "</script><script>alert(1)</script>", "b": "<!--", "c": "\u2028"}
    text = embedded(data)
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == data


def test_teach_says_what_is_wrong(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for arguments, told in (
        (["nowhere"], "nowhere"),
        (["--lessons", str(tmp_path)], "holds no lesson"),
        (["--export", "x", "--port", "9000"], "--port is for a page that is served"),
    ):
        assert main(["teach", *arguments]) == 2
        said = capsys.readouterr().err
        assert told in said
        assert "Traceback" not in said


def test_a_port_that_is_taken_is_refused_before_the_work(capsys, monkeypatch):
    def never():
        raise AssertionError("compiled first")

    monkeypatch.setattr("sim.classroom.worlds.warm", never)
    with take() as held:
        port = str(held.getsockname()[1])
        assert main(["teach", "--no-browser", "--port", port]) == 2
        assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in capsys.readouterr().err
        with pytest.raises(OSError, match="in use"):
            take(int(port))


def test_teach_serves_and_closes(capsys):
    import signal
    import subprocess
    import sys
    import urllib.request

    going = subprocess.Popen(
        [sys.executable, "-m", "sim.cli", "teach", "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # A suite that was started in the background ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    line = going.stdout.readline()
    url = re.search(r"http://127\.0\.0\.1:\d+/", line).group()
    assert b"<title>dilemma" in urllib.request.urlopen(url, timeout=120).read()
    port = url.rsplit(":", 1)[1].rstrip("/")
    assert main(["teach", "--no-browser", "--port", port]) == 2
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use; name another with --port" in capsys.readouterr().err
    going.send_signal(signal.SIGINT)
    _, said = going.communicate(timeout=60)
    assert going.returncode == 0
    assert "The classroom is closed." in said
    assert "Traceback" not in said
