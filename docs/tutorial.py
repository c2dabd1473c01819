# %% [markdown]
# # A study, from question to figure
#
# This tutorial asks one question of the smallest scenario, *dilemma-101* (one leader, six emirs), and follows it through a design, a sweep, a store, a comparison and a sensitivity analysis. Everything runs in
# about a minute on a laptop. It is made from [tutorial.py](tutorial.py) by `python docs/build_tutorial.py`; the tests run it.
#
# **The question.** A leader needs contact with his emirs to control them, and contact is what exposes them (Shapiro 2013). If the state learns more from every contact, what does the leader do, and what does it cost
# him?

# %%
import tempfile
from pathlib import Path

import sim

stores = Path(tempfile.mkdtemp())

# %% [markdown]
# ## An experiment is data
#
# Here it is a dictionary; in a file it would be the same in YAML. It says what it claims, what varies, which combinations are tried, and how often each is repeated.

# %%
experiment = {
    "name": "intelligence",
    "claim": "Where the state learns more from contacts, a leadership chooses less control (M3; Shapiro 2013).",
    "scenario": "dilemma-101",
    "seed": 1,
    "factors": {
        "intelligence": {"path": "forces.National force.intelligence", "range": [0.1, 0.9], "label": "State intelligence"},
        "percolation": {"range": [0.03, 0.6], "label": "What a meeting gives away"},
    },
    "design": {"kind": "grid", "levels": 4},
    "replicates": 60,
    "outcomes": ["survived", "root_survived", "months_survived", "strength_end", "control", "agency_loss", "fragmentations"],
}
result = sim.sweep(experiment, stores / "intelligence", progress=False)
print(len(result), "runs, complete:", result.complete)

# %% [markdown]
# A mistake is told at the place where it was made, with the nearest name that exists:

# %%
try:
    sim.sweep({**experiment, "factors": {"percolatoin": {"range": [0.03, 0.6]}}}, stores / "mistake")
except sim.ScenarioError as error:
    print(error)

# %% [markdown]
# ## What came out, and how much of it is chance
#
# Nothing is read from the store until it is asked for. First the question that should come before any figure: how much of each outcome's variance do the factors explain at all?

# %%
from sim.show.study_text import shares_text
from sim.study.variance import shares

print(shares_text(shares(result)))

# %% [markdown]
# Where the share of the factors is small, chance decides, and no figure of that outcome over these factors says anything. Means by state intelligence, as xarray sees them (a grid has a dimension a factor):

# %%
means = result.to_xarray(["control", "agency_loss"]).mean(["replicate", "percolation"])
print(means.to_pandas().round(4).to_string())

# %% [markdown]
# ## Figures
#
# Every figure comes with the data behind it. A heat map over the two factors, with the half-width of the 95 % interval in each cell:

# %%
figure, data = sim.plot(result, "heat", outcome="control", x="intelligence", y="percolation")
figure

# %% [markdown]
# The store keeps outcomes only, but every run has an address (seed, replicate), so its months can be computed again when they are wanted, and are checked against the stored outcomes bit for bit. Strength by month,
# for the lowest and the highest state intelligence:

# %%
figure, data = sim.plot(result, "fan", series="strength", by="intelligence", replicates=60)
figure

# %% [markdown]
# ## Compare: the same draws
#
# All design points share their draws, so a difference is a paired one. Without embedding (M7), the same replicates face the same chances:

# %%
from sim.show.compare_figure import text
from sim.study.compare import compare, of_scenario

found = compare([of_scenario(words, seed=1, replicates=100, threads=1) for words in ("dilemma-101", "dilemma-101,without=embedding")])
print(text(found))

# %% [markdown]
# Each line is a mean paired difference with its interval; one that crosses zero tells nothing. How much the pairing helps depends on how alike the two sets are: two worlds that differ in much share little of their luck.
#
# ## Which factors matter: Morris' screening
#
# Twelve trajectories over five quantities. The intervals count both the trajectories and the replicates.

# %%
from sim.show.sensitivity_figure import figure as draw
from sim.study.sensitivity import sensitivity

screening = {
    **experiment,
    "name": "screening-101",
    "factors": {
        "intelligence": {"path": "forces.National force.intelligence", "range": [0.1, 0.9], "label": "State intelligence"},
        "percolation": {"range": [0.03, 0.6], "label": "What a meeting gives away"},
        "deterrence": {"range": [0.7, 6.6], "label": "Weight of being called to account"},
        "recruitment": {"range": [0.4, 1.2], "label": "Recruitment"},
        "polarisation_pull": {"range": [0.0, 0.1], "label": "Pull of polarisation"},
    },
    "design": {"kind": "morris", "trajectories": 12},
    "replicates": 20,
    "outcomes": ["control", "agency_loss", "strength_end", "fragmentations"],
}
screened = sim.sweep(screening, stores / "screening", progress=False)
draw(sensitivity(screened), screened.labels)

# %% [markdown]
# ## Any run, alone
#
# A row of the store is a history. Here is the command that runs one of them alone, and what the group's end looked like in it:

# %%
row = result.to_pandas().iloc[-1]
cell = int(row["point"])
print(result.study.command(cell, int(row["replicate"])))
history = sim.run(result.study.scenario(cell), seed=1, replicate=int(row["replicate"]))
print("the same outcome:", history.outcomes["control"] == row["control"])
print(history.lineages()[["organisation", "start", "end", "ending", "peak_strength"]].round(1).to_string(index=False))

# %% [markdown]
# ## Stopped, resumed, computed elsewhere
#
# A sweep may be killed at any moment; run the same cell again and it goes on where it was. A complete store is returned as it is, and one that was made from another experiment is refused:

# %%
again = sim.sweep(experiment, stores / "intelligence", progress=False)
print(again)
try:
    sim.sweep({**experiment, "seed": 2}, stores / "intelligence")
except ValueError as error:
    print(str(error).replace(str(stores), "…").splitlines()[0])

# %% [markdown]
# On a cluster, add `cluster="tcp://…"`. More in [studies.md](studies.md).
