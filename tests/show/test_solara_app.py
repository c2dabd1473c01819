"""The SolaraViz page: built without error where the extra is installed."""

from __future__ import annotations

import pytest

pytest.importorskip("solara", reason="the extra [viz] is not installed")


@pytest.mark.filterwarnings("ignore")  # Solara's and Mesa's own, about one another.
def test_the_page_is_built_and_its_model_runs():
    from sim.show import solara_app

    model = solara_app.ControlledModel("dilemma-101", seed="3", remote_contact=0.2, brokerage=False)
    model.step()
    assert model.draw_seed == 3
    assert model.setting.mechanisms["brokerage"] is False
    assert solara_app.page is not None
