"""Sweeps: the same bytes whoever computes them, failures as rows that can be run alone, and clear words when something is in the way."""

from __future__ import annotations

import errno
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import sim
from sim.cli import main
from sim.study import sweep as sweeping
from sim.study.executors import NoClusterError, Workers, workers
from sim.study.plan import load_study
from sim.study.progress import Progress
from sim.study.result import SweepResult
from sim.study.store import Store, StoreBusyError, StoreError
from sim.study.sweep import InterruptedSweepError, SweepStoppedError, run_sweep
from sim.study.work import width


def bytes_of(store: Path) -> bytes:
    return (store / "runs.parquet").read_bytes()


@pytest.fixture
def small(experiment: dict[str, Any]) -> dict[str, Any]:
    """Two cells that cannot fail, few replicates: for what takes Mesa, or many sweeps."""
    return {
        "name": "tiny", "claim": "c", "scenario": "dilemma-101", "replicates": 3, "ablate": ["M7"],
        "outcomes": ["survived", "control", "strength_end"],
    }  # fmt: skip


def test_mesa_processes_and_compiled_threads_come_to_the_same_bytes(tmp_path: Path, small: dict[str, Any]) -> None:
    study = load_study(small)
    run_sweep(study, tmp_path / "threads", count=2)
    run_sweep(study, tmp_path / "processes", count=2, engine="mesa")
    assert bytes_of(tmp_path / "threads") == bytes_of(tmp_path / "processes")


