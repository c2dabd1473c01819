"""What ``python -m tests.installs`` rests on: the lock is that of pyproject.toml, every extra is tried, and what it compares is the history."""

from __future__ import annotations

import json
import re

from packaging.requirements import Requirement
from packaging.version import Version

from tests.installs import LOCK, LOCKED, PROJECT, RUN_WITH, TRIES, digest


def _locked() -> dict[str, list[Version]]:
    """Return the versions that the lock names, by package: more than one where platforms or Pythons differ."""
    named: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^ ]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE):
        named.setdefault(re.sub(r"[-_.]+", "-", name).lower(), []).append(Version(version))
    return named


def test_the_lock_names_what_is_asked_for():
    locked = _locked()
    extras = PROJECT["optional-dependencies"]
    for text in [*PROJECT["dependencies"], *(text for extra in LOCKED for text in extras[extra])]:
        asked = Requirement(text)
        versions = locked[re.sub(r"[-_.]+", "-", asked.name).lower()]
        assert all(asked.specifier.contains(version) for version in versions), text


def test_the_lock_has_a_hash_for_everything():
    parts = re.split(r"^(?=[A-Za-z0-9])", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert len(parts) > 30
    assert all("--hash=sha256:" in part for part in parts)


def test_every_extra_is_tried():
    assert set(TRIES) == set(PROJECT["optional-dependencies"])


def test_only_the_history_is_compared():
    told = {"provenance": {name: "one" for name in RUN_WITH} | {"seed": 1}, "outcomes": {"survived": 1.0}}
    elsewhere = json.loads(json.dumps(told).replace('"one"', '"another"'))
    assert digest(json.dumps(told)) == digest(json.dumps(elsewhere))
    elsewhere["outcomes"]["survived"] = 0.0
    assert digest(json.dumps(told)) != digest(json.dumps(elsewhere))
