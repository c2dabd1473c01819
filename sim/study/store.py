"""The store of a sweep: a directory that is never half written.

::

    STORE/
      manifest.json       what the results depend on; written once, before the first run
      experiment.json     the experiment, and in scenarios/ what it runs: a store can be run again from itself
      design.parquet      a row a design point
      shards/             shard-0000000.parquet …: whole stretches of the runs, each written under another name, synced and renamed
      runs.parquet        all runs in order, once the sweep is complete; the shards are then gone
      sessions.jsonl      who worked on it, when, how fast: nothing here is part of the results

A shard's rows are a pure function of the experiment and the code, and ``runs.parquet`` is the shards one after another, cut into row groups by
count. So its bytes do not depend on who computed what, in which order, or how often the work was killed.
"""

from __future__ import annotations

import functools
import json
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA_VERSION = 1
MANIFEST, RUNS, DESIGN, EXPERIMENT, SESSIONS = "manifest.json", "runs.parquet", "design.parquet", "experiment.json", "sessions.jsonl"
GROUP_ROWS = 65_536
_LOCK, _HOLDER = ".lock", ".writer.json"


class StoreError(ValueError):
    """A store cannot be used as it was asked; the message says why and how to go on."""


class StoreBusyError(StoreError):
    """Another sweep is writing the store."""


class Store:
    """A store on disk.

    Args:
        path: Its directory.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.shards = self.path / "shards"

    @property
    def exists(self) -> bool:
        """Whether there is a store here."""
        return (self.path / MANIFEST).is_file()

    @property
    def complete(self) -> bool:
        """Whether every run of it is there, in one table."""
        return (self.path / RUNS).is_file()

    def manifest(self) -> dict[str, Any]:
        """Return the manifest.

        Raises:
            StoreError: If there is none, it cannot be read, or it is of another version of the store.
        """
        file = self.path / MANIFEST
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            what = "is no store (it has no manifest.json)" if self.path.is_dir() else "there is no such directory"
            raise StoreError(f"{self.path}: {what}; `dilemma sweep EXPERIMENT --out DIR` makes one") from None
        except ValueError as error:
            raise StoreError(f"{file}: is damaged: {error}") from None
        if not isinstance(found, dict) or found.get("schema_version") != SCHEMA_VERSION:
            version = found.get("schema_version") if isinstance(found, dict) else None
            raise StoreError(f"{self.path}: is a store of version {version}; this program reads version {SCHEMA_VERSION}")
        return found

    def create(self, manifest: Mapping[str, Any], texts: Mapping[str, str], design: pa.Table) -> None:
        """Write what a store begins with; the manifest comes last, so a directory with one is whole.

        Args:
            manifest: The manifest.
            texts: Text files by their path in the store.
            design: A row a design point.

        Raises:
            StoreError: If the directory has other things in it.
            OSError: If it cannot be written.
        """
        if self.path.exists():
            if not self.path.is_dir():
                raise StoreError(f"{self.path}: is a file; a store is a directory")
            # What an interrupted beginning may have left is not other things.
            own = {_LOCK, _HOLDER, EXPERIMENT, DESIGN, "shards", *(text.split("/")[0] for text in texts)}
            strangers = sorted(p.name for p in self.path.iterdir() if p.name not in own and not p.name.endswith(".tmp"))
            if strangers:
                raise StoreError(f"{self.path}: is no store, and not empty (it has {strangers[0]!r}); choose another directory with --out")
        self.shards.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (self.path / name).parent.mkdir(exist_ok=True)
            self._put(self.path / name, functools.partial(_write_text, text))
        self._put(self.path / DESIGN, lambda p: pq.write_table(design, p, compression="zstd"))
        self._put(self.path / MANIFEST, functools.partial(_write_text, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who writes the store, for a while. Whoever is killed holds it no longer.

        Raises:
            StoreBusyError: If another sweep is writing it.
            OSError: If the directory cannot be made or written.
        """
        from filelock import FileLock, Timeout

        self.path.mkdir(parents=True, exist_ok=True)
        lock, holder = FileLock(self.path / _LOCK, timeout=0), self.path / _HOLDER
        try:
            lock.acquire()
        except Timeout:
            who = ""
            with suppress(OSError, ValueError, KeyError):
                told = json.loads(holder.read_text(encoding="utf-8"))
                who = f" (process {told['process']} on {told['host']}, since {told['since']})"
            raise StoreBusyError(
                f"{self.path}: another sweep is writing this store{who}; wait for it, or choose another directory with --out"
            ) from None
        try:
            told = {"process": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
            holder.write_text(json.dumps(told) + "\n", encoding="utf-8")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    def shard(self, number: int) -> Path:
        """Return the file of a shard."""
        return self.shards / f"shard-{number:07d}.parquet"

    def done(self, rows: Callable[[int], int | None]) -> dict[int, int]:
        """Return the shards that are there, with their number of rows; what is not whole is removed.

        Args:
            rows: Returns how many rows a shard must have, or None where that is not known before.
        """
        found = {}
        for leftover in [*self.path.glob("**/.*.tmp")]:
            leftover.unlink(missing_ok=True)
        for file in sorted(self.shards.glob("shard-*.parquet")):
            number = int(file.stem.removeprefix("shard-"))
            try:
                count = pq.read_metadata(file).num_rows
            except (pa.ArrowException, OSError):
                count = -1
            wanted = rows(number)
            if count < 0 or (wanted is not None and count != wanted):
                file.unlink()
            else:
                found[number] = count
        return found

    def write_shard(self, number: int, table: pa.Table) -> None:
        """Write a shard: under another name, synced, renamed.

        Raises:
            OSError: If the disk is full or the directory cannot be written; nothing is left half written.
        """
        # A shard is read once and goes: what keeps a file small or quick to search would cost more here than the runs of a small shard.
        words = [column.name for column in table.schema if pa.types.is_dictionary(column.type)]
        self._put(self.shard(number), lambda p: pq.write_table(table, p, compression="snappy", use_dictionary=words, write_statistics=False))

    def compact(self, count: int) -> None:
        """Make one table of all shards, in order, and let the shards go.

        Args:
            count: Number of shards; all must be there.

        Raises:
            OSError: If it cannot be written; the shards are then left as they are.
        """

        def write(path: Path) -> None:
            schema = pq.read_schema(self.shard(0))
            with pq.ParquetWriter(path, schema, compression="zstd") as writer:
                held: list[pa.Table] = []
                rows = 0
                for number in range(count):
                    with pq.ParquetFile(self.shard(number)) as shard:
                        held.append(shard.read(use_threads=False))
                    rows += held[-1].num_rows
                    while rows >= GROUP_ROWS:
                        whole = pa.concat_tables(held)
                        writer.write_table(whole.slice(0, GROUP_ROWS), row_group_size=GROUP_ROWS)
                        # A copy of what is left over, or it would keep all of it in memory.
                        held = [pa.Table.from_batches(whole.slice(GROUP_ROWS).combine_chunks().to_batches(), schema=schema)]
                        rows -= GROUP_ROWS
                if rows or count == 0:
                    writer.write_table(pa.concat_tables(held), row_group_size=GROUP_ROWS)

        self._put(self.path / RUNS, write)
        self.clear_shards()

    def clear_shards(self) -> None:
        """Remove what the complete table has made superfluous."""
        for file in self.shards.glob("*"):
            file.unlink(missing_ok=True)
        with suppress(OSError):
            self.shards.rmdir()

    def note_session(self, facts: Mapping[str, Any]) -> None:
        """Add a line about who worked on the store."""
        with (self.path / SESSIONS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(facts, ensure_ascii=False) + "\n")

    def sessions(self) -> list[dict[str, Any]]:
        """Return who worked on the store, oldest first."""
        try:
            lines = (self.path / SESSIONS).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            # A session that was killed may have left half a line.
            with suppress(ValueError):
                found.append(json.loads(line))
        return found

    def _put(self, path: Path, write: Callable[[Path], object]) -> None:
        """Write a file under another name, make it durable, and give it its name."""
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            write(temporary)
            descriptor = os.open(temporary, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.replace(temporary, path)
        except BaseException as error:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.filename is None:
                # Arrow's errors name no file; ours do.
                raise type(error)(error.errno, error.strerror or str(error), str(path)) from None
            raise
        _sync_directory(path.parent)


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def _sync_directory(path: Path) -> None:
    """Make a rename durable, where the system lets one."""
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
