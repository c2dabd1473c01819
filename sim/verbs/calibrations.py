"""The verb that calibrates a scenario on dated facts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from sim.study.progress import LINE_SECONDS, clock
from sim.verbs.asking import Json, announce_compilation, as_bad_input, expect, print_json, say


def calibrate(
    experiment: Annotated[str, typer.Argument(metavar="EXPERIMENT", help="The path of a calibration (YAML), or the name of a shipped one.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; dilemma-out/NAME where absent.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Threads; all cores where absent. Same result.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after the last complete generation.")] = False,
    recover: Annotated[
        int, typer.Option("--recover", min=0, max=1000, help="Instead: plant so many parameter sets and see whether they are recovered.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Calibrate a scenario on its dated facts.

    Then predict the years that were not used.
    """
    from sim.evidence.calibration import load_calibration
    from sim.study.executors import cores

    expect(experiment, "calibration")
    calibration = load_calibration(experiment)
    announce_compilation()
    threads = workers or cores()
    folder = out or Path("dilemma-out") / calibration.spec.name
    from sim.evidence import posterior

    if recover:
        table = posterior.recover(calibration, recover, threads, lambda n, of: say(f"{n} of {of} planted sets calibrated"))
        held = float(table["held"].mean())
        folder.mkdir(parents=True, exist_ok=True)
        table.to_csv(folder / "recovery.csv", index=False)
        by = table.groupby("prior", sort=False)["held"].mean()
        if as_json:
            print_json({"sets": recover, "held": held, "by_prior": by.to_dict(), "rows": table.to_dict("records")})
        else:
            print(f"{held:.0%} of 90 % intervals hold what was planted ({recover} sets, {len(by)} priors)\n\n{by.to_string()}")
        say(f"wrote {folder / 'recovery.csv'}")
        return
    try:
        generations = posterior.calibrate(
            calibration,
            folder,
            threads=threads,
            resume=resume,
            watch=_Told(calibration.spec.particles, calibration.spec.generations),
        )
    except KeyboardInterrupt:
        say(f"interrupted: complete generations are safe in {folder}. Go on with: dilemma calibrate {experiment} --out {folder} --resume")
        raise typer.Exit(130) from None
    except ValueError as error:
        raise as_bad_input(error) from None
    series = posterior.predict(calibration, generations[-1], threads=threads)
    table = posterior.predictive_table(calibration, series)
    from sim.show.posterior_figure import text, write

    if as_json:
        rows = [{"number": g.number, "epsilon": min(g.epsilon, 1e308), "acceptance": g.acceptance, "effective": g.effective} for g in generations]
        posteriors = posterior.summary(calibration, generations[-1]).to_dict("records")
        print_json({"generations": rows, "posterior": posteriors, "facts": table.to_dict("records")})
    else:
        print(text(calibration, generations, table))
    for path in write(calibration, generations, series, folder):
        say(f"wrote {path}")


class _Told:
    """Tells how far a calibration is: at most a line in :data:`LINE_SECONDS`, and one at the end of a generation."""

    def __init__(self, particles: int, generations: int) -> None:
        self.particles, self.generations = particles, generations
        self.generation, self.began, self.last = -1, 0.0, 0.0

    def __call__(self, generation: int, found: int, histories: int, epsilon: float) -> None:
        now = time.monotonic()
        if generation != self.generation:
            self.generation, self.began, self.last = generation, now, now
        if found < self.particles and now - self.last < LINE_SECONDS:
            return
        self.last = now
        words = f"generation {generation} of at most {self.generations}: {found} of {self.particles} particles after {histories:,} histories"
        beat = f", distance to beat {epsilon:.3g}" if epsilon < 1e300 else ""
        left = f", {clock((now - self.began) * (self.particles - found) / found)} left of this generation" if 0 < found < self.particles else ""
        say(f"{words}{beat}{left}")
