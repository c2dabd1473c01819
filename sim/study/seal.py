"""Seals: digests by which what is read proves that it is what was written, in the place where it was written.

A digest is the XXH3 of 128 bits, which is quicker than memory, so that proving costs next to nothing beside reading. What is sealed is bound to
a *key*, the digest of all that the results of a store depend on, and to its own place there; so a whole file of another seed, or of another place
in the same store, is as wrong as one with a bit turned over. Seals find accidents and slips. They are no signature: whoever rewrites a file on
purpose can seal it anew.

A table of runs has a digest for each column of each row group, so that reading three columns of a hundred costs the digests of three.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterable, Mapping
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xxhash

from sim.study.errors import StoreDamagedError

if TYPE_CHECKING:
    import pyarrow.parquet as pq

LENGTH = 32
"""Hexadecimal digits of a digest."""
OTHER = "is not what was written (its digest is another)"
_GONE = {errno.ENOENT: "is missing", errno.ENOTDIR: "is missing", errno.EIO: "cannot be read: the disk failed"}
_LAST = ' "seal": "{}"\n}}\n'
"""How the text of a sealed file ends."""
_HEAD = 4
"""Bytes before the first column of a Parquet file."""


def digest(*parts: Any) -> str:
    """Return the digest of bytes, given in parts: bytes, or anything that shows itself as bytes."""
    found = xxhash.xxh3_128()
    for part in parts:
        found.update(part)
    return found.hexdigest()


def canonical(data: Any) -> bytes:
    """Return plain data as bytes that depend on what it says alone, not on its order or spacing."""
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode("ascii")


def key(identity: Mapping[str, Any]) -> bytes:
    """Return what binds the parts of a store to it: from all that its results depend on."""
    return digest(canonical(identity)).encode("ascii")


def sealed(data: Mapping[str, Any]) -> bytes:
    """Return plain data as the text of a JSON file whose last entry, ``seal``, is the digest of all before it."""
    text = json.dumps({**data, "seal": ""}, indent=1, ensure_ascii=False) + "\n"
    body = text.removesuffix(_LAST.format("")).encode("utf-8")
    return body + _LAST.format(digest(body)).encode("ascii")


def holds(text: bytes) -> bool:
    """Return whether a sealed text is what was sealed, to the last bit."""
    body = text[: -len(_LAST.format("0" * LENGTH))]
    return text[len(body) :] == _LAST.format(digest(body)).encode("ascii")


def place(name: str, number: int) -> bytes:
    """Return how a part of a store is bound to its place: what it is, and the number it has."""
    return f" {name} {number} ".encode("ascii")


def contents(path: Path) -> bytes:
    """Return what is in a file.

    Raises:
        StoreDamagedError: If it is missing, no file, or on a disk that fails.
        OSError: If it may not be read.
    """
    with opened(path) as file:
        try:
            return file.read()
        except OSError as error:
            raise _told(path, error) from None


def opened(path: Path) -> FileIO:
    """Return a file opened for reading, without a buffer; see :func:`contents` for what it raises."""
    try:
        # A pipe in its place would be waited for.
        if not stat.S_ISREG(path.stat().st_mode):
            raise StoreDamagedError(path, "is a directory" if path.is_dir() else "is no file")
        return path.open("rb", buffering=0)
    except OSError as error:
        raise _told(path, error) from None


def proven(path: Path, expected: str, *bound: bytes) -> bytes:
    """Return what is in a file, if it is what was written.

    Args:
        path: The file.
        expected: Its digest.
        bound: What it was bound to: the store's key and its place.

    Raises:
        StoreDamagedError: If it is anything else.
        OSError: If it may not be read.
    """
    found = contents(path)
    if digest(*bound, found) != expected:
        raise StoreDamagedError(path, OTHER if found else "is empty")
    return found


def table_seal(path: Path) -> dict[str, Any]:
    """Return the seal of a table of runs: its size, and the digests of what describes it and of each column of each row group.

    Args:
        path: A Parquet file.
    """
    import pyarrow.parquet as pq

    with opened(path) as file:
        meta = pq.read_metadata(file)
        size = os.fstat(file.fileno()).st_size
        columns: dict[str, list[tuple[int, int, str]]] = {}
        for k, name in enumerate(meta.schema.names):
            spans = [_span(meta, group, k) for group in range(meta.num_row_groups)]
            columns[name] = [(*span, digest(_part(file, *span))) for span in spans]
        end = max((start + length for parts in columns.values() for start, length, _ in parts), default=_HEAD)
        return {"bytes": size, "rows": meta.num_rows, "data": end, "frame": _frame(file, size, end), "columns": columns}


def check_table(path: Path, seal: Mapping[str, Any], columns: Iterable[str] | None = None) -> None:
    """Make sure that a table of runs is what was written.

    Args:
        path: The Parquet file.
        seal: Its seal, from :func:`table_seal`.
        columns: The columns that will be read; all where absent.

    Raises:
        StoreDamagedError: If it is anything else.
        OSError: If it may not be read.
    """
    with opened(path) as file:
        try:
            size = os.fstat(file.fileno()).st_size
            if size != seal["bytes"]:
                raise StoreDamagedError(path, f"has {size:,} bytes, and {seal['bytes']:,} were written" if size else "is empty")
            if _frame(file, size, seal["data"]) != seal["frame"]:
                raise StoreDamagedError(path, OTHER)
            parts = {name: seal["columns"][name] for name in (seal["columns"] if columns is None else columns)}
            # One piece of memory for all: to ask for it again and again would cost more than the digests.
            memory = memoryview(bytearray(max((length for spans in parts.values() for _, length, _ in spans), default=0)))
            for name, spans in parts.items():
                for start, length, expected in spans:
                    file.seek(start)
                    if digest(memory[: file.readinto(memory[:length])]) != expected:
                        raise StoreDamagedError(path, f"has another {name} than was written (its digest is another)")
        except OSError as error:
            raise _told(path, error) from None


def _span(meta: pq.FileMetaData, group: int, column: int) -> tuple[int, int]:
    """Return where a column of a row group begins, and its length, in bytes."""
    chunk = meta.row_group(group).column(column)
    start = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
    return start, chunk.total_compressed_size


def _part(file: FileIO, start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)


def _frame(file: FileIO, size: int, end: int) -> str:
    """Return the digest of what is around the columns."""
    return digest(_part(file, 0, _HEAD), _part(file, end, size - end))


def _told(path: Path, error: OSError) -> OSError | StoreDamagedError:
    """Return what the system says of a file as damage, where it is that."""
    return StoreDamagedError(path, _GONE[error.errno]) if error.errno in _GONE else error
