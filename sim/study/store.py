"""The store of a sweep: a directory that is never half written, and whose parts prove, whenever they are read, that they are what was written.

::

    STORE/
      manifest.json       what the results depend on, and the seals of all below; written before the first run, and again with the table
      experiment.json     the experiment, and in scenarios/ what it runs: a store can be run again from itself
      design.parquet      a row a design point
      shards/             shard-0000000-DIGEST.parquet …: whole stretches of the runs, each written under another name, synced and renamed
      runs.parquet        all runs in order, once the sweep is complete; the shards are then gone
      sessions.jsonl      who worked on it, when, how fast: nothing here is part of the results
      damaged/            what was not what was written: set aside, and computed again

A shard's rows are a pure function of the experiment and the code, and ``runs.parquet`` is the shards one after another, cut into row groups by
count. So its bytes do not depend on who computed what, in which order, or how often the work was killed.

A shard carries its digest in its name, so it has its seal in the moment it has its name, however many there are; all others have theirs in the
manifest, which has its own.
"""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.study import seal
from sim.study.durable import ASIDE, HOLDER, LOCK, alone, put, put_bytes, set_aside
from sim.study.errors import StoreBusyError, StoreDamagedError, StoreError

__all__ = ["Store", "StoreBusyError", "StoreDamagedError", "StoreError"]

SCHEMA_VERSION = 2
UNSEALED_VERSION = 1
"""The version of stores that were not sealed yet: they can be read, and not gone on with."""
MANIFEST, RUNS, DESIGN, EXPERIMENT, SESSIONS = "manifest.json", "runs.parquet", "design.parquet", "experiment.json", "sessions.jsonl"
GROUP_ROWS = 65_536
_SHARD = re.compile(rf"shard-(\d{{7,}})-([0-9a-f]{{{seal.LENGTH}}})\.parquet")
_SHAPE = {
    "name": str, "claim": str, "identity": dict, "seed": int, "draws": str, "runs": list, "shards": int, "arms": list, "points": int,
    "factors": list, "outcomes": list,
}  # fmt: skip
"""What a manifest without a seal must have at least."""


