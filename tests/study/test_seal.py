"""Stores prove what is read of them: what is not what was written is refused by name, set aside, and computed again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sim
from sim.cli import main
from sim.study import seal
from sim.study.errors import StoreDamagedError, StoreError, UnsealedStoreWarning
from sim.study.plan import Study, load_study
from sim.study.progress import Progress
from sim.study.store import GROUP_ROWS, Store
from sim.study.sweep import InterruptedSweepError, run_sweep
from sim.study.verify import verify

TINY: dict[str, Any] = {
    "name": "tiny", "claim": "c", "scenario": "dilemma-101", "seed": 1, "replicates": 4, "ablate": ["M7"],
    "factors": {"percolation": {"range": [0.1, 0.4]}}, "design": {"kind": "grid", "levels": 2}, "outcomes": ["survived", "control", "strength_end"],
}  # fmt: skip


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(TINY)


@pytest.fixture(scope="module")
def made(study: Study, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A complete store, one stopped half way, and one of another seed stopped half way."""

    def stop(progress: Progress) -> None:
        progress.stopping = progress.shards_done >= 5

    folder = tmp_path_factory.mktemp("made")
    run_sweep(study, folder / "whole")
    for name, one in (("half", study), ("other", load_study({**TINY, "seed": 2}))):
        with pytest.raises(InterruptedSweepError):
            run_sweep(one, folder / name, count=1, watch=stop)
    return {name: folder / name for name in ("whole", "half", "other")}


