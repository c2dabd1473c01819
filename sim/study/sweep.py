"""Running a study into a store: what is missing is computed, wherever there are workers, and written shard by shard."""

from __future__ import annotations

import errno
import functools
import os
import platform
import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sim.observe.provenance import LIBRARIES, package_version, rulebook_digest, version_of
from sim.scenario.load import scenario_hash
from sim.study.executors import Workers, cores, workers
from sim.study.mending import Tell, aside, begin_or_mend, manifest_is_lost
from sim.study.plan import Study, load_study
from sim.study.progress import Progress, Watcher, shown, to_standard_error
from sim.study.result import SweepResult
from sim.study.store import MANIFEST, SCHEMA_VERSION, Store, StoreError
from sim.study.table import table
from sim.study.work import Engine, Rows, RulebookDiffersError, run_task, warm

MOST_EXAMPLES = 5
_MATTERS = ("numba", "numpy", "pyarrow")
"""Libraries whose version may move the bits of a result or of its file."""


class SweepStoppedError(RuntimeError):
    """The work itself failed; what was done is safe, and the message says how to go on."""


class InterruptedSweepError(Exception):
    """The sweep was told to stop, and has; what was done is safe.

    Attributes:
        signal: Number of the signal that told it.
    """

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.signal = number


def run_sweep(
    study: Study,
    out: str | os.PathLike[str],
    *,
    count: int | None = None,
    engine: Engine = "compiled",
    cluster: str | None = None,
    resume: bool = False,
    watch: Watcher | None = None,
    tell: Tell = to_standard_error,
) -> Progress:
    """Run a study into a store, or what is missing of it. What is damaged there is set aside and computed again.

    Args:
        study: The study.
        out: Directory of the store.
        count: Workers; all cores where absent.
        engine: ``compiled`` or ``mesa``; the store does not depend on it.
        cluster: Address of a Dask scheduler that has the workers.
        resume: Whether to go on with a store that is there.
        watch: Called after every shard, and twice a second between.
        tell: Told, in one line each, what was set aside because it was damaged.

    Returns:
        How far it came: all of it.

    Raises:
        StoreError: If the store cannot be used: it is there already, belongs to another experiment or code, or is being written.
        NoClusterError: If the cluster cannot be used.
        SweepStoppedError: If a worker died or the disk is full; what was done is safe.
        InterruptedSweepError: After SIGINT or SIGTERM; what was done is safe.
    """
    store = Store(out)
    may_begin(store, study, resume)
    told = _how_to_go_on(store)
    with store.writing():
        with _disk(store, 0, told):
            begin_or_mend(store, study, lambda: manifest(study), resume, tell)
        progress = Progress(study.runs[1], study.shards)
        if store.complete:
            store.clear_shards()
            return _finished(store, progress)
        with _disk(store, 0, told):
            done = store.done(functools.partial(_rows, study), lambda error: aside(store, error, tell))
        progress.done = progress.before = sum(rows for _, rows in done.values())
        progress.shards_done = len(done)
        files = {shard: file for shard, (file, _) in done.items()}
        missing = [shard for shard in range(study.shards) if shard not in done]
        if missing:
            began = time.strftime("%Y-%m-%d %H:%M:%S")
            with workers(engine, count, cluster) as ready, _signals(progress) as stopped_by:
                try:
                    files.update(_work(study, store, missing, ready, engine, progress, watch))
                finally:
                    _note(store, progress, ready, began)
            if progress.shards_done < progress.shards:
                raise InterruptedSweepError(f"{progress.done:,} runs are safe in {store.path}", stopped_by[0] if stopped_by else signal.SIGINT)
        with _disk(store, progress.done, told):
            store.compact([files[shard] for shard in range(study.shards)])
    return progress


def _rows(study: Study, shard: int) -> int | None:
    """Return how many rows a shard has: 0 if there is no such shard, None where that is not known before."""
    if shard >= study.shards:
        return 0
    return None if study.spec.until else sum(piece.count for piece in study.pieces(shard))


