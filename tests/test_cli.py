"""The command: exit codes, what goes where, and that it is quick to help."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import sim
from sim.cli import main
from sim.scenario.mechanisms import MECHANISMS


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_help_loads_nothing_heavy():
    code = "import sys, sim.cli; print([m for m in ('mesa', 'numba', 'numpy', 'pandas', 'matplotlib', 'pydantic', 'yaml') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.parametrize(
    "verb",
    [
        "run",
        "whatif",
        "sweep",
        "compare",
        "sensitivity",
        "plot",
        "patterns",
        "calibrate",
        "forecast",
        "score",
        "population",
        "hold",
        "check",
        "new",
        "list",
        "explain",
        "schema",
        "bench",
    ],
)
def test_every_verb_helps_with_an_example(verb, capsys):
    assert main([verb, "--help"]) == 0
    assert f"Example: dilemma {verb}" in capsys.readouterr().out


def test_help_cuts_nothing(capsys):
    assert main(["--help"]) == 0
    assert "..." not in capsys.readouterr().out.partition("Commands:")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], "Did you mean 'run'"),
        (["run", "aqmi"], "did you mean 'aqim'"),
        (["run", "aqim", "--seed", "-1"], "--seed"),
        (["run", "aqim", "--seed", "4294967296"], "--seed"),
        (["run", "aqim", "--seed", "one"], "--seed"),
        (["run", "aqim", "--engine", "fast"], "--engine"),
        (["run", "aqim", "--without", "brokrage"], "did you mean 'brokerage'"),
        (["run", "aqim", "--set", "percolation=7"], "0 to 5"),
        (["run", "aqim", "--set", "percolation=7"], "--set 'percolation=7'"),
        (["whatif", "aqim", "--change", "percolation=7"], "--change 'percolation=7'"),
        (["whatif", "aqim", "--change=percolation=7"], "--change 'percolation=7'"),
        (["list", "--events", "aqmi"], "did you mean 'aqim'"),
        (["run", "aqim", "--replicates", "5", "--engine", "mesa"], "mesa.batch_run"),
        (["run"], "SCENARIO"),
        (["explain", "percolatio"], "did you mean 'percolation'"),
        (["new", "Bad Name"], "lower case"),
    ],
)
def test_bad_input_is_2_with_one_clear_message(arguments, said, capsys):
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert said in output.err
    assert "Traceback" not in output.err
    assert output.out == ""


def test_new_check_run(capsys, tmp_path):
    assert main(["new", "mine"]) == 0
    assert main(["check", "mine.yaml"]) == 0
    assert main(["run", "mine.yaml", "--seed", "3", "--out", "here"]) == 0
    assert not list((tmp_path / "here").glob("*.parquet")), "what few ask for is written where it is asked for"
    assert main(["run", "mine.yaml", "--seed", "3", "--out", "here", "--tables"]) == 0
    output = capsys.readouterr()
    assert "What became of them" in output.out
    written = {path.name for path in (tmp_path / "here").iterdir()}
    assert {
        "chronicle.txt",
        "history.png",
        "events.csv",
        "lineages.csv",
        "fates.csv",
        "years.csv",
        "years.parquet",
        "violence.parquet",
        "presence.csv",
        "organisation.parquet",
        "outcomes.json",
        "provenance.json",
    } <= written
    assert not [name for name in written if "tmp" in name]
    provenance = json.loads((tmp_path / "here" / "provenance.json").read_text())
    assert provenance["seed"] == 3
    assert len(provenance["scenario_sha256"]) == 64
    before = (tmp_path / "mine.yaml").read_text()
    assert main(["new", "mine"]) == 2
    assert (tmp_path / "mine.yaml").read_text() == before


def test_a_changed_run_has_a_place_and_a_heading_of_its_own(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.show.history_figure.BAND_REPLICATES", 0)
    assert main(["run", "dilemma-101", "--seed", "1"]) == 0
    assert "Changed" not in capsys.readouterr().out
    assert main(["run", "dilemma-101", "--seed", "1", "--set", "percolation=0.5", "--without", "M10"]) == 0
    assert "Changed: percolation=0.5\nChanged: without brokerage\n" in capsys.readouterr().out
    one, other = (tmp_path / "dilemma-out" / f"dilemma-101{changed}-seed-1" for changed in ("", "-percolation-0.5-without-brokerage"))
    assert json.loads((one / "provenance.json").read_text())["changes"] == []
    assert json.loads((other / "provenance.json").read_text())["changes"] == ["percolation=0.5", "without brokerage"]


def test_another_run_is_not_written_over_unless_one_insists(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.show.history_figure.BAND_REPLICATES", 0)
    first = ["run", "dilemma-101", "--seed", "1", "--out", "here"]
    assert main(first) == 0
    chronicle = (tmp_path / "here" / "chronicle.txt").read_bytes()
    # The same run takes its own place; another one does not, whatever it is that differs, and says so before it is run.
    assert main(first) == 0
    capsys.readouterr()
    for another in (["--set", "percolation=0.5"], ["--seed", "2"], ["--replicate", "1"], ["--replicates", "3"]):
        assert main([*first, *another]) == 2
        output = capsys.readouterr()
        assert "here holds another run (dilemma-101, seed 1)" in output.err
        assert "--force" in output.err
        assert output.out == ""
    assert (tmp_path / "here" / "chronicle.txt").read_bytes() == chronicle
    assert main([*first, "--set", "percolation=0.5", "--force"]) == 0
    assert (tmp_path / "here" / "chronicle.txt").read_bytes() != chronicle
    assert main([*first]) == 2
    assert "(dilemma-101, seed 1, percolation=0.5)" in capsys.readouterr().err
    (tmp_path / "here" / "provenance.json").unlink()
    assert main([*first]) == 2
    assert "chronicle.txt that is not known to be of this run" in capsys.readouterr().err


def test_json_is_all_there_is_on_standard_output_and_the_same_under_either_engine(capsys):
    texts = []
    for engine in ("compiled", "mesa", "compiled"):
        assert main(["run", "dilemma-101", "--seed", "1", "--json", "--engine", engine]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] == texts[2]
    data = json.loads(texts[0])
    assert {"provenance", "outcomes", "lineages", "events", "chronicle", "series"} <= set(data)
    for event in data["events"]:
        if event["event"] in ("splinter", "departure", "merger", "ending"):
            assert sum(event["causes"].values()) == pytest.approx(1.0)


def test_replicates_do_not_depend_on_threads(capsys):
    texts = []
    for threads in ("1", "2"):
        assert main(["run", "dilemma-101", "--replicates", "12", "--threads", threads, "--json"]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]


FACT = "{{date: {}, what: {}, event: {}, source: A book}}"


def test_replicates_say_how_often_what_happened_happens(capsys, tmp_path):
    facts = [FACT.format("2003-01", "A split.", "fragmentation"), FACT.format("2005-01", "A second split.", "splinter")]
    (tmp_path / "mine.yaml").write_text(f"name: mine\nextends: dilemma-101\nrecord: {{replace: [{', '.join(facts)}]}}\n", encoding="utf-8")
    texts = []
    for threads in ("1", "2"):
        assert main(["run", "mine.yaml", "--replicates", "30", "--threads", threads, "--json"]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    turns = json.loads(texts[0])["turns"]
    assert (turns["within_months"], turns["histories"]) == (24, 30)
    assert [entry["what"] for entry in turns["entries"]] == ["A split.", "A second split."]
    for found in [*turns["entries"], turns["two_fragmentations"]]:
        assert 0.0 <= found["low"] <= found["share"] <= found["high"] <= 1.0
        assert 0.0 <= found["by_chance"] <= 1.0
    assert turns["two_fragmentations"]["share"] <= min(entry["share"] for entry in turns["entries"])
    assert main(["run", "mine.yaml", "--replicates", "30"]) == 0
    lines = capsys.readouterr().out.splitlines()
    told = [next(line for line in lines if line.endswith(what)) for what in ("A split.", "A second split.", "in one history")]
    for line, found in zip(told, [*turns["entries"], turns["two_fragmentations"]], strict=True):
        assert f"{found['share']:.1%}" in line
    assert main(["run", "mine.yaml", "--replicates", "2", "--set", "record=[]"]) == 0
    assert "What happened" not in capsys.readouterr().out


def test_the_first_history_is_told_before_anything_is_compiled(capsys, monkeypatch, tmp_path):
    from sim import engine
    from sim.observe import history
    from sim.show import output

    ran, told = [], []
    run, write = history.run, output.write
    monkeypatch.setattr(engine, "is_compiled", lambda: False)
    monkeypatch.setattr(history, "run", lambda scenario, seed, replicate, engine: ran.append(engine) or run(scenario, seed, replicate, engine))
    monkeypatch.setattr(output, "write", lambda *given: told.append(capsys.readouterr()) or write(*given))
    assert main(["run", "dilemma-101", "--seed", "4", "--out", "first", "--tables"]) == 0
    assert ran == ["mesa"]
    assert "What became of them" in told[0].out, "the chronicle does not wait for the figure"
    assert "Compiling the rulebook for the bands of the figure" in told[0].err
    assert "wrote" in capsys.readouterr().err
    # Nothing is compiled where there is nothing to wait for, and whoever names an engine has it.
    assert main(["run", "dilemma-101", "--seed", "4", "--json"]) == 0
    assert "ompil" not in capsys.readouterr().err
    assert main(["run", "dilemma-101", "--seed", "4", "--json", "--engine", "compiled"]) == 0
    assert "Compiling the rulebook:" in capsys.readouterr().err
    assert ran == ["mesa", "mesa", "compiled"]
    monkeypatch.setattr(engine, "is_compiled", lambda: True)
    assert main(["run", "dilemma-101", "--seed", "4", "--out", "second", "--tables"]) == 0
    assert ran[-1] == "compiled"
    for file in ("chronicle.txt", "events.csv", "emir.parquet", "history.png"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes(), file


def test_a_command_loads_mesa_only_where_it_runs_and_starts_no_threads_for_algebra(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    code = "import sys; from sim.cli import main; main(['run', 'dilemma-101', '--json', '--engine', 'compiled']); "
    code += "from threadpoolctl import threadpool_info as pools; "
    code += "sys.exit('mesa' in sys.modules or any(one['num_threads'] > 1 for one in pools() if one['internal_api'] == 'openblas'))"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode == 0
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    code = "import os, sys; from sim.cli import main; main(['list']); sys.exit(os.environ['OPENBLAS_NUM_THREADS'] != '3')"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode == 0, "what the user wants stands"


def test_files_are_written_though_the_reader_has_gone(tmp_path):
    command = f"{sys.executable} -m sim.cli run dilemma-101 --out gone | head -c 0"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert (tmp_path / "gone" / "history.png").is_file()


def test_an_event_that_is_switched_off_is_told_nowhere(capsys, tmp_path, monkeypatch):
    from sim.classroom.playback import playback
    from sim.show.dated_lanes import dated_lanes

    for change in ({"without": ("french-intervention-serval",)}, {"overrides": ("timeline.French intervention (Serval).magnitude=0",)}):
        history = sim.run("aqim", seed=1, **change)
        texts = [str(entry) for entry in sim.chronicle(history)]
        lanes = [thing[3] for lane in dated_lanes(history, 12.0) for thing in lane.placed]
        for told in (texts, lanes, [json.dumps(playback(history))]):
            assert any("Barkhane" in text for text in told)
            assert not any("Serval" in text for text in told)


def test_events_are_listed_by_the_names_that_changes_take(capsys):
    assert main(["list", "--events", "aqim", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert len(listed) == len(sim.load("aqim").timeline)
    for event in listed:
        (off,) = [e for e in sim.load("aqim", without=[event["name"]]).timeline if e.magnitude == 0.0]
        assert (off.date, off.event, off.target) == (event["date"], event["event"], event["target"])
    assert main(["list", "--events", "aqim"]) == 0
    assert all(event["name"] in capsys.readouterr().out for event in listed[:1])


def test_list_and_explain_speak_json(capsys):
    assert main(["list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert len(listed["mechanisms"]) == len(MECHANISMS)
    assert "aqim" in [s["name"] for s in listed["scenarios"]]
    for name in ("percolation", "M10", "brokerage", "emirs.agenda", "agenda", "amnesty", "fragmentations", "emir.shirking", "timeline"):
        assert main(["explain", name, "--json"]) == 0
        assert all(entry["meaning"] for entry in json.loads(capsys.readouterr().out))


def test_a_reader_who_leaves_gets_no_traceback():
    command = f"{sys.executable} -m sim.cli list --json | head -c 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr
