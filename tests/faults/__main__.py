"""Do faults to sweeps, stores and calibrations on purpose, and print what became of them. Run from the checkout: python -m tests.faults

Survived: the same bytes as if nothing had happened, at once or after going on with --resume. Refused: said in words what is wrong and how to go on.
WRONG: other numbers were given as a result. CRASHED: it ended in something that nobody meant to say. The exit code is 1 if there is any of the two.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults import corruption, interruption, originals, surroundings
from tests.faults.tally import Tally

FAULTS: dict[str, tuple[int, Callable[..., None], str]] = {
    "flips": (10_000, corruption.flips, "bits turned over, one at a time"),
    "damages": (340, corruption.damages, "other things done to files"),
    "kills": (60, interruption.kills, "kills"),
    "signals": (25, interruption.signals, "signals"),
    "lost_workers": (2, interruption.lost_workers, "worker processes lost"),
    "full_disks": (24, surroundings.full_disks, "disks that fill up"),
    "read_only": (15, surroundings.read_only, "commands where nothing may be written"),
    "clocks": (10, surroundings.clocks, "sweeps under a clock that jumps"),
}
"""Kinds of fault: how many by default, what does them, in words."""


def main(arguments: list[str] | None = None) -> int:
    """Do the faults and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, (count, _, words) in FAULTS.items():
        parser.add_argument(f"--{name}", type=int, default=None, metavar="N", help=f"{words} ({count})")
    parser.add_argument("--only", nargs="*", choices=list(FAULTS), help="only these kinds; all where absent")
    parser.add_argument("--seed", type=int, default=1, help="seed of what is done where (1)")
    parser.add_argument("--where", type=Path, help="directory to work in; a temporary one where absent, in memory where there is /dev/shm")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(arguments)
    memory = Path("/dev/shm")
    tally, began = Tally(), time.monotonic()
    with tempfile.TemporaryDirectory(dir=given.where or (memory if memory.is_dir() else None)) as temporary:
        (Path(temporary) / "originals").mkdir()
        made = originals.make(Path(temporary) / "originals")
        for name, (usual, work, _) in FAULTS.items():
            count = usual if getattr(given, name) is None else getattr(given, name)
            if count and (not given.only or name in given.only):
                folder = Path(temporary) / name
                folder.mkdir()
                work(made, count, random.Random(f"{given.seed} {name}"), tally, folder)
                print(f"{name}: done after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    if given.json:
        counts = {kind: dict(count) for kind, count in tally.counts.items()}
        print(json.dumps({"counts": counts, "examples": tally.examples, "said": tally.said}, indent=1))
    else:
        print(tally.table())
    return 1 if tally.bad else 0


if __name__ == "__main__":
    sys.exit(main())
