/* Two histories drawn over each other: the strength of the followed lineage as it was and as it would have been, from the first difference on. */
((d) => {
  d.overlay = (box, before, after, first) => {
    let cursor = null;
    let x = null;
    let foot = 0;
    let month = 0;

    function draw() {
      const size = d.figureLetters();
      const width = Math.max(260, Math.floor(box.clientWidth));
      const height = Math.round(Math.max(9 * size, Math.min(13 * size, 0.35 * width)));
      const most = Math.max(1, ...before.lineage.strength, ...after.lineage.strength);
      const left = d.textWidth(most.toLocaleString("en"), size) + 10;
      foot = height - 1.6 * size;
      x = d.scale(0, before.months, left, width - 0.8 * size);
      const y = d.scale(0, 1.08 * most, foot, 1.5 * size);
      const end = (data) => data.lineage.strength[data.months];
      const svg = d.frame(
        box,
        width,
        height,
        `Strength of the followed lineage by month: at the end ${end(before)} as it was, ${end(after)} as it would have been.`,
      );
      const points = (data) => data.lineage.strength.map((s, t) => [x(t), y(s)]);
      const parts = [];
      for (const tick of d.ticks(0, 1.08 * most, 3))
        parts.push(
          d.svg("line", { x1: left, x2: width, y1: y(tick), y2: y(tick), class: "grid" }),
          d.label(left - 5, y(tick) + 0.35 * size, tick.toLocaleString("en"), size, {
            "text-anchor": "end",
            class: "tick",
          }),
        );
      const [year, start] = before.start.split("-").map(Number);
      const every = [1, 2, 5, 10].find((n) => before.months / 12 / n <= (width - left) / (size * 5)) || 20;
      for (let k = start > 1 ? 1 : 0; 12 * k - start + 1 <= before.months; k++)
        if ((year + k) % every === 0 && x(12 * k - start + 1) < width - 1.5 * size)
          parts.push(
            d.label(Math.max(x(12 * k - start + 1), left + size), height - 0.3 * size, year + k, size, {
              "text-anchor": "middle",
              class: "tick",
            }),
          );
      parts.push(
        d.svg("path", { class: "between", d: `${d.pathOf(points(before).concat(points(after).reverse()))}Z` }),
        d.svg("path", { class: "as-it-was", d: d.pathOf(points(before)) }),
        d.svg("path", { class: "otherwise", d: d.pathOf(points(after)) }),
        d.label(
          2,
          size,
          width > 34 * size
            ? "Strength of the group and all that split from it"
            : "Strength of the group and its splinters",
          size,
          { class: "title" },
        ),
      );
      if (first !== null)
        parts.push(d.svg("line", { class: "first", x1: x(first), x2: x(first), y1: 1.5 * size, y2: foot }));
      cursor = d.svg("line", { class: "cursor", y1: 1.5 * size, y2: foot });
      svg.replaceChildren(...parts, cursor);
      show(month);
    }
    function show(now) {
      month = now;
      cursor.setAttribute("x1", x(month));
      cursor.setAttribute("x2", x(month));
    }
    draw();
    return { draw, show };
  };
})(window.dilemma);
