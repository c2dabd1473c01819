"""A quick part of the fault suite (python -m tests.faults), and that it would see what it looks for."""

from __future__ import annotations

import pytest

from tests.faults.__main__ import FAULTS, main

QUICK = {"flips": 24, "damages": 17, "kills": 0, "signals": 0, "lost_workers": 0, "full_disks": 0, "read_only": 0, "clocks": 0}
"""Kills, signals, lost workers, a full disk and a read-only directory have tests of their own (tests/study)."""


def test_faults_are_survived_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(QUICK) == set(FAULTS)
    code = main([word for name, count in QUICK.items() for word in (f"--{name}", str(count))])
    table = capsys.readouterr().out
    assert code == 0, table
    assert int(table.splitlines()[-1].split()[1]) >= 40
