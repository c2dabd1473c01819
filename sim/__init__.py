"""dilemma: how militant groups survive and break, as an agent-based model.

The same verbs as the command ``dilemma``: ``sim.load("aqim")``, ``sim.run("aqim", seed=1)``. Names are loaded when
first used, so importing the package is quick and changes nothing in the host program.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.model import DilemmaModel
    from sim.observe.chronicle import chronicle
    from sim.observe.ensemble import outcomes as ensemble
    from sim.observe.history import History, run
    from sim.scenario.errors import ScenarioError
    from sim.scenario.load import load_scenario as load
    from sim.scenario.load import shipped
    from sim.scenario.schema import Scenario
    from sim.show.store_figure import plot
    from sim.study.result import SweepResult, open_store
    from sim.study.sweep import sweep

    __version__: str

_WHERE = {
    "DilemmaModel": ("sim.model", "DilemmaModel"),
    "History": ("sim.observe.history", "History"),
    "Scenario": ("sim.scenario.schema", "Scenario"),
    "ScenarioError": ("sim.scenario.errors", "ScenarioError"),
    "chronicle": ("sim.observe.chronicle", "chronicle"),
    "SweepResult": ("sim.study.result", "SweepResult"),
    "ensemble": ("sim.observe.ensemble", "outcomes"),
    "load": ("sim.scenario.load", "load_scenario"),
    "plot": ("sim.show.store_figure", "plot"),
    "open_store": ("sim.study.result", "open_store"),
    "run": ("sim.observe.history", "run"),
    "shipped": ("sim.scenario.load", "shipped"),
    "sweep": ("sim.study.sweep", "sweep"),
}

__all__ = [
    "DilemmaModel", "History", "Scenario", "ScenarioError", "SweepResult", "__version__", "chronicle", "ensemble", "load", "open_store", "plot",
    "run", "shipped", "sweep",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        module, attribute = _WHERE[name]
        return getattr(import_module(module), attribute)
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("dilemma-sim")
        except PackageNotFoundError:
            # Read from a source tree that was never installed.
            return "0+unknown"
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
