"""The package installs anywhere: it is built, installed as a stranger would, and tried, on every Python that is found here.

    python -m tests.installs                                   # all of it; needs a package registry, and some minutes
    python -m tests.installs --pythons 3.12 --only pip web

For each Python there are empty environments: the wheel by venv and pip, as the README says; the source distribution; each extra alone; all of them
together; what ``requirements.lock`` names, by its hashes; and, on the oldest Python, the lowest versions that pyproject.toml allows. In each,
packages must fit one another (``pip check``), and the package must be read from there and work: with an empty home, from an empty directory, and
without git or anything else on the path. ``dilemma run aqim --seed 1 --json`` must say the same everywhere, but for the versions it was run with; by
the Mesa model, so that no rulebook is compiled (``--compiled`` compiles one for each Python, and compares that too). The exit code is 1 if anything
fails.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""Versions that are looked for; the first is the oldest that the package takes."""
LOCK = ROOT / "requirements.lock"
LOCKED = ("cluster", "evidence", "web", "xarray")
"""Extras whose packages the lock names; the others pin versions of their own, or are for those who change the package."""
RUN_WITH = ("libraries", "python", "machine", "system", "c_library")
"""Of a history's provenance, what may differ from one environment to the next."""
TRIES = {
    "viz": "import sim.show.solara_app",
    "cluster": """
from dask.distributed import Client
with Client(processes=False, n_workers=1, dashboard_address=None) as client:
    assert client.submit(len, "ab").result() == 2
""",
    "xarray": """
import sim
if __name__ == "__main__":
    factors = {"percolation": {"values": [0.1]}}
    study = {"name": "s", "claim": "c", "scenario": "dilemma-101", "factors": factors, "design": {"kind": "grid"}, "replicates": 2}
    assert sim.sweep(study, "store", engine="mesa", workers=1).to_xarray()["survived"].size == 2
""",
    "evidence": "from sim.evidence.forests import require; require()",
    "web": """
import socket, subprocess, sys, time, urllib.request
from pathlib import Path
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
page = b""
server = subprocess.Popen([Path(sys.executable).with_name("dilemma"), "teach", "--no-browser", "--port", str(port)])
try:
    # The first start compiles the rulebook.
    for _ in range(600):
        assert server.poll() is None, "the page's server ended"
        try:
            page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).read()
            break
        except OSError:
            time.sleep(0.5)
finally:
    server.terminate()
assert b"dilemma" in page.lower()
""",
    "docs": "import furo, myst_nb, sphinx.application",
    "test": "import hypothesis, mypy, pytest, ruff",
}
"""What an extra is for, tried by a few lines."""


class Failed(Exception):
    """Something does not hold; the message says what."""


