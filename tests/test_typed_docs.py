"""The command lines of README and docs: all are ones that the command takes, some are typed. Typing all: python -m tests.typed_docs."""

from __future__ import annotations

import os
import shlex
import signal

import pytest

from sim.cli import command
from tests.typed_docs import clone, lines_of, main, pages, smaller, type_line

LINES = [line for page in pages() for line in lines_of(page)]


def parse(words: str) -> None:
    """Read a command line as the command would, and do nothing."""
    arguments = shlex.split(words)
    verbs = command().commands
    verbs[arguments[1]].make_context(arguments[1], arguments[2:])


@pytest.mark.parametrize("line", [line for line in LINES if line.words.startswith("dilemma ")], ids=str)
def test_every_line_is_one_that_the_command_takes(line):
    for words in (line.words, smaller(line.words)):
        for part in words.split(" && "):
            parse(part)


def test_the_eye_for_lines_that_are_wrong_sees_them():
    with pytest.raises(KeyError):
        parse("dilemma walk aqim")
    with pytest.raises(Exception, match="No such option: --sead"):
        parse("dilemma run aqim --sead 1")


def test_what_is_not_typed_says_why_and_most_is_typed():
    assert all(len(line.left_out) > 10 for line in LINES if line.left_out)
    assert sum(not line.left_out for line in LINES) > 2 * sum(bool(line.left_out) for line in LINES)


def test_lines_are_made_smaller_by_stated_rules_and_otherwise_left():
    assert smaller("dilemma run aqim --replicates 200 --threads 2") == "dilemma run aqim --replicates 20 --threads 2"
    assert smaller("dilemma run aqim --replicates 5") == "dilemma run aqim --replicates 5"
    assert smaller("dilemma compare out/dilemma --by intelligence") == "dilemma compare out/dilemma --by intelligence"
    assert smaller("dilemma evidence extinction --full --out x") == "dilemma evidence extinction --out x --size 4"


def test_marks_leave_out_a_block_or_a_line_and_a_block_without_a_language_is_refused(tmp_path):
    page = tmp_path / "README.md"
    page.write_text(
        "<!-- not typed: far away -->\n```sh\na\n```\n\n<!-- not typed, b c: too long -->\n```sh\nb c d   # words\nb\n```\n\n```sh\ne\n```\n"
    )
    assert [(line.words, line.left_out) for line in lines_of("README.md", tmp_path)] == [
        ("a", "far away"),
        ("b c d", "too long"),
        ("b", ""),
        ("e", ""),
    ]
    page.write_text("```\na\n```\n")
    with pytest.raises(ValueError, match="a block without a language"):
        lines_of("README.md", tmp_path)


def test_lines_are_typed_in_an_empty_home_and_failures_are_told(tmp_path, capsys, monkeypatch):
    folder = tmp_path / "clone"
    folder.mkdir()
    environment = clone(folder)
    assert type_line("dilemma new my-scenario && dilemma check my-scenario.yaml && ls ~", folder, environment)[0] == 0
    code, said = type_line("dilemma check nowhere.yaml", folder, environment)
    assert code == 2
    assert "nowhere.yaml" in said
    monkeypatch.setattr("tests.typed_docs.lines_of", lambda page: [line for line in LINES if "dilemma explain percolation" in line.words])
    monkeypatch.setattr("tests.typed_docs.smaller", lambda words: words.replace("percolation", "percolashun"))
    assert main(["README.md"]) == 1
    assert "1 lines typed, 0 ok, 1 failed" in capsys.readouterr().out


def test_what_is_typed_hears_ctrl_c_though_who_types_does_not(tmp_path):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code, _ = type_line("kill -INT $$; exit 7", tmp_path, dict(os.environ))
    finally:
        signal.signal(signal.SIGINT, before)
    assert code == -signal.SIGINT