def sweep(
    experiment: str | os.PathLike[str] | Mapping[str, Any] | Study,
    out: str | os.PathLike[str] | None = None,
    *,
    workers: int | None = None,
    engine: Engine = "compiled",
    cluster: str | None = None,
    resume: bool = True,
    progress: bool = True,
) -> SweepResult:
    """Run a study, or what is missing of it, and return its result, of which nothing is read until it is asked for.

    Args:
        experiment: A path, the name of a shipped experiment, an experiment as plain data, or one made ready by :func:`sim.study.plan.load_study`.
        out: Directory of the store; ``dilemma-out/NAME`` where absent.
        workers: Workers; all cores where absent.
        engine: ``compiled`` (threads) or ``mesa`` (processes); the result does not depend on it.
        cluster: Address of a Dask scheduler that has the workers.
        resume: Whether to go on with a store that is there. One that is complete is returned as it is; another experiment's is refused.
        progress: Whether to show progress on standard error.

    Returns:
        The result; runs that failed are in :meth:`sim.study.result.SweepResult.failures`.

    Raises:
        ScenarioError: If the experiment is not admissible.
        StoreError: If the store cannot be used.
        SweepStoppedError: If a worker died or the disk is full; what was done is safe.
        InterruptedSweepError: After SIGINT or SIGTERM; what was done is safe.
    """
    study = experiment if isinstance(experiment, Study) else load_study(experiment)
    store = Path(out) if out is not None else default_store(study)
    with shown() if progress else nullcontext() as watch:
        run_sweep(study, store, count=workers, engine=engine, cluster=cluster, resume=resume, watch=watch)
    return SweepResult(store)


def may_begin(store: Store, study: Study, resume: bool) -> None:
    """Refuse a store that may not be gone on with.

    Raises:
        StoreError: If it was made from another experiment or by other code, or is there and nobody said to go on with it.
    """
    if resume and manifest_is_lost(store):
        # What of it can be trusted is seen when it is held for writing.
        return
    if not os.path.lexists(store.path / MANIFEST):
        return
    old = store.manifest()
    differ = differences(old, study)
    if differ:
        listing = "\n".join(f"  {line}" for line in differ)
        raise StoreError(
            f"{store.path}: was made from something else; runs of the two are not mixed:\n{listing}\n"
            f"To go on: undo the change (the store keeps its own experiment: dilemma sweep {store.path}/experiment.json --out {store.path} --resume),"
            " or begin a store of its own with --out DIR"
        )
    if not resume:
        if store.complete:
            raise StoreError(f"{store.path}: this sweep is complete; --resume shows what came out, --out DIR begins another")
        raise StoreError(f"{store.path}: this sweep was begun; go on with it with --resume, or begin another with --out DIR")


def _how_to_go_on(store: Store) -> str:
    return f"go on with: dilemma sweep … --out {store.path} --resume"


@contextmanager
def _disk(store: Store, safe: int, how: str) -> Iterator[None]:
    """Tell what a disk's refusal means for the sweep."""
    try:
        yield
    except OSError as error:
        where = error.filename or store.path
        first = "free some room and " if error.errno in (errno.ENOSPC, errno.EDQUOT) else "put that right and "
        raise SweepStoppedError(f"{where}: {error.strerror or error}; {safe:,} runs are safe; {first}{how}") from None


def _work(
    study: Study, store: Store, missing: list[int], ready: Workers, engine: Engine, progress: Progress, watch: Watcher | None
) -> dict[int, Path]:
    """Have the missing shards computed, write them as they come, and return their files by number."""
    packed = study.recipe(engine).packed()
    if engine == "compiled" and study.drafts and ready.kind == "thread":
        warm()
    how = _how_to_go_on(store)
    ahead = iter(missing)
    written: dict[int, Path] = {}
    pending: dict[Future[Rows], int] = {}
    try:
        while True:
            # A few more than there are workers, so that none waits for us, and no more, so that memory stays flat.
            while not progress.stopping and len(pending) < 2 * ready.count + 1 and (shard := next(ahead, None)) is not None:
                pending[ready.executor.submit(run_task, packed, study.pieces(shard))] = shard
            if not pending:
                return written
            if progress.stopping:
                pending = {f: shard for f, shard in pending.items() if not f.cancel()}
            finished, _ = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in finished:
                shard = pending.pop(future)
                rows = future.result()
                with _disk(store, progress.done, how):
                    written[shard] = store.write_shard(shard, table(study, rows))
                progress.done += len(rows.cell)
                progress.shards_done += 1
                progress.failures += len(rows.errors)
                for row in list(rows.errors)[: MOST_EXAMPLES - len(progress.examples)]:
                    progress.examples.append((int(rows.cell[row]), int(rows.replicate[row]), rows.errors[row]))
                if study.spec.until is not None and progress.shards_done == progress.shards:
                    progress.total = progress.done
            if watch is not None:
                watch(progress)
    except (BrokenExecutor, CancelledError, RulebookDiffersError, MemoryError, ImportError, OSError) as error:
        ready.abandon()
        safe = f"{progress.done:,} runs are safe"
        if ready.scheduler is not None and isinstance(error, CancelledError | OSError):
            # Dask cancels what it waits for when it loses the scheduler, and has no more to say.
            raise SweepStoppedError(f"the Dask scheduler at {ready.scheduler} was lost; {safe}; see that one runs with workers, and {how}") from error
        reason = " ".join(str(error).split()) or type(error).__name__
        raise SweepStoppedError(f"a worker gave up: {reason}; {safe}; {how}") from error
    except BaseException as error:
        ready.abandon()
        if type(error).__name__ == "KilledWorker":
            safe = f"{progress.done:,} runs are safe"
            raise SweepStoppedError(f"the cluster lost its workers ({error}); {safe}; {how}") from error
        raise


