/* Figures, by Plotly: an interval always drawn, marks that differ in shape and dash and not in colour alone. */
(function (d) {
  "use strict";

  const size = () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 18;

  function look() {
    const ink = d.colour("ink"), font = { family: "system-ui, 'DejaVu Sans', sans-serif", size: Math.round(0.78 * size()), color: ink };
    return { ink, soft: d.colour("soft"), grid: d.colour("grid"), paper: d.colour("paper"), font };
  }

  function axis(l, more) {
    const { title, ...others } = more;
    return { gridcolor: l.grid, linecolor: l.soft, zeroline: false, tickcolor: l.soft, ticks: "outside", fixedrange: true, title: { text: title, font: l.font, standoff: 6 }, ...others };
  }

  /** Text as Plotly shows it: its own small mark-up has no business in names. */
  const plain = (text) => text.replace(/</g, "‹").replace(/>/g, "›").replace(/&/g, "＆");

  function withAlpha(colour, alpha) {
    const n = parseInt(colour.slice(1), 16);
    return `rgba(${n >> 16}, ${(n >> 8) & 255}, ${n & 255}, ${alpha})`;
  }

  function draw(box, traces, layout, label) {
    const l = look();
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", label);
    return Plotly.react(box, traces, {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: l.font, showlegend: false, hovermode: "closest", dragmode: false,
      hoverlabel: { font: { size: l.font.size, color: l.ink }, bgcolor: l.paper, bordercolor: l.soft }, ...layout,
    }, { displayModeBar: false, responsive: true });
  }

  /** A line with its 95 % band, and the leadership's own choice as a diamond with its interval. */
  function curve(levels, rows, own, { colour, dash, symbol, name, scale, xaxis, yaxis, unit }) {
    const at = (k) => rows.map((row) => scale * row[k]);
    const axes = { xaxis, yaxis };
    return [
      { x: [...levels, ...levels.slice().reverse()], y: [...at(2), ...at(1).reverse()], fill: "toself", fillcolor: withAlpha(colour, 0.18), line: { width: 0 }, mode: "lines", hoverinfo: "skip", ...axes },
      { x: levels, y: at(0), mode: "lines+markers", name, line: { color: colour, dash, width: 3 }, marker: { size: 8, symbol, color: colour },
        customdata: rows.map((row) => d.short(scale * row[1]) + " to " + d.short(scale * row[2])), hovertemplate: `${name}<br>control %{x}: %{y:.3~g}${unit} (%{customdata})<extra></extra>`, ...axes },
      { x: [own.x[0]], y: [scale * own.y[0]], mode: "markers", marker: { size: 17, symbol: "diamond", color: d.colour("mark"), line: { color: d.colour("paper"), width: 2 } },
        error_y: { type: "data", symmetric: false, array: [scale * (own.y[2] - own.y[0])], arrayminus: [scale * (own.y[0] - own.y[1])], color: d.colour("mark"), thickness: 2 },
        error_x: { type: "data", symmetric: false, array: [own.x[2] - own.x[0]], arrayminus: [own.x[0] - own.x[1]], color: d.colour("mark"), thickness: 2 },
        hovertemplate: `the leader’s choice: control %{x:.2f}, ${name} %{y:.3~g}${unit}<extra></extra>`, ...axes },
    ];
  }

  /** The dilemma: what control costs on either side, and beside it what it comes to. Axes are fixed, so that nothing moves but what changed. */
  d.drawFrontier = function (box, answer) {
    const l = look(), wide = box.clientWidth > 700;
    const styles = {
      agency_loss: { colour: d.colour("c1"), dash: "solid", symbol: "circle", name: "agency loss", scale: 100, unit: " %" },
      exposure: { colour: d.colour("c0"), dash: "dash", symbol: "square", name: "exposure", scale: 100, unit: " %" },
      root_survived: { colour: d.colour("c2"), dash: "solid", symbol: "circle", name: "survival", scale: 100, unit: " %" },
      root_strength_mean: { colour: d.colour("c7"), dash: "solid", symbol: "circle", name: "strength", scale: 1, unit: "" },
    };
    const panels = [["agency_loss", 1], ["exposure", 1], ["root_survived", 2], ["root_strength_mean", 3]], key = (n) => (n === 1 ? "" : n);
    const traces = panels.flatMap(([name, n]) => curve(answer.levels, answer.held[name], { x: answer.own.control, y: answer.own[name] },
      { ...styles[name], xaxis: "x" + key(n), yaxis: "y" + key(n) }));
    const end = answer.levels.length - 1, own = answer.own, best = answer.best, middle = answer.levels.indexOf(best.level);
    // A tenth above what it began with; whoever outgrows that is not cut off, and the axis grows by halves so that it stays where it is for long.
    const begun = answer.start_strength, highest = Math.max(...[own.root_strength_mean, ...answer.held.root_strength_mean].map((row) => row[2]));
    const most = begun * (1.1 + 0.5 * Math.max(0, Math.ceil((highest / begun - 1.1) / 0.5)));
    const ranges = [[0, 100], [0, 103], [0, most]];
    // Side by side where there is room, so that each is high enough to show a rise and a fall.
    const x = wide ? [[0, 0.28], [0.37, 0.64], [0.73, 1]] : [[0, 0.44], [0.56, 1], [0.56, 1]], y = wide ? [[0, 1], [0, 1], [0, 1]] : [[0, 1], [0.58, 1], [0, 0.42]];
    const layout = { height: Math.max(wide ? 300 : 380, Math.min(window.innerHeight - box.getBoundingClientRect().top - scrollY - 4.6 * size(), 0.6 * box.clientWidth)), margin: { l: 36, r: 14, t: 48, b: 52 } };
    [1, 2, 3].forEach((n) => {
      const k = key(n), last = wide || n !== 2;
      layout["xaxis" + k] = axis(l, { title: last ? "Control (0–1)" : "", domain: x[n - 1], anchor: "y" + k, range: [0, 1.03], dtick: 0.25, showticklabels: last });
      layout["yaxis" + k] = axis(l, { title: "", domain: y[n - 1], anchor: "x" + k, range: ranges[n - 1], ...(n < 3 ? { dtick: wide ? 20 : 25 } : { nticks: 6 }) });
    });
    const note = (text, x0, y0, xref, yref, more) => ({ text, x: x0, y: y0, xref, yref, showarrow: false, font: { ...l.font, color: l.ink }, ...more });
    const legend = (text, colour, line) => note(text, 0.02, 0.99, "x domain", "y domain", { xanchor: "left", yanchor: "top", yshift: -1.3 * line * l.font.size, font: { ...l.font, color: d.colour(colour) } });
    const title = (n, words, unit) => note(`<b>${words}</b><br>${unit}`, 0, 1, `x${key(n)} domain`, `y${key(n)} domain`, { xanchor: "left", yanchor: "bottom", align: "left" });
    layout.annotations = [
      title(1, "What control costs", "per cent"),
      title(2, "It still stands", "% of histories"),
      title(3, "What is left of it", "mean fighter-equivalents"),
      legend("■╍ exposure in a year", "c0", 0), legend("●━ agency loss", "c1", 1), legend("◆ the leader’s own choice", "mark", 2),
      note("most is left", best.level, 0.02, "x3", "y3 domain", { xanchor: best.level > 0.7 ? "right" : best.level < 0.3 ? "left" : "center", yanchor: "bottom" }),
    ];
    const upright = (n, x0, x1, look_) => ({ x0, x1, y0: 0, y1: 1, xref: "x" + key(n), yref: "y" + key(n) + " domain", ...look_ });
    layout.shapes = [
      ...[2, 3].map((n) => upright(n, Math.min(...best.alike) - 0.03, Math.max(...best.alike) + 0.03, { type: "rect", layer: "below", line: { width: 0 }, fillcolor: withAlpha(d.colour("c8"), 0.18) })),
      ...[1, 2, 3].map((n) => upright(n, own.control[0], own.control[0], { type: "line", line: { color: d.colour("mark"), width: 1.5, dash: "dot" } })),
    ];
    const told = (name, k) => d.percent(answer.held[name][k][0]);
    return draw(box, traces, layout, `As control held fixed rises from ${answer.levels[0]} to ${answer.levels[end]}, agency loss goes from ${told("agency_loss", 0)} to ${told("agency_loss", end)}`
      + ` and exposure from ${told("exposure", 0)} to ${told("exposure", end)} a year. The organisation still stands in ${told("root_survived", 0)} of histories at the loosest,`
      + ` ${told("root_survived", middle)} where most is left of it (control ${best.level}) and ${told("root_survived", end)} at the tightest. The leader chooses ${own.control[0].toFixed(2)}.`);
  };

  const pen = document.createElement("canvas").getContext("2d");
  /** Width of a text in pixels, as a figure shows it. */
  function widthOf(text, bold) {
    pen.font = (bold ? "bold " : "") + look().font.size + "px " + look().font.family;
    return pen.measureText(text).width;
  }
  /** A title on as many lines as it needs. */
  function wrapped(text, room) {
    const lines = [""];
    for (const word of plain(text).split(" ")) {
      const longer = (lines[lines.length - 1] + " " + word).trim();
      if (lines[lines.length - 1] && widthOf(longer, true) > room) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  }

  const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon", "triangle-down"];

  /**
   * Several outcomes, each a panel: a row for each of several things, its mean as a mark with its 95 % interval; nought as a line if wanted.
   * `panels` are {title, unit, rows: [[mean, low, high], …]}, `names` the rows' names, the first on top.
   */
  d.drawIntervals = function (box, names, panels, { zero = false, label }) {
    const l = look(), columns = box.clientWidth > 900 ? 3 : box.clientWidth > 560 ? 2 : 1, lines = Math.ceil(panels.length / columns);
    const shown = names.map((name) => plain(name.length > 26 ? name.slice(0, 25) + "…" : name));
    const left = Math.ceil(Math.max(...shown.map((name) => widthOf(name)))) + 18, gap = 0.045;
    const titles = panels.map((panel) => wrapped(panel.title, ((box.clientWidth - left - 16) / columns) * (1 - gap)));
    const titleLines = Math.max(...titles.map((title) => title.length));
    const head = (0.5 + 1.05 * titleLines) * size(), panelHeight = names.length * 1.5 * size() + 2.9 * size() + head;
    const height = lines * panelHeight + 20;
    const traces = [], layout = { height, margin: { l: left, r: 16, t: 14, b: 18 }, annotations: [], shapes: [] };
    panels.forEach((panel, n) => {
      const k = n === 0 ? "" : n + 1, column = n % columns, line = Math.floor(n / columns);
      const top = 1 - line / lines, bottom = top - 1 / lines;
      const plot = [bottom + (2.6 * size()) / height, top - head / height];
      panel.rows.forEach((row, r) => {
        if (!row) return;
        const colour = d.colour("c" + (r % 10));
        traces.push({ x: [row[0]], y: [names.length - 1 - r], mode: "markers", xaxis: "x" + k, yaxis: "y" + k,
          marker: { size: 0.6 * size(), symbol: SYMBOLS[r % SYMBOLS.length], color: colour, line: { color: l.paper, width: 1 } },
          error_x: { type: "data", symmetric: false, array: [row[2] - row[0]], arrayminus: [row[0] - row[1]], color: colour, thickness: 3, width: 6 },
          hovertemplate: `${shown[r]}: ${d.short(row[0])} ${d.span(row)}<extra></extra>` });
      });
      const values = panel.rows.filter(Boolean).flat().concat(zero ? [0] : []);
      let low = Math.min(...values), high = Math.max(...values);
      // Differences of a rounding error must not look like effects, so an axis has a least width.
      const least = panel.least || 0, pad = Math.max(0.08 * (high - low), (least - (high - low)) / 2, 1e-9);
      low -= pad; high += pad;
      layout["xaxis" + k] = axis(l, { title: panel.unit, domain: [column / columns + (column ? gap / 2 : 0), (column + 1) / columns - (column < columns - 1 ? gap / 2 : 0)], anchor: "y" + k, range: [low, high], nticks: 5 });
      layout["yaxis" + k] = axis(l, { title: "", domain: plot, anchor: "x" + k, range: [-0.6, names.length - 0.4], tickvals: names.map((_, r) => names.length - 1 - r), ticktext: shown, showticklabels: column === 0, showgrid: true, automargin: false });
      layout.annotations.push({ text: "<b>" + titles[n].join("<br>") + "</b>", align: "left", x: 0, y: 1, xref: `x${k} domain`, yref: `y${k} domain`, xanchor: "left", yanchor: "bottom", showarrow: false, font: { ...l.font, color: l.ink } });
      if (zero) layout.shapes.push({ type: "line", x0: 0, x1: 0, y0: 0, y1: 1, xref: "x" + k, yref: `y${k} domain`, line: { color: l.ink, width: 1.5 } });
    });
    return draw(box, traces, layout, label);
  };
})(window.dilemma);
