"""A sweep killed with SIGKILL at random moments, again and again, and resumed: the same bytes, on one worker, two workers and a Dask cluster."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.faults.nursery import Nursery

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

KILLS = 5
"""A sample for every day; ``python -m tests.faults`` kills hundreds."""


class Cluster(NamedTuple):
    """A scheduler's address, the scheduler and its worker processes."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A real scheduler and two workers on loopback. The tests at the end take it to pieces: a worker, then the scheduler."""
    pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1"]
    started = [subprocess.Popen([*scheduler, "--scheduler-file", str(file)], **quiet)]
    try:
        until = time.monotonic() + 60
        while not file.exists() or not file.read_text():
            assert time.monotonic() < until, "the scheduler did not start"
            time.sleep(0.1)
        started += [subprocess.Popen([*worker, "--scheduler-file", str(file), "--local-directory", str(folder / f"w{k}")], **quiet) for k in (1, 2)]
        yield Cluster(json.loads(file.read_text())["address"], started[0], started[1:])
    finally:
        # Workers may take their time over a farewell; nobody waits for it.
        for process in reversed(started):
            process.kill()
        for process in started:
            process.wait()


def result(store: Path) -> dict[str, bytes]:
    return {name: (store / name).read_bytes() for name in ("runs.parquet", "design.parquet")}


@pytest.fixture
def uninterrupted(tmp_path: Path, experiment: dict[str, Any]) -> tuple[Path, dict[str, bytes]]:
    from sim.study.plan import load_study
    from sim.study.sweep import run_sweep

    file = tmp_path / "small.yaml"
    file.write_text(json.dumps(experiment))
    run_sweep(load_study(file), tmp_path / "whole", count=1)
    return file, result(tmp_path / "whole")


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """One process for all: it has loaded what they need, a cluster's client too where there is one."""
    clustered = importlib.util.find_spec("distributed") is not None
    found = Nursery(tmp_path_factory.mktemp("nursery") / "log.txt", ["--cluster"] if clustered else [])
    yield found
    found.close()


def kill_again_and_again(nursery: Nursery, tmp_path: Path, file: Path, whole: dict[str, bytes], extra: list[str], seed: int) -> None:
    rng = random.Random(seed)
    kills, stores = 0, 0
    span = 0.0
    while kills < KILLS:
        store = tmp_path / f"killed-{stores}"
        arguments = ["sweep", str(file), "--out", str(store), "--resume", *extra]
        if stores == 0:
            # How long it takes undisturbed; the first of all also warms the workers.
            for k in range(2):
                began = time.monotonic()
                assert nursery.run([*arguments[:3], str(tmp_path / f"timed-{k}"), *arguments[4:]], None) == 1, nursery.log.read_text()
                span = time.monotonic() - began
                assert result(tmp_path / f"timed-{k}") == whole
        # Some kills in one store, then to the end; kills fall into the beginning, the work and the last step alike.
        for _ in range(rng.randint(1, 8)):
            kills += nursery.run(arguments, rng.uniform(0.0, span)) == -signal.SIGKILL
        assert nursery.run(arguments, None) == 1, nursery.log.read_text()
        assert result(store) == whole
        assert not list(store.glob("**/*.tmp"))
        assert not (store / "shards").exists()
        stores += 1


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_sweeps_come_to_the_same_bytes(nursery: Nursery, tmp_path: Path, uninterrupted: tuple[Path, dict[str, bytes]], workers: int) -> None:
    kill_again_and_again(nursery, tmp_path, *uninterrupted, ["--workers", str(workers)], seed=workers)


def test_killed_sweeps_on_a_cluster_come_to_the_same_bytes(
    nursery: Nursery, tmp_path: Path, uninterrupted: tuple[Path, dict[str, bytes]], cluster: Cluster
) -> None:
    kill_again_and_again(nursery, tmp_path, *uninterrupted, ["--cluster", cluster.address], seed=3)


def test_a_cluster_that_loses_a_worker_comes_to_the_same_bytes(
    tmp_path: Path, uninterrupted: tuple[Path, dict[str, bytes]], cluster: Cluster
) -> None:
    from sim.study.plan import load_study
    from sim.study.progress import Progress
    from sim.study.sweep import run_sweep

    def lose_one(progress: Progress) -> None:
        if progress.shards_done >= 5 and cluster.workers[0].poll() is None:
            cluster.workers[0].kill()
            cluster.workers[0].wait()

    file, whole = uninterrupted
    run_sweep(load_study(file), tmp_path / "s", cluster=cluster.address, watch=lose_one)
    assert cluster.workers[0].poll() is not None
    assert result(tmp_path / "s") == whole


def test_a_cluster_that_loses_its_scheduler_is_told_of_in_a_sentence(
    tmp_path: Path, uninterrupted: tuple[Path, dict[str, bytes]], cluster: Cluster, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.cli import main
    from sim.study.store import Store

    file, whole = uninterrupted
    store = tmp_path / "s"
    write = Store.write_shard

    def write_and_lose_it(self: Store, *arguments: Any) -> Path:
        cluster.scheduler.kill()
        cluster.scheduler.wait()
        return write(self, *arguments)

    monkeypatch.setattr(Store, "write_shard", write_and_lose_it)
    capfd.readouterr()
    assert main(["sweep", str(file), "--out", str(store), "--cluster", cluster.address]) == 1
    told = capfd.readouterr().err
    assert "Traceback" not in told
    assert "Error" not in told
    (last,) = [line for line in told.splitlines() if "scheduler" in line]
    assert last.startswith(f"dilemma: the Dask scheduler at {cluster.address} was lost; ")
    assert last.endswith(f"runs are safe; see that one runs with workers, and go on with: dilemma sweep … --out {store} --resume")
    assert main(["sweep", str(file), "--out", str(store), "--resume"]) == 1  # as the sweep that was left alone: some of its runs fail
    assert result(store) == whole
