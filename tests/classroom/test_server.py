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
