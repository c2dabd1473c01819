"""Files of events: what is read of them, and how it is told what is wrong."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import sim
from sim.evidence.hold.atlas import Atlas, plain
from sim.evidence.hold.reading import read
from sim.scenario.errors import ScenarioError
from sim.world import codes
from tests.evidence.hold.conftest import STRONG

HEADER = "type_of_violence,date_start,country,adm_1,side_a,side_b,best\n"
GOOD = "1,2003-02-03,Republic,Steppe,Government of Republic,TF,3\n"
ACLED = "event_date,event_type,actor1,inter1,actor2,inter2,country,admin1,fatalities\n"
DYADS = "location,side_b,year,intensity_level\n"


def of(tmp_path, text):
    path = tmp_path / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER.replace("best", "bets") + GOOD, [":1:1: best: is missing; UCDP GED has the columns", "did you mean 'bets'?"]),
        ("a,b\n1,2\n", [":1:1: no header of a known data set (a, b); known are UCDP GED: type_of_violence"]),
        ("", [":1:1: is empty; a header is wanted"]),
        (HEADER, [":1:1: has no rows"]),
        (HEADER.replace("adm_1", "best") + GOOD, [":1:1: adm_1: is missing"]),
        ("best," + HEADER + "1," + GOOD, [":1:8: best: the column is there twice"]),
        (HEADER + GOOD.replace("2003-02-03", "2003-02-30"), [":2:2: date_start: '2003-02-30' is no day of the calendar"]),
        (HEADER + GOOD + GOOD.replace("2003-02-03", "03/02/2003"), [":3:2: date_start: '03/02/2003' is no date; allowed are 2019-12-31"]),
        (HEADER + GOOD.replace(",3\n", ",many\n"), [":2:7: best: 'many' is no whole number from 0 to 10 000 000"]),
        (HEADER + GOOD.replace("1,", "4,", 1), [":2:1: type_of_violence: '4' is no whole number from 1 to 3"]),
        (HEADER + GOOD.replace(",3\n", "\n"), [":2:1: 6 fields, where the header has 7"]),
        (HEADER + '1,2003-02-03,"Repub\nlic",a,b,c,3\n' + GOOD.replace(",3\n", ",x\n"), [":4:7: best: 'x'"]),
        (HEADER + GOOD.replace("Republic,Steppe", "Republik,Steppe"), ["no place of the scenario (Republik 1): 1", "did you mean 'Republic'?"]),
        (HEADER.encode() + GOOD.replace("Steppe", "Stéppe").encode("cp1252"), [":2:25: byte 0xe9 is not UTF-8", "--encoding cp1252"]),
        ((HEADER + GOOD).encode("utf-16"), [":1:1: is written in UTF-16"]),
        (b"PK\x03\x04rest", [":1:1: is an archive or a spreadsheet"]),
        (ACLED + "3 Febuary 2003,Battles,TF,2,X,1,Republic,Hills,1\n", [":2:1: event_date: 'Febuary'", "did you mean 'february'?"]),
        (ACLED + "2003-02-03,Batles,TF,2,X,1,Republic,Hills,1\n", [":2:2: event_type: 'Batles' is no type of event", "did you mean 'Battles'?"]),
        (ACLED + "2003-02-03,Battles,TF,Rebel grup,X,1,Republic,Hills,1\n", [":2:4: inter1: 'Rebel grup'", "did you mean 'rebel group'?"]),
        (ACLED + "2003-02-03,Battles,,2,X,1,Republic,Hills,1\n", [":2:3: actor1: is empty, though inter1 says '2'"]),
        (DYADS + "Republic,TF,03,1\n", [":2:3: year: '03' is no whole number from 1 900 to 2 099"]),
        (DYADS + "Republic,TF,2003,3\n", [":2:4: intensity_level: '3' is no whole number from 1 to 2"]),
    ],
)
def test_what_is_wrong_is_told_with_line_field_and_column(tmp_path, atlas, text, said):
    with pytest.raises(ScenarioError) as caught:
        read(of(tmp_path, text), atlas)
    for words in said:
        assert words in str(caught.value)


def test_a_file_of_nothing_but_errors_is_not_read_to_its_end(tmp_path, atlas):
    path = of(tmp_path, HEADER + GOOD.replace("Republic,", ",") * 5000)
    with pytest.raises(ScenarioError) as caught:
        read(path, atlas)
    assert len(caught.value.problems) == 21
    assert str(caught.value).splitlines()[-1] == "… and 1 more"


def test_a_file_that_is_not_there(tmp_path, atlas):
    of(tmp_path, HEADER)
    with pytest.raises(ScenarioError, match=r"dato\.csv:1:1: there is no such file; did you mean 'data\.csv'\?"):
        read(tmp_path / "dato.csv", atlas)
    with pytest.raises(ScenarioError, match="is a directory; a CSV file is wanted"):
        read(tmp_path, atlas)


def test_another_encoding_is_read_when_it_is_said(tmp_path, atlas):
    path = of(tmp_path, HEADER.encode() + GOOD.replace("Steppe", "Stéppe").encode("cp1252"))
    assert atlas.places[read(path, atlas, "cp1252").place[0]] == "North"


def test_a_byte_order_mark_older_names_of_columns_and_tabs_are_taken(tmp_path, atlas):
    text = "\ufeff" + (HEADER.replace("best", "Best_Est") + GOOD).replace(",", "\t").replace("date_start", '"date_start"')
    found = read(of(tmp_path, text), atlas)
    assert (found.convention.name, found.amount.tolist()) == ("UCDP GED", [3])
    assert (found.first, found.last) == (12 * 2003, 12 * 2003 + 11)


def test_what_is_no_violence_of_a_known_kind_is_left_out_and_counted(tmp_path, atlas):
    rows = [
        "2003-02-03,Riots,A mob,Rioters,,,Republic,Hills,0",
        "2003-02-03,Battles,Army of X,1,Army of Y,8,Republic,Hills,1",
        "2003-02-03,Violence against civilians,Folk,7,Crowd,Rioters,Republic,Hills,1",
        "2003-02-03,Explosions/Remote violence,TF,Rebel group,,,Republic,Hills,1",
        "2003-02-03,Battles,TF,Rebel group,Army,State Forces,Elsewhere,Hills,1",
        "2003-02-03,Battles,TF,Rebel group,TG,Political militia,Republic,Hills,1",
    ]
    found = read(of(tmp_path, ACLED + "\n".join(rows) + "\n"), atlas)
    assert found.left_out == {
        "no violence between armed actors, or against civilians": 1, "between states": 1, "no armed actor": 1, "only one actor is named": 1,
        "in no place of the scenario (Elsewhere 1)": 1,
    }  # fmt: skip
    assert (found.kind.tolist(), found.others) == ([codes.NON_STATE], {"TG": 1})


def test_a_province_goes_before_its_country_with_or_without_accents(atlas):
    assert plain("Béjaïa province") == plain("Bejaia") == "bejaia"
    for where, place in ((("Republic", -1, "Desert region"), 0), (("", 999, "désert"), 0), (("the republic", -1, "Hills"), 1), (("", 999, ""), 1)):
        assert atlas.place(*where) == place
    assert atlas.place("Kingdom", 1, "Desert") == -1


def test_actors_go_by_their_alias_or_by_what_stands_before_the_colon(atlas):
    sides = [atlas.sides[atlas.side(name)] for name in ("tf", "TF: The Front", "The Front", "The Front (Hills)")]
    assert sides == ["Front", "Front", "Front", "other groups"]


def test_without_names_states_are_places_and_organisations_go_by_both_their_names():
    atlas = Atlas(sim.load("aqim"))
    assert atlas.places[:2] == ("Algeria", "Mali")
    assert atlas.side("AQIM") == atlas.side("GSPC") != atlas.side("GIA")


def test_offspring_counts_as_its_actor_where_that_is_said(history):
    table = history.tables["organisation"][-1]
    table = table[table["identity"] != 0]
    family = table["identity"][table["lineage"] == history.focus]
    assert len(family) > 1
    for offspring in (False, True):
        data = {"actors": [{"name": "Front", "organisations": ["The Front"], "aliases": ["TF"], "offspring": offspring}]}
        atlas = Atlas(sim.load("dilemma-101", overrides={"data": data}))
        who, side = atlas.sides_of(table)
        own = who[side == atlas.sides.index("Front")]
        assert set(own.tolist()) == (set(family.tolist()) if offspring else {history.focus})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"places": [{"name": "A", "regions": ["Hils"], "countries": ["X"]}]}, "did you mean 'Hills'?"),
        ({"places": [{"name": "A", "regions": ["Hills"]}]}, "'A' has neither countries nor gwno"),
        ({"places": [{"name": n, "regions": ["Hills"], "countries": [n]} for n in "AB"]}, "'Hills' belongs to 'A' already; a region belongs to one"),
        (
            {"places": [{"name": n, "regions": [r], "countries": ["X"]} for n, r in (("A", "Hills"), ("B", "Steppe"))]},
            "'X' belongs to 'A' already; a country without provinces belongs to one",
        ),
        ({"actors": [{"name": n, "organisations": ["The Front"], "aliases": [n]} for n in "AB"]}, "an organisation belongs to one of them"),
        ({"actors": [{"name": "A", "organisations": ["The Frond"], "aliases": ["A"]}]}, "did you mean 'The Front'?"),
        ({"actors": [{"name": "A", "organisations": ["The Front"]}]}, "aliases"),
    ],
)
def test_names_of_data_that_do_not_hang_together_are_told(data, said):
    with pytest.raises(ScenarioError) as caught:
        sim.load("dilemma-101", overrides={"data": data})
    assert said in str(caught.value)


def test_names_of_data_change_neither_a_history_nor_its_provenance(history):
    plain_world = sim.run(sim.load("dilemma-101", overrides=STRONG), seed=history.seed, replicate=history.replicate)
    assert plain_world.violent.tobytes() == history.violent.tobytes()
    assert plain_world.provenance == history.provenance


def test_a_wrong_file_is_told_before_anything_heavy_is_loaded(tmp_path):
    path = of(tmp_path, HEADER)
    code = f"import sys; from sim.cli import main; code = main(['hold', 'aqim', '--data', {str(path)!r}]); print(code, 'numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2", "False"]
    assert "has no rows" in done.stderr


def test_every_event_of_both_data_sets_is_read(ged, acled, atlas, history):
    events, all_entries = read(ged, atlas), read(acled, atlas)
    assert (events.convention.name, all_entries.convention.name) == ("UCDP GED", "ACLED")
    assert len(all_entries.month) == len(history.violent)
    assert all_entries.amount.sum() == history.violent["deaths"].sum()
    assert 0 < len(events.month) < len(all_entries.month)
    assert np.isin(events.place, (0, 1)).all()
