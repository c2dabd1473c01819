"""The command ``dilemma``: thin. Each verb loads what it needs when it is called, so that ``--help`` is quick."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

app = typer.Typer(
    name="dilemma",
    help="How militant groups survive and break: an agent-based simulation of the terrorist's dilemma.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

LARGEST = 2**32 - 1


class BadInput(Exception):
    """What the user gave cannot be used; the message says why and what is allowed."""


Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped name (see `dilemma list`) or the path of a YAML file.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=LARGEST, help="Seed of every draw.")]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set", "--change", metavar="PATH=VALUE", help="Change one thing: contact_exposure=0.2, organisations.GSPC.control=0.3. May be repeated."
    ),
]
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="MECHANISM", help="Switch a mechanism off, by key or id (brokerage, M10). May be repeated.")
]
Json = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON, and nothing else, on standard output.")]


def _say(text: str) -> None:
    """Tell how it goes, on standard error."""
    print(text, file=sys.stderr, flush=True)


def _print_json(data: Any) -> None:
    print(json.dumps(data, indent=1, ensure_ascii=False))


def _version(wanted: bool) -> None:
    if wanted:
        from sim import __version__

        print(f"dilemma {__version__}")
        raise typer.Exit


@app.callback()
def _root(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")] = False) -> None:
    pass


def _announce_compilation() -> None:
    """The first ever use compiles the rulebook; whoever waits is told."""
    from sim import engine

    if not engine.is_compiled():
        _say("Compiling the rulebook: the first use takes about a minute, later ones none.")


@app.command(epilog="Example: dilemma run aqim --seed 1 --without brokerage --out out/aqim")
def run(
    scenario: Scenario,
    seed: Seed = 0,
    replicate: Annotated[
        int, typer.Option("--replicate", min=0, max=LARGEST, help="Replicate number: the second part of the address of every draw.")
    ] = 0,
    replicates: Annotated[
        int, typer.Option("--replicates", min=1, max=1_000_000, help="Run so many replicates and print their outcomes with intervals instead.")
    ] = 1,
    threads: Annotated[
        int, typer.Option("--threads", min=1, max=256, help="Threads for --replicates and for the bands; results do not depend on it.")
    ] = 1,
    set_: Changes = None,
    without: Without = None,
    engine: Annotated[Literal["compiled", "mesa"], typer.Option("--engine", help="Both give the same history, bit for bit.")] = "compiled",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; dilemma-out/SCENARIO-seed-N where absent.")] = None,
    as_json: Json = False,
) -> None:
    """Run one history: chronicle, figure, tidy tables."""
    from sim.scenario.load import load_scenario

    loaded = load_scenario(scenario, overrides=set_ or (), without=without or ())
    if engine == "compiled" or not as_json or replicates > 1:
        _announce_compilation()
    if replicates > 1:
        if engine == "mesa":
            raise BadInput("--replicates runs on the compiled engine; for replicates of the Mesa model use mesa.batch_run (docs/mesa-users.md)")
        _ensemble(loaded, seed, replicate, replicates, threads, out, as_json)
        return
    from sim.observe.chronicle import as_json as history_as_json
    from sim.observe.chronicle import chronicle
    from sim.observe.history import run as run_history

    history = run_history(loaded, seed, replicate, engine)
    if history.outcomes["refused"]:
        _say(f"Warning: {history.outcomes['refused']:.0f} foundings were refused because a table was full.")
    written = []
    if out is not None or not as_json:
        from sim.show.history_figure import BAND_REPLICATES
        from sim.show.output import write

        folder = Path("dilemma-out") / (f"{loaded.name}-seed-{seed}" + (f"-replicate-{replicate}" if replicate else ""))
        written = write(history, out or folder, BAND_REPLICATES)
    if as_json:
        _print_json(history_as_json(history))
    else:
        from sim.show.output import closing, heading, text

        print("\n\n".join([heading(history), text(chronicle(history)), closing(history)]))
    for path in written:
        _say(f"wrote {path}")


def _ensemble(loaded: Any, seed: int, first: int, replicates: int, threads: int, out: Path | None, as_json: bool) -> None:
    """Outcomes of many replicates, each with the mean's bootstrap interval."""
    from sim.observe.ensemble import outcomes
    from sim.observe.provenance import provenance
    from sim.show.terminal import outcome_rows, outcome_text

    frame = outcomes(loaded, seed, replicates, threads, first)
    source = {**provenance(loaded, seed, first), "replicates": replicates}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(out / "outcomes.parquet")
        (out / "provenance.json").write_text(json.dumps(source, indent=2) + "\n", encoding="utf-8")
        _say(f"wrote {out / 'outcomes.parquet'}\nwrote {out / 'provenance.json'}")
    rows = outcome_rows(frame)
    if as_json:
        _print_json({"provenance": source, "outcomes": rows})
    else:
        print(f"{loaded.title or loaded.name}: {replicates} replicates from {first}, seed {seed}\n\n{outcome_text(rows)}")


