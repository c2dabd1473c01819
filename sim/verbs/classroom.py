"""The verb for a lecture: serve the classroom page on this machine, or write it into a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.verbs.asking import BadInput, announce_compilation, expect, say
from sim.verbs.places import can_hold

if TYPE_CHECKING:
    from socket import socket

    from sim.classroom.answers import Book

FIRST_PORT, PORTS = 8765, 20


def teach(
    scenario: Annotated[
        str | None, typer.Argument(metavar="SCENARIO", help="A scenario to begin with: a shipped name, or the path of your own; aqim where absent.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Port on 127.0.0.1; where absent, the first free one from 8765.")
    ] = None,
    lessons: Annotated[
        Path | None, typer.Option("--lessons", metavar="DIR", help="A folder of lessons of your own; the five that ship where absent.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="DIR", help="Write the page as one file that needs no program, instead of serving it.")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Teach: the terrorist's dilemma live on a page.

    It is for this machine only, and needs no internet.
    """
    _installed()
    if export is not None and port is not None:
        raise BadInput("--port is for a page that is served; --export writes a file")
    if export is not None:
        can_hold(export)
    if scenario is not None:
        expect(scenario, "scenario")
    if export is None:
        # Refused now, or not at all: what follows takes seconds, and on a new machine a minute.
        with _listening(port) as held:
            _serve(_book(scenario, lessons), held, browser)
        return
    book = _book(scenario, lessons)
    from sim.classroom.export import write

    for path in write(book, export, say):
        say(f"wrote {path}")


def _book(scenario: str | None, lessons: Path | None) -> Book:
    """Return the lessons, ready to be answered: checked, and with the rulebook compiled."""
    from sim.classroom.answers import Book
    from sim.classroom.lesson import lessons_in, load_lesson, shipped_lessons

    found = lessons_in(lessons) if lessons is not None else [load_lesson(path) for path in shipped_lessons().values()]
    book = Book(found, scenario)
    announce_compilation()
    from sim.classroom.worlds import warm

    warm()
    return book


def _installed() -> None:
    """Refuse to begin where the extra is missing, and say how to get it."""
    from importlib.util import find_spec

    missing = [name for name in ("flask", "waitress") if find_spec(name) is None]
    if missing:
        raise BadInput(f"the classroom needs {', '.join(missing)}; install with, in a clone: pip install '.[web]'")


def _listening(port: int | None) -> socket:
    """Hold the port asked for, or the first that is free."""
    from sim.classroom.listening import ADDRESS, take

    for candidate in range(FIRST_PORT, FIRST_PORT + PORTS) if port is None else (port,):
        try:
            return take(candidate)
        except OSError as error:
            why = error.strerror or str(error)
    where = f"{ADDRESS}:{port}" if port else f"any port of {ADDRESS} from {FIRST_PORT} to {FIRST_PORT + PORTS - 1}"
    raise BadInput(f"cannot listen on {where}: {why}; name another with --port")


def _serve(book: Book, held: socket, browser: bool) -> None:
    from sim.classroom.server import Served

    served = Served(book, held)
    print(f"The classroom is at {served.url} (this machine only). Stop it with Ctrl-C.", flush=True)
    if browser:
        import webbrowser

        webbrowser.open(served.url)
    try:
        served.run()
    except KeyboardInterrupt:
        pass
    finally:
        served.close()
        say("The classroom is closed.")
