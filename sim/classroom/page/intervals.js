/* Means with their intervals: a panel an outcome, a row a thing, marks that differ in shape and not in colour alone. */
((d) => {
  const SHAPES = [
    (r) => `M${-r},0a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0Z`,
    (r) => `M${-r},${-r}h${2 * r}v${2 * r}h${-2 * r}Z`,
    (r) => `M0,${-1.3 * r}L${1.3 * r},0L0,${1.3 * r}L${-1.3 * r},0Z`,
    (r) => `M0,${-1.2 * r}L${1.2 * r},${r}H${-1.2 * r}Z`,
    (r) => `M0,${1.2 * r}L${1.2 * r},${-r}H${-1.2 * r}Z`,
  ];

  /**
   * `names` are those of the rows, the first on top; a panel's row is mean, low and high, or null with `missing` as the word for it;
   * `zero` draws nought as a line, `label` tells the figure in words.
   */
  d.drawIntervals = (box, names, panels, { zero = false, label, columns: most = 3 }) => {
    const size = d.figureLetters();
    const width = Math.max(260, Math.floor(box.clientWidth));
    const widest = Math.max(...names.map((name) => d.textWidth(name, size)));
    const stacked = widest > 0.42 * width;
    const gutter = stacked ? 0 : widest + 1.2 * size;
    const columns = Math.min(panels.length, most, Math.max(1, Math.floor((width - gutter) / (17 * size))));
    const gap = 1.6 * size;
    const across = (width - gutter - gap * (columns - 1) - 0.8 * size) / columns;
    const titles = panels.map((panel) => d.linesOf(panel.title, across, size, true));
    const head = (1.25 * Math.max(...titles.map((lines) => lines.length)) + 0.6) * size;
    const called = names.map((name) => d.linesOf(name, across, size));
    const above = stacked ? 1.2 * Math.max(...called.map((lines) => lines.length)) * size : 0;
    const step = above + (stacked ? 1.7 : 1.8) * size;
    const body = names.length * step;
    const units = panels.map((panel) => d.linesOf(panel.unit, across, size));
    const foot = (1.7 + 1.2 * Math.max(...units.map((lines) => lines.length))) * size;
    const lines = Math.ceil(panels.length / columns);
    const height = Math.ceil(lines * (head + body + foot));
    const svg = d.frame(box, width, height, label);
    svg.classList.add("intervals");
    const parts = [];
    panels.forEach((panel, n) => {
      const column = n % columns;
      const left = gutter + column * (across + gap) + 0.4 * size;
      const top = Math.floor(n / columns) * (head + body + foot) + head;
      const values = panel.rows
        .filter(Boolean)
        .flat()
        .concat(zero ? [0] : []);
      let [low, high] = [Math.min(...values), Math.max(...values)];
      // Differences of a rounding error must not look like effects, so an axis has a least width.
      const pad = Math.max(0.08 * (high - low), ((panel.least || 0) - (high - low)) / 2, 1e-9);
      [low, high] = panel.range || [low - pad, high + pad];
      const x = d.scale(low, high, left + 0.3 * size, left + across - 0.3 * size);
      const group = d.svg("g", { class: "panel-of", "data-outcome": panel.name, "data-low": low, "data-high": high });
      titles[n].forEach((text, k) => {
        group.append(d.label(left, top - head + (k + 1) * 1.2 * size, text, size, { class: "title" }));
      });
      const ticks = d.ticks(low, high, Math.max(2, Math.floor(across / (4.6 * size))));
      for (const tick of ticks) {
        const at = x(tick);
        group.append(d.svg("line", { x1: at, x2: at, y1: top, y2: top + body, class: "grid" }));
        const text = (zero && tick > 0 ? "+" : tick < 0 ? "−" : "") + Math.abs(tick).toLocaleString("en");
        const half = d.textWidth(text, size) / 2;
        if (at - half > left - 0.4 * gap && at + half < Math.min(left + across + 0.4 * gap, width))
          group.append(d.label(at, top + body + 1.1 * size, text, size, { "text-anchor": "middle", class: "tick" }));
      }
      if (zero) group.append(d.svg("line", { x1: x(0), x2: x(0), y1: top, y2: top + body, class: "nought" }));
      units[n].forEach((text, k) => {
        group.append(
          d.label(left + across / 2, top + body + (2.2 + 1.2 * k) * size, text, size, {
            "text-anchor": "middle",
            class: "axis-title",
          }),
        );
      });
      panel.rows.forEach((row, r) => {
        const middle = top + r * step + above + (stacked ? 0.65 : 0.9) * size;
        if (stacked)
          called[r].forEach((text, k) => {
            group.append(d.label(left, top + r * step + (1.05 + 1.2 * k) * size, text, size, { class: "row-name" }));
          });
        else if (column === 0)
          group.append(
            d.label(gutter - 0.6 * size, middle + 0.35 * size, names[r], size, {
              "text-anchor": "end",
              class: "row-name",
            }),
          );
        if (!row) {
          group.append(d.label(left + 0.5 * size, middle + 0.35 * size, panel.missing || "", size, { class: "tick" }));
          return;
        }
        // Who leaves an axis that does not move is shown leaving it.
        const held = (value) => Math.max(x(low), Math.min(x(high), x(value)));
        const out = row[0] < low ? -1 : row[0] > high ? 1 : 0;
        const colour = `var(--c${r % 10})`;
        group.append(
          d.svg(
            "g",
            { class: "point", "data-row": r, "data-mean": row[0], "data-low": row[1], "data-high": row[2] },
            d.svg("title", { text: `${names[r]}: ${d.short(row[0])} ${d.span(row)}` }),
            d.svg("line", {
              x1: held(row[1]),
              x2: held(row[2]),
              y1: middle,
              y2: middle,
              stroke: colour,
              "stroke-width": Math.max(3, 0.18 * size),
            }),
            d.svg("path", {
              d: out
                ? `M${-out * 0.5 * size},${-0.4 * size}L${out * 0.4 * size},0L${-out * 0.5 * size},${0.4 * size}Z`
                : SHAPES[r % SHAPES.length](0.34 * size),
              transform: `translate(${held(row[0])},${middle})`,
              fill: colour,
              class: "mark",
            }),
          ),
        );
      });
      parts.push(group);
    });
    svg.replaceChildren(...parts);
  };
})(window.dilemma);