@app.command(epilog="Example: dilemma whatif aqim --seed 1 --change timeline.14.magnitude=0")
def whatif(
    scenario: Scenario,
    change: Changes = None,
    without: Without = None,
    seed: Seed = 0,
    replicate: Annotated[int, typer.Option("--replicate", min=0, max=LARGEST, help="Replicate number.")] = 0,
    as_json: Json = False,
) -> None:
    """Run one history again with one thing changed: what follows from it, and nothing else."""
    if not change and not without:
        raise BadInput("nothing is changed; say what with --change path=value or --without MECHANISM")
    _announce_compilation()
    from sim.study.whatif import what_if

    try:
        found = what_if(scenario, tuple(change or ()), tuple(without or ()), seed, replicate)
    except ValueError as error:
        raise _as_given(error) from None
    from sim.show.terminal import what_if_data, what_if_text

    if as_json:
        _print_json(what_if_data(found))
        return
    changed = ", ".join([*(change or []), *(f"{mechanism} off" for mechanism in without or [])])
    print(f"{found.before.scenario.title or scenario}: seed {seed}, replicate {replicate}, with {changed}\n\n{what_if_text(found)}")


def _as_given(error: ValueError) -> Exception:
    """Return a value error as bad input, unless it tells its own story."""
    from sim.scenario.errors import ScenarioError

    return error if isinstance(error, ScenarioError) else BadInput(str(error))


@app.command(epilog="Example: dilemma check my-scenario.yaml")
def check(files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Scenario files, or shipped names.")], as_json: Json = False) -> None:
    """Check scenario files: one line each, or every problem with file, line and column."""
    from sim.scenario.errors import ScenarioError
    from sim.scenario.load import load_scenario, scenario_hash

    results, bad = [], False
    for file in files:
        try:
            loaded = load_scenario(file)
        except ScenarioError as error:
            bad = True
            problems = [
                {"file": p.place.file, "line": p.place.line, "column": p.place.column, "path": p.path, "message": p.message, "nearest": p.nearest}
                for p in error.problems
            ]
            results.append({"file": file, "ok": False, "problems": problems})
            if not as_json:
                _say(str(error))
        else:
            results.append({"file": file, "ok": True, "sha256": scenario_hash(loaded)})
            if not as_json:
                print(f"{file}: ok ({loaded.name}, {loaded.start} to {loaded.end}, {len(loaded.emirs)} emirs in {len(loaded.regions)} regions)")
    if as_json:
        _print_json(results)
    if bad:
        raise typer.Exit(2)


@app.command(epilog="Example: dilemma new my-scenario")
def new(name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the scenario: lower case, digits and hyphens.")]) -> None:
    """Write a small scenario to begin from, as NAME.yaml in this directory."""
    import re

    from sim.show.scaffold import scaffold

    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name):
        raise BadInput(f"{name!r} is no name for a scenario; allowed are lower case letters, digits and hyphens, at most 60, such as 'my-scenario'")
    path = Path(f"{name}.yaml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(scaffold(name))
    except FileExistsError:
        raise BadInput(f"{path} is there already; it is left as it was") from None
    print(f"wrote {path}; next: dilemma check {path}, dilemma run {path}")


@app.command("list", epilog="Example: dilemma list --json")
def list_(as_json: Json = False) -> None:
    """List the shipped scenarios and the mechanisms."""
    from sim.scenario.load import load_scenario, shipped
    from sim.scenario.mechanisms import MECHANISMS

    scenarios = [load_scenario(name) for name in shipped()]
    if as_json:
        _print_json(
            {
                "scenarios": [{"name": s.name, "title": s.title, "start": s.start, "end": s.end, "focus": s.focus} for s in scenarios],
                "mechanisms": [{"id": m.id, "key": m.key, "title": m.title} for m in MECHANISMS.values()],
            }
        )
        return
    print("Scenarios (dilemma run NAME):")
    for s in scenarios:
        print(f"  {s.name:<22}{s.start} to {s.end}  {s.title}")
    print("\nMechanisms (--without KEY; dilemma explain KEY):")
    for m in MECHANISMS.values():
        print(f"  {m.id:<5}{m.key:<24}{m.title}")


@app.command(epilog="Example: dilemma explain contact_exposure")
def explain(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH", help="A parameter, mechanism, scenario field (emirs.agenda), event kind, outcome or state variable (emir.shirking)."
        ),
    ],
    as_json: Json = False,
) -> None:
    """Say what a name means: unit, range, default, source."""
    from sim.show.explain import as_text
    from sim.show.explain import explain as entries_of

    try:
        entries = entries_of(path)
    except LookupError as error:
        raise BadInput(str(error.args[0])) from None
    if as_json:
        _print_json(entries)
    else:
        print(as_text(entries))


