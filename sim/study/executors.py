"""Where shards are computed: threads of this process, processes beside it, or a Dask cluster, all behind ``concurrent.futures``.

Nothing of the host program is changed: processes are started through a context of their own, and the Dask client is not made the default.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import signal
import socket
import threading
from asyncio import CancelledError
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sim.study.work import Engine

ANSWER_SECONDS = 15
_ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?(?P<host>[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})")


class NoClusterError(ValueError):
    """The cluster cannot be used; the message says why."""


@dataclass(frozen=True)
class Workers:
    """Workers that are ready.

    Attributes:
        executor: Where tasks are submitted.
        count: How many run at once.
        kind: What they are, in words.
        scheduler: The Dask scheduler's address, where there is one.
    """

    executor: Executor
    count: int
    kind: str
    scheduler: str | None = None

    def abandon(self) -> None:
        """Let go of what is running, without waiting for it."""
        if isinstance(self.executor, ProcessPoolExecutor):
            for child in multiprocessing.active_children():
                child.terminate()
        self.executor.shutdown(wait=False)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def workers(engine: Engine, count: int | None = None, cluster: str | None = None) -> Iterator[Workers]:
    """Have workers for a while.

    Args:
        engine: The compiled engine runs in threads, since it leaves the interpreter's lock alone; the Mesa model runs in processes.
        count: How many; all cores where absent. A cluster has as many as it has.
        cluster: Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises:
        NoClusterError: If no scheduler answers there, it has no workers, or Dask is not installed.
    """
    if cluster is not None:
        with _cluster(cluster) as found:
            yield found
        return
    many = count or cores()
    if engine == "compiled":
        with ThreadPoolExecutor(many, thread_name_prefix="dilemma") as threads:
            yield Workers(threads, many, "thread")
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(many, mp_context=context, initializer=_begin_process) as processes:
        yield Workers(processes, many, "process")


def _begin_process() -> None:
    """Make a worker process leave Ctrl-C to its parent, and end when its parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def _somebody_listens(address: str) -> None:
    """Refuse what is no address, and one at which nobody listens: Dask itself goes on trying, for as long as it may wait.

    Raises:
        NoClusterError: If nobody does.
    """
    found = _ADDRESS.fullmatch(address)
    if not found or not 0 < int(found["port"]) < 65_536:
        raise NoClusterError(f"{address[:60]!r} is no address of a scheduler; one looks like tcp://10.0.0.1:8786")
    try:
        with socket.create_connection((found["host"].strip("[]"), int(found["port"])), timeout=ANSWER_SECONDS) as there:
            # A scheduler is the first to speak; with encryption the client is.
            if not address.startswith(("tls", "ws")) and not there.recv(1):
                raise OSError("whoever listens there hangs up")
    except (OSError, UnicodeError) as error:
        raise NoClusterError(f"no scheduler answers at {address} ({getattr(error, 'strerror', None) or error})") from None


@contextmanager
def _quiet_farewell() -> Iterator[None]:
    """Have Dask not print the traceback of a connection that broke: whoever waits for its runs is told, and tells it in a sentence."""

    def other(record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], CancelledError | OSError))

    speaker = logging.getLogger("distributed.client")
    speaker.addFilter(other)
    try:
        yield
    finally:
        speaker.removeFilter(other)


@contextmanager
def _cluster(address: str) -> Iterator[Workers]:
    try:
        from dask.distributed import Client
    except ImportError:
        raise NoClusterError("a cluster needs Dask; install it with, in a clone: pip install '.[cluster]'") from None
    _somebody_listens(address)
    with _quiet_farewell():
        try:
            client = Client(address, timeout=ANSWER_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise NoClusterError(f"no scheduler answers at {address} ({' '.join(str(error).split()) or type(error).__name__})") from None
        try:
            with suppress(TimeoutError):
                client.wait_for_workers(1, timeout=ANSWER_SECONDS)
            count = sum(client.nthreads().values())
            if not count:
                raise NoClusterError(f"the scheduler at {address} has no workers; start some with: dask worker {address}")
            # Two runs of one task are the same run, but a task whose result was let go of must be run again, not looked up.
            yield Workers(client.get_executor(pure=False), count, "cluster thread", address)
        finally:
            client.close()
