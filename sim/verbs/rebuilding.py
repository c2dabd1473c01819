"""Every number that the pages print, made again by the commands that print it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import typer

from sim.verbs.asking import Asked, BadInput, say
from sim.verbs.places import can_hold


def rebuild(docs: Path, work: Path, full: bool, check: bool, workers: int | None, verbs: Any) -> None:
    """Run what the pages print, step by step, as far as it is not what the same command on this rulebook made.

    Args:
        docs: Directory of the pages.
        work: Where commands write.
        full: Whether at the pages' size.
        check: Whether only to say what is stale.
        workers: Threads of each command; all cores where absent.
        verbs: The command line, which runs the steps.
    """
    from sim.show import pages, reference
    from sim.show.forecast_text import PageError

    if not docs.is_dir():
        raise BadInput(f"{docs}: there is no such directory; --out is that of the pages")
    if not check:
        can_hold(work)
    bad = []
    for page in pages.generated(docs):
        text = page.read_text(encoding="utf-8")
        new = reference.renewed(text)
        if new != text:
            bad.append(f"{page}: its tables are not those of this code")
            if not check:
                page.write_text(new, encoding="utf-8")
                say(f"renewed {page}")
    threads = [] if workers is None else ["--workers", str(workers)]
    for number, step in enumerate(pages.STEPS, start=1):
        with Asked():
            why = pages.stale(step, docs, full)
        head = f"{number} of {len(pages.STEPS)}, {step.name}"
        if not why or check:
            say(f"{head}: " + (why or "is what it was made"))
            bad += [why] if why else []
            continue
        say(f"{head}: {why}; {pages.command(step, full)}, into {pages.place(step, work, full)}")
        began = time.monotonic()
        try:
            paths = pages.make(step, docs, work, full, lambda words: _run(verbs, [*words, *threads]))
        except (PageError, pages.CommandFailedError) as error:
            say(f"dilemma: {error}. What was done stays; the same command goes on")
            raise typer.Exit(1) from None
        say(f"{head}: {len(paths)} files in {time.monotonic() - began:,.0f} s")
    if check and bad:
        raise typer.Exit(1)


def _run(verbs: Any, words: list[str]) -> int:
    """Run a command in this process and return its exit code; an interruption is everybody's."""
    ended = verbs.main(args=words, prog_name="dilemma", standalone_mode=False)
    code = ended if isinstance(ended, int) else 0
    if code in (130, 143):
        raise typer.Exit(code)
    return code