@app.command(epilog="Example: dilemma schema --out scenario.schema.json")
def schema(out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write; standard output where absent.")] = None) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from sim.scenario.json_schema import json_schema

    text = json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")
        _say(f"wrote {out}")


@app.command(epilog="Example: dilemma bench aqim")
def bench(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped name or a path.")] = "aqim",
    pairs: Annotated[int, typer.Option("--pairs", min=1, max=100, help="Pairs to time.")] = 5,
    as_json: Json = False,
) -> None:
    """Time the compiled engine against the Mesa model, in turn, as ratios."""
    from sim.scenario.load import load_scenario

    load_scenario(scenario)
    _announce_compilation()
    from sim.study.bench import engine_against_mesa, threads_against_one

    comparisons = []
    for measure in (engine_against_mesa, threads_against_one):
        comparisons.append(measure(scenario, pairs=pairs))
        if not as_json:
            print(comparisons[-1], flush=True)
    if as_json:
        _print_json(
            [
                {"fast": c.fast, "slow": c.slow, "ratios": c.ratios, "fast_seconds": c.fast_seconds, "slow_seconds": c.slow_seconds}
                for c in comparisons
            ]
        )


def _suggest(message: str, arguments: list[str]) -> str:
    """Add the nearest verb to a message about one that does not exist."""
    from sim.scenario.errors import nearest

    verbs = [c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands]
    word = next((a for a in arguments if not a.startswith("-")), "")
    near = nearest(word, verbs) if "No such command" in message else ""
    return message if not near or near in message else f"{message} Did you mean {near!r}?"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code: 0 done, 1 the work failed, 2 bad input, 130 interrupted."""
    given = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a letter shows its number; that is no reason to fail.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _dispatch(given)
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter must not try to flush to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _say("interrupted")
        return 130


def _dispatch(given: list[str]) -> int:
    from sim.scenario.errors import ScenarioError

    try:
        result = app(args=given, prog_name="dilemma", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except ScenarioError as error:
        _say(str(error))
        return 2
    except BadInput as error:
        _say(f"dilemma: {error}")
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
        _say(f"dilemma: the work failed: {where}{error.strerror or error}")
        return 1
    except Exception as error:
        if not hasattr(error, "exit_code"):
            raise
        # A usage error from the command line parser.
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        if message:
            _say(f"dilemma: {_suggest(message, given)}\nSee `dilemma --help`.")
        return int(error.exit_code)


if __name__ == "__main__":
    sys.exit(main())
