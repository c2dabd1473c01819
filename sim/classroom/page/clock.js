/* The clock of a history: play, pause, step, speed, and the month under a slider. Time is the browser's own, so a slow page skips months rather than fall behind. */
((d) => {
  const SPEEDS = [2, 6, 12, 24, 48];

  /**
   * Controls that say which month it is.
   * @param {{months: number, start: string, month: number, speed: number, marks: {month: number, label: string}[]}} given
   * @param {(month: number) => void} onMonth called whenever the month changes.
   */
  d.clock = (container, given, onMonth) => {
    let month = given.month || 0,
      playing = false,
      speed = given.speed || 12,
      frame = 0,
      began = 0,
      from = 0;

    const button = (id, sign, label, act) =>
      d.el("button", { type: "button", id, "aria-label": label, title: label, text: sign, on: { click: act } });
    const toggle = button("play", "▶ Play", "Play", () => (playing ? pause() : play()));
    toggle.classList.add("main");
    const range = d.el("input", {
      type: "range",
      id: "month",
      min: 0,
      max: given.months,
      step: 1,
      value: month,
      "aria-label": "Month",
      on: {
        input: () => {
          pause();
          go(Number(range.value));
        },
      },
    });
    const date = d.el("output", { class: "date", id: "date", for: "month" });
    const speeds = d.el(
      "select",
      {
        id: "speed",
        "aria-label": "Speed",
        on: {
          change: () => {
            speed = Number(speeds.value);
            if (playing) restart();
          },
        },
      },
      SPEEDS.map((n) => d.el("option", { value: n, selected: n === speed, text: `${n} months / s` })),
    );
    const marks = d.svg(
      "svg",
      { class: "marks", "aria-hidden": "true" },
      given.marks.map((mark) =>
        d.svg(
          "line",
          {
            x1: `${(100 * mark.month) / given.months}%`,
            x2: `${(100 * mark.month) / given.months}%`,
            y1: 0,
            y2: 9,
            class: /first difference/.test(mark.label) ? "mark first" : "mark",
          },
          d.svg("title", { text: mark.label }),
        ),
      ),
    );
    const box = d.el(
      "div",
      { class: "clock", role: "group", "aria-label": "Play the history" },
      button("to-start", "|◀", "To the start", () => {
        pause();
        go(0);
      }),
      button("back", "−1", "One month back", () => step(-1)),
      toggle,
      button("forward", "+1", "One month forward", () => step(1)),
      button("to-end", "▶|", "To the end", () => {
        pause();
        go(given.months);
      }),
      speeds,
      date,
      d.el("div", { class: "track" }, range, marks),
    );
    box.addEventListener("keydown", (event) => {
      // Sliders, choices and buttons keep the keys that are theirs.
      const own = event.target === range || event.target === speeds;
      if (event.key === " " && event.target.tagName !== "BUTTON") {
        event.preventDefault();
        if (playing) pause();
        else play();
      } else if (!own && event.key === "ArrowRight") {
        event.preventDefault();
        step(1);
      } else if (!own && event.key === "ArrowLeft") {
        event.preventDefault();
        step(-1);
      } else if (!own && event.key === "Home") {
        event.preventDefault();
        pause();
        go(0);
      } else if (!own && event.key === "End") {
        event.preventDefault();
        pause();
        go(given.months);
      }
    });
    container.replaceChildren(box);

    function label() {
      const text = month === 0 ? `start, ${d.dateOf(given.start, 0)}` : d.dateOf(given.start, month);
      date.textContent = text;
      range.value = month;
      range.setAttribute("aria-valuetext", text);
    }
    function go(next) {
      next = Math.max(0, Math.min(given.months, next));
      if (next === month) return;
      month = next;
      label();
      onMonth(month);
    }
    function tick(now) {
      if (!playing) return;
      go(Math.min(given.months, from + Math.floor(((now - began) / 1000) * speed)));
      if (month >= given.months) {
        pause();
        container.dispatchEvent(new CustomEvent("dilemma:ended", { bubbles: true }));
      } else frame = requestAnimationFrame(tick);
    }
    function restart() {
      from = month;
      began = performance.now();
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(tick);
    }
    function say() {
      toggle.textContent = playing ? "⏸ Pause" : "▶ Play";
      toggle.setAttribute("aria-label", playing ? "Pause" : "Play");
      toggle.setAttribute("aria-pressed", String(playing));
      toggle.title = playing ? "Pause" : "Play";
      container.dispatchEvent(new CustomEvent("dilemma:playing", { bubbles: true, detail: playing }));
    }
    function play() {
      if (month >= given.months) go(0);
      playing = true;
      say();
      restart();
    }
    function pause() {
      if (!playing) return;
      playing = false;
      cancelAnimationFrame(frame);
      say();
    }
    function step(by) {
      pause();
      go(month + by);
    }

    label();
    return {
      play,
      pause,
      step,
      seek(next) {
        pause();
        go(next);
      },
      get playing() {
        return playing;
      },
      get month() {
        return month;
      },
      destroy() {
        playing = false;
        cancelAnimationFrame(frame);
        container.replaceChildren();
      },
    };
  };
})(window.dilemma);