@contextmanager
def _signals(progress: Progress) -> Iterator[list[int]]:
    """Take the first Ctrl-C (or SIGTERM) as a wish to stop after the current shards, the second as an order; leave signals as they were."""
    received: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield received
        return

    def stop(number: int, frame: Any) -> None:
        if progress.stopping:
            raise KeyboardInterrupt
        received.append(number)
        progress.stopping = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _note(store: Store, progress: Progress, ready: Workers, began: str) -> None:
    seconds = time.monotonic() - progress.began
    facts = {
        "began": began,
        "seconds": round(seconds, 3),
        "runs": progress.done - progress.before,
        "failures": progress.failures,
        "workers": f"{ready.count} {ready.kind}{'s' if ready.count > 1 else ''}",
        "host": socket.gethostname(),
    }
    try:
        store.note_session(facts)
    except OSError:
        # A full disk has been told of already.
        return


def _finished(store: Store, progress: Progress) -> Progress:
    """Return the progress of a sweep that was complete before it began."""
    progress.done = progress.before = progress.total = store.manifest()["table"]["rows"]
    progress.shards_done = progress.shards
    return progress


def identity(study: Study) -> dict[str, str]:
    """Return what the results depend on, by name: two sweeps that agree in it are one sweep."""
    return {
        "experiment": study.sha256,
        **{f"scenario {name}": scenario_hash(s) for name, s in study.scenarios.items()},
        "rulebook": rulebook_digest(),
        "store version": str(SCHEMA_VERSION),
        "version": package_version(),
        **{name: version_of(name) for name in _MATTERS},
        "machine": platform.machine(),
        "C library": " ".join(platform.libc_ver()),
    }


def differences(manifest: Mapping[str, Any], study: Study) -> list[str]:
    """Return in what a store's origin differs from a study and this code, a line each."""
    old, new = manifest["identity"], identity(study)
    lines = []
    for name in dict.fromkeys([*old, *new]):
        one, other = str(old.get(name, "nothing")), str(new.get(name, "nothing"))
        if one != other:
            short = 12 if len(one) == 64 or len(other) == 64 else 64
            lines.append(f"{name}: the store has {one[:short]}, this is {other[:short]}")
    return lines


def manifest(study: Study) -> dict[str, Any]:
    """Return the manifest of a study's store."""
    spec = study.spec
    return {
        "schema_version": SCHEMA_VERSION,
        "name": spec.name,
        "title": spec.title,
        "claim": spec.claim,
        "identity": identity(study),
        "seed": spec.seed,
        "draws": spec.draws,
        "replicates": spec.replicates,
        "runs": list(study.runs),
        "shards": study.shards,
        "arms": [{"scenario": a.scenario, "policy": a.policy, "without": a.without} for a in study.arms],
        "points": len(study.points),
        "factors": [{"name": f.name, "path": f.path, "label": f.label} for f in study.factors],
        "outcomes": list(study.outcomes),
        "libraries": {name: version_of(name) for name in (*LIBRARIES, "pyarrow", "SALib")},
        "host": {"python": platform.python_version(), "system": platform.system(), "machine": platform.machine(), "cores": cores()},
        "created": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }


def default_store(study: Study) -> Path:
    """Return where a sweep goes when nobody says where."""
    return Path("dilemma-out") / study.spec.name
