"""Corrupted stores and calibrations: bits turned over, and whatever else may happen to a file. None of it may end in a number."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.cli import main
from sim.evidence import kept
from sim.study.errors import StoreError
from sim.study.result import SweepResult
from sim.study.sweep import run_sweep
from sim.study.verify import Part, verify
from tests.faults.originals import Originals, calibrate, copied, results
from tests.faults.tally import CRASHED, REFUSED, SURVIVED, WRONG, Tally, WrongError

FLIPPED = (
    ("a bit of a table", "whole", "runs.parquet", 8),
    ("a bit of a shard", "half", "shards/*", 4),
    ("a bit of a manifest", "whole", "manifest.json", 2),
    ("a bit of a manifest, half way", "half", "manifest.json", 1),
    ("a bit of a design", "whole", "design.parquet", 1),
    ("a bit of an experiment", "whole", "experiment.json scenarios/* points.csv", 2),
    ("a bit of a calibration's stores", "calibrated", "*/*.parquet */*.json", 1),
    ("a bit of a calibration's files", "calibrated", "*.csv report.txt", 1),
    ("a bit of a calibration's seals", "calibrated", "calibration.json", 1),
)
"""What is flipped: in which original, which files of it, and how often in proportion."""
RESUMED = 10
"""One in so many is gone on with, too: that takes as long as ten readings. Of calibrations, which take longer, it is one in ten times as many."""


class Truth:
    """What is true of the originals, and whether what is read of a copy is."""

    def __init__(self, originals: Originals) -> None:
        self.originals = originals
        self.table = (originals.whole / "runs.parquet").read_bytes()
        self.whole = SweepResult(originals.whole).to_pandas(failed=True)
        self.design = SweepResult(originals.whole).design()
        self.results = {} if originals.calibrated is None else results(originals.calibrated)

    def read_store(self, store: Path, study: bool) -> None:
        """Read all there is of a store.

        Raises:
            WrongError: If any of it is not the truth.
            StoreError: If it was refused.
        """
        result = SweepResult(store)
        frame = result.to_pandas(failed=True)
        # Of a sweep that is not complete, any runs may be missing; those that are there are the truth's.
        if not (frame.equals(self.whole) if result.complete else len(frame.merge(self.whole)) == len(frame)):
            raise WrongError("other runs were read")
        if not result.design().equals(self.design):
            raise WrongError("another design was read")
        if study and result.study.sha256 != self.originals.study.sha256:
            raise WrongError("another experiment was read")

    def resume_store(self, store: Path) -> None:
        """Go on with a store; see :meth:`read_store`."""
        run_sweep(self.originals.study, store, resume=True, tell=_quiet)
        if (store / "runs.parquet").read_bytes() != self.table:
            raise WrongError("going on came to other bytes")
        self.read_store(store, True)

    def read_calibration(self, folder: Path) -> None:
        """Read a calibration as one does by hand: ask what is whole, and take that.

        Raises:
            WrongError: If what is said to be whole is not the truth.
            StoreError: If any of it was refused.
        """
        bad = {part.name: part.words for part in kept.verify(folder) if not part.whole}
        found = results(folder)
        # Without the seals of files, none of them is proven.
        unproven = set(kept.READ) if kept.SEALS in bad else set()
        for name, data in found.items():
            store = name.split("/")[0]
            if not {name, store, f"{store}/manifest.json"} & {*bad, *unproven} and self.results.get(name, data) != data:
                raise WrongError(f"another {name} was taken for whole")
        if bad:
            raise StoreError("; ".join(f"{name}: {words}" for name, words in bad.items()))
        if found.keys() != self.results.keys():
            raise WrongError("something is missing, and all is said to be whole")

    def resume_calibration(self, folder: Path) -> None:
        """Go on with a calibration by the command.

        Raises:
            WrongError: If it comes to anything but the truth.
            StoreError: If it was refused.
        """
        code, said = calibrate(self.originals.calibration_file, folder)
        if code not in (0, 1, 2):
            raise RuntimeError(f"calibrate ended in {code}: {said}")
        if code:
            raise StoreError(said.strip().splitlines()[-1])
        if results(folder) != self.results:
            raise WrongError("going on came to other bytes")
        if not all(part.whole for part in kept.verify(folder)):
            raise WrongError("what was gone on with is not whole")


def flips(originals: Originals, count: int, rng: random.Random, tally: Tally, folder: Path) -> None:
    """Turn one bit over in a copy, read it, ask what is whole, and one time in ten go on with it."""
    truth, parts = Truth(originals), sum(weight for *_, weight in FLIPPED)
    for kind, of, pattern, weight in FLIPPED:
        original, calibrated = getattr(originals, of), of == "calibrated"
        if original is None:
            continue
        # To make a study ready takes longer than all else: only where what it is made from was touched.
        read = truth.read_calibration if calibrated else functools.partial(truth.read_store, study=pattern.startswith(("experiment", "manifest")))
        files = sorted(file.relative_to(original) for part in pattern.split() for file in original.glob(part))
        sizes = [(original / file).stat().st_size for file in files]
        copy = copied(original, folder / "copy")
        for n in range(max(1, round(count * weight / parts))):
            # A bit of any of the files is as likely as any other.
            file = copy / rng.choices(files, sizes)[0]
            text = bytearray(file.read_bytes())
            bit = rng.randrange(8 * len(text))
            text[bit // 8] ^= 1 << (bit % 8)
            file.write_bytes(text)
            detail = f"bit {bit} of {file.name}"
            with tally.timed(kind):
                ended, words = _ended(functools.partial(read, copy))
                found = kept.verify(copy) if calibrated else verify(copy)
                if all(part.whole for part in found):
                    ended, words = WRONG, "verify says that all is whole"
                if n % (10 * RESUMED if calibrated else RESUMED) == 0 and ended in (SURVIVED, REFUSED):
                    ended, words = _ended(functools.partial(truth.resume_calibration if calibrated else truth.resume_store, copy))
                    copy = copied(original, folder / "copy")
                else:
                    text[bit // 8] ^= 1 << (bit % 8)
                    file.write_bytes(text)
            tally.add(kind, ended, words if ended == REFUSED else f"{detail}: {words}")


def _ended(work: Callable[[], None]) -> tuple[str, str]:
    try:
        work()
    except WrongError as error:
        return WRONG, str(error)
    except StoreError as error:
        return REFUSED, str(error)
    except Exception as error:
        return CRASHED, f"{type(error).__name__}: {error}"
    return SURVIVED, ""


def damages(originals: Originals, count: int, rng: random.Random, tally: Tally, folder: Path) -> None:
    """Do other things to files, and go on by the command, which may end in 0 or 1, in the truth or in words, and never in a traceback."""
    truth = Truth(originals)
    kinds = list(DAMAGES)
    for n in range(count):
        kind = kinds[n % len(kinds)]
        # Going on with a calibration takes ten times as long.
        of = rng.choices(["whole", "half", "calibrated"], [4, 4, 1 if originals.calibrated else 0])[0]
        copy = copied(getattr(originals, of), folder / "copy")
        target = rng.choice([file for file in sorted(copy.rglob("*")) if file.is_file() and file.name not in (".lock", "sessions.jsonl")])
        DAMAGES[kind](target, originals, rng)
        tally.attempt(kind, functools.partial(_by_command, truth, copy, of == "calibrated"), (StoreError,), f"{of}/{target.name}")


def _by_command(truth: Truth, copy: Path, calibrated: bool) -> None:
    """Read a damaged copy, verify it and go on with it, by the command."""
    originals = truth.originals
    with contextlib.suppress(StoreError):
        (truth.read_calibration if calibrated else lambda store: truth.read_store(store, True))(copy)
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        if main(["verify", str(copy)]) not in (0, 1, 2):
            raise RuntimeError("verify ended in another code")
        code = 0 if calibrated else main(["sweep", str(originals.file), "--out", str(copy), "--resume", "--json"])
    if code not in (0, 1, 2):
        raise RuntimeError(f"sweep ended in {code}: {said.getvalue()}")
    if code:
        raise StoreError(said.getvalue().strip().splitlines()[-1])
    (truth.resume_calibration if calibrated else truth.resume_store)(copy)
    parts: list[Part] = kept.verify(copy) if calibrated else verify(copy)
    if not all(part.whole for part in parts):
        raise WrongError("what was gone on with is not whole")


def _cut(file: Path, originals: Originals, rng: random.Random) -> None:
    os.truncate(file, rng.randrange(file.stat().st_size))


def _emptied(file: Path, originals: Originals, rng: random.Random) -> None:
    os.truncate(file, 0)


def _lengthened(file: Path, originals: Originals, rng: random.Random) -> None:
    with file.open("ab") as end:
        end.write(rng.randbytes(rng.randint(1, 300)))


def _zeroed(file: Path, originals: Originals, rng: random.Random) -> None:
    """A sector of zeros, as a power cut may leave."""
    text = bytearray(file.read_bytes())
    start = rng.randrange(0, len(text), 512)
    text[start : start + 512] = bytes(len(text[start : start + 512]))
    file.write_bytes(text)


def _gone(file: Path, originals: Originals, rng: random.Random) -> None:
    file.unlink()


def _folder_gone(file: Path, originals: Originals, rng: random.Random) -> None:
    inner = [p for p in file.parents if p.parent.name == "copy"]
    shutil.rmtree(inner[0]) if inner else file.unlink()


def _directory(file: Path, originals: Originals, rng: random.Random) -> None:
    file.unlink()
    file.mkdir()
    (file / "something").write_text("in it")


def _pipe(file: Path, originals: Originals, rng: random.Random) -> None:
    file.unlink()
    os.mkfifo(file)


def _file_for_folder(file: Path, originals: Originals, rng: random.Random) -> None:
    _folder_gone(file, originals, rng)
    (file.parent if file.parent.name != "copy" else file).write_text("a file")


def _neighbour(file: Path, originals: Originals, rng: random.Random) -> None:
    """Another file of the same store copied over it."""
    others = [f for f in sorted(file.parent.glob(f"*{file.suffix}")) if f != file and f.is_file()] or [originals.file]
    shutil.copyfile(rng.choice(others), file)


def _stranger(file: Path, originals: Originals, rng: random.Random) -> None:
    """What stands in the same place of the same work from another seed, under its own name and under this one."""
    other = originals.other
    like = sorted(other.rglob(file.name.split("-")[0] + "*"))
    chosen = rng.choice([f for f in like if f.is_file()] or [other / "manifest.json"])
    shutil.copyfile(chosen, file)
    if "-" in file.name:
        shutil.copyfile(chosen, file.with_name(chosen.name))


def _by_hand(file: Path, originals: Originals, rng: random.Random) -> None:
    """One number changed, and the file written as a whole one."""
    if file.suffix == ".parquet":
        table = pq.read_table(file)
        k = next(k for k, field in enumerate(table.schema) if pa.types.is_floating(field.type) or pa.types.is_integer(field.type))
        values = table.column(k).to_pylist()
        values[rng.randrange(len(values))] = 7
        pq.write_table(table.set_column(k, table.schema.field(k), pa.array(values, table.schema.field(k).type)), file)
    elif file.suffix == ".json":
        _json_changed(file, lambda data: {**data, rng.choice(list(data)): rng.choice([None, 7, "x", [], {}, [[]], -1, 1e300])})
    else:
        file.write_text(file.read_text().replace("0.1", "0.2"))


def _foreign(file: Path, originals: Originals, rng: random.Random) -> None:
    """A whole file of its kind, of something else."""
    if file.suffix == ".parquet":
        pq.write_table(pa.table({"x": [1, 2, 3]}), file)
    else:
        file.write_text('{"name": "something else", "version": "1.0"}')


def _odd_json(file: Path, originals: Originals, rng: random.Random) -> None:
    odd = [
        "[" * 200_000, '{"a":' * 100_000, '"text"', "null", "[]", "{}", '{"schema_version": 1}', '{"schema_version": 1, "identity": 3}', "\x00",
        '{"schema_version": 2, "seal": []}', '{"name": "\\ud800"}', "9" * 5000, "{",
    ]  # fmt: skip
    file = _manifest(file)
    file.write_text(rng.choice(odd))


def _manifest(file: Path) -> Path:
    """Return the manifest of the store that a file is in, or the seals of a calibration."""
    return next(p / name for p in file.parents for name in ("manifest.json", kept.SEALS) if (p / name).is_file())


def _without_key(file: Path, originals: Originals, rng: random.Random) -> None:
    file = _manifest(file)

    def less(data: dict[str, Any]) -> dict[str, Any]:
        data.pop(rng.choice(list(data)))
        return data

    _json_changed(file, less)


def _not_utf8(file: Path, originals: Originals, rng: random.Random) -> None:
    file.write_bytes(b"\xff\xfe" + file.read_bytes())


def _strays(file: Path, originals: Originals, rng: random.Random) -> None:
    """Names that look like parts, beside the parts."""
    for name in (
        "shard-abc.parquet",
        "shard-0000000.parquet",
        f"shard-9999999-{'0' * 32}.parquet",
    ):
        (file.parent / name).write_bytes(file.read_bytes()[: rng.randrange(500)])
    (file.parent / "shard-directory.parquet").mkdir()


def _json_changed(file: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    file.write_text(json.dumps(change(json.loads(file.read_text())), indent=1))


DAMAGES: dict[str, Callable[[Path, Originals, random.Random], None]] = {
    "cut": _cut, "emptied": _emptied, "lengthened": _lengthened, "a sector of zeros": _zeroed, "gone": _gone, "its directory gone": _folder_gone,
    "a directory in its place": _directory, "a pipe in its place": _pipe, "a file for its directory": _file_for_folder,
    "a neighbour copied over it": _neighbour, "another seed's in its place": _stranger, "edited by hand": _by_hand, "foreign schema": _foreign,
    "a manifest that is odd JSON": _odd_json, "a manifest without a key": _without_key, "not UTF-8": _not_utf8, "strays beside it": _strays,
}  # fmt: skip
"""What may happen to a file, beside a bit that turns over."""


def _quiet(_: str) -> None:
    return
