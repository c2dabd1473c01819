"""How long a class waits: from a key on a slider to the redrawn figure, from a question to its answer, and what twenty pages at once do to that.

Run with the extras ``web`` and ``test`` installed and Chromium on the machine: ``python benchmarks/classroom.py``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from sim.classroom.answers import Book
from sim.classroom.lesson import load_lesson, shipped_lessons
from sim.classroom.server import Served
from sim.classroom.worlds import warm

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLIDERS = ("intelligence", "divergence", "remoteness")
# The figure is on the screen two frames after it has been drawn.
REDRAWN = """(name) => new Promise((done) => {
  const slider = document.getElementById(name), figure = document.getElementById('frontier');
  const wanted = Number(slider.value) + (Number(slider.value) + 0.051 > Number(slider.max) ? -1 : 1) * Number(slider.step);
  const began = performance.now();
  const seen = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
  new MutationObserver((_, observer) => {
    if (Math.abs(JSON.parse(figure.dataset.settings)[name] - wanted) > 1e-6) return;
    observer.disconnect(); seen(); })
    .observe(figure, { attributes: true, attributeFilter: ['data-redraws'] });
  slider.value = wanted;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
})"""
# A slider that is dragged there and back for some seconds, a position every 20 ms: how many figures were drawn.
DRAGGED = """(seconds) => new Promise((done) => {
  const slider = document.getElementById('intelligence'), figure = document.getElementById('frontier');
  const redraws = () => Number(figure.dataset.redraws), before = redraws(), began = performance.now();
  const move = setInterval(() => {
    const gone = (performance.now() - began) / 1000;
    if (gone > seconds) { clearInterval(move); done((redraws() - before) / seconds); return; }
    slider.value = 0.05 + 0.9 * Math.abs((gone % 2) - 1);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }, 20);
})"""
SHOW = """(rounds) => { const data = window.benchData, view = window.benchView, times = [];
  for (let k = 0; k < rounds; k++) {
    const month = (k * 37) % (data.months + 1), began = performance.now();
    view.show(month);
    times.push(performance.now() - began);
  }
  return times; }"""


def told(times):
    """Return median, 95th percentile and greatest of times in milliseconds."""
    ranked = sorted(times)
    return {
        "median": round(statistics.median(ranked), 1),
        "p95": round(ranked[int(0.95 * (len(ranked) - 1))], 1),
        "max": round(ranked[-1], 1),
        "n": len(ranked),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=40, help="moves of each slider")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    warm()
    book = Book([load_lesson(path) for path in shipped_lessons().values()])
    room = Served(book)
    threading.Thread(target=room.run, daemon=True).start()
    found = {}
    asked = {
        "frontier": [{"intelligence": 0.1 + 0.05 * n, "part": 0} for n in range(12)],
        "pairs": [{"scenario": "dilemma-101", "event": 0, "shift": n} for n in range(12)],
        "history": [{"scenario": "aqim", "seed": n} for n in range(12)],
        "what-if": [{"scenario": "aqim", "event": 6, "seed": n} for n in range(12)],
        # No two alike: an allotment that has been computed is remembered.
        "policy": [{"scenario": "aqim", "parts": {"force": n % 8, "dialogue": n // 8}} for n in range(12)],
    }
    for name, questions in asked.items():
        found[f"answer: {name}"] = told([_timed(lambda question=question, name=name: book.answer(name, question)) for question in questions])
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for width, height in ((1280, 720), (1920, 1080)):
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(room.url)
            page.wait_for_selector("svg.contacts")
            found[f"first figure, {width}x{height} (s)"] = round(page.evaluate("performance.now()") / 1000, 2)
            page.goto(f"{room.url}#/dilemma")
            page.wait_for_selector("#frontier[data-redraws]")
            found[f"redraws a second while a slider is dragged, {width}x{height}"] = round(page.evaluate(DRAGGED, 4), 1)
            for name in SLIDERS:
                times = []
                for _ in range(given.moves):
                    times.append(page.evaluate(REDRAWN, name))
                    page.wait_for_timeout(50)
                found[f"slider to redraw: {name}, {width}x{height}"] = told(times)
            page.goto(f"{room.url}#/history?scenario=aqim&seed=1")
            page.wait_for_selector("#view .panel")
            page.evaluate("""async () => { window.benchData = await window.dilemma.ask('history', { scenario: 'aqim', seed: 1 });
              window.dilemma.prepare([window.benchData]);
              window.benchView = window.dilemma.view(document.getElementById('view'), window.benchData, {}); }""")
            found[f"a month shown: aqim, {width}x{height}"] = told(page.evaluate(SHOW, 300))
            page.close()
        browser.close()
    with ThreadPoolExecutor(20) as pool:
        began = time.perf_counter()
        times = list(pool.map(lambda n: _timed(lambda: book.answer("frontier", {"intelligence": 0.07 + 0.04 * n, "part": 0})), range(20)))
        found["twenty frontiers at once, each"] = told(times)
        found["twenty frontiers at once, all (s)"] = round(time.perf_counter() - began, 2)
    room.close()
    if given.json:
        print(json.dumps(found, indent=1))
        return
    for what, row in found.items():
        print(
            f"{what:<50}",
            row if isinstance(row, (int, float)) else f"median {row['median']} ms, 95 % within {row['p95']}, greatest {row['max']} ({row['n']})",
        )


def _timed(work):
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