@pytest.fixture
def copy(made: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    return lambda name: Path(shutil.copytree(made[name], tmp_path / name))


def flipped(file: Path, bit: int) -> None:
    text = bytearray(file.read_bytes())
    text[bit // 8] ^= 1 << (bit % 8)
    file.write_bytes(text)


def test_every_byte_of_a_table_is_under_its_seal(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    words = pa.array(["a", "b", None] * 500).dictionary_encode()
    table = pa.table({"word": words, "x": rng.random(1500), "y": pa.array([None] * 1500, pa.float64())})
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=600, compression="zstd")
    found = seal.table_seal(tmp_path / "t.parquet")
    spans = sorted((start, start + length) for parts in found["columns"].values() for start, length, _ in parts)
    assert spans[0][0] == 4
    assert [end for _, end in spans] == [*(start for start, _ in spans[1:]), found["data"]]
    seal.check_table(tmp_path / "t.parquet", found)
    for byte in range(0, found["bytes"], found["bytes"] // 60):
        flipped(tmp_path / "t.parquet", 8 * byte + byte % 8)
        with pytest.raises(StoreDamagedError):
            seal.check_table(tmp_path / "t.parquet", found)
        flipped(tmp_path / "t.parquet", 8 * byte + byte % 8)
    seal.check_table(tmp_path / "t.parquet", json.loads(json.dumps(found)))


def test_only_what_is_read_is_proven(copy: Callable[[str], Path]) -> None:
    store = copy("whole")
    start, length, _ = Store(store).manifest()["table"]["columns"]["control"][0]
    flipped(store / "runs.parquet", 8 * (start + length // 2))
    result = sim.open_store(store)
    assert len(result) == 16
    assert len(result.to_pandas(["survived"])) == 16
    with pytest.raises(StoreDamagedError, match=r"runs\.parquet: has another control than was written .* dilemma sweep .*/experiment.json --out"):
        result.to_pandas(["control"])
    with pytest.raises(StoreDamagedError):
        list(result.frames())


def test_what_was_proven_and_then_changed_is_proven_again(copy: Callable[[str], Path]) -> None:
    store = copy("whole")
    result = sim.open_store(store)
    result.to_pandas()
    flipped(store / "runs.parquet", 8 * 200)
    with pytest.raises(StoreDamagedError):
        result.to_pandas()


def test_sealed_text_holds_to_the_last_bit() -> None:
    text = seal.sealed({"name": "é", "list": [1, 2.5, None], "inner": {"seal": "x"}})
    assert seal.holds(text)
    assert json.loads(text)["inner"] == {"seal": "x"}
    assert not any(seal.holds(text[:k] + bytes([text[k] ^ 1]) + text[k + 1 :]) for k in range(len(text)))
    assert not seal.holds(text[:-1])
    assert not seal.holds(b"")


@pytest.mark.parametrize("name", ["runs.parquet", "design.parquet", "experiment.json", "scenarios/dilemma-101.json", "manifest.json"])
@pytest.mark.parametrize("how", ["flipped", "a directory"])
def test_what_is_damaged_is_set_aside_and_computed_again(
    copy: Callable[[str], Path], made: dict[str, Path], study: Study, name: str, how: str
) -> None:
    store = copy("whole")
    file = store / name
    if how == "flipped":
        flipped(file, 8 * 30 + 3)
    else:
        file.unlink()
        file.mkdir()

    def read_all() -> None:
        result = sim.open_store(store)
        result.to_pandas()
        result.design()
        assert result.study

    with pytest.raises(StoreDamagedError):
        read_all()
    told: list[str] = []
    run_sweep(study, store, resume=True, tell=told.append)
    assert told[0].startswith(f"{file}: ")
    assert f"; set aside as {store}/damaged/{file.name}, and computed again" in told[0]
    assert (store / "runs.parquet").read_bytes() == (made["whole"] / "runs.parquet").read_bytes()
    assert all(part.whole for part in verify(store))


def test_a_whole_shard_of_another_seed_or_place_is_no_shard(copy: Callable[[str], Path], made: dict[str, Path], study: Study) -> None:
    store = copy("half")
    shards = sorted((store / "shards").glob("*"))
    stranger = sorted((made["other"] / "shards").glob("*"))[0]
    shutil.copyfile(stranger, store / "shards" / stranger.name)
    shutil.copyfile(shards[1], shards[2])
    shutil.copyfile(shards[1], shards[1].with_name(shards[1].name.replace("shard-000000", "shard-000001")))
    for name in ("shard-abc.parquet", "shard-0000003.parquet"):
        (store / "shards" / name).write_bytes(b"PAR1")
    shards[3].unlink()
    shards[3].mkdir()
    with pytest.raises(StoreDamagedError, match="is not what was written"):
        sim.open_store(store).to_pandas()
    assert sum(not part.whole for part in verify(store)) == 6
    told: list[str] = []
    run_sweep(study, store, resume=True, tell=told.append)
    assert len(told) == 6
    assert (store / "runs.parquet").read_bytes() == (made["whole"] / "runs.parquet").read_bytes()


def test_a_lost_manifest_costs_the_table_and_no_shard(copy: Callable[[str], Path], study: Study) -> None:
    store = copy("half")
    (store / "manifest.json").write_text("[" * 100_000)
    progress = run_sweep(study, store, resume=True, tell=lambda _: None)
    assert progress.before >= 5
    other = load_study({**TINY, "seed": 2})
    (store / "manifest.json").write_text("{}")
    with pytest.raises(StoreDamagedError, match=r"manifest\.json: is damaged or missing, and what experiment\.json beside it says is not this"):
        run_sweep(other, store, resume=True)


def test_the_command_says_what_is_whole(copy: Callable[[str], Path], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    store, half = copy("whole"), copy("half")
    assert main(["verify", str(store), str(half)]) == 0
    said = capsys.readouterr().out
    assert "whole: 16 runs, complete" in said
    assert "of 16 whole; the sweep is not complete" in said
    flipped(store / "runs.parquet", 8 * Store(store).manifest()["table"]["columns"]["percolation"][0][0])
    assert main(["verify", str(store), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)[0]
    assert [part["name"] for part in found["parts"] if not part["whole"]] == ["runs.parquet"]
    for verb in (["compare", str(store), "--by", "percolation"], ["report", str(store)]):
        assert main(verb) == 1
        assert f"dilemma: {store}/runs.parquet: has another " in capsys.readouterr().err
    assert main(["verify", str(tmp_path)]) == 2
    assert "is no store" in capsys.readouterr().err


def test_a_store_without_seals_is_read_with_a_word_of_warning(copy: Callable[[str], Path], study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    store = copy("whole")
    file = store / "manifest.json"
    old = {name: value for name, value in json.loads(file.read_text()).items() if name not in ("seal", "files", "table")}
    old["identity"]["store version"] = "1"
    file.write_text(json.dumps({**old, "schema_version": 1}))
    with pytest.warns(UnsealedStoreWarning, match="nobody can tell whether it is what was written"):
        frame = sim.open_store(store).to_pandas()
    assert len(frame) == 16
    with pytest.raises(StoreError, match="store version: the store has 1, this is 2"):
        run_sweep(study, store, resume=True)
    assert main(["verify", str(store)]) == 1
    assert main(["compare", str(store), "--by", "percolation", "--json"]) == 0
    assert "dilemma: " in capsys.readouterr().err
    del old["arms"]
    file.write_text(json.dumps({**old, "schema_version": 1}))
    with pytest.raises(StoreDamagedError, match="it tells no arms"):
        sim.open_store(store)


def test_a_table_of_many_row_groups_is_read_and_proven_in_parts(tmp_path: Path) -> None:
    table = pa.table({"x": np.arange(2.0 * GROUP_ROWS + 5)})
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=GROUP_ROWS)
    found = seal.table_seal(tmp_path / "t.parquet")
    assert [len(parts) for parts in found["columns"].values()] == [3]
    seal.check_table(tmp_path / "t.parquet", found, ["x"])
