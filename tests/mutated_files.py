"""Whatever a file says, ``dilemma check`` ends: in ok or in a refusal, within two seconds, and never in a traceback.

    python -m tests.mutated_files --n 20000

Shipped files of every kind (scenarios with their records, experiments, lessons, calibrations, populations) and a list of design points are changed at
random, byte by byte, line by line, word by word or value by value, and checked by the command itself, in this process. Seconds are of computing, so
that a busy machine makes none of them slow. What fails is told with its number; ``--only NUMBER`` prints that file and checks it again.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import io
import random
import re
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

SECONDS = 2.0
LONGEST_ANSWER = 100_000
HERE = Path(__file__).parent.parent
BAITS = (
    "", "~", "0", "-1", "1e308", "1e-320", ".inf", ".nan", "-.inf", "99999999999999999999999999", "1" * 400, "0x10", "1_000", "on", "off", "''",
    '"\\0"', "[]", "{}", "[[[[[[]]]]]]", "{a: {a: {a: {a: 1}}}}", "[1, 1, 1]", "*a", "&a [*a]", "!!python/object:os.system {}", "!!binary YQ==",
    "? a", "- - - -", "---", "...", "%YAML 9.9", "|", ">", "\t", "#", ":", "- ", "extends: aqim", "extends: mutated.yaml", "extends: /dev/zero",
    "<<: *a", "replace: []", "{replace: []}", "{remove: true}", "name", "2000-13", "1899-12", "2099-12", "aqim", "nobody", "x" * 3000, "ü" * 70,
    "\u202e", "\ufeff", "\x85", "\u2028", "[" * 60, "{" * 60, "\r", "\r\n", "/dev/zero", "../../../../etc/passwd", "points.csv", "a,b\n1,2", '"',
    "'", "1.0.0", "9" * 29, "-0.0", "1e400",
)  # fmt: skip
"""What is put in the place of something else."""
_VALUE = re.compile(rb"(?<=: )[^\n,{}\[\]]+")
_WORD = re.compile(rb"[A-Za-z_]+|[0-9.]+|[^\sA-Za-z0-9]")
LISTED = """name: listed
claim: A list of points.
scenario: dilemma-101
factors:
  percolation: {range: [0, 1]}
  search: {path: mechanisms.meta_strategy, values: [on, off]}
  from: {path: policies.start, values: [2001-01, 2002-06]}
