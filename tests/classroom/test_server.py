"""The server: this machine only, this page only, many clients at once, the newest question first."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("flask")

from sim.classroom import frontier
from sim.classroom.assembly import SCRIPTS, STYLES
from sim.classroom.server import Desk


def send(room, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", room.port, timeout=60)
    given = {"Host": f"127.0.0.1:{room.port}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body is not None:
        given.setdefault("Content-Type", "application/json")
    connection.request(method, path, body if body is None or isinstance(body, bytes) else json.dumps(body).encode(), given)
    response = connection.getresponse()
    data = response.read()
    connection.close()
    return response, data


def ask(room, name, question, **more):
    response, data = send(room, "POST", f"/answers/{name}", {"question": question, **more})
    return response.status, json.loads(data or b"null")


def test_it_listens_on_this_machine_only(served):
    with socket.socket() as other:
        other.settimeout(1)
        # Another address of this very machine: a server bound to all of them would answer.
        assert other.connect_ex(("127.0.0.2", served.port)) != 0


def test_the_page_and_all_its_parts_come_from_here(served):
    response, page = send(served, "GET", "/")
    assert response.status == 200
    assert b"http" not in page.replace(b"http-equiv", b"")
    for name in (*STYLES, *SCRIPTS):
        assert f"/assets/{name}".encode() in page
        assert send(served, "GET", f"/assets/{name}")[0].status == 200
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", "0.0.0.0:{port}", ""]
)
def test_a_request_to_another_name_is_refused(served, host):
    for method, path, body in (("GET", "/", None), ("GET", "/assets/core.js", None), ("POST", "/answers/contents", {"question": {}})):
        response, data = send(served, method, path, body, Host=host.format(port=served.port))
        assert response.status in (400, 403)
        assert b"scenarios" not in data


@pytest.mark.parametrize("origin", ["https://evil.example", "http://evil.example:{port}", "http://127.0.0.1:1", "https://127.0.0.1:{port}", "null"])
def test_a_request_from_another_page_is_refused(served, origin):
    response, data = send(served, "POST", "/answers/contents", {"question": {}}, Origin=origin.format(port=served.port))
    assert response.status == 403
    assert b"scenarios" not in data
    assert send(served, "GET", "/", Sec_Fetch_Site="cross-site")[0].status == 403


def test_its_own_page_is_answered_under_both_its_names(served):
    for name in ("127.0.0.1", "localhost"):
        host = f"{name}:{served.port}"
        assert send(served, "POST", "/answers/contents", {"question": {}}, Host=host, Origin=f"http://{host}")[0].status == 200


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/assets/../server.py", None, 404),
        ("/assets/%2e%2e%2fserver.py", None, 404),
        ("/assets/none.js", None, 404),
        ("/answers/contents", b"{", 400),
        ("/answers/contents", b"[]", 400),
        ("/answers/contents", {"question": []}, 400),
        ("/answers/none", {"question": {}}, 400),
        ("/answers/history", {"question": {"scenario": "nowhere"}}, 400),
        ("/answers/contents", {"question": {}, "ticket": "1"}, 400),
        ("/answers/contents", {"question": {}, "client": "x" * 65}, 400),
        ("/answers/policy-back", {"question": {"text": "x" * 300_000}}, 400),
    ],
)
def test_a_bad_request_is_refused_and_the_server_lives(served, path, body, status):
    response, data = send(served, "GET" if body is None else "POST", path, body)
    assert response.status in (status, 413)
    assert b"Traceback" not in data
    assert send(served, "GET", "/")[0].status == 200


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("history", b'{"question": {"scenario": ["aqim"]}}', "no scenario a list"),
        ("what-if", b'{"question": {"scenario": {}}}', "no scenario a mapping"),
        ("policy", b'{"question": {"scenario": null}}', "no scenario nothing"),
        ("lesson", b'{"question": {"name": [1]}}', "no lesson a list"),
        ("frontier", b'{"question": {"intelligence": ' + b"9" * 400 + b"}}", "a number from 0.05 to 0.95"),
        ("history", b'{"question": {"seed": ' + b"9" * 400 + b"}}", "a whole number from 0"),
        ("history", b'{"question": {"seed": ' + b"9" * 5000 + b"}}", "a question is JSON"),
        ("frontier", b'{"question": {"intelligence": NaN}}', "a number from 0.05"),
        ("contents", b'{"client": "a", "ticket": ' + b"9" * 400 + b', "question": {}}', "ticket a whole number up to"),
        ("contents", b'{"question": ' + b"[" * 90_000 + b"]" * 90_000 + b"}", "a question is JSON"),
        ("policy", b'{"question": {"parts": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}}", "a question is JSON"),
        ("x" * 5000, b'{"question": {}, "client": "a"}', "no question"),
    ],
)
def test_a_question_nobody_would_ask_is_answered_in_a_sentence(served, name, body, said):
    response, data = send(served, "POST", f"/answers/{name}", body)
    assert response.status == 400
    assert response.headers["Content-Type"] == "application/json"
    error = json.loads(data)["error"]
    assert said in error
    assert len(error) < 400
    assert "\n" not in error


def test_what_is_not_there_is_told_as_data(served):
    for method, path, status in (("GET", "/nowhere", 404), ("GET", "/answers/contents", 405)):
        response, data = send(served, method, path)
        assert (response.status, response.headers["Content-Type"]) == (status, "application/json")
        assert json.loads(data)["error"]


def test_an_answer_that_fails_is_told_without_a_trace(served, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(frontier, "frontier", broken)
    response, data = send(served, "POST", "/answers/frontier", {"question": {}})
    assert (response.status, response.headers["Content-Type"]) == (500, "application/json")
    assert json.loads(data) == {"error": "the answer failed: ZeroDivisionError; what was printed where the classroom was started says more"}


def test_a_body_for_another_host_is_not_waited_for(served):
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as other:
        other.sendall(b"POST /answers/contents HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
        assert other.recv(12) == b"HTTP/1.1 400"


def test_those_who_connect_and_say_nothing_keep_nobody_out(served):
    idle = [socket.create_connection(("127.0.0.1", served.port), timeout=30) for _ in range(120)]
    try:
        for other in idle[:60]:
            other.sendall(b"POST /answers/contents HTTP/1.1\r\n")
        assert ask(served, "contents", {})[0] == 200
        # Whoever goes on saying nothing is let go.
        assert idle[0].recv(1) == b""
    finally:
        for other in idle:
            other.close()


def test_twenty_clients_at_once_are_all_answered_and_alike(served):
    settings = [{"intelligence": 0.05 + 0.045 * (n % 10), "part": 0} for n in range(20)]

    def one(n):
        found = [
            ask(served, "frontier", settings[n], client=f"c{n}", ticket=1),
            ask(served, "history", {"scenario": "dilemma-101", "seed": n % 10}),
        ]
        return [status for status, _ in found], found[0][1]

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(one, range(20)))
    assert all(statuses == [200, 200] for statuses, _ in answers)
    for n in range(10):
        assert answers[n][1] == answers[n + 10][1]


def test_a_newer_question_stops_an_older_one_of_the_same_page(served, monkeypatch):
    real = frontier.run_worlds

    begun, overtaken = threading.Event(), threading.Event()

    def slow(worlds, seed, replicates, wanted, first):
        # However slow the machine: the first question is still being worked on when the second comes.
        begun.set()
        while wanted() and not overtaken.is_set():
            time.sleep(0.01)
        return real(worlds, seed, replicates, wanted, first)

    monkeypatch.setattr(frontier, "run_worlds", slow)
    with ThreadPoolExecutor(3) as pool:
        old = pool.submit(ask, served, "frontier", {"intelligence": 0.1, "part": 0}, client="a", ticket=1)
        assert begun.wait(30)
        new = pool.submit(ask, served, "frontier", {"intelligence": 0.9, "part": 0}, client="a", ticket=2)
        other = pool.submit(ask, served, "frontier", {"intelligence": 0.1, "part": 0}, client="b", ticket=1)
        assert old.result() == (204, None)
        overtaken.set()
        assert new.result()[1]["settings"]["intelligence"] == 0.9
        assert other.result()[0] == 200  # Another page's question is nobody else's business.


def test_the_desk_takes_tickets_in_whatever_order_they_arrive():
    desk = Desk()
    second = desk.take("a", "frontier", 2)
    first = desk.take("a", "frontier", 1)
    assert second()
    assert not first()
    assert desk.take("a", "history", 1)()
    assert desk.take("b", "frontier", 1)()
