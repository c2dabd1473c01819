/* Who splits from whom: a lane an organisation, as thick as it is strong, branching from its parent, ending in its heir or with a mark. */
(function (d) {
  "use strict";

  const MOST = 16;
  const MARKS = { force: "✖ by force", erosion: "● eroded", fragmentation: "✚ broken up", amnesty: "■ amnesty", infighting: "◆ lost to rivals", politics: "▲ into politics", absorption: "▸ absorbed", return: "◂ returned" };

  /** The organisations to draw: the followed lineage and the strongest, parents always with their children. */
  function chosen(data) {
    const peak = (o) => Math.max(0, ...o.strength), all = data.organisations.map((_, k) => k);
    if (all.length <= MOST) return all;
    const ranked = all.slice().sort((a, b) => data.organisations[b].own - data.organisations[a].own || peak(data.organisations[b]) - peak(data.organisations[a]));
    const kept = new Set(ranked.slice(0, MOST));
    for (const k of [...kept]) for (let p = data.organisations[k].parent; p >= 0; p = data.organisations[p].parent) kept.add(p);
    return all.filter((k) => kept.has(k));
  }

  d.lanes = function (data, options) {
    const kept = chosen(data), left = data.organisations.length - kept.length;
    const svg = d.svg("svg", { role: "img", class: "lanes" });
    let later = [], renamed = [], clip = null, cursor = null, x = null, drawnTo = -1;

    function draw(width, height) {
      const letters = d.letters(), foot = letters + 8, margin = 8, headroom = letters * 0.4;
      const lane = (height - foot - headroom) / kept.length, top = data.most.organisation;
      x = (month) => margin + ((width - 2 * margin) * month) / data.months;
      const y = new Map(kept.map((k, n) => [k, headroom + lane * (n + 0.62)]));
      const half = (s) => 0.6 + (0.5 * lane - 1) * 0.72 * Math.sqrt(s / top);
      const id = "clip-" + Math.random().toString(36).slice(2);
      clip = d.svg("rect", { x: 0, y: 0, width: 0, height: height - foot + 2 });
      cursor = d.svg("line", { y1: 0, y2: height - foot, class: "cursor" });
      const seen = d.svg("g", { "clip-path": `url(#${id})` });
      later = [];
      renamed = [];
      const appears = (month, element) => { later.push([month, element]); return element; };
      const names = d.svg("g"), axis = d.svg("g", { class: "axis" });

      const [first, startMonth] = data.start.split("-").map(Number), years = data.months / 12;
      const every = [1, 2, 5, 10].find((n) => years / n <= Math.max(3, width / (letters * 4))) || 10;
      for (let year = first + (startMonth > 1 ? 1 : 0); ; year++) {
        const month = (year - first) * 12 - (startMonth - 1);
        if (month > data.months) break;
        if (year % every) continue;
        axis.append(d.svg("line", { x1: x(month), x2: x(month), y1: 0, y2: height - foot, class: "grid" }));
        if (x(month) < width - letters * 1.5) axis.append(d.svg("text", { x: Math.max(x(month), letters * 1.3), y: height - 5, "text-anchor": "middle", "font-size": letters, text: year }));
      }

      for (const k of kept) {
        const o = data.organisations[k], mid = y.get(k), colour = d.colourOf(data, k);
        if (!o.strength.length) continue;
        const points = o.strength.map((s, n) => [x(o.first + n), half(s)]);
        const line = points.map(([px, h]) => `${px.toFixed(1)},${(mid - h).toFixed(1)}`).concat(points.slice().reverse().map(([px, h]) => `${px.toFixed(1)},${(mid + h).toFixed(1)}`));
        seen.append(d.svg("path", { d: "M" + line.join("L") + "Z", fill: colour, "fill-opacity": o.own ? 0.92 : 0.5, stroke: colour, "stroke-width": 1, "stroke-dasharray": o.own ? null : "3 2" }));
        if (y.has(o.parent)) {
          const from = y.get(o.parent);
          appears(o.first, svgLine(x(o.first), from, x(o.first), mid, colour));
        }
        const last = o.ended >= 0 ? o.ended : null;
        if (last !== null) {
          const heir = y.get(o.heir);
          if (heir !== undefined) {
            const way = heir < mid ? 1 : -1;
            appears(last, d.svg("g", {}, svgLine(x(last), mid, x(last), heir + way * 6, colour), d.svg("path", { d: `M${x(last)},${heir}l-5,${way * 8}h10Z`, fill: colour })));
          }
          const word = MARKS[o.ending] || o.ending, at = x(last) + 4, room = d.textWidth(word, letters - 1);
          appears(last, d.svg("text", { x: at + room > width ? x(last) - 4 : at, y: mid + letters * 0.35, "text-anchor": at + room > width ? "end" : "start", "font-size": letters - 1, class: "ending", text: word }));
        }
        if (o.joined >= 0) appears(o.joined, d.svg("text", { x: x(o.joined), y: mid + letters * 0.5, "text-anchor": "middle", "font-size": letters * 1.5, class: "star", text: "★" }, d.svg("title", { text: "joins the global brand" })));
        const whole = o.names.slice().sort((a, b) => b.length - a.length)[0], begin = x(o.first), wide = d.textWidth(whole, letters) * (o.own ? 1.12 : 1);
        const before = begin > wide + 8;
        const label = d.svg("text", before ? { x: begin - 4, y: mid + letters * 0.35, "text-anchor": "end" } : { x: begin + 2, y: mid - half(o.strength[0]) - 2 });
        label.setAttribute("font-size", letters);
        label.textContent = before ? whole : d.cut(whole, width - begin - 6, letters);
        if (o.own) label.setAttribute("font-weight", 600);
        names.append(label);
        if (o.names.length > 1) renamed.push({ of: o, label });
        later.push([o.first, label]);
      }
      const first2 = options.first;
      const difference = first2 === null || first2 === undefined ? null : d.svg("g", { class: "difference" },
        d.svg("line", { x1: x(first2), x2: x(first2), y1: 0, y2: height - foot }),
        d.svg("text", { x: x(first2) + (x(first2) > width * 0.7 ? -4 : 4), y: height - foot - 4, "text-anchor": x(first2) > width * 0.7 ? "end" : "start", "font-size": letters, text: "first difference" }));
      const marks = d.svg("g", {}, later.map(([, element]) => element).filter((element) => !element.parentNode));
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
      svg.replaceChildren(d.svg("defs", {}, d.svg("clipPath", { id }, clip)), axis, seen, marks, names, ...(difference ? [difference] : []), cursor);
      later.sort((a, b) => a[0] - b[0]);
      for (const [, element] of later) element.style.visibility = "hidden";
      drawnTo = -1;
    }

    const svgLine = (x1, y1, x2, y2, stroke) => d.svg("line", { x1, y1, x2, y2, stroke, "stroke-width": 2 });

    function show(month) {
      clip.setAttribute("width", Math.max(0, x(month) + 0.5));
      cursor.setAttribute("x1", x(month));
      cursor.setAttribute("x2", x(month));
      if (drawnTo < 0 || month < drawnTo) for (const [when, element] of later) element.style.visibility = when <= month ? "visible" : "hidden";
      else for (const [when, element] of later) if (when > drawnTo && when <= month) element.style.visibility = "visible";
      for (const { of, label } of renamed) if (label.textContent !== d.nameOf(of, month)) label.textContent = d.nameOf(of, month);
      drawnTo = month;
    }

    function summary(month) {
      const standing = data.organisations.filter((o) => d.at(o, month, "strength") > 0);
      return standing.length ? "Standing: " + standing.map((o) => `${d.nameOf(o, month)} with ${d.at(o, month, "strength")}`).join(", ") + "." : "No organisation stands.";
    }

    return { svg, draw, show, summary, note: left > 0 ? `${left} smaller groups are not drawn.` : "" };
  };
})(window.dilemma);
