"""The classroom's server: this machine only.

It listens on 127.0.0.1 and answers only requests that name this machine as their host and, where a browser tells where a request comes
from, only those that come from the page itself. A page on the web that makes a visitor's browser ask here (or that has its own name lead to
127.0.0.1) is refused.
"""

from __future__ import annotations

import hashlib
import logging
import socket
import threading
from collections import OrderedDict

from flask import Flask, Response, abort, jsonify, request
from waitress.server import create_server

from sim.classroom.answers import BadQuestion, Book
from sim.classroom.assembly import SCRIPTS, STYLES, linked, part
from sim.classroom.worlds import Stale, Wanted

ADDRESS = "127.0.0.1"
NAMES = (ADDRESS, "localhost")
THREADS = 8
LARGEST_QUESTION = 200_000
MOST_CLIENTS = 1000

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
    hosts = {f"{name}:{port}" for name in NAMES} | ({*NAMES} if port == 80 else set())

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
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict) or not isinstance(asked.get("question"), dict):
            return jsonify({"error": "a question is JSON: {question: {…}, client: …, ticket: …}"}), 400
        client, ticket = asked.get("client", ""), asked.get("ticket", 0)
        if not isinstance(client, str) or len(client) > 64 or isinstance(ticket, bool) or not isinstance(ticket, int):
            return jsonify({"error": "client is a text of at most 64 characters, ticket a whole number"}), 400
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


class Served:
    """A classroom that is being served.

    Args:
        book: What it answers from.
        port: Port to listen on; 0 takes any that is free.

    Raises:
        OSError: If the port is taken.
    """

    def __init__(self, book: Book, port: int = 0) -> None:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((ADDRESS, port))
        except OSError:
            listening.close()
            raise
        self.port: int = listening.getsockname()[1]
        self._closed = False
        # Waitress warns of a queue whenever a class moves its sliders together; that is what the queue is for.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._server = create_server(
            create_app(book, self.port), sockets=[listening], threads=THREADS, ident=None, clear_untrusted_proxy_headers=True
        )

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
