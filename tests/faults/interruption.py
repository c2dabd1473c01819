"""Sweeps and calibrations that are killed, told to stop, held up, and that lose their workers: gone on with, they come to the same bytes."""

from __future__ import annotations

import multiprocessing
import random
import signal
import time
from pathlib import Path

from sim.evidence import kept
from sim.study.progress import Progress
from sim.study.sweep import SweepStoppedError, run_sweep
from tests.faults.nursery import Nursery
from tests.faults.originals import Originals, results
from tests.faults.tally import CRASHED, SURVIVED, WRONG, Tally

SIGNALS = {"SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM, "SIGHUP": signal.SIGHUP}
WORKERS = ("1", "2")


def kills(originals: Originals, count: int, rng: random.Random, tally: Tally, folder: Path) -> None:
    """Kill sweeps and calibrations at random moments, some times each, and go on with them to the end."""
    nursery = Nursery(folder / "log.txt")
    ways = [*(_sweep(originals, workers) for workers in WORKERS), *([_calibration(originals)] if originals.calibrated else [])]
    for number, (kind, arguments) in enumerate(ways):
        span, done = _span(nursery, arguments, folder / f"timed-{number}"), 0
        while done < count / len(ways):
            out = folder / f"killed-{number}-{done}"
            with tally.timed(f"SIGKILL, {kind}"):
                times = sum(
                    nursery.run([*arguments, str(out), "--resume"], rng.uniform(0.0, span)) == -signal.SIGKILL for _ in range(rng.randint(1, 6))
                )
                _finish(nursery, f"SIGKILL, {kind}", times, [*arguments, str(out), "--resume"], originals, tally)
            done += max(1, times)
    nursery.close()


def signals(originals: Originals, count: int, rng: random.Random, tally: Tally, folder: Path) -> None:
    """Tell sweeps to stop, once and twice, and hold them up for a while."""
    nursery = Nursery(folder / "log.txt")
    _, arguments = _sweep(originals, "2")
    span = _span(nursery, arguments, folder / "timed")
    for n in range(count):
        name = [*SIGNALS, "SIGINT twice", "SIGSTOP and SIGCONT"][n % (len(SIGNALS) + 2)]
        after = rng.uniform(0.0, span)
        sent = {"SIGINT twice": [(after, 2), (rng.uniform(0.0, 0.05), 2)], "SIGSTOP and SIGCONT": [(after, 19), (0.3, 18)]}.get(name)
        out = [*arguments, str(folder / f"signalled-{n}"), "--resume"]
        with tally.timed(name):
            nursery.run(out, signals=sent or [(after, int(SIGNALS[name]))])
            _finish(nursery, name, 1, out, originals, tally)
    nursery.close()


def lost_workers(originals: Originals, count: int, rng: random.Random, tally: Tally, folder: Path) -> None:
    """Kill worker processes under a sweep of the Mesa model."""
    for n in range(count):
        out, kind = folder / f"lost-{n}", "a worker process lost"
        killed: list[int] = []

        def kill(progress: Progress, killed: list[int] = killed) -> None:
            if progress.shards_done >= 1 and not killed:
                for child in multiprocessing.active_children():
                    killed.append(child.pid or 0)
                    child.kill()

        with tally.timed(kind):
            try:
                run_sweep(originals.study, out, count=2, engine="mesa", watch=kill)
            except SweepStoppedError:
                run_sweep(originals.study, out, resume=True)
            tally.add(kind, SURVIVED if killed and same(out, originals) else WRONG, f"in {out.name}")


def same(out: Path, originals: Originals) -> bool:
    """Return whether a sweep or a calibration is, byte for byte, as if nothing had happened, and has nothing left over."""
    if list(out.glob("**/*.tmp")) or list(out.glob("**/shards")):
        return False
    if originals.calibrated is not None and (out / kept.SEALS).exists():
        return results(out) == results(originals.calibrated) and all(part.whole for part in kept.verify(out))
    return all((out / name).read_bytes() == (originals.whole / name).read_bytes() for name in ("runs.parquet", "design.parquet"))


def _sweep(originals: Originals, workers: str) -> tuple[str, list[str]]:
    kind = f"sweep, {workers} worker{'s' if workers != '1' else ''}"
    return kind, ["sweep", str(originals.file), "--workers", workers, "--json", "--out"]


def _calibration(originals: Originals) -> tuple[str, list[str]]:
    return "calibration", ["calibrate", str(originals.calibration_file), "--workers", "1", "--json", "--out"]


def _span(nursery: Nursery, arguments: list[str], out: Path) -> float:
    """Return how long a command takes undisturbed; the first time warms the process."""
    for k in range(2):
        began = time.monotonic()
        code = nursery.run([*arguments, f"{out}-{k}"])
        if code:
            raise RuntimeError(f"undisturbed, it ended in {code}: {nursery.said()}")
    return time.monotonic() - began


def _finish(nursery: Nursery, kind: str, times: int, arguments: list[str], originals: Originals, tally: Tally) -> None:
    """Go on to the end, and count so many faults by how that ends."""
    code, said = nursery.run(arguments), nursery.said()
    ended = CRASHED if code or "Traceback" in said else SURVIVED if same(Path(arguments[-2]), originals) else WRONG
    for _ in range(times):
        tally.add(kind, ended, f"exit code {code}: {said[-600:]}")
