"""The command ``dilemma``: thin. It names the verbs and turns errors into exit codes; what a verb does is in :mod:`sim.verbs`."""

from __future__ import annotations

import functools
import io
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Annotated, Any

import typer

from sim.verbs import (
    calibrations,
    classroom,
    evidence,
    files,
    forecasts,
    histories,
    holding,
    left_out,
    patterns,
    populations,
    reports,
    studies,
    verification,
)
from sim.verbs.asking import BadInput, say

app = typer.Typer(
    name="dilemma",
    help="How militant groups survive and break: an agent-based simulation of the terrorist's dilemma.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

VERBS = (
    ("run", histories.run, "dilemma run aqim --seed 1 --without brokerage --out out/aqim"),
    ("whatif", histories.whatif, "dilemma whatif aqim --seed 1 --without war-in-iraq"),
    ("sweep", studies.sweep, "dilemma sweep experiments/dilemma.yaml --out out/dilemma --workers 2"),
    ("compare", studies.compare, "dilemma compare aqim aqim,without=embedding --replicates 200 --out out/embedding"),
    ("sensitivity", studies.sensitivity, "dilemma sensitivity experiments/screening.yaml --out out/screening"),
    ("plot", studies.plot, "dilemma plot out/dilemma --kind heat --outcome root_strength_mean --x held --y intelligence"),
    ("report", reports.report, "dilemma report out/dilemma"),
    ("verify", verification.verify, "dilemma verify out/dilemma"),
    ("patterns", patterns.patterns, "dilemma patterns M3 M7 --out out/patterns"),
    ("calibrate", calibrations.calibrate, "dilemma calibrate experiments/calibrate-aqim.yaml --out out/calibrated"),
    ("evidence", evidence.evidence, "dilemma evidence extinction --out out/extinction"),
    ("population", populations.population, "dilemma population --seeds 10 --pairs 10000 --out out/population"),
    ("hold", holding.hold, "dilemma hold aqim --data GEDEvent.csv --out out/held"),
    ("leave-one-out", left_out.leave_one_out, "dilemma leave-one-out leave-one-out --out out/left-out"),
    ("forecast", forecasts.forecast, "dilemma forecast forecast-aqim --calibrated out/calibrated --out out/forecast"),
    ("score", forecasts.score, "dilemma score forecast-aqim --frozen out/forecast"),
    ("teach", classroom.teach, "dilemma teach"),
    ("check", files.check, "dilemma check my-scenario.yaml"),
    ("new", files.new, "dilemma new my-scenario"),
    ("list", files.list_, "dilemma list --json"),
    ("explain", files.explain, "dilemma explain percolation"),
    ("schema", files.schema, "dilemma schema --out scenario.schema.json"),
    ("bench", histories.bench, "dilemma bench aqim"),
)
"""Every verb: its name, what it does, an example."""

for _name, _verb, _example in VERBS:
    app.command(_name, epilog=f"Example: {_example}")(_verb)


def _version(wanted: bool) -> None:
    if wanted:
        from sim import __version__

        print(f"dilemma {__version__}")
        raise typer.Exit


@app.callback()
def _root(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")] = False) -> None:
    pass


def _suggest(message: str, arguments: list[str]) -> str:
    """Add the nearest verb to a message about one that does not exist."""
    from sim.scenario.errors import nearest

    word = next((a for a in arguments if not a.startswith("-")), "")
    near = nearest(word, [name for name, _, _ in VERBS]) if "No such command" in message else ""
    return message if not near or near in message else f"{message} Did you mean {near!r}?"


def _as_typed(message: str, arguments: list[str]) -> str:
    """Call a change by the option that gave it: ``--set`` has a second name."""
    joined = [argument.removeprefix("--change=") for argument in arguments if argument.startswith("--change=")]
    for text in [*joined, *(after for option, after in pairwise(arguments) if option == "--change")]:
        message = message.replace(f"--set {text!r}", f"--change {text!r}")
    return message


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code: 0 done, 1 the work failed, 2 bad input, 130 interrupted."""
    given = sys.argv[1:] if arguments is None else arguments
    if "numpy" not in sys.modules:  # A process of our own: products here are small, and starting threads for them took a fifth of a second.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a letter shows its number; that is no reason to fail.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        with _warnings_told():
            return _dispatch(given)
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter must not try to flush to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        say("interrupted")
        return 130


@contextmanager
def _warnings_told() -> Iterator[None]:
    """Say what a store warns of as every verb speaks, once, and without a line of code."""
    from sim.study.errors import UnsealedStoreWarning

    with warnings.catch_warnings():
        real = warnings.showwarning
        warnings.simplefilter("default", UnsealedStoreWarning)

        def show(message: Warning | str, category: type[Warning], *where: Any) -> None:
            if issubclass(category, UnsealedStoreWarning):
                say(f"dilemma: {message}")
            else:
                real(message, category, *where)

        warnings.showwarning = show  # type: ignore[assignment]
        yield


@functools.cache
def command() -> Any:
    """Return the command with all its verbs: made of their signatures once a process, and not at every call of :func:`main`."""
    return typer.main.get_command(app)


def _dispatch(given: list[str]) -> int:
    from sim.scenario.errors import ScenarioError

    try:
        result = command()(args=given, prog_name="dilemma", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except ScenarioError as error:
        say(_as_typed(str(error), given))
        return 2
    except BadInput as error:
        say(f"dilemma: {error}")
        return 2
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except SystemExit as leaving:
        # The command line parser leaves by itself, as if it had failed, when whoever read our output has gone.
        if isinstance(leaving.__context__, BrokenPipeError):
            raise leaving.__context__ from None
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        say(f"dilemma: the work failed: {where}{error.strerror or error}")
        return 1
    except Exception as error:
        if not hasattr(error, "exit_code"):
            raise
        # A usage error from the command line parser.
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        if message:
            say(f"dilemma: {_suggest(message, given)}\nSee `dilemma --help`.")
        return int(error.exit_code)


if __name__ == "__main__":
    sys.exit(main())
