"""Disks that fill up, directories that may not be written, clocks that jump."""

from __future__ import annotations

import os
import random
import subprocess
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
    mounted = _mount(disk, 4096)
    for n in range(count):
        calibrate, small = n % 4 == 3, mounted and n % 2 == 0
        kind = ("full disk" if small else "largest file limited") + (", calibration" if calibrate else ", sweep")
        out = (disk if small else folder) / f"full-{n}"
        first = ["calibrate", str(originals.calibration_file)] if calibrate else ["sweep", str(originals.file)]
        arguments = [*first, "--json", "--workers", "2", "--out", str(out)]
        with tally.timed(kind):
            if small:
                subprocess.run(["mount", "-o", f"remount,size={rng.randrange(4096, 90_000)}", str(disk)], check=True)
                code = nursery.run(arguments)
                subprocess.run(["mount", "-o", f"remount,size={ROOM}", str(disk)], check=True)
            else:
                code = nursery.run(arguments, limit=rng.randrange(0, 8000))
            _told(nursery, tally, kind, code, (0, 1))
            code = nursery.run([*arguments, "--resume"])
            _ended(nursery, tally, kind, code, out, originals)
    nursery.close()
    if mounted:
        subprocess.run(["umount", str(disk)], check=True)


def read_only(originals: Originals, count: int, rng: random.Random, tally: Tally, folder: Path) -> None:
    """Read and go on where nothing may be written: reading works, all else says what may not be written."""
    nursery = Nursery(folder / "log.txt")
    for parent in (folder, *folder.parents):
        if os.access(parent, os.W_OK) and not os.stat(parent).st_mode & 0o1:
            parent.chmod(0o755)
    file, kind = str(originals.file), "read-only"
    for n in range(count):
        copy = copied(rng.choice([originals.whole, originals.half]), folder / f"locked-{n}")
        for path in (copy, *copy.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        whole = (copy / "runs.parquet").exists()
        tries = [(["verify", str(copy)], 0), (["sweep", file, "--out", str(copy), "--resume"], 1), (["sweep", file, "--out", str(copy / "new")], 1)]
        tries += [(["compare", str(copy), "--json"], 0), (["report", str(copy)], 1)] if whole else []
        arguments, wanted = tries[n % len(tries)]
        with tally.timed(kind):
            code = nursery.run(arguments, user=NOBODY)
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


def _told(nursery: Nursery, tally: Tally, kind: str, code: int, wanted: tuple[int, ...], ended: str = "") -> None:
    """Count a command that should have been refused; one that crashed, always."""
    said = nursery.said()
    if code not in wanted or "Traceback" in said:
        tally.add(kind, CRASHED, f"exit code {code}: {said[-600:]}")
    elif ended:
        tally.add(kind, ended, said)


def _ended(nursery: Nursery, tally: Tally, kind: str, code: int, out: Path, originals: Originals) -> None:
    """Count a command that should have come to the end."""
    said = nursery.said()
    ended = CRASHED if code or "Traceback" in said else SURVIVED if same(out, originals) else WRONG
    tally.add(kind, ended, f"exit code {code}: {said[-600:]}")


def _mount(disk: Path, size: int) -> bool:
    """Mount a small file system in memory; return whether that may be done here."""
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0
