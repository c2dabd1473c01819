"""Where a result comes from: written with every result, so that it can be made again."""

from __future__ import annotations

import functools
import hashlib
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim.scenario.load import active_mechanisms, resolved_parameters, scenario_hash
from sim.scenario.schema import Scenario

LIBRARIES = ("mesa", "numba", "numpy", "scipy", "pandas", "pydantic")

version_of = functools.cache(version)
"""Version of an installed library: found among the files of all once, not for every run."""


def package_version() -> str:
    """Return the version of the installed package."""
    try:
        return version_of("dilemma-sim")
    except PackageNotFoundError:
        return "0+unknown"


@functools.cache
def rulebook_digest() -> str:
    """Return the SHA-256 of the rulebook's text: rules, world and schedule. Versions of the code with one digest give one history."""
    here = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for file in [*sorted((here / "world").glob("*.py")), *sorted((here / "rules").glob("*.py")), here / "schedule.py"]:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def provenance(scenario: Scenario, seed: int, replicate: int, changes: Sequence[str] = ()) -> dict[str, Any]:
    """Return the provenance of a run.

    It names what the result depends on. Which engine ran it and on how many threads is left out on purpose: the result does not depend on them.
    The C library is in, because exponentials and logarithms come from it.

    Args:
        scenario: What was run, changes included.
        seed: Its seed.
        replicate: Its replicate number.
        changes: What was changed in it for this run, as it was asked for.

    Returns:
        Scenario name and hash, changes, seed, replicate, parameters, mechanisms that are off, versions, platform.
    """
    return {
        "scenario": scenario.name,
        "scenario_sha256": scenario_hash(scenario),
        "changes": list(changes),
        "seed": seed,
        "replicate": replicate,
        "parameters": resolved_parameters(scenario),
        "mechanisms_off": [key for key, on in active_mechanisms(scenario).items() if not on],
        "version": package_version(),
        "rulebook_sha256": rulebook_digest(),
        "libraries": {name: version_of(name) for name in LIBRARIES},
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "c_library": " ".join(platform.libc_ver()),
    }
