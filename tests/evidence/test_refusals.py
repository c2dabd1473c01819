"""What the evidence commands say of what is not there, and of their own options."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sim.evidence.frozen import ORIGIN, FrozenError, thaw


def test_a_forecast_that_is_not_there_is_told_in_words(tmp_path):
    cases = {"nosuch": "nosuch: there is no such directory", "file": "is a file, and a frozen forecast is a directory"}
    cases |= {"empty": f"holds no frozen forecast (it has no {ORIGIN})", "damaged": "a file of it is damaged"}
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "damaged").mkdir()
    for name in (ORIGIN, "events.csv", "numbers.csv"):
        (tmp_path / "damaged" / name).write_text("{", encoding="utf-8")
    for name, words in cases.items():
        with pytest.raises(FrozenError) as told:
            thaw(tmp_path / name)
        assert words in str(told.value)
        assert str(told.value).endswith("; dilemma forecast writes one")
        assert "Error" not in str(told.value)
        assert "Errno" not in str(told.value)


@pytest.mark.parametrize(("words", "code", "said"), [(["--help"], 0, "GENERATIONS"), (["many"], 2, "'many'"), (["0"], 2, "at least 1 is wanted")])
def test_the_search_says_what_it_takes(words, code, said):
    done = subprocess.run([sys.executable, "-m", "sim.evidence.fit", *words], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
