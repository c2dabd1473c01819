"""Pages whose numbers are made by commands: which command makes which files and which block of which page, and whether they are what it made.

::

    DOCS/
      findings/           tables and reports, as the commands wrote them
      images/             figures
      findings/made.json  for each step the command, the rulebook, and the hashes of its files and of its block
      *.md                blocks between <!-- NAME --> and <!-- end of NAME -->

Stores stay where the commands wrote them, so a step that was stopped goes on, unless the rulebook is another by then; a step that was done, by the
same command on the same rulebook, is not done again.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.evidence.figures.catalogue import STUDIES
from sim.observe.provenance import rulebook_digest
from sim.show import claims_table
from sim.show.forecast_text import PageError, put
from sim.show.markdown import table

FINDINGS, IMAGES, MADE = "findings", "images", "made.json"


@dataclass(frozen=True)
class Step:
    """A command, and what becomes of what it writes.

    Attributes:
        name: Its name, and that of the directory it writes to and of the block that it fills.
        look: The command at a size for a look, ``{out}`` for its directory.
        full: The command at the size of the pages.
        files: What is taken from its directory: where to, below the pages.
        page: The page whose block it fills; empty for none.
        block: Makes the block of what is in its directory.
        pictures: Figures that are put below the block: path from the page, and words.
    """

    name: str
    look: str
    full: str
    files: Mapping[str, str]
    page: str = ""
    block: Callable[[Path], str] = lambda out: ""
    pictures: Mapping[str, str] = field(default_factory=dict)


def _fenced(name: str) -> Callable[[Path], str]:
    return lambda out: f"```text\n{(out / name).read_text(encoding='utf-8').rstrip()}\n```"


def _as_it_is(name: str) -> Callable[[Path], str]:
    return lambda out: (out / name).read_text(encoding="utf-8").rstrip()


def _figure(name: str) -> Step:
    def block(out: Path) -> str:
        made = json.loads((out / f"{name}.json").read_text(encoding="utf-8"))
        return table(("size", "counts", "seed"), [(f"{made['size']:,}", made["counts"], made["seed"])])

    files = {f"{name}.csv": f"{FINDINGS}/{name}.csv", f"{name}.png": f"{IMAGES}/{name}.png"}
    command = f"evidence {name} --out {{out}}"
    return Step(name, command, f"{command} --full", files, "figures.md", block, {f"{IMAGES}/{name}.png": STUDIES[name].says})


STEPS: tuple[Step, ...] = (
    Step(
        "claims",
        "patterns --replicates 30 --out {out}",
        "patterns --out {out}",
        {"patterns.csv": f"{FINDINGS}/patterns.csv", "patterns.png": f"{IMAGES}/patterns.png"},
        "FINDINGS.md",
        lambda out: claims_table.block(out / "patterns.csv"),
    ),
    Step(
        "gates",
        "patterns --gates --replicates 20 --settings 30 --out {out}",
        "patterns --gates --replicates 300 --settings 300 --seeds 3 --out {out}",
        {"gates.csv": f"{FINDINGS}/gates.csv", "gates.txt": f"{FINDINGS}/gates.txt", "gates.png": f"{IMAGES}/gates.png"},
    ),
    Step(
        "population",
        "population --settings 40 --seeds 2 --pairs 500 --out {out}",
        "population --out {out}",
        {
            "population.txt": f"{FINDINGS}/population.txt",
            "facts.csv": f"{FINDINGS}/facts.csv",
            "levels.csv": f"{FINDINGS}/levels.csv",
            "population.png": f"{IMAGES}/population.png",
        },
        "population.md",
        _fenced("population.txt"),
        {f"{IMAGES}/population.png": "Survival, levels and stylised facts of the population"},
    ),
    *(_figure(name) for name in STUDIES),
    Step(
        "calibration",
        "calibrate calibrate-aqim --histories 2000 --resume --out {out}",
        "calibrate calibrate-aqim --resume --out {out}",
        {
            "report.txt": f"{FINDINGS}/calibration.txt",
            "posterior.csv": f"{FINDINGS}/posterior.csv",
            **{f"{name}.png": f"{IMAGES}/{name}.png" for name in ("posterior", "ranks", "importances", "statistics", "rulebooks")},
        },
        "inference.md",
        _fenced("report.txt"),
        {
            f"{IMAGES}/posterior.png": "Posterior of each parameter on its prior's range",
            f"{IMAGES}/ranks.png": "Ranks of planted values, with the band of uniform ones",
            f"{IMAGES}/statistics.png": "Prior and posterior predictive checks",
            f"{IMAGES}/rulebooks.png": "Which rulebook",
        },
    ),
    Step(
        "calibration-kept",
        "calibrate calibrate-aqim-kept --histories 2000 --resume --out {out}",
        "calibrate calibrate-aqim-kept --resume --out {out}",
        {
            "report.txt": f"{FINDINGS}/calibration-kept.txt",
            "posterior.csv": f"{FINDINGS}/posterior-kept.csv",
            **{f"{name}.png": f"{IMAGES}/{name}-kept.png" for name in ("posterior", "ranks")},
        },
        "inference.md",
        _fenced("report.txt"),
        {
            f"{IMAGES}/posterior-kept.png": "Posterior of each parameter that is kept, on its prior's range",
            f"{IMAGES}/ranks-kept.png": "Ranks of planted values after recalibration, with the band of uniform ones",
        },
    ),
    Step(
        "leave-one-out",
        "leave-one-out leave-one-out --histories 1000 --resume --out {out}",
        "leave-one-out leave-one-out --resume --out {out}",
        {
            "scores.csv": f"{FINDINGS}/left-out.csv",
            "questions.csv": f"{FINDINGS}/left-out-questions.csv",
            "leave-one-out.png": f"{IMAGES}/leave-one-out.png",
        },
        "leave-one-out.md",
        _as_it_is("table.md"),
        {f"{IMAGES}/leave-one-out.png": "Differences from the prior, history by history"},
    ),
)
"""What is made, in order: the quick before the slow."""


class CommandFailedError(RuntimeError):
    """A command did not come to its end."""


def command(step: Step, full: bool) -> str:
    """Return the command of a step as a reader would give it, without where it writes."""
    return "dilemma " + re.sub(r" --(resume|out \{out\})", "", step.full if full else step.look)


def stale(step: Step, docs: Path, full: bool) -> str:
    """Return why a step has to be done again; empty where its files and its block are what its command made."""
    made = _read(docs).get(step.name)
    if made is None:
        return "was never made by this command"
    if made["command"] != command(step, full):
        return f"was made by: {made['command']}"
    if made["rulebook_sha256"] != rulebook_digest():
        return "was made by another rulebook"
    for name, digest in made["files"].items():
        if not (docs / name).is_file() or _hash((docs / name).read_bytes()) != digest:
            return f"{name} is not what was made"
    if step.page and _hash(_block(docs / step.page, step.name).encode()) != made["block"]:
        return f"the block {step.name} of {step.page} is not what was made"
    return ""


def place(step: Step, work: Path, full: bool) -> Path:
    """Return where a step's command writes: another place for another rulebook, whose stores would not be gone on with."""
    return work / f"{'full' if full else 'look'}-{rulebook_digest()[:8]}" / step.name


