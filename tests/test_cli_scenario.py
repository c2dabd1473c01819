"""The verbs about scenarios: check, new, list, explain, schema — what they print, where, and how they end."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
import yaml

from sim.cli import main
from sim.scenario.json_schema import json_schema
from sim.scenario.load import scenario_hash, shipped
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import PARAMETERS, PROTOTYPE, VALUES
from sim.scenario.schema import TARGET_OF
from sim.show.explain import SECTIONS, everything, explain
from sim.show.scaffold import scaffold

SCHEMA = Path(__file__).parents[1] / "scenarios" / "scenario.schema.json"
GOOD = scaffold("good")
LINE = GOOD[: GOOD.index("remoteness: 0.1")].count("\n") + 1


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(GOOD.replace("remoteness: 0.1", "remotness: 0.1"), encoding="utf-8")


def dilemma(*arguments, **more):
    return subprocess.run([sys.executable, "-m", "sim.cli", *arguments], capture_output=True, text=True, check=False, **more)


def test_check_goes_through_all_its_files(capsys):
    assert main(["check", "good.yaml", "bad.yaml", "nowhere.yaml", "aqim"]) == 2
    output = capsys.readouterr()
    assert [line.split(":")[0] for line in output.out.splitlines()] == ["good.yaml", "aqim"]
    assert [line.split(":")[0] for line in output.err.splitlines()] == ["bad.yaml", "nowhere.yaml"]
    assert f"bad.yaml:{LINE}:38: regions[0].remotness: unknown key 'remotness'" in output.err
    assert output.err.splitlines()[0].endswith("did you mean 'remoteness'?")


def test_check_as_json_is_all_on_standard_output(capsys):
    assert main(["check", "good.yaml", "bad.yaml", "--json"]) == 2
    output = capsys.readouterr()
    assert output.err == ""
    good, bad = json.loads(output.out)
    assert (good["file"], good["ok"], len(good["sha256"])) == ("good.yaml", True, 64)
    (problem,) = bad["problems"]
    assert (bad["ok"], problem["file"], problem["line"], problem["column"]) == (False, "bad.yaml", LINE, 38)
    assert (problem["path"], problem["nearest"]) == ("regions[0].remotness", "remoteness")


def test_the_shipped_scenarios_pass(capsys):
    assert main(["check", *shipped(), *map(str, shipped().values())]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2 * len(shipped())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check", "bad.yaml"], 2, f"bad.yaml:{LINE}:38: "),
        (["check", "good.yaml"], 0, ""),
        (["check"], 2, "FILE"),
        (["chekc", "good.yaml"], 2, "check"),
        (["check", "--jsn", "good.yaml"], 2, "--jsn"),
        (["schema", "--out", "good.yaml/schema.json"], 2, "good.yaml is a file; what is wanted is a directory"),
        (["explain", "brokrage"], 2, "did you mean 'brokerage'?"),
        (["--version"], 0, ""),
    ],
)
def test_exit_codes_of_the_real_command(arguments, code, said):
    done = dilemma(*arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert (done.stderr == "") == (code == 0)


@pytest.mark.parametrize("name", ["mine", "a", "0-9", "a" * 60])
def test_new_writes_what_check_and_editors_accept(name, capsys):
    assert main(["new", name]) == 0
    assert f"wrote {name}.yaml" in capsys.readouterr().out
    assert main(["check", f"{name}.yaml"]) == 0
    text = Path(f"{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=scenario.schema.json\n")
    jsonschema.Draft202012Validator(json_schema()).validate(yaml.safe_load(text))
    # The schema that the first line names is there; one that was there stays.
    beside = Path("scenario.schema.json")
    assert json.loads(beside.read_text(encoding="utf-8")) == json_schema()
    beside.write_text("mine", encoding="utf-8")
    assert main(["new", "other"]) == 0
    assert beside.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["", "Mine", "my scenario", "../mine", "a/b", "mine.yaml", "-mine", "a" * 61, "é", "mine\n"])
def test_new_refuses_names_that_are_none(name, capsys):
    before = sorted(Path().iterdir())
    assert main(["new", "--", name]) == 2
    assert "allowed are lower case letters, digits and hyphens" in capsys.readouterr().err
    assert sorted(Path().iterdir()) == before


@pytest.mark.parametrize("name", shipped())
def test_new_refuses_the_name_of_a_scenario_that_ships(name, capsys):
    assert main(["new", name]) == 2
    assert f"`dilemma run {name}` would run that one" in capsys.readouterr().err
    assert not Path(f"{name}.yaml").exists()


def test_new_writes_over_nothing(capsys):
    Path("link.yaml").symlink_to("elsewhere.yaml")
    before = Path("good.yaml").read_text(encoding="utf-8")
    for name in ("good", "link"):
        assert main(["new", name]) == 2
        assert f"{name}.yaml is there already" in capsys.readouterr().err
    assert Path("good.yaml").read_text(encoding="utf-8") == before
    assert not Path("elsewhere.yaml").exists()


def test_everything_that_has_a_name_is_explained():
    fields = [f"{section}.{field}" for section, spec in SECTIONS.items() for field in spec.model_fields]
    for name in [*everything(), *PARAMETERS, *MECHANISMS, *(m.id for m in MECHANISMS.values()), *TARGET_OF, *SECTIONS, *fields]:
        for entry in explain(name):
            assert len(entry["meaning"]) >= 3, name
            assert "\n\n" not in entry["meaning"], name


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_a_parameter_is_told_with_unit_range_default_and_both_sources(name):
    (entry,) = [entry for entry in explain(name) if entry["what"] == "parameter"]
    p = PARAMETERS[name]
    assert (entry["unit"], entry["range"], entry["default"]) == (p.unit, [p.low, p.high], p.default)
    assert entry["claim"] == p.claim
    assert entry["value"].startswith(p.value)
    assert VALUES.get(p.value, "") in entry["value"]
    assert p.low <= p.default <= p.high
    assert p.mechanism in MECHANISMS or p.mechanism == "base"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("emirs.agenda", "emirs.agenda"),
        ("emirs[2].region", "emirs.region"),
        ("organisations.GSPC.control", "organisations.control"),
        ("emirs.Amber.ties.0.pragmatic", "emirs.ties.pragmatic"),
        ("ties.pragmatic", "emirs.ties.pragmatic"),
        ("regions.Hills.neighbours.Desert", "regions.neighbours"),
        ("timeline.3.magnitude", "timeline.magnitude"),
        ("parameters.polarisation_pull", "polarisation_pull"),
        ("mechanisms.M10", "brokerage"),
        ("m10", "brokerage"),
        ("intervention", "intervention"),
    ],
)
def test_a_path_of_an_error_or_of_an_override_is_explained(path, name):
    # A field and the state variable that begins with it may share a name.
    assert {entry["name"] for entry in explain(path)} == {name}


@pytest.mark.parametrize(
    ("path", "nearest"), [("polarisation_pul", "polarisation_pull"), ("M99", ""), ("", ""), ("organisations.contrl", "organisations.control")]
)
def test_what_bears_no_name_is_2(path, nearest, capsys):
    assert main(["explain", "--", path]) == 2
    message = capsys.readouterr().err
    assert "nothing is named" in message
    assert f"did you mean '{nearest}'?" in message if nearest else "did you mean" not in message


def test_list_names_all_that_ships(capsys):
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    for name in [*shipped(), *MECHANISMS, *(m.id for m in MECHANISMS.values())]:
        assert name in text


def test_schema_prints_what_is_committed(capsys):
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == SCHEMA.read_text(encoding="utf-8")
    assert main(["schema", "--out", "here.json"]) == 0
    assert Path("here.json").read_text(encoding="utf-8") == SCHEMA.read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_the_schema_keeps_unit_and_source():
    schema = json_schema()
    agenda = schema["$defs"]["EmirSpec"]["properties"]["agenda"]
    assert (agenda["unit"], agenda["source"], agenda["minimum"], agenda["maximum"]) == ("1", "B", -1.0, 1.0)
    description = schema["else"]["properties"]["parameters"]["properties"]["meetings"]["description"]
    assert "Claim: Shapiro 2013." in description
    assert f"Value: {PROTOTYPE}: {VALUES[PROTOTYPE]}" in description


def test_help_is_quick():
    def seconds():
        before = time.perf_counter()
        dilemma("--help")
        return time.perf_counter() - before

    # The best of some, because a busy machine says nothing about the command.
    assert min(seconds() for _ in range(5)) < 0.5


def test_nothing_heavy_is_loaded_before_a_verb_needs_it():
    code = "import sys, sim.cli; print({'mesa', 'numba', 'numpy', 'pandas', 'matplotlib', 'pydantic'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_the_version_is_told_even_from_a_tree_that_was_never_installed(capsys, monkeypatch):
    def absent(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", absent)
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "dilemma 0+unknown\n"


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("verb", ["schema", "list", "check"])
def test_a_reader_who_leaves_is_no_failure(verb, unbuffered):
    # The reader has gone before the first letter, so that nothing depends on who is quicker.
    read, write = os.pipe()
    os.close(read)
    arguments = [verb, "aqim"] if verb == "check" else [verb]
    with os.fdopen(write, "wb") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "sim.cli", *arguments],
            stdout=gone,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device here")
def test_a_full_disk_is_1_and_clear():
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "sim.cli", "schema"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "the work failed: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_without_accents_is_no_reason_to_fail():
    Path("é.yaml").write_text(GOOD, encoding="utf-8")
    done = dilemma("check", "é.yaml", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("\\xe9.yaml: ok")


def test_the_same_scenario_has_the_same_hash_in_another_process(capsys):
    assert main(["check", "aqim", "--json"]) == 0
    here = json.loads(capsys.readouterr().out)[0]["sha256"]
    there = json.loads(dilemma("check", "aqim", "--json", env={**os.environ, "PYTHONHASHSEED": "7"}).stdout)[0]["sha256"]
    from sim.scenario.load import load_scenario

    assert here == there == scenario_hash(load_scenario("aqim"))


def test_a_choice_that_may_be_left_out_is_explained_with_its_choices():
    (entry,) = explain("record.event")
    assert entry["one of"][0] == "splinter"
    assert entry["one of"][-1] == "fragmentation"
    assert "one of" not in explain("record.until")[0]
