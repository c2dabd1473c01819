"""The classroom's server: this machine only.

It listens on 127.0.0.1 and answers only requests that name this machine as their host and, where a browser tells where a request comes
from, only those that come from the page itself. A page on the web that makes a visitor's browser ask here (or that has its own name lead to
127.0.0.1) is refused.
"""

from __future__ import annotations

import hashlib
import json
import logging
import socket
import threading
from collections import OrderedDict
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server
from werkzeug.exceptions import HTTPException

from sim.classroom.answers import BadQuestion, Book
from sim.classroom.assembly import SCRIPTS, STYLES, linked, part
from sim.classroom.listening import ADDRESS, take
from sim.classroom.worlds import Stale, Wanted

NAMES = (ADDRESS, "localhost")
THREADS = 8
LARGEST_QUESTION = 200_000
DEEPEST_QUESTION = 20
LARGEST_TICKET = 2**53
"""The largest whole number up to which a browser counts."""
MOST_CLIENTS = 1000
MOST_CONNECTIONS = 500
IDLE_SECONDS = 10
"""How long a connection over which nothing comes is kept; a page makes another when it asks again."""

POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'"
"""Content security policy: the browser itself refuses to load anything from elsewhere. Figures are styled in place."""


class Desk:
    """Knows the newest question of each page, so that older ones need not be answered to the end."""

    def __init__(self) -> None:
        self._newest: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: str, name: str, ticket: int) -> Wanted:
        """Note a question, and return what tells whether its answer is still wanted.

        Args:
            client: The page that asks.
            name: What it asks; questions of another kind do not make this one stale.
            ticket: Number of the question, larger for newer ones.
        """
        who = client, name
        with self._lock:
            self._newest[who] = max(ticket, self._newest.get(who, ticket))
            self._newest.move_to_end(who)
            while len(self._newest) > MOST_CLIENTS:
                self._newest.popitem(last=False)

        def wanted() -> bool:
            return self._newest.get(who, ticket) <= ticket

        return wanted


def create_app(book: Book, port: int) -> Flask:
    """Return the application.

    Args:
        book: What it answers from.
        port: Port it will listen on; part of the host that requests must name.
    """
    app = Flask("dilemma.classroom", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_QUESTION
    # The order of sliders, policies and scenarios is part of the answer.
    app.json.sort_keys = False  # type: ignore[attr-defined]
    desk = Desk()
    version = hashlib.sha256("".join(part(name) for name in (*STYLES, *SCRIPTS)).encode()).hexdigest()[:12]
    hosts = hosts_at(port)

    @app.errorhandler(HTTPException)
    def _refused(error: HTTPException) -> Response:
        return error.response if isinstance(error.response, Response) else _failed(error.code or 500, f"{error.name.lower()}: {request.method} here")

    @app.errorhandler(Exception)
    def _broke(error: Exception) -> Response:
        app.logger.error("An answer failed.", exc_info=error)
        return _failed(500, f"the answer failed: {type(error).__name__}; what was printed where the classroom was started says more")

    @app.before_request
    def _guard() -> None:
        if request.host not in hosts:
            abort(Response(f"This server answers only to {ADDRESS}:{port}.\n", 403, mimetype="text/plain"))
        origin = request.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in hosts}:
            abort(Response("This server answers only its own page.\n", 403, mimetype="text/plain"))
        if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            abort(Response("This server answers only its own page.\n", 403, mimetype="text/plain"))

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    @app.get("/")
    def _page() -> Response:
        return Response(linked(version), mimetype="text/html", headers={"Cache-Control": "no-store"})

    @app.get("/assets/<name>")
    def _asset(name: str) -> Response:
        if name not in (*STYLES, *SCRIPTS):
            abort(404)
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        return Response(part(name), mimetype=kind, headers={"Cache-Control": "max-age=31536000, immutable"})

    @app.post("/answers/<name>")
    def _answer(name: str) -> tuple[Response, int]:
        if name not in book.questions:
            # Nothing is kept under a name that anybody makes up.
            return jsonify({"error": f"there is no question {name[:60]!r}; questions are {', '.join(book.questions)}"}), 400
        # A form of another page cannot say that it sends JSON.
        asked = _read(request.get_data()) if request.is_json else None
        if not isinstance(asked, dict) or not isinstance(asked.get("question"), dict):
            return jsonify({"error": "a question is JSON: {question: {…}, client: …, ticket: …}"}), 400
        client, ticket = asked.get("client", ""), asked.get("ticket", 0)
        whole = isinstance(ticket, int) and not isinstance(ticket, bool) and 0 <= ticket <= LARGEST_TICKET
        if not isinstance(client, str) or len(client) > 64 or not whole:
            return jsonify({"error": f"client is a text of at most 64 characters, ticket a whole number up to {LARGEST_TICKET}"}), 400
        wanted = desk.take(client, name, ticket) if client else None
        try:
            answer = book.answer(name, asked["question"], wanted) if wanted else book.answer(name, asked["question"])
        except BadQuestion as error:
            return jsonify({"error": str(error)}), 400
        except Stale:
            # Nothing went wrong, and a browser's console should not say so.
            return Response(status=204), 204
        return jsonify(answer), 200

    return app


def hosts_at(port: int) -> frozenset[str]:
    """Return the hosts that a request may name."""
    return frozenset(f"{name}:{port}" for name in NAMES) | (frozenset(NAMES) if port == 80 else frozenset())


def _failed(code: int, sentence: str) -> Response:
    response = jsonify({"error": sentence})
    response.status_code = code
    return response


def _read(data: bytes) -> Any:
    """Return what JSON says, or None where it is none, or is nested deeper than any question."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    level = [found]
    for _ in range(DEEPEST_QUESTION):
        level = [inner for one in level if isinstance(one, dict | list) for inner in (one.values() if isinstance(one, dict) else one)]
    return None if level else found


def _channel(hosts: frozenset[str]) -> type[HTTPChannel]:
    """Return connections that refuse a request to another host when they have read its head, before they take in its body."""

    class Parser(HTTPRequestParser):
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if self.headers and self.headers.get("HOST") not in hosts:
                raise ParsingError(f"This server answers only to {' and '.join(sorted(hosts))}.")

    class Channel(HTTPChannel):
        parser_class = Parser

    return Channel


class Served:
    """A classroom that is being served.

    Args:
        book: What it answers from.
        listening: Where, from :func:`sim.classroom.listening.take`; on any port that is free where absent.
    """

    def __init__(self, book: Book, listening: socket.socket | None = None) -> None:
        listening = listening or take()
        self.port: int = listening.getsockname()[1]
        self._closed = False
        # Waitress warns of a queue whenever a class moves its sliders together; that is what the queue is for.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._server = create_server(
            create_app(book, self.port),
            sockets=[listening],
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=LARGEST_QUESTION,
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=1,
            asyncore_use_poll=True,
        )
        self._server.channel_class = _channel(hosts_at(self.port))

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{ADDRESS}:{self.port}/"

    def run(self) -> None:
        """Serve until interrupted or closed."""
        try:
            self._server.run()
        except OSError:
            # Closed from another thread, while it was waiting for somebody to come.
            if not self._closed:
                raise

    def close(self) -> None:
        """Stop serving."""
        self._closed = True
        self._server.close()
