"""The page, put together from its parts: for a server, with links to them; for a file, with everything inside."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any

_STYLES = ("style.css", "player.css", "begin.css", "lesson.css", "paper.css")
_SCRIPTS = (
    "core.js", "glossary.js", "drawing.js", "chart.js", "optimum.js", "intervals.js", "overlay.js", "clock.js", "record_lane.js", "lanes.js",
    "map.js", "network.js", "chronicle.js", "numbers.js", "view.js", "contacts.js", "page_begin.js", "page_dilemma.js", "page_history.js",
    "page_whatif.js", "page_policies.js", "page_lessons.js", "start.js",
)  # fmt: skip
"""Scripts in the order in which they are read; each adds to one namespace."""

STYLES, SCRIPTS = ("page.css",), ("page.js",)
"""What a browser asks for: all styles in one, all scripts in one, so that it need not ask thirty times before the first figure."""


@functools.cache
def part(name: str) -> str:
    """Return the text of a part: the styles, the scripts, or the page's skeleton.

    Raises:
        FileNotFoundError: If there is no such part.
    """
    pieces = {"page.css": _STYLES, "page.js": _SCRIPTS, "index.html": ("index.html",)}.get(name)
    if pieces is None:
        raise FileNotFoundError(name)
    return "\n".join(files("sim.classroom").joinpath("page", piece).read_text(encoding="utf-8") for piece in pieces)


def linked(version: str) -> str:
    """Return the page for a server; ``version`` keeps browsers from showing an older version's scripts."""
    styles = "\n".join(f'<link rel="stylesheet" href="/assets/{name}?{version}">' for name in STYLES)
    scripts = "\n".join(f'<script src="/assets/{name}?{version}"></script>' for name in SCRIPTS)
    return _filled(styles, scripts)


def whole(answers: dict[str, Any]) -> str:
    """Return the page with everything inside, answers included, so that it opens from a file.

    Args:
        answers: Answers by key, as the page looks them up (:func:`sim.classroom.export.key`); without ``contents`` nothing can be shown.
    """
    styles = "\n".join(f"<style>\n{part(name)}\n</style>" for name in STYLES)
    data = f"window.dilemmaAnswers = {embedded(answers)};"
    scripts = "\n".join(f"<script>\n{text}\n</script>" for text in (data, *(part(name) for name in SCRIPTS)))
    return _filled(styles, scripts)


def embedded(data: Any) -> str:
    """Return data as JSON that can stand inside a script element: nothing in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _filled(styles: str, scripts: str) -> str:
    # Not str.replace one after the other: a script may hold the other's mark.
    before, _, rest = part("index.html").partition("<!--styles-->")
    middle, _, after = rest.partition("<!--scripts-->")
    return before + styles + middle + scripts + after