class Store:
    """A store on disk.

    Args:
        path: Its directory.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.shards = self.path / "shards"
        self._file, self._table = self.path / MANIFEST, self.path / RUNS
        self._known: tuple[tuple[int, ...], dict[str, Any]] | None = None
        self._proven: dict[Path, tuple[tuple[int, ...], set[str]]] = {}

    @property
    def exists(self) -> bool:
        """Whether there is a store here."""
        return self._file.is_file()

    @property
    def complete(self) -> bool:
        """Whether every run of it has been computed and put into one table."""
        if not _stamp(self._file):
            return False
        manifest = self.manifest()
        return self._table.is_file() if manifest["schema_version"] == UNSEALED_VERSION else "table" in manifest

    @property
    def sealed(self) -> bool:
        """Whether it can prove that it is what was written; stores of the first version cannot."""
        return bool(self.manifest()["schema_version"] != UNSEALED_VERSION)

    def remedy(self, path: Path) -> str:
        """Return how to go on with a store in which something is damaged."""
        own = path.name in (MANIFEST, RUNS) or path.parent == self.shards
        # From its own copy of the experiment, unless it is that which is damaged.
        again = f"dilemma sweep {self.path / EXPERIMENT if own else 'EXPERIMENT'} --out {self.path} --resume"
        return f"nothing of it was read. Bring back a whole copy, or have what is damaged set aside and computed again: {again}"

    def manifest(self) -> dict[str, Any]:
        """Return the manifest.

        Raises:
            StoreDamagedError: If it is not what was written.
            StoreError: If there is none, or it is of a version of the store that this program does not know.
        """
        stamp = _stamp(self._file)
        if self._known is None or not stamp or self._known[0] != stamp:
            if not stamp and not os.path.lexists(self._file):
                what = "there is no such directory"
                if os.path.lexists(self.path):
                    what = "is no store (it has no manifest.json)" if self.path.is_dir() else "is a file, and a store is a directory"
                raise StoreError(f"{self.path}: {what}; `dilemma sweep EXPERIMENT --out DIR` makes one")
            self._known = stamp, self._read_manifest(self._file)
        return self._known[1]

    def _read_manifest(self, file: Path) -> dict[str, Any]:
        with self._remedied():
            text = seal.contents(file)
        try:
            found = json.loads(text.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise StoreDamagedError(file, f"is damaged: {' '.join(str(error).split())[:200]}", self.remedy(file)) from None
        version = found.get("schema_version") if isinstance(found, dict) else None
        if version == SCHEMA_VERSION and seal.holds(text):
            return dict(found)
        if not isinstance(version, int) or version == SCHEMA_VERSION or "seal" in found:
            raise StoreDamagedError(file, seal.OTHER, self.remedy(file))
        if version != UNSEALED_VERSION:
            raise StoreError(f"{self.path}: is a store of version {version}; this program reads versions {UNSEALED_VERSION} and {SCHEMA_VERSION}")
        wrong = next((name for name, kind in _SHAPE.items() if not isinstance(found.get(name), kind)), None)
        if wrong is not None:
            raise StoreDamagedError(file, f"is damaged: it tells no {wrong}", "bring back a whole copy, or sweep anew with --out DIR")
        return dict(found)

    def create(self, manifest: Mapping[str, Any], texts: Mapping[str, str], design: pa.Table, *, anew: bool = False) -> None:
        """Write what a store begins with; the manifest comes last, so a directory with one is whole.

        Args:
            manifest: The manifest, without seals.
            texts: Text files by their path in the store.
            design: A row a design point.
            anew: Whether the directory is known to be a store that lost some of this.

        Raises:
            StoreError: If the directory has other things in it.
            OSError: If it cannot be written.
        """
        if self.path.exists() and not anew:
            if not self.path.is_dir():
                raise StoreError(f"{self.path}: is a file; a store is a directory")
            # What an interrupted beginning may have left is not other things.
            own = {LOCK, HOLDER, EXPERIMENT, DESIGN, ASIDE, "shards", *(text.split("/")[0] for text in texts)}
            strangers = sorted(p.name for p in self.path.iterdir() if p.name not in own and not p.name.endswith(".tmp"))
            if strangers:
                raise StoreError(f"{self.path}: is no store, and not empty (it has {strangers[0]!r}); choose another directory with --out")
        self.shards.mkdir(parents=True, exist_ok=True)
        files = {}
        for name, text in texts.items():
            (self.path / name).parent.mkdir(exist_ok=True)
            put_bytes(self.path / name, text.encode("utf-8"))
            files[name] = seal.digest(text.encode("utf-8"))
        data = _parquet(design, compression="zstd")
        put_bytes(self.path / DESIGN, data)
        self.write_manifest({**manifest, "files": {**files, DESIGN: seal.digest(data)}})

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Seal a manifest and write it.

        Raises:
            OSError: If it cannot be written; the one before is then as it was.
        """
        put_bytes(self._file, seal.sealed({name: value for name, value in manifest.items() if name != "seal"}))

    def writing(self) -> AbstractContextManager[None]:
        """Be the only one who writes the store, for a while; see :func:`sim.study.durable.alone`."""
        return alone(self.path, "sweep")

    def set_aside(self, path: Path) -> Path:
        """Set aside what is damaged; see :func:`sim.study.durable.set_aside`."""
        return set_aside(self.path, path)

    def found_shards(self) -> list[Path]:
        """Return the shards that are there, in order, whole or not."""
        pattern = "shard-*" if self.sealed else "shard-*.parquet"
        return sorted(self.shards.glob(pattern))

    def shard_bytes(self, file: Path) -> tuple[int, bytes]:
        """Return the number of a shard, and what is in its file.

        Raises:
            StoreDamagedError: If it is not what was written, of this store and of this place in it.
            OSError: If it may not be read.
        """
        name = _SHARD.fullmatch(file.name)
        if name is None:
            raise StoreDamagedError(file, "is no shard")
        number = int(name[1])
        return number, seal.proven(file, name[2], self._key, seal.place("shard", number))

    def done(self, rows: Callable[[int], int | None], tell: Callable[[StoreDamagedError], object]) -> dict[int, tuple[Path, int]]:
        """Return the shards that are there and whole, by number: their file, and their number of rows.

        Args:
            rows: Returns how many rows a shard must have, None where that is not known before, 0 where there is no such shard.
            tell: Told what is not whole.
        """
        found: dict[int, tuple[Path, int]] = {}
        for leftover in [*self.path.glob("**/.*.tmp")]:
            with suppress(OSError):
                leftover.unlink()
        for file in self.found_shards():
            try:
                number, data = self.shard_bytes(file)
                count, wanted = pq.read_metadata(pa.BufferReader(data)).num_rows, rows(number)
                if number in found or count == 0 or (wanted is not None and count != wanted):
                    raise StoreDamagedError(file, "is no shard of this sweep")
                found[number] = file, count
            except StoreDamagedError as error:
                tell(error)
        return found

    def write_shard(self, number: int, table: pa.Table) -> Path:
        """Write a shard: under another name, synced, renamed to what tells its number and its digest.

        Raises:
            OSError: If the disk is full or the directory cannot be written; nothing is left half written.
        """
        # A shard is read once and goes: what keeps a file small or quick to search would cost more here than the runs of a small shard.
        words = [column.name for column in table.schema if pa.types.is_dictionary(column.type)]
        data = _parquet(table, compression="snappy", use_dictionary=words, write_statistics=False)
        found = seal.digest(self._key, seal.place("shard", number), data)
        file = self.shards / f"shard-{number:07d}-{found}.parquet"
        put_bytes(file, data)
        return file

    def compact(self, shards: list[Path]) -> None:
        """Make one table of all shards, in order, seal it, and let the shards go.

        Args:
            shards: Their files, in order.

        Raises:
            StoreDamagedError: If a shard is not what was written; the shards are then left as they are.
            OSError: If the table cannot be written; the shards are then left as they are.
        """

        def tables() -> Iterator[pa.Table]:
            for file in shards:
                with pq.ParquetFile(pa.BufferReader(self.shard_bytes(file)[1])) as shard:
                    yield shard.read(use_threads=False)

        with self._remedied():
            put(self._table, functools.partial(_write_grouped, tables()))
        # With the table there and its seal not, the sweep is not complete: the shards are still there, and the table is made again.
        self.write_manifest({**self.manifest(), "table": seal.table_seal(self._table)})
        self.clear_shards()

    def clear_shards(self) -> None:
        """Remove what the complete table has made superfluous."""
        for file in [*self.shards.glob("shard-*.parquet"), *self.shards.glob(".*.tmp")]:
            with suppress(OSError):
                file.unlink()
        with suppress(OSError):
            self.shards.rmdir()

    def check_table(self, columns: Iterable[str] | None = None) -> None:
        """Make sure that the complete table is what was written.

        Args:
            columns: The columns that will be read; all where absent.

        Raises:
            StoreDamagedError: If it is anything else.
        """
        table = self.manifest()["table"]
        wanted = set(table["columns"]) if columns is None else set(columns) & set(table["columns"])
        self._prove(self._table, {"", *wanted}, lambda parts: seal.check_table(self._table, table, parts - {""}))

    def columns(self) -> list[str] | None:
        """Return the columns of the complete table, or None where its seal does not tell."""
        return list(self.manifest()["table"]["columns"]) if self.sealed and self.complete else None

    def checked(self, columns: Iterable[str] | None = None) -> list[Path]:
        """Return the files that hold the runs, after making sure that what will be read of them is what was written.

        Args:
            columns: The columns that will be read; all where absent.

        Raises:
            StoreDamagedError: If it is anything else.
            StoreError: If there is no run yet.
        """
        if self.complete:
            if self.sealed:
                self.check_table(columns)
            return [self._table]
        files = self.found_shards()
        if not files:
            raise StoreError(f"{self.path}: has no runs yet; go on with the sweep with --resume")
        if self.sealed:
            for file in files:
                self._prove(file, {""}, functools.partial(self._check_shard, file))
        return files

    def check_file(self, name: str) -> Path:
        """Return a file that the store began with, after making sure that it is what was written.

        Args:
            name: Its path in the store.

        Raises:
            StoreDamagedError: If it is anything else.
        """
        file = self.path / name
        if self.sealed:
            self._prove(file, {""}, lambda _: seal.proven(file, self.manifest()["files"].get(name, "")))
        return file

    def _check_shard(self, file: Path, _: set[str]) -> None:
        self.shard_bytes(file)

    def _prove(self, file: Path, parts: set[str], check: Callable[[set[str]], object]) -> None:
        """Check parts of a file, but for those that were found whole before, if it has not changed since."""
        now = _stamp(file)
        before, known = self._proven.get(file, ((), set()))
        left = parts if not now or before != now else parts - known
        if not left:
            return
        with self._remedied():
            check(left)
        self._proven[file] = now, parts | (known if before == now else set())

    def note_session(self, facts: Mapping[str, Any]) -> None:
        """Add a line about who worked on the store."""
        with (self.path / SESSIONS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(facts, ensure_ascii=False) + "\n")

    def sessions(self) -> list[dict[str, Any]]:
        """Return who worked on the store, oldest first."""
        try:
            lines = (self.path / SESSIONS).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
        found = []
        for line in lines:
            # A session that was killed may have left half a line.
            with suppress(ValueError):
                found.append(json.loads(line))
        return found

    @contextmanager
    def _remedied(self) -> Iterator[None]:
        """Tell with what is damaged how to go on."""
        try:
            yield
        except StoreDamagedError as error:
            raise StoreDamagedError(error.path, error.reason, self.remedy(error.path)) from None

    @property
    def _key(self) -> bytes:
        """What binds a shard to this store."""
        return seal.key(self.manifest()["identity"])


def _parquet(table: pa.Table, **how: Any) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **how)
    return sink.getvalue().to_pybytes()


def _write_grouped(tables: Iterable[pa.Table], path: Path) -> None:
    """Write tables one after another, in row groups of :data:`GROUP_ROWS`, whatever the tables' own sizes; memory does not grow with their number."""
    held: list[pa.Table] = []
    rows, writer = 0, None
    try:
        for table in tables:
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            held.append(table)
            rows += table.num_rows
            while rows >= GROUP_ROWS:
                whole = pa.concat_tables(held)
                writer.write_table(whole.slice(0, GROUP_ROWS), row_group_size=GROUP_ROWS)
                # A copy of what is left over, or it would keep all of it in memory.
                held = [pa.Table.from_batches(whole.slice(GROUP_ROWS).combine_chunks().to_batches(), schema=table.schema)]
                rows -= GROUP_ROWS
        if rows and writer is not None:
            writer.write_table(pa.concat_tables(held), row_group_size=GROUP_ROWS)
    finally:
        if writer is not None:
            writer.close()


def _stamp(file: Path) -> tuple[int, ...]:
    """Return what of a file changes when it is written again; nothing where it cannot be asked."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
