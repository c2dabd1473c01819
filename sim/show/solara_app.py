"""A browser view for Mesa users (extra ``[viz]``): sliders, the course of a history, presence by region. Run: ``solara run sim/show/solara_app.py``.

The lesson page for classrooms is another thing; this is Mesa's own SolaraViz on
:class:`sim.model.DilemmaModel`. Mesa's space view stays blank without internet, so presence is drawn with Matplotlib.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import solara
from matplotlib.figure import Figure
from mesa.visualization import Slider, SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

from sim.model import DilemmaModel
from sim.scenario.load import shipped
from sim.scenario.parameters import PARAMETERS
from sim.show.style import OKABE_ITO, SOFT

SLIDERS = ("percolation", "detection", "polarisation_pull", "embedding_effort")
SWITCHES = ("control_dilemma", "embedding", "brokerage")


def _slider(name: str) -> Any:
    p = PARAMETERS[name]
    high = min(p.high, 4.0 * p.default)
    return Slider(name.replace("_", " "), value=p.default, min=p.low, max=high, step=(high - p.low) / 40)


model_params: dict[str, Any] = {
    "scenario": {"type": "Select", "value": "dilemma-101", "values": sorted(shipped()), "label": "Scenario"},
    "seed": {"type": "InputText", "value": 1, "label": "Seed"},
    **{name: _slider(name) for name in SLIDERS},
    **{name: {"type": "Checkbox", "value": True, "label": name.replace("_", " ")} for name in SWITCHES},
}


@solara.component
def Presence(model: DilemmaModel) -> None:
    """Presence of the followed lineage on the graph of regions: area of a node by strength."""
    update_counter.get()
    figure = Figure(figsize=(6, 4.5), layout="constrained")
    ax = figure.subplots()
    world = model.world
    here = (world.emir["alive"] == 1) & (world.organisation["lineage"][world.emir["organisation"]] == world.clock["focus"][0])
    strength = np.bincount(world.emir["region"][here], world.emir["strength"][here], minlength=len(world.region))
    place = nx.kamada_kawai_layout(model.graph) if len(model.graph) > 1 else {n: (0.0, 0.0) for n in model.graph}
    nx.draw_networkx_edges(model.graph, place, ax=ax, edge_color=SOFT, alpha=0.5)
    nx.draw_networkx_nodes(model.graph, place, ax=ax, node_size=40 + 4 * strength, node_color=OKABE_ITO[0], alpha=0.8)
    for name, (x, y) in place.items():
        ax.annotate(name, (x, y), xytext=(0, 9), textcoords="offset points", ha="center", fontsize=8)
    ax.set_title(f"Presence by region, month {model.month} (area: fighter-equivalents)", fontsize=10)
    ax.margins(0.18)
    ax.set_axis_off()
    solara.FigureMatplotlib(figure)


class ControlledModel(DilemmaModel):
    """The model as the page makes it: SolaraViz wants every control named, and a seed comes as text from its field."""

    def __init__(
        self,
        scenario: str = "dilemma-101",
        *,
        seed: Any = 1,
        percolation: float = PARAMETERS["percolation"].default,
        detection: float = PARAMETERS["detection"].default,
        polarisation_pull: float = PARAMETERS["polarisation_pull"].default,
        embedding_effort: float = PARAMETERS["embedding_effort"].default,
        control_dilemma: bool = True,
        embedding: bool = True,
        brokerage: bool = True,
    ) -> None:
        super().__init__(
            scenario,
            seed=int(seed),
            percolation=percolation,
            detection=detection,
            polarisation_pull=polarisation_pull,
            embedding_effort=embedding_effort,
            control_dilemma=control_dilemma,
            embedding=embedding,
            brokerage=brokerage,
        )


page = SolaraViz(
    ControlledModel(),
    components=[
        make_plot_component({"strength": OKABE_ITO[0]}),
        make_plot_component({"control": OKABE_ITO[1], "agency_loss": OKABE_ITO[2], "polarisation": OKABE_ITO[3]}),
        Presence,
    ],
    model_params=model_params,
    name="dilemma",
)
