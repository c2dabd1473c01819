"""A small world with names that data use, and its own violence written as data sets write it."""

from __future__ import annotations

import csv

import pytest

import sim
from sim.evidence.hold.atlas import Atlas
from sim.evidence.hold.cells import included

NAMES = {
    "places": [
        {
            "name": "North",
            "regions": ["Steppe", "Desert"],
            "countries": ["Republic", "The Republic"],
            "gwno": [999],
            "provinces": ["Désert", "Steppe"],
        },
        {"name": "South", "regions": ["Capital", "Hills"], "countries": ["Republic", "The Republic"], "gwno": [999]},
    ],
    "actors": [{"name": "Front", "organisations": ["The Front"], "aliases": ["TF", "The Front"]}],
}
"""How data name the world of dilemma-101."""

SEED, REPLICATE = 5, 2
KINDS = {"state-based": 1, "non-state": 2, "one-sided": 3}
GED = ["id", "type_of_violence", "date_start", "country_id", "country", "adm_1", "side_a", "side_b", "best", "source_article"]
ACLED = ["event_id_cnty", "event_date", "event_type", "actor1", "inter1", "actor2", "inter2", "country", "admin1", "fatalities", "notes"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


STRONG = {f"emirs.{name}.strength": 500.0 for name in ("Amber", "Basalt", "Cedar", "Dune", "Ember", "Flint")}
"""Enough fighters for a war that UCDP would count, whatever the defaults are."""


@pytest.fixture(scope="session")
def named():
    return sim.load("dilemma-101", overrides={"data": NAMES, **STRONG})


@pytest.fixture(scope="session")
def atlas(named):
    return Atlas(named)


@pytest.fixture(scope="session")
def history(named):
    return sim.run(named, seed=SEED, replicate=REPLICATE)


def write(path, header, rows, delimiter=","):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@pytest.fixture(scope="session")
def ged(history, tmp_path_factory):
    """What UCDP would have of the history: entries with deaths, of dyads that brought twenty-five in a year."""

    def side(name):
        return "Government of Republic" if name == "state" else "Civilians" if name == "civilians" else name

    rows = []
    told = history.violence()[included(history.scenario, history.violent)]
    for n, v in enumerate(told.itertuples()):
        sides = side(v.by), side(v.against)
        if sides[1].startswith("Government"):
            sides = sides[::-1]
        by_number = n % 2 == 0
        country = (999, "A name of its own") if by_number else ("", "Republic")
        rows.append((n, KINDS[v.kind], f"{v.date}-28 00:00:00.000", *country, f"{v.region} province", *sides, int(v.deaths), "Paper, a; b"))
    return write(tmp_path_factory.mktemp("data") / "ged.csv", GED, rows)


@pytest.fixture(scope="session")
def acled(history, tmp_path_factory):
    """What ACLED would have of it: every entry, with sides in the words of newer files or the numbers of older ones."""

    def side(name, numbers):
        if name == "state":
            return "Military Forces of Republic", "1" if numbers else "State forces"
        if name == "civilians":
            return "Civilians (Republic)", "7" if numbers else "Civilians"
        return ("TF: The Front" if name == "The Front" else name), "2" if numbers else "Rebel group"

    rows = []
    for n, v in enumerate(history.violence().itertuples()):
        event = "Violence against civilians" if v.against == "civilians" else "Battles"
        date = f"7 {MONTHS[int(v.date[5:]) - 1]} {v.date[:4]}" if n % 2 else f"{v.date}-07"
        sides = (*side(v.by, n % 3 == 0), *side(v.against, n % 3 == 0))
        rows.append((n, date, event, *sides, "The Republic", v.region, int(v.deaths), 'Said "so",\nand more'))
    rows.append((0, "2003-05-05", "Protests", "Protesters (Republic)", "Protesters", "", "", "The Republic", "Hills", 0, ""))
    return write(tmp_path_factory.mktemp("data") / "acled.csv", ACLED, rows, ";")
