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
    const svg = d.svg("svg", { role: "img", class: "lanes" }),
      fills = d.fills(data);
    let later = [],
      renamed = [],
      clip = null,
      cursor = null,
      x = null,
      drawnTo = -1,
      record = null;

    function draw(width, height) {
      const letters = d.letters(),
        foot = letters + 8,
        margin = 8,
        told = d.recordHeight(data, letters),
        headroom = 3 + told;
      // A lane lower than its name could not be told from the next.
      const kept = chosen(data, Math.max(3, Math.min(MOST, Math.floor((height - foot - headroom) / (letters * 1.05))))),
        left = data.organisations.length - kept.length;
      note.textContent = left > 0 ? `${left} smaller ${left > 1 ? "groups are" : "group is"} not drawn` : "";
      const lane = (height - foot - headroom) / Math.max(1, kept.length),
        top = data.most.organisation;
      // Names stand before their lanes: lanes that begin early leave room for them on the left, but not so much that years become narrow.
      const nameWidth = (o) => Math.max(...o.names.map((text) => d.textWidth(text, letters))) * (o.own ? 1.12 : 1) + 8;
      const widest = (width - 2 * margin) * 0.24;
      const gutter = kept
        .map((k) => data.organisations[k])
        .reduce(
          (most, o) => {
            const share = o.first / data.months;
            return Math.max(
              most,
              Math.min(widest, (nameWidth(o) - share * (width - 2 * margin)) / Math.max(0.1, 1 - share)),
            );
          },
          told ? Math.min(widest, d.textWidth(d.RECORD, letters) + 8) : 0,
        );
      x = (month) => margin + gutter + ((width - 2 * margin - gutter) * month) / data.months;
      const y = new Map(kept.map((k, n) => [k, headroom + lane * (n + 0.5)]));
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
      record = told ? d.recordLane(data, { x, letters, left: margin, right: width - margin, gutter }) : null;
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
            at = x(last) + 4,
            room = d.textWidth(word, letters - 1);
          appears(
            last,
            d.svg("text", {
              x: at + room > width ? x(last) - 4 : at,
              y: mid + letters * 0.35,
              "text-anchor": at + room > width ? "end" : "start",
              "font-size": letters - 1,
              class: "ending",
              text: word,
            }),
          );
        }
        if (o.joined >= 0)
          appears(
            o.joined,
            d.svg(
              "text",
              {
                x: x(o.joined),
                y: mid + letters * 0.5,
                "text-anchor": "middle",
                "font-size": letters * 1.5,
                class: "star",
                text: "★",
              },
              d.svg("title", { text: "joins the global brand" }),
            ),
          );
        const begin = x(o.first),
          label = d.svg("text", { x: begin - 5, y: mid + letters * 0.35, "text-anchor": "end", "font-size": letters });
        const fits = (text) => d.cut(text, (begin - 8) / (o.own ? 1.12 : 1), letters);
        label.textContent = fits(o.names[0]);
        if (o.own) label.setAttribute("font-weight", 600);
        names.append(label);
        if (o.names.length > 1) renamed.push({ of: o, label, fits });
        later.push([o.first, label]);
      }
      const first2 = options.first;
      const difference =
        first2 === null || first2 === undefined
          ? null
          : d.svg(
              "g",
              { class: "difference" },
              d.svg("line", { x1: x(first2), x2: x(first2), y1: 0, y2: height - foot }),
              d.svg("text", {
                x: x(first2) + (x(first2) > width * 0.7 ? -4 : 4),
                y: height - foot - 4,
                "text-anchor": x(first2) > width * 0.7 ? "end" : "start",
                "font-size": letters,
                text: "first difference",
              }),
            );
      const marks = d.svg(
        "g",
        {},
        later.map(([, element]) => element).filter((element) => !element.parentNode),
      );
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
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

    const svgLine = (x1, y1, x2, y2, stroke) => d.svg("line", { x1, y1, x2, y2, stroke, "stroke-width": 2 });

    function show(month) {
      clip.setAttribute("width", Math.max(0, x(month) + 0.5));
      cursor.setAttribute("x1", x(month));
      cursor.setAttribute("x2", x(month));
      if (drawnTo < 0 || month < drawnTo)
        for (const [when, element] of later) element.style.visibility = when <= month ? "visible" : "hidden";
      else
        for (const [when, element] of later) if (when > drawnTo && when <= month) element.style.visibility = "visible";
      for (const { of, label, fits } of renamed) {
        const name = fits(d.nameOf(of, month));
        if (label.textContent !== name) label.textContent = name;
      }
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

    return { svg, draw, show, summary, note };
  };
})(window.dilemma);
