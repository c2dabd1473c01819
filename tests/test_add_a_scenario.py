"""What docs/add-a-scenario.md says is done, in an empty directory: its commands, in their order, its flags, and its record."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import sim
from sim.cli import main

PAGE = (Path(__file__).parents[1] / "docs" / "add-a-scenario.md").read_text(encoding="utf-8")
FEW = "4"
"""Replicates where the page has two hundred."""


def _said(command: str) -> list[str]:
    """Return the arguments of a command as the page writes it, with few replicates."""
    return [FEW if word == "200" else word for word in shlex.split(command, comments=True)][1:]


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """A directory in which the commands at the head of the page were typed."""
    folder = tmp_path_factory.mktemp("mine")
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in block.splitlines():
            assert main(_said(command)) == 0, command
    return folder


def test_the_commands_at_its_head_make_a_scenario_that_runs(mine):
    assert (mine / "my-scenario.yaml").is_file()
    assert (mine / "scenario.schema.json").is_file()
    assert list((mine / "dilemma-out").glob("my-scenario-*seed-1/*.png"))


def test_its_record_goes_into_that_scenario(mine, tmp_path, monkeypatch):
    (record,) = [block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if block.startswith("record:")]
    text = (mine / "my-scenario.yaml").read_text(encoding="utf-8")
    assert "\nrecord:" not in text
    years = [int(year) for year in re.findall(r"^(?:start|end): (\d{4})", text, re.MULTILINE)]
    # Its facts are of other years.
    record = re.sub(r"(?<=date: |ntil: )\d{4}", str(min(years) + 1), record)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-scenario.yaml").write_text(f"{text}\n{record}", encoding="utf-8")
    assert main(["check", "my-scenario.yaml"]) == 0
    assert len(sim.load("my-scenario.yaml").record) == 2


# "dilemma hold" names a verb, and not how to call it.
@pytest.mark.parametrize("command", sorted({c for c in re.findall(r"`(dilemma \w+ [^`]+)`", PAGE) if "my-scenario" not in c}))
def test_a_command_in_its_text_is_one(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(_said(command)) == 0


@pytest.mark.parametrize("flag", sorted(set(re.findall(r"`--(?:set|without) [^`]+`", PAGE))))
def test_a_change_in_its_text_is_one(flag):
    option, value = flag.strip("`").split(" ", 1)
    changed = sim.load("aqim", overrides=(value,)) if option == "--set" else sim.load("aqim", without=(value,))
    assert changed != sim.load("aqim")