def make(step: Step, docs: Path, work: Path, full: bool, run: Callable[[list[str]], int]) -> list[Path]:
    """Run the command of a step, and put what it made where it belongs.

    Args:
        step: The step.
        docs: Directory of the pages.
        work: Where commands write; what is there of an earlier attempt is gone on with.
        full: Whether at full size.
        run: Runs a command of ``dilemma`` and returns its exit code.

    Returns:
        What was written.

    Raises:
        CommandFailedError: If the command did.
        PageError: If a page has no place for its block.
    """
    if step.page:
        _block(docs / step.page, step.name)
    out = place(step, work, full)
    code = run([word.replace("{out}", str(out)) for word in (step.full if full else step.look).split()])
    if code:
        raise CommandFailedError(f"{step.name}: the command ended with exit code {code}; what was made before it stands")
    paths = []
    for name, where in step.files.items():
        (docs / where).parent.mkdir(parents=True, exist_ok=True)
        paths.append(Path(shutil.copyfile(out / name, docs / where)))
    block = ""
    if step.page:
        pictures = "".join(f"\n\n![{words}]({path})" for path, words in step.pictures.items())
        put(docs / step.page, step.name, f"Made by `{command(step, full)}`.\n\n{step.block(out)}{pictures}")
        block = _hash(_block(docs / step.page, step.name).encode())
        paths.append(docs / step.page)
    made = _read(docs)
    files = {where: _hash((docs / where).read_bytes()) for where in step.files.values()}
    made[step.name] = {"command": command(step, full), "rulebook_sha256": rulebook_digest(), "files": files, "block": block}
    _write(docs, made)
    return paths


def _block(page: Path, name: str) -> str:
    """Return a block of a page.

    Raises:
        PageError: If it has none of that name.
    """
    found = re.search(f"<!-- {name} -->.*?<!-- end of {name} -->", page.read_text(encoding="utf-8") if page.is_file() else "", re.DOTALL)
    if found is None:
        raise PageError(f"{page}: wanted are <!-- {name} --> and <!-- end of {name} -->, between which the block goes")
    return found[0]


def _read(docs: Path) -> dict[str, Any]:
    file = docs / FINDINGS / MADE
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _write(docs: Path, made: Mapping[str, Any]) -> None:
    file = docs / FINDINGS / MADE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(dict(sorted(made.items())), indent=1) + "\n", encoding="utf-8")


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def generated(docs: Path) -> Iterable[Path]:
    """Return the pages whose tables are made from the code's own data (:mod:`sim.show.reference`)."""
    return [path for path in (docs / "ODD.md", docs / "TRACE.md", *sorted((docs / "scenarios").glob("*.md"))) if path.is_file()]