class Backwards(Executor):
    """Runs what it is given in the opposite order, all at the end."""

    def __init__(self) -> None:
        self.held: list[tuple[Future[Any], Any, Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.held.append((future, fn, args))
        if len(self.held) >= 6:
            for held, work, given in reversed(self.held):
                held.set_result(work(*given))
            self.held.clear()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.held.clear()


def test_the_order_in_which_shards_finish_does_not_matter(tmp_path: Path, experiment: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import contextmanager

    study = load_study(experiment)
    run_sweep(study, tmp_path / "one", count=1)

    @contextmanager
    def backwards(*_: Any) -> Any:
        yield Workers(Backwards(), 3, "thread")

    monkeypatch.setattr(sweeping, "workers", backwards)
    assert study.shards % 6 == 0
    run_sweep(study, tmp_path / "other")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "other")


def test_failed_rows_tell_why_and_can_be_run_alone(tmp_path: Path, experiment: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    result = sim.sweep(experiment, tmp_path / "s", progress=False)
    failures = result.failures()
    # A budget of 1 with shares of 0.7 and 0.4, 0.4 and 0.7, 0.7 and 0.7, each with brokerage on and off.
    assert len(failures) == 6 * 12
    assert set(failures["error"].str.slice(0, 49)) == {"ScenarioError: policies: the shares of the budget"}
    assert len(result.to_pandas()) == 12 * 12
    assert len(result) == 18 * 12
    capsys.readouterr()
    assert main(shlex.split(failures["command"][0])[1:]) == 2
    assert "the shares of the budget add up to 1.1" in capsys.readouterr().err
    # A run that did not fail is run alone too, to the same outcomes.
    good = result.to_pandas().iloc[17]
    cell = int(good["point"])
    command = [*shlex.split(result.study.command(cell, int(good["replicate"])))[1:], "--json"]
    assert main(command) == 0
    alone = json.loads(capsys.readouterr().out)["outcomes"]
    assert all(alone[name] == good[name] for name in result.outcomes)


def test_one_run_that_raises_costs_one_row(tmp_path: Path, small: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from sim import engine

    real = engine.ensemble

    def fails(world: Any, parameters: Any, months: int, replicates: Any, threads: int = 1) -> Any:
        if 1 in list(replicates):
            raise ZeroDivisionError("in replicate 1")
        return real(world, parameters, months, replicates, threads)

    monkeypatch.setattr(engine, "ensemble", fails)
    study = load_study(small)
    progress = run_sweep(study, tmp_path / "s", count=2)
    frame = SweepResult(tmp_path / "s").to_pandas(failed=True)
    assert progress.failures == 2
    assert frame.loc[frame["error"].notna(), "replicate"].tolist() == [1, 1]
    assert set(frame["error"].dropna()) == {"ZeroDivisionError: in replicate 1"}
    assert frame.loc[frame["error"].notna(), "control"].isna().all()
    assert frame.loc[frame["error"].isna(), "control"].notna().all()


def test_the_command_exits_1_when_runs_failed_and_0_when_none_did(
    tmp_path: Path, experiment: dict[str, Any], small: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    for name, data, code in (("bad", experiment, 1), ("good", small, 0)):
        (tmp_path / f"{name}.yaml").write_text(json.dumps(data))
        assert main(["sweep", str(tmp_path / f"{name}.yaml"), "--out", str(tmp_path / name), "--json"]) == code
        said = capsys.readouterr()
        found = json.loads(said.out)
        assert found["failed"] == (72 if code else 0)
        assert ("72 of 216 runs failed" in said.err) == bool(code)
        assert ("dilemma run dilemma-101" in said.err) == bool(code)


def test_a_changed_experiment_or_code_is_not_mixed_in(tmp_path: Path, small: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    run_sweep(load_study(small), tmp_path / "s", count=1)
    before = bytes_of(tmp_path / "s")
    with pytest.raises(StoreError, match=r"runs of the two are not mixed:\n  experiment: the store has \w{12}, this is \w{12}\nTo go on"):
        run_sweep(load_study({**small, "seed": 1}), tmp_path / "s", resume=True)
    with pytest.raises(StoreError, match="this sweep is complete; --resume shows what came out, --out DIR begins another"):
        run_sweep(load_study(small), tmp_path / "s")
    monkeypatch.setattr(sweeping, "rulebook_digest", lambda: "0" * 64)
    with pytest.raises(StoreError, match="rulebook: the store has"):
        run_sweep(load_study(small), tmp_path / "s", resume=True)
    assert bytes_of(tmp_path / "s") == before


def test_a_store_can_be_run_again_from_itself(tmp_path: Path, experiment: dict[str, Any]) -> None:
    (tmp_path / "points.csv").write_text("force,brokerage\n0.1,on\n0.2,off\n,on\n")
    listed = {**experiment, "factors": {"force": {"path": "policies.force"}, "brokerage": {"values": [True, False]}}, "ablate": ["M7"]}
    listed["design"] = {"kind": "list", "file": "points.csv"}
    (tmp_path / "e.yaml").write_text(json.dumps(listed))
    for number, source in enumerate([experiment, tmp_path / "e.yaml"]):
        first, again = tmp_path / f"first-{number}", tmp_path / f"again-{number}"
        run_sweep(load_study(source), first)
        run_sweep(load_study(first / "experiment.json"), again)
        assert bytes_of(first) == bytes_of(again)
        assert json.loads((first / "manifest.json").read_text())["identity"] == json.loads((again / "manifest.json").read_text())["identity"]


def test_damaged_and_missing_shards_are_computed_again(tmp_path: Path, experiment: dict[str, Any]) -> None:
    study = load_study(experiment)
    run_sweep(study, tmp_path / "whole")
    seen: list[int] = []

    def stop(progress: Progress) -> None:
        seen.append(progress.shards_done)
        if progress.shards_done >= 20:
            progress.stopping = True

    with pytest.raises(InterruptedSweepError):
        run_sweep(study, tmp_path / "s", watch=stop)
    shards = sorted((tmp_path / "s" / "shards").glob("*.parquet"))
    assert 20 <= len(shards) < study.shards
    whole = sum(pq.read_metadata(s).num_rows for s in shards[3:])
    shards[0].write_bytes(shards[0].read_bytes()[:100])
    shards[1].write_bytes(b"")
    pq.write_table(pq.read_table(shards[2]).slice(0, 1), shards[2])
    (tmp_path / "s" / "shards" / ".shard-0000009.parquet.77.tmp").write_bytes(b"half")
    progress = run_sweep(study, tmp_path / "s", resume=True)
    assert progress.before == whole
    assert bytes_of(tmp_path / "s") == bytes_of(tmp_path / "whole")
    assert len(Store(tmp_path / "s").sessions()) == 2


def test_a_partial_store_can_be_read(tmp_path: Path, experiment: dict[str, Any]) -> None:
    def stop(progress: Progress) -> None:
        progress.stopping = progress.shards_done >= 30

    with pytest.raises(InterruptedSweepError):
        run_sweep(load_study(experiment), tmp_path / "s", watch=stop)
    result = SweepResult(tmp_path / "s")
    assert not result.complete
    assert 0 < len(result) < 216
    assert "not complete" in repr(result)
    frame = result.to_pandas(failed=True)
    assert frame["point"].is_monotonic_increasing


def test_two_sweeps_do_not_write_one_store(tmp_path: Path, small: dict[str, Any]) -> None:
    store = Store(tmp_path / "s")
    with store.writing(), pytest.raises(StoreBusyError, match=rf"another sweep is writing this store \(process {os.getpid()} on "):
        run_sweep(load_study(small), tmp_path / "s")
    run_sweep(load_study(small), tmp_path / "s")


def test_a_directory_with_other_things_is_left_alone(tmp_path: Path, small: dict[str, Any]) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(StoreError, match="is no store, and not empty"):
        run_sweep(load_study(small), tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises((StoreError, SweepStoppedError, OSError)):
        run_sweep(load_study(small), tmp_path / "file")
    assert (tmp_path / "file").read_text() == "x"


def test_a_full_disk_loses_nothing(tmp_path: Path, experiment: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    study = load_study(experiment)
    run_sweep(study, tmp_path / "whole")
    real = os.fsync
    left = [50]

    def full(descriptor: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SweepStoppedError, match=r"shard-\d+-\w+\.parquet: No space left on device; \d+ runs are safe; free some room and go on"):
        run_sweep(study, tmp_path / "s", count=2)
    monkeypatch.undo()
    assert not list((tmp_path / "s").glob("**/*.tmp"))
    progress = run_sweep(study, tmp_path / "s", resume=True)
    assert progress.before > 0
    assert bytes_of(tmp_path / "s") == bytes_of(tmp_path / "whole")


# What a first sweep loads, a user who may not read the interpreter's own files need not load.
READ_ONLY = (
    "import os, sys; from sim.cli import main; main(['sweep', sys.argv[1], '--out', sys.argv[2]]); os.geteuid() or os.setuid(65534);"
    " sys.exit(main(['sweep', sys.argv[1], '--out', sys.argv[3]]))"
)


def test_a_read_only_directory_is_told_of(tmp_path: Path, small: dict[str, Any]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "e.yaml").write_text(json.dumps(small))
        locked = Path(folder) / "locked"
        locked.mkdir(mode=0o555)
        command = [sys.executable, "-c", READ_ONLY, f"{folder}/e.yaml", str(tmp_path / "s"), f"{locked}/s"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        locked.chmod(0o755)
    assert done.returncode == 2, done.stderr
    assert f"{locked}/s cannot be made: {locked} takes no new directory (Permission denied)" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_finishes_the_shard_and_says_how_to_go_on(tmp_path: Path, experiment: dict[str, Any]) -> None:
    experiment["replicates"] = 1500
    (tmp_path / "e.yaml").write_text(json.dumps(experiment))
    command = [sys.executable, "-m", "sim.cli", "sweep", str(tmp_path / "e.yaml"), "--out", str(tmp_path / "s"), "--workers", "2"]
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        going = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        before = len(list(tmp_path.glob("s/shards/*.parquet")))
        until = time.monotonic() + 60
        while len(list(tmp_path.glob("s/shards/*.parquet"))) <= before + 1:
            assert time.monotonic() < until
            assert going.poll() is None, going.communicate()
            time.sleep(0.01)
        going.send_signal(number)
        out, err = going.communicate(timeout=60)
        assert going.returncode == code
        assert not out
        assert f"Go on with: dilemma sweep {tmp_path}/e.yaml --out {tmp_path}/s --resume" in err
        assert "Traceback" not in err
        command = [*command[: command.index("--workers")], "--workers", "2", "--resume"]
        shards = list(tmp_path.glob("s/shards/*"))
        assert shards
        assert not [s for s in shards if s.name.endswith(".tmp")]
    done = SweepResult(tmp_path / "s").manifest["shards"]
    assert 0 < len(shards) < done


def test_signals_are_left_as_they_were(tmp_path: Path, small: dict[str, Any]) -> None:
    before = [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)]
    run_sweep(load_study(small), tmp_path / "s")
    assert [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)] == before
    # A thread that is not the main one has no signals to take, and sweeps all the same.
    thread = threading.Thread(target=run_sweep, args=(load_study(small), tmp_path / "t"))
    thread.start()
    thread.join()
    assert bytes_of(tmp_path / "s") == bytes_of(tmp_path / "t")


def test_importing_sim_changes_nothing_of_the_host(tmp_path: Path, small: dict[str, Any]) -> None:
    code = (
        "import json, multiprocessing, random, signal, sys, numpy as np\n"
        "def state(): return (multiprocessing.get_start_method(allow_none=True), signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM),"
        " random.getstate(), np.random.get_state()[1].tobytes(), sys.getswitchinterval(), sys.getrecursionlimit())\n"
        "before = state()\n"
        "import sim; sim.DilemmaModel; sim.sweep(json.loads(sys.argv[1]), sys.argv[2], progress=False)\n"
        "assert state() == before, 'something changed'\n"
    )
    done = subprocess.run([sys.executable, "-c", code, json.dumps(small), str(tmp_path / "s")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_worker_that_dies_stops_the_sweep_which_can_be_resumed(tmp_path: Path, small: dict[str, Any]) -> None:
    import multiprocessing

    killed: list[int] = []

    def kill_them(progress: Progress) -> None:
        # Once, as soon as anything is done: a retried sweep would have workers of its own.
        if progress.shards_done >= 1 and not killed:
            for child in multiprocessing.active_children():
                killed.append(child.pid or 0)
                child.kill()

    study = load_study({**small, "replicates": 30})
    with pytest.raises(SweepStoppedError, match=r"a worker gave up: .* runs are safe; go on with: dilemma sweep … --out .* --resume"):
        run_sweep(study, tmp_path / "s", count=2, engine="mesa", watch=kill_them)
    run_sweep(study, tmp_path / "s", resume=True)
    run_sweep(study, tmp_path / "whole")
    assert bytes_of(tmp_path / "s") == bytes_of(tmp_path / "whole")


def test_replicates_are_added_until_the_interval_is_narrow(tmp_path: Path) -> None:
    experiment = {
        "name": "until", "claim": "c", "scenario": "dilemma-101", "ablate": ["M5"], "replicates": 10, "outcomes": ["voices", "control"],
        "until": {"interval_of": "voices", "narrower_than": 2.0, "at_most": 200},
    }  # fmt: skip
    for count in (1, 2):
        run_sweep(load_study(experiment), tmp_path / str(count), count=count)
    assert bytes_of(tmp_path / "1") == bytes_of(tmp_path / "2")
    frame = SweepResult(tmp_path / "1").to_pandas()
    counts = {}
    for name, part in frame.groupby("without", observed=True):
        values = part["voices"].to_numpy()
        counts[name] = len(values)
        assert width(values, False) <= 2.0
        # One step before, it was not narrow enough yet.
        earlier = 10
        while earlier + max(1, earlier // 2) < len(values):
            earlier += max(1, earlier // 2)
        assert len(values) == 10 or width(values[:earlier], False) > 2.0
        assert part["replicate"].tolist() == list(range(len(values)))
    # Where nobody may speak or leave, all runs are alike in that; where emirs may, chance asks for more.
    assert counts[""] > counts["exit_voice_loyalty"] == 10


def test_the_interval_that_stops_is_the_textbooks() -> None:
    from scipy.stats import binomtest, t

    values = np.array([1.0] * 7 + [0.0] * 13)
    wilson = binomtest(7, 20).proportion_ci(method="wilson")
    assert width(values, True) == pytest.approx(wilson.high - wilson.low)
    low, high = t.interval(0.95, 19, values.mean(), values.std(ddof=1) / np.sqrt(20))
    assert width(values, False) == pytest.approx(high - low)


def test_a_dry_run_says_what_it_costs_and_writes_nothing(tmp_path: Path, small: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "e.yaml").write_text(json.dumps(small))
    assert main(["sweep", str(tmp_path / "e.yaml"), "--out", str(tmp_path / "s"), "--dry-run", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["runs"] == [6, 6]
    assert found["seconds"][0] > 0
    assert found["bytes"][0] > 0
    assert not (tmp_path / "s").exists()
    assert main(["sweep", str(tmp_path / "e.yaml"), "--dry-run"]) == 0
    assert "x 2 arms x 3 replicates = 6 runs" in capsys.readouterr().out


def test_a_study_over_its_budget_does_not_begin(tmp_path: Path, small: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "e.yaml").write_text(json.dumps({**small, "budget": {"runs": 5, "hours": 1e-9}}))
    assert main(["sweep", str(tmp_path / "e.yaml"), "--out", str(tmp_path / "s")]) == 2
    assert "the study may need 6 runs, of 5 allowed; " in capsys.readouterr().err
    assert not (tmp_path / "s").exists()


def test_a_cluster_that_is_not_there_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("sim.study.executors.ANSWER_SECONDS", 1)
    with pytest.raises(NoClusterError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"), workers("compiled", None, "tcp://127.0.0.1:9"):
        pass
    with pytest.raises(NoClusterError, match=r"'nonsense://x' is no address of a scheduler"), workers("compiled", None, "nonsense://x"):
        pass
    with socket.create_server(("127.0.0.1", 0)) as other:
        # Somebody listens, and is no scheduler.
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(NoClusterError, match=f"no scheduler answers at {address}"), workers("compiled", None, address):
            pass


def test_another_rulebook_on_a_worker_is_refused(small: dict[str, Any]) -> None:
    import dataclasses

    from sim.study.work import RulebookDiffersError, run_task

    study = load_study(small)
    packed = dataclasses.replace(study.recipe(), rulebook="0" * 64).packed()
    with pytest.raises(RulebookDiffersError, match="install one version"):
        run_task(packed, study.pieces(0))
