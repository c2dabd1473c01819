"""Disks that fill up, directories that may not be written, clocks that jump."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.faults.interruption import same
from tests.faults.nursery import Nursery
from tests.faults.originals import Originals, copied
from tests.faults.tally import CRASHED, REFUSED, SURVIVED, WRONG, Tally

NOBODY = 65534
ROOM = 20_000_000
"""Bytes that are enough for all that is written here."""


def full_disks(originals: Originals, count: int, rng: random.Random, tally: Tally, folder: Path) -> None:
    """Sweep and calibrate on disks with too little room; make room, and go on.

    The disk is a small file system in memory where one may be mounted; and in turn, and elsewhere always, a limit on the size of a file.
    """
    nursery, disk = Nursery(folder / "log.txt"), folder / "disk"
    disk.mkdir()
    mounted = _mount(disk, ROOM)
    try:
        for n in range(count):
            small = mounted and n % 2 == 0
            out = (disk if small else folder) / f"full-{n}"
            first = ["calibrate", str(originals.calibration_file)] if n % 4 == 3 and originals.calibrated else ["sweep", str(originals.file)]
            kind = f"{'full disk' if small else 'largest file limited'}, {first[0]}"
            arguments = [*first, "--json", "--workers", "2", "--out", str(out)]
            with tally.timed(kind):
                if small:
                    _resize(disk, rng.randrange(4096, 90_000))
                code = nursery.run(arguments, limit=None if small else rng.randrange(8000))
                if small:
                    _resize(disk, ROOM)
                if _told(nursery, tally, kind, code, (0, 1)):
                    code = nursery.run([*arguments, "--resume"])
                    _ended(nursery, tally, kind, code, out, originals)
            # What is left there would be room taken from the next.
            shutil.rmtree(out, ignore_errors=True)
    finally:
        nursery.close()
        if mounted:
            subprocess.run(["umount", "--lazy", str(disk)], check=True)


def read_only(originals: Originals, count: int, rng: random.Random, tally: Tally, folder: Path) -> None:
    """Read and go on where nothing may be written: reading works, all else says what may not be written."""
    nursery = Nursery(folder / "log.txt")
    for parent in (folder, *folder.parents):
        if os.access(parent, os.W_OK) and not os.stat(parent).st_mode & 0o1:
            parent.chmod(0o755)
    file, kind = str(originals.file), "read-only"
    for n in range(count):
        # One in five of the half store and four of the whole, which has more that may be asked of it.
        original = originals.half if n % 5 == 4 else originals.whole
        free, locked = (copied(original, folder / f"{name}-{n}") for name in ("free", "locked"))
        for path in (locked, *locked.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        tries: list[tuple[Callable[[Path], list[str]], int]] = [
            (lambda store: ["verify", str(store)], 0),
            (lambda store: ["compare", str(store), "--by", "without", "--json"], 0),
            (lambda store: ["sweep", file, "--out", str(store / "new")], 1),
            (lambda store: ["report", str(store), "--replicates", "2"], 1),
            (lambda store: ["sweep", file, "--out", str(store), "--resume"], 1),
        ]
        command, wanted = tries[n % len(tries)]
        with tally.timed(kind):
            code = nursery.run(command(locked), user=NOBODY, first=command(free))
            _told(nursery, tally, kind, code, (wanted,), SURVIVED if code == 0 else REFUSED)
    nursery.close()


def clocks(originals: Originals, count: int, rng: random.Random, tally: Tally, folder: Path) -> None:
    """Sweep while the clock jumps by up to a year whenever it is asked, and go on with files from the future and from the past."""
    nursery, kind = Nursery(folder / "log.txt"), "a clock that jumps"
    for n in range(count):
        out = copied(originals.half, folder / f"jumped-{n}")
        for path in out.rglob("*"):
            when = rng.choice([0, 86_400, 4_000_000_000, 2**31 + 5])
            os.utime(path, (when, when))
        with tally.timed(kind):
            code = nursery.run(["sweep", str(originals.file), "--out", str(out), "--resume", "--json"], jump=rng.choice([1.0, 3600.0, 3.2e7]))
            _ended(nursery, tally, kind, code, out, originals)
    nursery.close()


def _told(nursery: Nursery, tally: Tally, kind: str, code: int, wanted: tuple[int, ...], ended: str = "") -> bool:
    """Count a command by its exit code, as ended in what is told or not at all, and always if it crashed; return whether it did not."""
    said = nursery.said()
    if code not in wanted or "Traceback" in said:
        tally.add(kind, CRASHED, f"exit code {code}: {said[-600:]}")
        return False
    if ended:
        tally.add(kind, ended, said)
    return True


def _ended(nursery: Nursery, tally: Tally, kind: str, code: int, out: Path, originals: Originals) -> None:
    """Count a command that should have come to the end."""
    said = nursery.said()
    ended = CRASHED if code or "Traceback" in said else SURVIVED if same(out, originals) else WRONG
    tally.add(kind, ended, f"exit code {code}: {said[-600:]}")


def _resize(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def _mount(disk: Path, size: int) -> bool:
    """Mount a small file system in memory; return whether that may be done here."""
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0