class Environment(NamedTuple):
    """An environment of its own: where it is, and the Python it was made of."""

    folder: Path
    version: str

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def run(self, *command: str | Path, network: bool = False) -> str:
        """Run a command of it with an empty home, in a directory of its own, with nothing else on the path; return what it printed.

        Raises:
            Failed: If it does not exit with 0.
        """
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if network and name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        # What is downloaded once serves every environment; the home that the package sees is empty.
        told = subprocess.run(
            [str(self.folder / "bin" / command[0]) if isinstance(command[0], str) else str(command[0]), *map(str, command[1:])],
            cwd=home, env={**kept, "PATH": str(self.folder / "bin"), "LANG": "C.UTF-8", **({} if network else {"HOME": str(home)})},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if told.returncode:
            raise Failed(f"{' '.join(map(str, command))[:160]}\n{(told.stderr or told.stdout)[-1500:]}")
        return told.stdout


class Bench:
    """Where environments are made: the two distributions, and the installers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools = Environment(folder / "tools", "tools")
        subprocess.run([sys.executable, "-m", "venv", str(self.tools.folder)], check=True)
        self.tools.run("python", "-m", "pip", "install", "-q", "build", "uv", network=True)
        self.tools.run("python", "-m", "build", "-q", "--outdir", folder / "dist", ROOT, network=True)
        (self.wheel,) = (folder / "dist").glob("*.whl")
        (self.sdist,) = (folder / "dist").glob("*.tar.gz")

    def empty(self, name: str, python: Path, version: str) -> Environment:
        """Return an empty environment."""
        made = Environment(self.folder / f"{version}-{name}", version)
        self.tools.run("uv", "venv", "-q", "--python", python, made.folder, network=True)
        return made

    def install(self, there: Environment, *what: str | Path) -> None:
        """Install into an environment, and have packages fit one another."""
        self.tools.run("uv", "pip", "install", "-q", "--python", there.python, *what, network=True)
        self.tools.run("uv", "pip", "check", "-q", "--python", there.python, network=True)

    def discard(self, there: Environment) -> None:
        """Make room for the next."""
        shutil.rmtree(there.folder)


def found(version: str) -> Path | None:
    """Return an interpreter of a version that can make environments, or None."""
    candidates = [Path(sys.executable), *sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"), reverse=True)]
    named = shutil.which(f"python{version}")
    for candidate in candidates + ([Path(named)] if named else []):
        asked = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2], sys.executable)"
        told = subprocess.run([str(candidate), "-c", asked], capture_output=True, text=True, check=False)
        if told.returncode == 0 and told.stdout.split()[0] == version:
            return Path(told.stdout.split(maxsplit=1)[1].strip())
    return None


def works(there: Environment) -> None:
    """Try what everybody needs.

    Raises:
        Failed: If it is read from elsewhere, has another version, or does not work.
    """
    where = there.run("python", "-c", "import sim; print(sim.__file__)").strip()
    if not Path(where).is_relative_to(there.folder):
        raise Failed(f"sim is read from {where}")
    if PROJECT["version"] not in there.run("dilemma", "--version"):
        raise Failed(f"dilemma --version does not say {PROJECT['version']}")
    if "aqim" not in there.run("dilemma", "list"):
        raise Failed("dilemma list does not list aqim")
    there.run("dilemma", "check", "aqim")


def history(there: Environment, engine: str = "mesa") -> str:
    """Return a digest of a history as a program reads it, without what it was run with."""
    return digest(there.run("dilemma", "run", "aqim", "--seed", "1", "--engine", engine, "--json"))


def digest(text: str) -> str:
    """Return a digest of a history that was printed as JSON, without what it was run with."""
    data = json.loads(text)
    for name in RUN_WITH:
        del data["provenance"][name]
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


def by_pip(bench: Bench, python: Path, version: str) -> Environment:
    """Install the wheel as the README does: venv and pip."""
    there = Environment(bench.folder / f"{version}-pip", version)
    subprocess.run([str(python), "-m", "venv", str(there.folder)], check=True)
    there.run("pip", "install", "-q", "--disable-pip-version-check", bench.wheel, network=True)
    there.run("pip", "check")
    return there


def by_source(bench: Bench, python: Path, version: str) -> Environment:
    """Install the source distribution, which is built on the way."""
    there = bench.empty("sdist", python, version)
    bench.install(there, bench.sdist)
    return there


def by_lock(bench: Bench, python: Path, version: str) -> Environment:
    """Install what the lock names and nothing else, each file with a hash that the lock has."""
    there = bench.empty("lock", python, version)
    bench.tools.run("uv", "pip", "install", "-q", "--require-hashes", "--python", there.python, "-r", LOCK, network=True)
    bench.install(there, "--no-deps", bench.wheel)
    return there


def at_the_lowest(bench: Bench, python: Path, version: str) -> Environment:
    """Install the lowest versions that pyproject.toml allows."""
    there = bench.empty("lowest", python, version)
    bench.install(there, "--resolution", "lowest-direct", f"{bench.wheel}[{','.join(LOCKED)}]")
    return there


def with_extras(*extras: str) -> Callable[[Bench, Path, str], Environment]:
    """Return what installs the wheel with extras, and tries each."""

    def install(bench: Bench, python: Path, version: str) -> Environment:
        there = bench.empty("-".join(extras)[:20], python, version)
        bench.install(there, f"{bench.wheel}[{','.join(extras)}]")
        for extra in extras:
            try:
                # In a file: what starts processes must be one.
                file = there.folder / "try.py"
                file.write_text(TRIES[extra], encoding="utf-8")
                there.run("python", file)
            except Failed as failed:
                raise Failed(f"[{extra}]: {failed}") from None
        return there

    return install


WAYS: dict[str, Callable[[Bench, Path, str], Environment]] = {
    "pip": by_pip,
    "sdist": by_source,
    **{extra: with_extras(extra) for extra in TRIES},
    "all extras": with_extras(*TRIES),
    "lock": by_lock,
    "lowest": at_the_lowest,
}
"""Ways to install it."""
COMPARED = ("pip", "sdist", "all extras", "lock", "lowest")
"""Ways after which a history is told and compared."""


def rows(bench: Bench, pythons: dict[str, Path | None], ways: list[str], compiled: bool) -> Iterator[tuple[str, str, str, float, str]]:
    """Do it; give, one after another, version, way, ``ok`` or what failed, seconds, and the digest of a history or nothing."""
    for version, python in pythons.items():
        for way in ways if python else []:
            if way == "lowest" and version != next(v for v, p in pythons.items() if p):
                continue
            began, told = time.monotonic(), ""
            try:
                there = WAYS[way](bench, python, version)
                works(there)
                if way in COMPARED:
                    told = history(there)
                if compiled and way == "pip" and (other := history(there, "compiled")) != told:
                    raise Failed(f"the compiled engine tells another history ({other}) than the Mesa model ({told})")
                bench.discard(there)
                said = "ok"
            except (Failed, subprocess.CalledProcessError) as failed:
                said = str(failed)
            yield version, way, said, time.monotonic() - began, told


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 if all holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.installs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pythons", nargs="+", choices=PYTHONS, default=list(PYTHONS), help="versions; all that are found where absent")
    parser.add_argument("--only", nargs="+", choices=list(WAYS), default=list(WAYS), metavar="WAY", help=f"of {', '.join(WAYS)}")
    parser.add_argument("--compiled", action="store_true", help="compile the rulebook on each Python as well (a minute or two each)")
    given = parser.parse_args(arguments)
    pythons = {version: found(version) for version in given.pythons}
    if not any(pythons.values()):
        print("none of these Pythons is here", file=sys.stderr)
        return 1
    failures, digests = [], set()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        print(f"{'python':<8}{'installed by':<14}{'seconds':>8}  {'a history':<18}came to")
        for version, way, said, seconds, told in rows(bench, pythons, given.only, given.compiled):
            print(f"{version:<8}{way:<14}{seconds:>8.0f}  {told:<18}{'ok' if said == 'ok' else 'FAILED'}", flush=True)
            digests |= {told} - {""}
            failures += [] if said == "ok" else [f"{version}, {way}: {said}"]
    for version in (v for v, python in pythons.items() if python is None):
        print(f"{version:<8}not found here")
    if len(digests) > 1:
        failures.append(f"{len(digests)} histories of one seed: they must be the same")
    print("\n\n".join(["", *failures]) if failures else f"all of them hold, and tell {len(digests)} history of seed 1")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
