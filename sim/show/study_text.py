"""What the command prints of studies: what a sweep will cost, what came out, what failed."""

from __future__ import annotations

from typing import Any

from sim.scenario.numbers import told
from sim.study.estimate import Estimate
from sim.study.plan import Study
from sim.study.progress import clock
from sim.study.variance import Share


def size(count: float) -> str:
    """Return a number of bytes in words."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:,.0f} {unit}" if unit == "B" else f"{count:,.1f} {unit}"
        count /= 1000
    return ""


def estimate_data(study: Study, found: Estimate) -> dict[str, Any]:
    """Return an estimate as plain data."""
    return {
        "experiment": study.spec.name,
        "sha256": study.sha256,
        "arms": len(study.arms),
        "points": len(study.points),
        "replicates": study.spec.replicates,
        "runs": list(found.runs),
        "shards": found.shards,
        "workers": found.workers,
        "seconds": list(found.seconds),
        "bytes": list(found.bytes),
        "pilot_runs": found.pilot,
        "pilot_seconds_a_run": found.run_seconds,
    }


def estimate_text(study: Study, found: Estimate) -> str:
    """Return an estimate as text: what is run, how often, how long, how large."""
    spec, (low, high) = study.spec, found.runs
    what = spec.function or ", ".join(study.scenarios)
    design = f"{spec.design.kind} design of {len(study.points):,} points" if spec.design else "one point"
    arms = f" x {len(study.arms)} arms" if len(study.arms) > 1 else ""
    runs = f"{low:,}" + (f" to {high:,}" if high > low else "")
    lines = [
        f"{spec.title or spec.name}",
        f"  claim     {spec.claim}",
        f"  runs      {what}: {design}{arms} x {_replicates(study)} = {runs} runs in {found.shards:,} shards",
        f"  time      about {clock(found.seconds[0])}" + (f" to {clock(found.seconds[1])}" if high > low else "")
        + f" on {found.workers} workers ({1000 * found.run_seconds:.3g} ms a run, measured on {found.pilot})",
        f"  disk      about {size(found.bytes[0])}" + (f" to {size(found.bytes[1])}" if high > low else ""),
    ]  # fmt: skip
    return "\n".join(lines)


def _replicates(study: Study) -> str:
    until = study.spec.until
    if until is None:
        return f"{study.spec.replicates} replicates"
    return f"{study.spec.replicates} to {until.at_most} replicates (until {until.interval_of} is known within {until.narrower_than:g})"


def shares_text(shares: list[Share]) -> str:
    """Return outcomes with their mean and what their variance is made of, as a table."""
    lines = [f"{'outcome':<24}{'mean':>11}{'sd':>11}   {'variance from parameters':<28}{'from chance':<13}unit"]
    for s in shares:
        unit = s.unit if s.happens == 1.0 else f"{s.unit}, where it happens: in {s.happens:.1%} of runs"
        if not s.happens:
            lines.append(f"{s.outcome:<24}{'never':>11}")
        elif s.parameters is None:
            lines.append(f"{s.outcome:<24}{told(s.mean):>11}{told(s.deviation, s.mean):>11}   {'never varies':<28}{'':<13}{unit}")
        else:
            about = f"{s.parameters:>5.0%} [{s.low:.0%}, {s.high:.0%}]"
            lines.append(f"{s.outcome:<24}{told(s.mean):>11}{told(s.deviation, s.mean):>11}   {about:<28}{1 - s.parameters:<13.0%}{unit}")
    return "\n".join(lines)
