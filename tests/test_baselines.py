"""Results move only together with a line of the changelog that says why."""

from __future__ import annotations

import json

from tests.baselines import CHANGELOG, FILE, found, mark


def test_results_are_what_they_were_or_the_changelog_says_why() -> None:
    written = json.loads(FILE.read_text(encoding="utf-8"))
    now = found()
    moved = [name for name in now if now[name] != written.get(name)]
    assert not moved, f"other results than in {FILE.name}: {moved}. If it is meant: python -m tests.baselines --write, and say why in CHANGELOG.md"
    assert set(now) == set(written)


def test_the_changelog_bears_the_mark_of_the_baselines() -> None:
    digests = json.loads(FILE.read_text(encoding="utf-8"))
    wanted = f"(baselines {mark(digests)})"
    (line,) = [line for line in CHANGELOG.read_text(encoding="utf-8").splitlines() if wanted in line] or [""]
    assert line.startswith("- **Results.**"), f"CHANGELOG.md must have a line '- **Results.** …' with '{wanted}' in it"
