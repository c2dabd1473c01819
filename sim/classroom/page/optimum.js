/* The optimum is the picture: what each degree of control, held fixed, comes to against the leader's own search. Axes never move. */
((d) => {
  const clamped = (value, low, high) => Math.max(low, Math.min(high, value));

  const signed = (x) => (x > 0 ? "+" : x < 0 ? "−" : "") + Math.abs(Math.round(x));

  const TITLES = [
    "How much of the organisation is left: fighters more or fewer than if he searches",
    "How often it still stands: histories of 100 more or fewer than if he searches",
  ];

  /** Where on the axis of levels a control lies that is none of them. */
  d.placeOfControl = (levels, control) => {
    const after = levels.findIndex((level) => level >= control);
    if (after <= 0) return after === 0 ? 0 : levels.length - 1;
    return after - (levels[after] - control) / (levels[after] - levels[after - 1]);
  };

  /** A level in words: meetings a month. */
  d.meetings = (answer, level) => d.plainNumber(answer.meetings[answer.levels.indexOf(level)]);
  d.plainNumber = (x) => String(Number(x.toFixed(x < 1 ? 1 : 2)));

  /**
   * The panel: a line of strength and one of survival, the best level, where it was before, and a leader whom the reader moves.
   * @param box where it stands. @param moved called with the level's number when the reader moves the leader.
   */
  d.optimum = (box, moved) => {
    let drawn = null;
    let x = null;

    function panel(answer, name, rows, ends, top, bottom, size, percent) {
      const y = d.scale(ends[0], ends[1], bottom, top);
      const held = (value) => clamped(y(value), top, bottom);
      const points = rows.map((row, k) => [x(k), held(row[0])]);
      const band = rows
        .map((row, k) => [x(k), held(row[2])])
        .concat(rows.map((row, k) => [x(k), held(row[1])]).reverse());
      const group = d.svg("g", { class: `curve ${name}`, "data-name": name });
      const most = Math.max(2, Math.floor((bottom - top) / (2 * size)));
      for (const tick of d.ticks(ends[0], ends[1], Math.min(6, most))) {
        group.append(
          d.svg("line", {
            x1: x(-0.5),
            x2: x(answer.levels.length - 0.5),
            y1: y(tick),
            y2: y(tick),
            class: tick === 0 ? "nought" : "grid",
          }),
          d.label(x(-0.5) - 6, y(tick) + 0.35 * size, signed(percent ? 100 * tick : tick), size, {
            "text-anchor": "end",
            class: "tick",
          }),
        );
      }
      group.append(
        d.svg("path", { d: `${d.pathOf(band)}Z`, class: "band" }),
        d.svg("path", { d: d.pathOf(points), class: "line" }),
      );
      rows.forEach((row, k) => {
        const out = row[0] < ends[0] ? 1 : row[0] > ends[1] ? -1 : 0;
        const [px, py] = points[k];
        // Who leaves the paper is shown leaving it.
        group.append(
          out
            ? d.svg(
                "path",
                { d: `M${px},${py}l-6,${-9 * out}h12Z`, class: "point" },
                d.svg("title", { text: `beyond the axis: ${d.signed(row[0])}` }),
              )
            : d.svg("circle", { cx: px, cy: py, r: 0.3 * size, class: "point" }),
        );
      });
      return { group, held, y };
    }

    function draw(answer, ghost, chosen) {
      drawn = { answer, ghost, chosen };
      const size = d.figureLetters();
      const width = Math.max(280, Math.floor(box.clientWidth));
      const room = innerHeight - box.getBoundingClientRect().top - scrollY - 10.5 * size;
      const height = Math.round(clamped(room, 22 * size, 0.75 * width + 9 * size));
      const left = 2.9 * size;
      x = d.scale(-0.5, answer.levels.length - 0.5, left, width - 0.8 * size);
      const foot = height - 2.9 * size;
      const top = 1.7 * size;
      const middle = top + 0.7 * (foot - top - 1.9 * size);
      const svg = d.frame(box, width, height, told(answer), "group");
      const strength = panel(answer, "strength", answer.strength, answer.axes.strength, top, middle, size, false);
      const survival = panel(
        answer,
        "survival",
        answer.survival,
        answer.axes.survival,
        middle + 1.9 * size,
        foot,
        size,
        true,
      );
      const best = answer.levels.indexOf(answer.best.level);
      const alike = answer.best.alike.map((level) => answer.levels.indexOf(level));
      const own = x(d.placeOfControl(answer.levels, answer.own.control[0]));
      const wide = 1.16 * d.textWidth(TITLES[0], size) + left < width;
      const title = (text, y) => d.label(wide ? left : 2, y, text, size, { class: "title" });
      const parts = [
        d.svg("rect", {
          class: "alike",
          x: x(Math.min(...alike) - 0.4),
          width: x(Math.max(...alike) + 0.4) - x(Math.min(...alike) - 0.4),
          y: top,
          height: foot - top,
        }),
        title(wide ? TITLES[0] : "Fighters more or fewer than if he searches", size),
        title(wide ? TITLES[1] : "Still stands: histories of 100 more or fewer", middle + 1.4 * size),
      ];
      if (ghost) {
        const was = ghost.levels.indexOf(ghost.best.level);
        const line = (rows, p) =>
          d.svg("path", { class: "ghost", d: d.pathOf(rows.map((row, k) => [x(k), p.held(row[0])])) });
        parts.push(line(ghost.strength, strength), line(ghost.survival, survival));
        parts.push(
          d.svg("circle", {
            class: "ghost best-was",
            "data-level": ghost.best.level,
            cx: x(was),
            cy: strength.held(ghost.strength[was][0]),
            r: 0.55 * size,
          }),
        );
      }
      parts.push(strength.group, survival.group);
      for (const p of [strength, survival])
        parts.push(
          d.svg(
            "path",
            {
              class: "own",
              d: `M${own},${p.y(0) - 0.6 * size}l${0.5 * size},${0.6 * size}l${-0.5 * size},${0.6 * size}l${-0.5 * size},${-0.6 * size}Z`,
            },
            d.svg("title", { text: "the leader who searches" }),
          ),
        );
      const bx = x(best);
      const by = strength.held(answer.strength[best][0]);
      // A best is named only where both ends cost something.
      const words = answer.best.interior
        ? `best: ${d.meetings(answer, answer.best.level)} a month`
        : "no best between the ends";
      const half = 0.56 * d.textWidth(words, size);
      parts.push(
        d.svg("circle", {
          class: answer.best.interior ? "best" : "best not-told",
          "data-level": answer.best.level,
          cx: bx,
          cy: by,
          r: 0.55 * size,
        }),
        d.label(clamped(bx, left + half, width - half - 2), top + size, words, size, {
          "text-anchor": "middle",
          class: "best-label",
        }),
      );
      answer.levels.forEach((_, k) => {
        parts.push(
          d.label(x(k), foot + 1.2 * size, d.plainNumber(answer.meetings[k]), size, {
            "text-anchor": "middle",
            class: k === chosen ? "tick chosen" : "tick",
          }),
        );
      });
      parts.push(
        d.label(
          (left + width) / 2,
          height - 0.35 * size,
          wide ? "loose ← meetings a month with each emir, held fixed → tight" : "loose ← meetings a month → tight",
          size,
          { "text-anchor": "middle", class: "axis-title" },
        ),
      );
      parts.push(handle(answer, chosen, top, foot, size));
      const focused = document.activeElement?.classList.contains("handle");
      svg.replaceChildren(...parts);
      if (focused) svg.querySelector(".handle").focus({ preventScroll: true });
    }

    /** The leader whom the reader moves: a line through both panels with a knob on the axis, by mouse, finger or arrow keys. */
    function handle(answer, chosen, top, foot, size) {
      const at = x(chosen);
      const words = `${d.plainNumber(answer.meetings[chosen])} meetings a month`;
      const group = d.svg(
        "g",
        {
          class: "handle",
          role: "slider",
          tabindex: 0,
          "aria-label": "Your leader: meetings a month with each emir",
          "aria-valuemin": 0,
          "aria-valuemax": answer.levels.length - 1,
          "aria-valuenow": chosen,
          "aria-valuetext": words,
        },
        d.svg("line", { x1: at, x2: at, y1: top, y2: foot }),
        d.svg("rect", {
          class: "reach",
          x: at - 1.2 * size,
          width: 2.4 * size,
          y: top,
          height: foot - top + 0.4 * size,
        }),
        d.svg("path", {
          class: "knob",
          d: `M${at},${foot - 0.2 * size}l${0.6 * size},${-0.7 * size}v${-0.9 * size}h${-1.2 * size}v${0.9 * size}Z`,
        }),
      );
      group.addEventListener("keydown", (event) => {
        const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -99, End: 99 }[event.key];
        if (!by) return;
        event.preventDefault();
        move(clamped(chosen + by, 0, answer.levels.length - 1));
      });
      return group;
    }

    function move(to) {
      if (!drawn || to === drawn.chosen) return;
      draw(drawn.answer, drawn.ghost, to);
      moved(to);
    }
    const levelAt = (event) => {
      const k = (event.clientX - box.getBoundingClientRect().left - x(0)) / (x(1) - x(0));
      return clamped(Math.round(k), 0, drawn.answer.levels.length - 1);
    };
    // Listeners stand on the box: the drawing below the pointer is replaced while it is dragged.
    let dragging = false;
    box.addEventListener("pointerdown", (event) => {
      if (!drawn || event.button !== 0) return;
      dragging = true;
      box.setPointerCapture(event.pointerId);
      move(levelAt(event));
    });
    box.addEventListener("pointermove", (event) => dragging && move(levelAt(event)));
    for (const name of ["pointerup", "pointercancel"])
      box.addEventListener(name, () => {
        dragging = false;
      });

    function told(answer) {
      const k = answer.levels.indexOf(answer.best.level);
      const end = answer.levels.length - 1;
      return (
        `Strength against a leader who searches, by meetings a month: ${d.signed(answer.strength[0][0])} at the loosest, ` +
        `${d.signed(answer.strength[k][0])} at the highest, ${d.meetings(answer, answer.best.level)} meetings, ${d.signed(answer.strength[end][0])} at the tightest.`
      );
    }

    return { draw, redraw: () => drawn && draw(drawn.answer, drawn.ghost, drawn.chosen) };
  };
})(window.dilemma);
