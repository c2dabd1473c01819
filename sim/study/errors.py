"""What can be wrong with a store, in words for whoever asked."""

from __future__ import annotations

import os
from pathlib import Path


class StoreError(ValueError):
    """A store cannot be used as it was asked; the message says why and how to go on."""


class StoreBusyError(StoreError):
    """Another process is writing the store."""


class StoreDamagedError(StoreError):
    """Something in a store is not what was written there, so nothing of it was read.

    Args:
        path: What is damaged.
        reason: What is wrong with it, to be read after its name: "is missing".
        remedy: How to go on.

    Attributes:
        path: What is damaged.
        reason: What is wrong with it.
    """

    def __init__(self, path: str | os.PathLike[str], reason: str, remedy: str = "") -> None:
        super().__init__(f"{path}: {reason}" + (f"; {remedy}" if remedy else ""))
        self.path, self.reason = Path(path), reason


class UnsealedStoreWarning(UserWarning):
    """A store was written before stores were sealed: nobody can tell whether it is what was written."""
