"""The page as one file: it opens by itself, asks nobody, and every control on it finds its answer."""

from __future__ import annotations

import contextlib
import json
import re
from html.parser import HTMLParser

import pytest

from sim.classroom import export, pairs
from sim.classroom.answers import Book
from sim.classroom.assembly import embedded
from sim.classroom.lesson import load_lesson
from sim.cli import main
from tests.conftest import Watched

PATIENCE = 120_000


@contextlib.contextmanager
def small():
    """A book whose file holds few answers; what it does not hold does not take longer to hold."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "GRID", {"intelligence": [0.25, 0.45], "divergence": [1.0], "remoteness": [0.5, 1.0]})
        patch.setattr(export, "STEP", 5)
        patch.setattr(export, "SEEDS", (1, 2))
        patch.setattr(pairs, "PAIRS", 8)
        patch.setattr(pairs, "QUICK", 4)
        pairs.weights.cache_clear()
        book = Book([load_lesson("1-dilemma"), load_lesson("3-brokers")], "dilemma-101")
        book.scenarios = {"dilemma-101": "", "tunisia-chaambi": ""}
        yield book
        pairs.weights.cache_clear()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The file."""
    told = []
    with small() as book:
        (path,) = export.write(book, tmp_path_factory.mktemp("export"), told.append)
    assert told
    return path


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


def test_the_same_questions_have_the_same_bytes_of_answers(written, tmp_path):
    with small() as book:
        (again,) = export.write(book, tmp_path, lambda _: None)
    assert again.read_bytes() == written.read_bytes()


def test_it_is_small_without_a_library_of_figures(written):
    text = written.read_text(encoding="utf-8")
    scripts = len(text) - len(re.search(r"window\.dilemmaAnswers = .*", text).group())
    assert scripts < 300_000


def test_every_control_of_a_file_finds_its_answer(written, chromium):
    watched = Watched(chromium)
    page = watched.page
    home = written.as_uri()
    page.goto(f"{home}#/dilemma")
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
    for scenario in ("dilemma-101", "tunisia-chaambi"):
        page.goto(f"{home}#/history?scenario={scenario}&seed=2")
        page.reload()  # A new address in the same page is shown a moment later; a reload begins with it.
        page.wait_for_selector("#view .panel", timeout=PATIENCE)
        page.select_option("#speed", "48")
        page.evaluate("() => { window.ended = 0; document.addEventListener('dilemma:ended', () => { window.ended += 1; }); }")
        page.click("#play")
        page.wait_for_function("window.ended === 1", timeout=PATIENCE)
        events = page.evaluate(f"window.dilemmaAnswers['contents?{{}}'].scenarios.find((s) => s.name === '{scenario}').events.length")
        for event in range(min(events, 2)):
            page.goto(f"{home}#/what-if?scenario={scenario}&event={event}&seed=1")
            page.reload()
            page.wait_for_selector("#after .panel", timeout=PATIENCE)
            assert re.search("The same to the last bit|In this pair nothing differs", page.text_content("#pair-said"))
            assert "histories" in page.text_content("#said")
    page.goto(f"{home}#/policies")
    page.wait_for_selector("#outcomes[data-rows]", timeout=PATIENCE)
    page.focus("#dialogue")
    page.keyboard.press("ArrowRight")
    page.click("#keep")
    page.wait_for_function("document.getElementById('outcomes').dataset.rows === '2'", timeout=PATIENCE)
    for lesson in ("dilemma", "brokers"):
        page.goto(f"{home}#/lessons?lesson={lesson}&choice=0&step=3&n=20")
        page.reload()
        page.wait_for_selector("#verdicts .verdict", timeout=PATIENCE)
    assert page.locator(".error").count() == 0
    watched.check(home)
    watched.context.close()


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


def test_teach_serves_and_closes(tmp_path):
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
    taken = subprocess.run([sys.executable, "-m", "sim.cli", "teach", "--no-browser", "--port", port], capture_output=True, text=True, check=False)
    assert taken.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use; name another with --port" in taken.stderr
    going.send_signal(signal.SIGINT)
    _, said = going.communicate(timeout=60)
    assert going.returncode == 0
    assert "The classroom is closed." in said
    assert "Traceback" not in said
