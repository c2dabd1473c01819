/* The clock of a history: start, step, play, seek. It knows months only; what is shown at a month is the business of whoever listens. */
window.dilemma = window.dilemma || {};
(function (dilemma) {
  "use strict";

  const { svg, html, date, set, write } = dilemma.drawing;
  const SPEEDS = [1, 3, 6, 12, 24, 48]; // months a second: at 6, twenty years take forty seconds
  const THUMB = 20; // width of the slider's handle in player.css: its middle cannot reach the ends of the slider

  dilemma.clock = function (container, { months, start, month = 0, speed = 6, marks = [] }, onMonth) {
    const clamp = (value) => Math.max(0, Math.min(months, Math.round(value)));
    let now = clamp(month);
    let playing = false, frame = 0, held = false;
    let since = 0, from = 0; // when and at which month the present run began: the month is computed from the time, not counted

    const button = (label, glyph, action) => {
      const b = html("button", { type: "button", "aria-label": label, title: label }, html("span", { "aria-hidden": "true" }, glyph));
      b.addEventListener("click", action);
      return b;
    };
    const toStart = button("To the start", "|◀", () => seek(0));
    const back = button("Back one month", "◀", () => step(-1));
    const forward = button("Forward one month", "▶", () => step(1));
    const toEnd = button("To the end", "▶|", () => seek(months));
    const word = html("span", {}, "Play");
    const glyph = html("span", { "aria-hidden": "true", class: "glyph" }, "▶");
    const toggle = html("button", { type: "button", class: "main toggle", "aria-pressed": "false" }, glyph, word);
    toggle.addEventListener("click", () => (playing ? pause() : play()));

    const choices = SPEEDS.includes(speed) ? SPEEDS : [...SPEEDS, speed].sort((a, b) => a - b);
    const select = html("select", { "aria-label": "Speed, in months a second" },
      ...choices.map((s) => html("option", { value: s, selected: s === speed }, s === 1 ? "1 month/s" : `${s} months/s`)));
    select.addEventListener("change", () => { speed = Number(select.value); rebase(); });

    const range = html("input", { type: "range", min: 0, max: months, step: 1, value: now, "aria-label": "Month", class: "months" });
    range.addEventListener("input", () => { seek(Number(range.value)); });
    // While somebody holds the handle, time stands still, or the handle would run away under the hand.
    range.addEventListener("pointerdown", () => { held = true; });
    const release = () => { if (held) { held = false; rebase(); } };
    window.addEventListener("pointerup", release);
    window.addEventListener("pointercancel", release);

    const when = html("output", { class: "date", "aria-hidden": "true" });
    const ticks = svg("svg", { class: "marks", "aria-hidden": "true", focusable: "false" });
    const root = html("div", { class: "player-clock", role: "group", "aria-label": "Play the history" },
      html("div", { class: "buttons" }, toStart, back, toggle, forward, toEnd), when,
      html("div", { class: "track" }, range, ticks), select);
    root.addEventListener("keydown", key);
    container.append(root);

    function drawMarks() {
      const width = range.clientWidth, height = ticks.clientHeight;
      if (!width) return;
      const x = (m) => THUMB / 2 + (m / Math.max(1, months)) * (width - THUMB);
      const first = (mark) => /first difference/i.test(mark.label);
      ticks.replaceChildren(...marks.map((mark) =>
        svg("g", { class: first(mark) ? "mark first" : "mark" },
          svg("title", {}, `${date(start, mark.month).long}: ${mark.label}`),
          // A wide invisible target, since a tick of two pixels cannot be pointed at.
          svg("rect", { class: "target", x: x(mark.month) - 5, y: 0, width: 10, height }),
          svg("rect", { x: x(mark.month) - (first(mark) ? 1.5 : 1), y: 0, width: first(mark) ? 3 : 2, height: first(mark) ? height : 0.6 * height }))));
    }
    const watcher = new ResizeObserver(drawMarks);
    watcher.observe(range);

    function render() {
      const shown = date(start, now);
      write(when, shown.long);
      if (Number(range.value) !== now) range.value = now;
      set(range, "aria-valuetext", shown.long);
      toStart.disabled = back.disabled = now === 0;
      forward.disabled = toEnd.disabled = now === months;
    }
    function move(to) {
      if (to === now) return;
      // A disabled button drops the focus, and with it the keyboard: hand it to play.
      const focused = document.activeElement;
      now = to;
      render();
      if (focused && focused.disabled && root.contains(focused)) toggle.focus();
      onMonth(now);
    }
    function rebase(time) {
      since = time === undefined ? performance.now() : time;
      from = now;
    }
    function seek(to) {
      move(clamp(to));
      rebase();
    }
    function step(by) {
      pause();
      seek(now + by);
    }
    function look() {
      set(toggle, "aria-pressed", String(playing));
      write(word, playing ? "Pause" : "Play");
      write(glyph, playing ? "❚❚" : "▶");
    }
    function play() {
      if (playing) return;
      if (now >= months) seek(0);
      playing = true;
      look();
      rebase();
      frame = requestAnimationFrame(tick);
    }
    function pause() {
      if (!playing) return;
      playing = false;
      cancelAnimationFrame(frame);
      look();
    }
    function tick(time) {
      if (!playing) return;
      if (held) rebase(time);
      else move(clamp(Math.floor(from + (Math.max(0, time - since) / 1000) * speed)));
      // A listener may have paused in the meantime.
      if (!playing) return;
      if (now >= months && !held) {
        pause();
        container.dispatchEvent(new CustomEvent("dilemma:ended", { bubbles: true, detail: { month: now } }));
        return;
      }
      frame = requestAnimationFrame(tick);
    }
    function key(event) {
      if (event.altKey || event.ctrlKey || event.metaKey || event.target === select) return;
      const onSlider = event.target === range;
      // Space on a button presses that button; on the slider, where it does nothing by itself, it plays.
      if (event.key === " ") {
        if (event.target.tagName === "BUTTON") return;
        playing ? pause() : play();
      } else if (onSlider) return;
      else if (event.key === "ArrowLeft") step(-1);
      else if (event.key === "ArrowRight") step(1);
      else if (event.key === "Home") seek(0);
      else if (event.key === "End") seek(months);
      else return;
      event.preventDefault();
    }

    render();
    return {
      seek, play, pause, step,
      get playing() { return playing; },
      get month() { return now; },
      destroy() {
        pause();
        watcher.disconnect();
        window.removeEventListener("pointerup", release);
        window.removeEventListener("pointercancel", release);
        root.remove();
      },
    };
  };
})(window.dilemma);
