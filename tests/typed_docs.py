"""Type every command line of the README and the docs in an empty home, at small size, and say which failed: python -m tests.typed_docs

Each page's ``sh`` blocks are typed line by line, in order, in a copy of the checkout. What is made smaller is said by :data:`LESS`, :data:`ADDED` and
:func:`_smaller_studies`, and printed with the line; nothing else differs from what a reader types. A block with a line
``<!-- not typed: REASON -->`` above it is left out, and of one with ``<!-- not typed, BEGINNING: REASON -->`` the lines that begin so.
The home is empty but for the cache of the compiled rulebook, which costs a minute anew; ``--afresh`` leaves that out too. The exit code is 1 if
a line failed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
COPIED = ("sim", "scenarios", "experiments", "lessons", "benchmarks", "docs", "README.md")

LESS = {
    "--replicates": 20, "--nearest": 3, "--pairs": 30, "--settings": 6, "--seeds": 2, "--size": 4, "--histories": 300,
}  # fmt: skip
"""Values of options that a line gives, where they are larger."""
ADDED: dict[str, str] = {
    r"dilemma compare (?!.*--by)": "--replicates 20",
    r"dilemma hold": "--replicates 20",
    r"dilemma patterns(?!.*--gates)": "--replicates 20",
    r"dilemma patterns --gates": "--replicates 20 --settings 6 --seeds 2",
    r"dilemma population": "--settings 6 --seeds 2 --pairs 30",
    r"dilemma evidence (?!list|all)": "--size 4",
    r"dilemma (calibrate|leave-one-out)": "--histories 300",
    r"dilemma bench": "--pairs 1",
    r"dilemma teach": "--no-browser",
    r"python -m sim.evidence.fit": "1",
}
"""Options that are added to lines that begin so, unless they give them."""
GED = (
    "id,type_of_violence,date_start,country_id,country,adm_1,side_a,side_b,best\n"
    "1,1,2003-05-06,615,Algeria,Tizi Ouzou province,Government of Algeria,AQIM,30\n"
    "2,3,2004-02-11,615,Algeria,Boumerdes province,AQIM,Civilians,4\n"
)
ACLED = (
    "event_id_cnty,event_date,event_type,actor1,inter1,actor2,inter2,country,admin1,fatalities\n"
    "ALG1,06 May 2003,Battles,Military Forces of Algeria,State forces,GSPC,Rebel group,Algeria,Tizi Ouzou,30\n"
)
GIVEN = {"GEDEvent.csv": GED, "GEDEvent_v24_1.csv": GED, "acled.csv": ACLED}
"""Files that a reader brings along: two events, in the columns of their data sets."""


@dataclass(frozen=True)
class Line:
    """A line to be typed: where it stands, what it says, and why it is not typed here, if so."""

    page: str
    number: int
    words: str
    left_out: str = ""

    def __str__(self) -> str:
        return f"{self.page}:{self.number}: {self.words}"


def pages(root: Path = ROOT) -> list[str]:
    """Return the README and the pages of docs."""
    return ["README.md", *sorted(str(p.relative_to(root)) for p in root.glob("docs/**/*.md"))]


def lines_of(page: str, root: Path = ROOT) -> list[Line]:
    """Return the command lines of a page's shell blocks, without their comments.

    Raises:
        ValueError: If a fence says no language: whether it is to be typed must be plain to reader and program.
    """
    found, marks, inside, shell = [], [], False, False
    for number, raw in enumerate((root / page).read_text(encoding="utf-8").splitlines(), 1):
        mark = re.fullmatch(r"<!-- not typed(?:, (.+?))?: (.+) -->", raw)
        if raw.startswith("```"):
            inside, shell = not inside, raw == "```sh"
            if inside and raw == "```":
                raise ValueError(f"{page}:{number}: a block without a language: ```sh is typed, ```text is not")
            marks = marks if inside else []
        elif mark:
            marks.append((mark[1] or "", mark[2]))
        elif inside and shell:
            words = re.sub(r"(^|\s)#.*", "", raw).rstrip()
            if words:
                found.append(Line(page, number, words, next((why for begins, why in marks if words.startswith(begins)), "")))
        elif raw and not inside:
            marks = []
    return found


def smaller(words: str) -> str:
    """Return a line at small size."""

    def less(match: re.Match[str]) -> str:
        return f"{match[1]} {min(int(match[2]), LESS[match[1]])}"

    words = re.sub(rf"({'|'.join(LESS)}) (\d+)", less, words).replace(" --full", "")
    for begins, options in ADDED.items():
        if re.match(begins, words):
            for option in re.findall(r"(?:--\S+(?: \d+)?)|(?:\d+)", options):
                if option.split()[0] not in words.split():
                    words += f" {option}"
    return words


def _smaller_studies(clone: Path) -> None:
    """Make the studies of a copy small: 2 replicates, designs of few points, calibrations of few histories."""
    for file in (clone / "experiments").glob("*.yaml"):
        study = yaml.safe_load(file.read_text(encoding="utf-8"))
        if "priors" in study:
            study.update(histories=300, nearest=0.5, forest={"trees": 20}, planted=10, predicted=20)
            study["rulebooks"]["histories"] = 60
        elif "fixed" in study:
            study.update(histories=500, recalibrated=400)
        elif "design" in study:
            study["replicates"] = min(study["replicates"], 2)
            few = {"levels": 2, "trajectories": 3, "points": 8}
            study["design"].update({key: min(few[key], value) for key, value in study["design"].items() if key in few})
        elif "calibration" in study:
            study["histories"] = 60
        file.write_text(yaml.safe_dump(study, allow_unicode=True, sort_keys=False), encoding="utf-8")


def clone(folder: Path, afresh: bool = False) -> dict[str, str]:
    """Copy the checkout into a folder, give it a home, and return the environment of who types there."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("node_modules"))
        else:
            shutil.copy2(source, folder / name)
    _smaller_studies(folder)
    for name, text in GIVEN.items():
        (folder / name).write_text(text, encoding="utf-8")
    home, commands = folder.parent / "home", folder / ".venv" / "bin"
    home.mkdir()
    commands.mkdir(parents=True)
    for name, start in (("dilemma", "-m sim.cli "), ("python", ""), ("python3", "")):
        (commands / name).write_text(f'#!/bin/sh\nexec {sys.executable} {start}"$@"\n', encoding="utf-8")
        (commands / name).chmod(0o755)
    (commands / "activate").write_text(f'PATH="{commands}:$PATH"\n', encoding="utf-8")
    cache = home / ".cache" if afresh else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    kept = {key: os.environ[key] for key in ("LANG", "LC_ALL", "TMPDIR", "NUMBA_CACHE_DIR") if key in os.environ}
    return {**kept, "PATH": f"{commands}:{os.environ['PATH']}", "HOME": str(home), "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(folder)}


def type_line(words: str, folder: Path, environment: dict[str, str], timeout: float = 900.0) -> tuple[int, str]:
    """Type a line; return its exit code and what it said. A page that is served is asked for, and then left with Ctrl-C."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            ["sh", "-c", words], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
            # Who is started in the background is deaf to Ctrl-C, and so would be what is typed.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        try:
            code = _served(process, said.fileno(), timeout) if "dilemma teach" in words else process.wait(timeout)
        except (subprocess.TimeoutExpired, OSError) as error:
            code = 124
            said.write(f"{error}\n")
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        said.seek(0)
        return code, said.read()


def _served(process: subprocess.Popen[bytes], said: int, timeout: float) -> int:
    """Wait for a page's address, ask for it, and leave; 0 if it was there and the program went as it was asked."""
    until = time.monotonic() + timeout
    while process.poll() is None and time.monotonic() < until:
        address = re.search(r"http://127\.0\.0\.1:\d+/?", os.pread(said, 100_000, 0).decode("utf-8", "replace"))
        if address:
            with urllib.request.urlopen(address[0], timeout=60) as answer:
                there = answer.status == 200
            os.killpg(process.pid, signal.SIGINT)
            code = process.wait(60)
            return 1 if not there else 0 if code in (0, 130, -signal.SIGINT) else code
        time.sleep(0.2)
    raise (
        subprocess.TimeoutExpired(process.args, timeout) if process.poll() is None else OSError(f"no page was served: exit code {process.returncode}")
    )


def main(arguments: list[str] | None = None) -> int:
    """Type the pages and print what became of every line."""
    parser = argparse.ArgumentParser(prog="python -m tests.typed_docs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="README.md, docs/studies.md …; all where absent")
    parser.add_argument("--afresh", action="store_true", help="without the cache of the compiled rulebook as well")
    parser.add_argument("--list", action="store_true", help="print the lines as they would be typed, and stop")
    given = parser.parse_args(arguments)
    tried = failed = 0
    left_out: list[Line] = []
    for page in given.pages or pages():
        lines = lines_of(page)
        left_out += [line for line in lines if line.left_out]
        if given.list:
            print("\n".join(f"{page}:{line.number}: {smaller(line.words)}" for line in lines if not line.left_out))
            continue
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "clone"
            folder.mkdir()
            environment = clone(folder, given.afresh) if any(not line.left_out for line in lines) else {}
            told = " ".join(line.words for line in lines)
            if "my-scenario.yaml" in told and "dilemma new my-scenario" not in told:
                type_line("dilemma new my-scenario", folder, environment)
            for line in lines:
                if line.left_out:
                    continue
                began, words = time.monotonic(), smaller(line.words)
                code, said = type_line(words, folder, environment)
                tried, failed = tried + 1, failed + bool(code)
                shown = "" if words == line.words else f"   (typed: {words})"
                print(f"{'FAILED' if code else 'ok':6} {time.monotonic() - began:6.1f} s  {line}{shown}", flush=True)
                if code:
                    print("\n".join(f"         {text}" for text in [f"exit code {code}", *said.splitlines()[-12:]]), flush=True)
    for line in left_out:
        print(f"not typed: {line}: {line.left_out}")
    print(f"{tried} lines typed, {tried - failed} ok, {failed} failed, {len(left_out)} not typed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