design: {kind: list, file: points.csv}
replicates: 2
"""
POINTS = "percolation,search,from\n0.1,on,2001-01\n0.5,off,2002-06\n,on,\n0.25,,2001-01\n"


class Original(NamedTuple):
    """A file that is right: its kind, its name, and its text."""

    kind: str
    name: str
    text: bytes


class TooSlow(BaseException):
    """A check has computed for longer than it may."""


def originals() -> list[Original]:
    """Return the files that are changed."""
    kinds = {"scenarios": "scenario", "lessons": "lesson", "experiments": "experiment"}
    found = []
    for folder, kind in kinds.items():
        for path in sorted((HERE / folder).glob("*.yaml")):
            special = next((word for word in ("calibrate", "population", "forecast") if path.stem.startswith(word)), None)
            found.append(Original(special or kind, "mutated.yaml", path.read_bytes()))
    found.append(Original("list", "points.csv", POINTS.encode()))
    found.append(Original("experiment", "mutated.yaml", LISTED.encode()))
    return found


def mutated(text: bytes, rng: random.Random, all_texts: list[bytes]) -> bytes:
    """Return a text with one to four changes."""
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        text = rng.choice(CHANGES)(text, rng, all_texts)
    return text


def _flip(text: bytes, rng: random.Random, _: list[bytes]) -> bytes:
    if not text:
        return text
    data = bytearray(text)
    for _n in range(rng.choice([1, 1, 8])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def _cut(text: bytes, rng: random.Random, _: list[bytes]) -> bytes:
    a, b = sorted(rng.randint(0, len(text)) for _n in range(2))
    return rng.choice([text[:a], text[a:], text[:a] + text[b:]])


def _repeat(text: bytes, rng: random.Random, _: list[bytes]) -> bytes:
    a = rng.randint(0, len(text))
    b = min(len(text), a + rng.randint(1, 400))
    return text[:a] + text[a:b] * rng.choice([2, 3, 50]) + text[b:]


def _lines(text: bytes, rng: random.Random, _: list[bytes]) -> bytes:
    lines = text.split(b"\n")
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.randrange(4)
    if kind == 0:
        lines[a], lines[b] = lines[b], lines[a]
    elif kind == 1:
        lines.insert(a, lines[b])
    elif kind == 2:
        del lines[a]
    else:
        lines[a] = rng.choice([b" ", b"  ", b"\t", b"- "]) + lines[a]
    return b"\n".join(lines)


def _bait(pattern: re.Pattern[bytes]) -> Callable[[bytes, random.Random, list[bytes]], bytes]:
    """Return a change that puts something else in the place of one match."""

    def change(text: bytes, rng: random.Random, _: list[bytes]) -> bytes:
        found = list(pattern.finditer(text))
        if not found:
            return rng.choice(BAITS).encode()
        one, other = rng.choice(found), rng.choice(found)
        new = rng.choice([rng.choice(BAITS).encode(), other.group(), one.group() * 2])
        return text[: one.start()] + new + text[one.end() :]

    return change


def _graft(text: bytes, rng: random.Random, all_texts: list[bytes]) -> bytes:
    other = rng.choice(all_texts).split(b"\n")
    a = rng.randrange(len(other))
    lines = text.split(b"\n")
    at = rng.randrange(len(lines) + 1)
    return b"\n".join([*lines[:at], *other[a : a + rng.randint(1, 30)], *lines[at:]])


CHANGES = (_flip, _cut, _repeat, _lines, _bait(_VALUE), _bait(_VALUE), _bait(_WORD), _graft)


def case(number: int, files: list[Original]) -> Original:
    """Return the file of a number: always the same."""
    rng = random.Random(number)
    kinds = sorted({file.kind for file in files})
    kind = rng.choice(kinds)
    one = rng.choice([file for file in files if file.kind == kind])
    return one._replace(text=mutated(one.text, rng, [file.text for file in files]))


@contextlib.contextmanager
def watched(seconds: float) -> Iterator[None]:
    """Raise :class:`TooSlow` in what computes for longer."""

    def too_slow(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, too_slow)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def complaint(file: Original, folder: Path, seconds: float = SECONDS) -> tuple[str, str]:
    """Check a file, and return how it ended (``ok`` or ``refused``) and what is wrong with that, or nothing."""
    from sim.cli import main

    (folder / file.name).write_bytes(file.text)
    if file.kind == "list":
        (folder / "mutated.yaml").write_text(LISTED, encoding="utf-8")
    elif not (folder / "points.csv").exists():
        (folder / "points.csv").write_text(POINTS, encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    try:
        with watched(seconds), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
            warnings.simplefilter("error")
            code = main(["check", str(folder / "mutated.yaml")])
    except TooSlow:
        return "", f"not done within {seconds:g} s: {traceback.format_exc().splitlines()[-3].strip()}"
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return "", f"{type(error).__name__} at {where.filename}:{where.lineno}: {str(error)[:200]}"
    if code not in (0, 2):
        return "", f"exit code {code}"
    if len(err.getvalue()) + len(out.getvalue()) > LONGEST_ANSWER:
        return "", f"{len(err.getvalue()):,} characters of message"
    if "Traceback" in err.getvalue() or (code == 2) != bool(err.getvalue().strip()):
        return "", f"exit code {code} with {err.getvalue()[:200]!r}"
    return ("ok", "") if code == 0 else ("refused", "")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 if every check ended as it should."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutated_files", description="Whatever a file says, check ends.")
    parser.add_argument("--n", type=int, default=20_000, help="how many files")
    parser.add_argument("--first", type=int, default=0, help="number of the first")
    parser.add_argument("--only", type=int, help="one number: its file is printed, and checked")
    given = parser.parse_args(arguments)
    files = originals()
    tally: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    slowest, begun, failed = (0.0, -1), time.monotonic(), 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in files:
            # Whatever is loaded at first use is no part of a check, and the files as they are must be right.
            with contextlib.redirect_stdout(io.StringIO()):
                from sim.cli import main as command

                (folder / "points.csv").write_text(POINTS, encoding="utf-8")
                if file.name == "mutated.yaml":
                    (folder / file.name).write_bytes(file.text)
                if command(["check", str(folder / "mutated.yaml")]) != 0:
                    raise SystemExit("a file is not right as it is")
        for number in range(given.first, given.first + given.n) if given.only is None else [given.only]:
            file = case(number, files)
            if given.only is not None:
                sys.stdout.buffer.write(file.text)
            before = time.process_time()
            ended, wrong = complaint(file, folder)
            slowest = max(slowest, (time.process_time() - before, number))
            tally[file.kind][ended or "failed"] += 1
            if wrong:
                failed += 1
                print(f"file {number} ({file.kind}): {wrong}", flush=True)
            if file.name != "mutated.yaml":
                (folder / file.name).unlink()
    print(f"{'kind':<12}{'ok':>8}{'refused':>9}{'failed':>8}")
    for kind, ends in sorted(tally.items()):
        print(f"{kind:<12}{ends['ok']:>8}{ends['refused']:>9}{ends['failed']:>8}")
    print(f"slowest: {slowest[0]:.2f} s of computing (file {slowest[1]}); {time.monotonic() - begun:.0f} s in all")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
