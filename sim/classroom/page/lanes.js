/* Who splits from whom: a lane an organisation, as thick as it is strong, branching from its parent, ending in its heir or with a mark.
   Above them, where the scenario has a record, a lane of what the sources say happened. */
((d) => {
  const MOST = 16;
  const MARKS = {
    force: "✖ by force",
    inactivity: "● inactive",
    splintering: "✚ broken up",
    amnesty: "■ amnesty",
    infighting: "◆ lost to rivals",
    politics: "▲ into politics",
    absorption: "▸ absorbed",
    return: "◂ returned",
  };

  /** The organisations to draw, no more than there is room for: the followed lineage and the strongest, children always with their parents. */
  function chosen(data, most) {
    const peak = (o) => Math.max(0, ...o.strength),
      all = data.organisations.map((_, k) => k),
      kept = new Set();
    const ranked = all
      .slice()
      .sort(
        (a, b) =>
          data.organisations[b].own - data.organisations[a].own ||
          peak(data.organisations[b]) - peak(data.organisations[a]),
      );
    for (const k of ranked) {
      const line = [];
      for (let p = k; p >= 0 && !kept.has(p); p = data.organisations[p].parent) line.push(p);
      if (kept.size + line.length <= most) for (const p of line) kept.add(p);
    }
    return all.filter((k) => kept.has(k));
  }

  d.lanes = (data, options) => {
    const note = d.el("span", { class: "term left-out" });
    const svg = d.svg("svg", { role: "img", class: "lanes", "aria-label": "Who splits from whom" }),
      fills = d.fills(data);
    let later = [],
      renamed = [],
      clip = null,
      cursor = null,
      x = null,
      drawnTo = -1,
      record = null,
      natural = 0;

    /** Where lanes lie: which organisations are drawn, room for their names on the left, the lines of each name, and the height that all of it takes. */
    function layout(width, height) {
      const letters = d.letters(),
        foot = letters + 8 + (marked(options.first) ? 1.3 * letters : 0),
        margin = 8,
        leading = 1.1 * letters;
      // A lane lower than its name could not be told from the next.
      const about = height - foot - 3 - (data.record.length ? 2.5 * letters : 0);
      const kept = chosen(data, Math.max(3, Math.min(MOST, Math.floor(about / (letters * 1.05)))));
      // Names stand before their lanes: lanes that begin early leave room for them on the left, but not so much that years become narrow.
      const bold = (o) => (o.own ? 1.12 : 1);
      const nameWidth = (o, texts) => Math.max(...texts.map((text) => d.textWidth(text, letters))) * bold(o) + 8;
      const wanted = (o, texts) => {
        const share = Math.min(0.9, o.first / data.months);
        return (nameWidth(o, texts) - share * (width - 2 * margin)) / (1 - share);
      };
      const drawn = kept.map((k) => data.organisations[k]);
      const whole = Math.max(0, ...drawn.map((o) => wanted(o, o.names)));
      const words = Math.max(
        0,
        ...drawn.map((o) =>
          wanted(
            o,
            o.names.flatMap((name) => d.linesOf(name, 0, letters)),
          ),
        ),
      );
      const titled = data.record.length ? d.textWidth(d.RECORD, letters) + 8 : 0;
      const gutter = Math.max(titled, words, Math.min((width - 2 * margin) * 0.24, whole));
      const at = (month) => margin + gutter + ((width - 2 * margin - gutter) * month) / data.months;
      const linesOf = (o, name) => d.linesOf(name, (at(o.first) - 8) / bold(o), letters);
      const room = { x: at, letters, left: margin, right: width - margin, gutter };
      const headroom = 3 + d.recordHeight(data, room);
      const least = drawn.map((o) => leading * Math.max(...o.names.map((name) => linesOf(o, name).length)));
      const need = Math.ceil(headroom + foot + least.reduce((sum, h) => sum + h, 0));
      return { letters, foot, leading, kept, at, linesOf, room, headroom, least, need };
    }

    function draw(width, height) {
      const { letters, foot, leading, kept, at, linesOf, room, headroom, least, need } = layout(
        width,
        natural || height,
      );
      height = Math.max(height, need);
      x = at;
      const left = data.organisations.length - kept.length;
      note.textContent = left > 0 ? `${left} other ${left > 1 ? "groups are" : "group is"} not drawn` : "";
      // What room the names leave is shared by all lanes alike.
      const more = (height - need) / Math.max(1, kept.length),
        lane = Math.min(...least) + more,
        top = data.most.organisation;
      const y = new Map();
      let down = headroom;
      kept.forEach((k, n) => {
        y.set(k, down + (least[n] + more) / 2);
        down += least[n] + more;
      });
      // A name ends where its lane begins: a star there stands wholly on the lane.
      const star = (o) => Math.max(x(o.joined), x(o.first) + 0.7 * letters);
      const half = (s) => 0.6 + Math.min(0.5 * lane - 1, 40) * 0.86 * Math.sqrt(s / top);
      const id = `clip-${Math.random().toString(36).slice(2)}`;
      clip = d.svg("rect", { x: 0, y: 0, width: 0, height: height - foot + 2 });
      cursor = d.svg("line", { y1: 0, y2: height - foot, class: "cursor" });
      const seen = d.svg("g", { "clip-path": `url(#${id})` });
      later = [];
      renamed = [];
      const appears = (month, element) => {
        later.push([month, element]);
        return element;
      };
      record = data.record.length ? d.recordLane(data, room) : null;
      const names = d.svg("g"),
        axis = d.svg("g", { class: "axis" });

      const [first, startMonth] = data.start.split("-").map(Number),
        years = data.months / 12;
      const every = [1, 2, 5, 10].find((n) => years / n <= Math.max(3, width / (letters * 4))) || 10;
      for (let year = first + (startMonth > 1 ? 1 : 0); ; year++) {
        const month = (year - first) * 12 - (startMonth - 1);
        if (month > data.months) break;
        if (year % every) continue;
        axis.append(d.svg("line", { x1: x(month), x2: x(month), y1: 0, y2: height - foot, class: "grid" }));
        if (x(month) < width - letters * 1.5)
          axis.append(
            d.svg("text", {
              x: Math.max(x(month), letters * 1.3),
              y: height - 5,
              "text-anchor": "middle",
              "font-size": letters,
              text: year,
            }),
          );
      }

      for (const k of kept) {
        const o = data.organisations[k],
          mid = y.get(k),
          colour = d.colourOf(data, k);
        if (!o.strength.length) continue;
        const points = o.strength.map((s, n) => [x(o.first + n), half(s)]);
        const line = points
          .map(([px, h]) => `${px.toFixed(1)},${(mid - h).toFixed(1)}`)
          .concat(
            points
              .slice()
              .reverse()
              .map(([px, h]) => `${px.toFixed(1)},${(mid + h).toFixed(1)}`),
          );
        seen.append(d.svg("path", { d: `M${line.join("L")}Z`, fill: fills.of(k), stroke: colour, "stroke-width": 1 }));
        if (y.has(o.parent)) {
          const from = y.get(o.parent);
          appears(o.first, svgLine(x(o.first), from, x(o.first), mid, colour));
        }
        const last = o.ended >= 0 ? o.ended : null;
        if (last !== null) {
          const heir = y.get(o.heir);
          if (heir !== undefined) {
            const way = heir < mid ? 1 : -1;
            appears(
              last,
              d.svg(
                "g",
                {},
                svgLine(x(last), mid, x(last), heir + way * 6, colour),
                d.svg("path", { d: `M${x(last)},${heir}l-5,${way * 8}h10Z`, fill: colour }),
              ),
            );
          }
          const word = MARKS[o.ending] || o.ending,
            after = Math.max(x(last) + 4, o.joined >= 0 ? star(o) + 0.9 * letters : 0),
            before = o.joined >= 0 ? Math.min(x(last) - 4, star(o) - 0.9 * letters) : x(last) - 4,
            wide = d.textWidth(word, letters);
          // Behind the lane, else on it; where it is too short for that, its sign alone.
          const [text, ends] =
            after + wide <= width
              ? [word, false]
              : before - wide >= x(o.first)
                ? [word, true]
                : [word[0], after + letters > width];
          appears(
            last,
            d.svg(
              "text",
              {
                x: ends ? before : after,
                y: mid + letters * 0.35,
                "text-anchor": ends ? "end" : "start",
                "font-size": letters,
                class: "ending",
              },
              text,
              d.svg("title", { text: word }),
            ),
          );
        }
        if (o.joined >= 0)
          appears(
            o.joined,
            d.svg(
              "text",
              {
                x: star(o),
                y: mid + letters * 0.5,
                "text-anchor": "middle",
                "font-size": letters * 1.5,
                class: "star",
                text: "★",
              },
              d.svg("title", { text: "joins the global brand" }),
            ),
          );
        const begin = x(o.first) - 5,
          label = d.svg("text", { "text-anchor": "end", "font-size": letters });
        const write = (name) => {
          if (label.dataset.name === name) return;
          label.dataset.name = name;
          const lines = linesOf(o, name);
          label.replaceChildren(
            ...lines.map((text, n) =>
              d.svg("tspan", { x: begin, y: mid + letters * 0.35 + (n - (lines.length - 1) / 2) * leading, text }),
            ),
          );
        };
        write(o.names[0]);
        if (o.own) label.setAttribute("font-weight", 600);
        names.append(label);
        if (o.names.length > 1) renamed.push({ of: o, write });
        later.push([o.first, label]);
      }
      const first2 = options.first;
      // Below the lanes it has a line of its own, where no name stands.
      const difference = marked(first2)
        ? d.svg(
            "g",
            { class: "difference" },
            d.svg("line", { x1: x(first2), x2: x(first2), y1: 0, y2: height - foot + 1.2 * letters }),
            d.svg("text", {
              x: x(first2) + (x(first2) > width * 0.7 ? -4 : 4),
              y: height - foot + letters,
              "text-anchor": x(first2) > width * 0.7 ? "end" : "start",
              "font-size": letters,
              text: "first difference",
            }),
          )
        : null;
      const marks = d.svg(
        "g",
        {},
        later.map(([, element]) => element).filter((element) => !element.parentNode),
      );
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.replaceChildren(
        fills.defs,
        d.svg("defs", {}, d.svg("clipPath", { id }, clip)),
        axis,
        seen,
        marks,
        names,
        ...(record ? [record.group] : []),
        ...(difference ? [difference] : []),
        cursor,
      );
      later.sort((a, b) => a[0] - b[0]);
      for (const [, element] of later) element.style.visibility = "hidden";
      drawnTo = -1;
    }

    /** Height that it takes to write every name in full, in a panel that has so much room by itself. */
    function need(width, height) {
      natural = height;
      return layout(width, height).need;
    }

    const marked = (month) => month !== null && month !== undefined;
    const svgLine = (x1, y1, x2, y2, stroke) => d.svg("line", { x1, y1, x2, y2, stroke, "stroke-width": 2 });

    function show(month) {
      clip.setAttribute("width", Math.max(0, x(month) + 0.5));
      cursor.setAttribute("x1", x(month));
      cursor.setAttribute("x2", x(month));
      if (drawnTo < 0 || month < drawnTo)
        for (const [when, element] of later) element.style.visibility = when <= month ? "visible" : "hidden";
      else
        for (const [when, element] of later) if (when > drawnTo && when <= month) element.style.visibility = "visible";
      for (const { of, write } of renamed) write(d.nameOf(of, month));
      if (record) record.show(month);
      drawnTo = month;
    }

    function summary(month) {
      const standing = data.organisations.filter((o) => d.at(o, month, "strength") > 0);
      const fact = d.newestFact(data, month),
        told = fact ? ` What happened, by the record, in ${d.dateOf(data.start, fact.month)}: ${fact.text}` : "";
      return (
        (standing.length
          ? "Standing: " +
            standing.map((o) => `${d.nameOf(o, month)} with ${d.at(o, month, "strength")}`).join(", ") +
            "."
          : "No organisation stands.") + told
      );
    }

    return { svg, need, draw, show, summary, note };
  };
})(window.dilemma);
