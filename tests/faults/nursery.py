"""Commands in processes of their own that can be killed, starved and deceived, each begun within milliseconds."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

NURSERY = """
import gc, itertools, json, os, random, resource, signal, sys, time
from sim.cli import main
from sim.study.work import warm
import filelock, pyarrow.dataset
import sim.evidence.inference, sim.show.calibration_text, sim.study.compare, sim.study.sweep, sim.study.variance, sim.study.verify
try: import sklearn.tree
except ImportError: pass
# Figures take seconds, and nothing is read from them.
sim.show.calibration_text.write_figures = lambda found, folder: []
if "--cluster" in sys.argv: import dask.distributed
warm()
# A child that looks through all of this for garbage has to copy it first.
gc.collect()
gc.freeze()
print("ready", flush=True)

def jumping(real, most):
    offsets = random.Random(1)
    return lambda: real() + offsets.uniform(-most, most)

def child(given):
    # A suite that was started in the background would leave its children deaf to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if given["limit"] is not None: resource.setrlimit(resource.RLIMIT_FSIZE, (given["limit"],) * 2)
    if given["jump"] is not None: time.time, time.monotonic = jumping(time.time, given["jump"]), jumping(time.monotonic, given["jump"])
    if given["user"] is not None and os.geteuid() == 0:
        # What a command loads when it is run first, a user who may not read the interpreter's own files need not load.
        main(given["first"])
        os.setuid(given["user"])
    return main(given["arguments"])

for line in sys.stdin:
    given = json.loads(line)
    one = os.fork()
    if not one:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666), 2)
        code = 99
        try:
            code = child(given)
        except BaseException:
            import traceback
            traceback.print_exc()
        finally:
            os._exit(code)
    for after, number in given["signals"]:
        # Nobody else waits for the child: if it has ended it is a zombie still, and the signal hits no stranger.
        time.sleep(after)
        os.kill(one, number)
    _, status = os.waitpid(one, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class Nursery:
    """A process that has loaded everything and forks a child for each command.

    Args:
        log: File that takes what the commands say on standard error.
        extra: Arguments that all of them will have, as far as they need something loaded: ``--cluster``.
    """

    def __init__(self, log: Path, extra: list[str] | None = None) -> None:
        self.log = log
        command = [sys.executable, "-c", NURSERY, str(log), *(extra or [])]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def run(self, arguments: list[str], kill_after: float | None = None, **how: Any) -> int:
        """Run the command in a child; return its exit code, negative if it was killed.

        Args:
            arguments: The command's arguments.
            kill_after: Seconds after which it is killed.
            how: ``signals``, pairs of seconds to wait and a signal; ``limit``, the largest file in bytes; ``user``, whose rights it has, after the
                command ``first`` was run without; ``jump``, by how many seconds the clock may be off whenever it is asked.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        signals = [] if kill_after is None else [(kill_after, int(signal.SIGKILL))]
        given = {"arguments": arguments, "signals": signals, "limit": None, "user": None, "jump": None, **how}
        self.process.stdin.write(json.dumps(given) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def said(self) -> str:
        """Return what was said on standard error since this was asked last."""
        found = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        self.log.unlink(missing_ok=True)
        return found

    def close(self) -> None:
        """Let the process go."""
        self.process.communicate()
