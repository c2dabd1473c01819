"""Reading YAML: what a scalar becomes, where it was written, and that nothing hostile gets through or takes long."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load_scenario
from sim.scenario.yaml_text import read_bytes, read_file, read_text
from sim.show.scaffold import scaffold

GOOD = scaffold("good")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),  # PyYAML's own loaders read text here
        ("1.5e3", 1500.0),
        (".5", 0.5),
        ("+.5", 0.5),
        ("-.5", -0.5),
        ("+5", 5),
        ("017", 17),  # not octal
        ("-0", 0),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),  # not base sixty
        ("1998-01", "1998-01"),
        ("1998-01-01", "1998-01-01"),  # not a date
        ("off", False),
        ("on", True),
        ("OFF", False),
        ("No", False),
        ("Null", None),
        ("y", "y"),
        ("~", None),
        ("", None),
        ("'off'", "off"),
        ("!!str 12", "12"),
        ("=", "="),
    ],
)
def test_scalars(text, value):
    read = read_text(f"a: {text}", "x.yaml").plain()["a"]
    assert read == value
    assert type(read) is type(value)


def test_keys_are_text_whatever_they_look_like():
    assert read_text("on: 1\n1998: 2\n1.50: 3", "x.yaml").plain() == {"on": 1, "1998": 2, "1.50": 3}


def test_a_key_that_is_an_alias_stands_where_it_is_written():
    read = read_text("a: &key b\n*key : 1", "x.yaml")
    assert read.plain() == {"a": "b", "b": 1}
    assert (read.keys["a"].line, read.keys["b"].line) == (1, 2)


json_like = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("abcdefghij é-'\":#", max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdefghij", min_size=1, max_size=6), inner, max_size=4),
    max_leaves=25,
)


@given(json_like, st.booleans())
def test_what_a_yaml_writer_wrote_is_read_back(data, flow):
    assert read_text(yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True), "x.yaml").plain() == data


def _places(node, path=()):
    """Line and column of every node, as PyYAML's own composer has them."""
    yield path, node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _places(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for n, value in enumerate(node.value):
            yield from _places(value, (*path, n))


@given(json_like, st.booleans())
def test_every_value_has_its_place(data, flow):
    text = yaml.safe_dump({"top": data}, default_flow_style=flow, allow_unicode=True)
    node = read_text(text, "x.yaml")
    for path, line, column in _places(yaml.compose(text, Loader=yaml.SafeLoader)):
        place = node.at(path)
        assert (place.line, place.column) == (line, column), path


def test_the_place_of_what_is_not_there_is_the_nearest_above():
    node = read_text("a:\n  b: [1, {c: 2}]\n", "x.yaml")
    assert str(node.at(("a", "b", 1, "missing"))) == "x.yaml:2:10"
    assert str(node.at(("a", "b"), key=True)) == "x.yaml:2:3"


LINES = GOOD.splitlines()
SCRAPS = st.sampled_from(
    ["", "~", "[]", "{}", "{a: b}", "[1, [2]]", "off", "-1", "1e9", "1e-400", "999999999999999999999", "'x'", "2003-05", "2003-05-01",
     "*a", "&a", "<<: *a", "The Front", "Hills", "\t", "? ", "- ", "---", "...", "extends: aqim", "remove: true", "{replace: []}", "!!set {a}",
     "'\\0'", '"\\0"', "é", "\x85"]
) | st.text(max_size=8)  # fmt: skip


@st.composite
def damaged(draw):
    """A good scenario with some of its lines cut, doubled, moved, or with a scrap put in the place of a value."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        n = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["cut", "double", "swap", "scrap", "insert", "chop"]))
        if how == "cut":
            del lines[n]
        elif how == "double":
            lines.insert(n, lines[n])
        elif how == "swap":
            m = draw(st.integers(0, len(lines) - 1))
            lines[n], lines[m] = lines[m], lines[n]
        elif how == "insert":
            lines.insert(n, draw(SCRAPS))
        elif how == "chop":
            lines[n] = lines[n][: draw(st.integers(0, len(lines[n])))]
        else:
            words = lines[n].split(" ")
            words[draw(st.integers(0, len(words) - 1))] = draw(SCRAPS)
            lines[n] = " ".join(words)
    return "\n".join(lines)


@given(damaged())
def test_a_damaged_scenario_loads_or_says_where_it_is_wrong(tmp_path_factory, text):
    file = tmp_path_factory.getbasetemp() / "damaged.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        load_scenario(file)
    except ScenarioError as error:
        lines = text.count("\n") + text.count("\r") + text.count("\x85") + text.count("\u2028") + text.count("\u2029") + 2
        for problem in error.problems:
            assert problem.message
            assert problem.place.file.endswith(".yaml")
            assert 1 <= problem.place.line <= lines or "aqim" in problem.place.file


@pytest.mark.parametrize("escape", ["\\0", "\\x07", "\\e", "\\x9f", "\\uFFFE"])
def test_no_control_character_gets_in_by_an_escape(escape):
    with pytest.raises(ScenarioError, match=r"x\.yaml:2:4: character 0x.* does not belong"):
        read_text(f'a: 1\nb: "x{escape}"\n', "x.yaml")


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x80", "\x9f", "\ufffe", "\uffff"])
def test_a_control_character_has_its_place(character):
    with pytest.raises(ScenarioError) as caught:
        read_bytes(f"a: 1\nb: xy{character}\n".encode(), "x.yaml")
    (problem,) = caught.value.problems
    assert (problem.place.line, problem.place.column) == (2, 6)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "encode", [lambda t: b"\xef\xbb\xbf" + t.encode(), lambda t: t.replace("\n", "\r\n").encode()], ids=["byte order mark", "CRLF"]
)
def test_what_editors_on_windows_write_is_read_the_same(encode):
    assert read_bytes(encode(GOOD), "x.yaml").plain() == read_bytes(GOOD.encode(), "x.yaml").plain()


HOSTILE = {
    "deep flow": b"a: " + b"[" * 3_000_000,
    "deep block": b"".join(b" " * n + b"a:\n" for n in range(3000)),
    "deep dashes": b"a:\n" + b"- " * 1_000_000,
    "deep keys": b"? " * 3_000_000,
    "wide": b"a: [" + b"1," * 1_500_000 + b"]",
    "laughs": b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(b"%c: &%c [%s]\n" % (98 + k, 98 + k, b",".join([b"*%c" % (97 + k)] * 9)) for k in range(20)),
    "laughs in keys": b"a: &a {x: 1, y: 1}\n" + b"".join(b"%c: &%c {p: *%c, q: *%c}\n" % (98 + k, 98 + k, 97 + k, 97 + k) for k in range(24)),
    "an anchor inside itself": b"a: &a {b: *a}\n",
    "long digits": b"a: " + b"9" * 100_000 + b"\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_explode_is_refused_in_seconds(name):
    before = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        read_bytes(HOSTILE[name], "x.yaml")
    assert time.perf_counter() - before < 10
    assert len(str(caught.value)) < 400


def test_a_large_honest_scenario_with_every_name_dangling_is_told_in_seconds(tmp_path):
    at = GOOD.index("communities:\n") + len("communities:\n")
    many = "".join(f"  - {{name: C{n}, region: Hilz}}\n" for n in range(3000))
    emirs = GOOD.index("emirs:", at)
    emirs = GOOD.index("\n", emirs) + 1
    more = "".join(f"  - {{name: E{n}, organisation: The Front, region: Hills, ties: [{{community: D{n}}}]}}\n" for n in range(300))
    file = tmp_path / "large.yaml"
    file.write_text(GOOD[:at] + many + GOOD[at:emirs] + more + GOOD[emirs:], encoding="utf-8")
    before = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert time.perf_counter() - before < 15
    assert len(caught.value.problems) == 3300
    assert "3280 more" in str(caught.value)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no endless device here")
def test_an_endless_device_is_not_read_for_ever():
    with pytest.raises(ScenarioError, match="does not end within"):
        load_scenario("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_can_be_read(tmp_path):
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(GOOD,), kwargs={"encoding": "utf-8"}, daemon=True)
    writer.start()
    assert load_scenario(pipe).name == "good"
    writer.join(5)


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="no file permissions here")
def test_what_may_not_be_read_is_told(tmp_path):
    file = tmp_path / "secret.yaml"
    file.write_text(GOOD, encoding="utf-8")
    file.chmod(0)
    # Root may read everything, so root gives itself up first.
    code = "import os, sys; from sim.cli import main; import sim.scenario.load; os.geteuid() or os.setuid(65534); sys.exit(main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", code, "check", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "secret.yaml:1:1: cannot be read: Permission denied" in done.stderr


@pytest.mark.parametrize("name", ["a" * 5000 + ".yaml", "a\0b.yaml", "", "."])
def test_names_that_no_file_can_have(name):
    with pytest.raises(ScenarioError):
        load_scenario(name)


def test_a_link_that_goes_round_is_told(tmp_path):
    (tmp_path / "one.yaml").symlink_to(tmp_path / "two.yaml")
    (tmp_path / "two.yaml").symlink_to(tmp_path / "one.yaml")
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_file(tmp_path / "one.yaml", "one.yaml")
