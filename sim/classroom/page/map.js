/* Where they are, and where they can hide: regions as a graph, haven as their shade, who is present as a disc within. */
((d) => {
  const ROUNDS = 80;

  /** Move points apart until circles do not touch and no way runs through a region that it does not lead to; otherwise leave them. */
  function spread(points, edges, radius, gap, area) {
    const held = (v, low, high) => Math.max(low, Math.min(high, v));
    const p = points.map(({ x, y }) => ({ x, y }));
    for (let round = 0; round < ROUNDS; round++) {
      let moved = false;
      for (let a = 0; a < p.length; a++) {
        for (let b = a + 1; b < p.length; b++) {
          let dx = p[b].x - p[a].x,
            dy = p[b].y - p[a].y,
            far = Math.hypot(dx, dy);
          if (far >= 2 * radius + gap) continue;
          // Two at one point part in a direction of their own, the same at every drawing.
          if (far < 0.01) {
            dx = Math.cos(a + 2 * b);
            dy = Math.sin(a + 2 * b);
            far = 1;
          }
          const push = (2 * radius + gap - Math.min(far, 2 * radius + gap)) / 2 / far;
          p[a].x -= dx * push;
          p[a].y -= dy * push;
          p[b].x += dx * push;
          p[b].y += dy * push;
          moved = true;
        }
      }
      for (const [a, b] of edges) {
        const ex = p[b].x - p[a].x,
          ey = p[b].y - p[a].y,
          long = ex * ex + ey * ey || 1;
        for (let c = 0; c < p.length; c++) {
          if (c === a || c === b) continue;
          const t = ((p[c].x - p[a].x) * ex + (p[c].y - p[a].y) * ey) / long;
          if (t <= 0 || t >= 1) continue;
          const dx = p[c].x - p[a].x - t * ex,
            dy = p[c].y - p[a].y - t * ey,
            far = Math.hypot(dx, dy);
          if (far >= radius + 3) continue;
          const push = (radius + 3 - far) / 2,
            root = Math.sqrt(long);
          const [ux, uy] = far > 0.01 ? [dx / far, dy / far] : [-ey / root, ex / root];
          p[c].x += ux * push;
          p[c].y += uy * push;
          moved = true;
        }
      }
      for (const q of p) {
        q.x = held(q.x, area.left, area.right);
        q.y = held(q.y, area.top, area.bottom);
      }
      if (!moved) break;
    }
    return p;
  }

  /** The ways to write a region: on one line or two, with its state or, where there is no room for it, without. */
  function ways(region, size) {
    const words = region.name.split(" "),
      lines = [[region.name]];
    if (words.length > 1) {
      const halves = words.slice(1).map((_, n) => [words.slice(0, n + 1).join(" "), words.slice(n + 1).join(" ")]);
      const widest = (pair) => Math.max(...pair.map((text) => d.textWidth(text, size)));
      lines.push(halves.sort((a, b) => widest(a) - widest(b))[0]);
    }
    const state = `(${region.state})`;
    return lines
      .flatMap((name, n) => [
        { name, state, cost: 6 * n },
        { name, state: null, cost: 40 + 6 * n },
      ])
      .map((way) => ({
        ...way,
        width: Math.max(...[...way.name, ...(way.state ? [way.state] : [])].map((text) => d.textWidth(text, size))),
        rows: way.name.length + (way.state ? 1 : 0),
      }));
  }

  const common = (a, b) =>
    Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  /** How far within a box a line runs, near enough. */
  function crossed(box, p, q) {
    let n = 0;
    for (let s = 1; s < 16; s++) {
      const x = p.x + ((q.x - p.x) * s) / 16,
        y = p.y + ((q.y - p.y) * s) / 16;
      n += Number(x > box[0] && x < box[2] && y > box[1] && y < box[3]);
    }
    return n;
  }

  /** Find a place for every name: each in turn takes the spot that covers least, until nobody wants to move. */
  function namePlaces(regions, points, edges, radius, size, width, bottom) {
    const leading = size * 1.12,
      circles = points.map((p) => [p.x - radius, p.y - radius, p.x + radius, p.y + radius]);
    const offers = regions.map((region, k) =>
      ways(region, size).flatMap((way) => {
        const { x, y } = points[k],
          w = way.width,
          h = way.rows * leading,
          r = radius + 2,
          s = 0.7 * radius + 2;
        const spots = [
          [x - w / 2, y + r, 0, "middle"],
          [x - w / 2, y - r - h, 2, "middle"],
          [x + r + 2, y - h / 2, 3, "start"],
          [x - r - 2 - w, y - h / 2, 3, "end"],
          [x + s, y + s, 5, "start"],
          [x - s - w, y + s, 5, "end"],
          [x + s, y - s - h, 5, "start"],
          [x - s - w, y - s - h, 5, "end"],
        ];
        return spots.map(([left, top, cost, anchor]) => {
          // A name may slide along the border rather than be cut by it.
          const l = Math.max(2, Math.min(width - w - 2, left)),
            t = Math.max(1, Math.min(bottom - h, top)),
            box = [l, t, l + w, t + h];
          const fixed =
            circles.reduce((sum, circle) => sum + 4 * common(box, circle), 0) +
            edges.reduce((sum, [a, b]) => sum + 2 * crossed(box, points[a], points[b]), 0) +
            Math.abs(l - left);
          return { ...way, box, anchor: l === left ? anchor : "start", cost: way.cost + cost + fixed, leading };
        });
      }),
    );
    const chosen = offers.map((list) => list.reduce((best, offer) => (offer.cost < best.cost ? offer : best)));
    for (let round = 0; round < 12; round++) {
      let moved = false;
      offers.forEach((list, k) => {
        const whole = (offer) =>
          chosen.reduce((sum, other, n) => (n === k ? sum : sum + 4 * common(offer.box, other.box)), offer.cost);
        let best = chosen[k],
          least = whole(best);
        for (const offer of list) {
          const cost = whole(offer);
          if (cost < least - 0.01) {
            best = offer;
            least = cost;
          }
        }
        if (best !== chosen[k]) {
          chosen[k] = best;
          moved = true;
        }
      });
      if (!moved) break;
    }
    return chosen;
  }

  d.map = (data) => {
    const svg = d.svg("svg", { role: "img", class: "map", "aria-label": "Where they are and can hide" });
    const most = data.most.region,
      fills = d.fills(data, 3.6);
    let places = [],
      discs = [],
      radius = 20;

    function draw(width, height) {
      const letters = d.letters(),
        legend = letters * 2 + 10;
      radius = Math.max(9, Math.min(30, 0.19 * Math.sqrt((width * (height - legend)) / data.regions.length)));
      const side = Math.min(
        0.14 * width,
        Math.max(radius + 6, 0.5 * Math.max(...data.regions.map((r) => d.textWidth(r.name, letters))) + 4),
      );
      const area = {
        left: radius + 4,
        right: width - radius - 4,
        top: radius + 4,
        bottom: height - legend - radius - letters,
      };
      const spots = spread(
        data.regions.map((r) => ({ x: side + r.x * (width - 2 * side), y: area.top + r.y * (area.bottom - area.top) })),
        data.edges,
        radius,
        letters * 1.3,
        area,
      );
      const edges = data.edges.map(([a, b]) =>
        d.svg("line", { x1: spots[a].x, y1: spots[a].y, x2: spots[b].x, y2: spots[b].y, class: "way" }),
      );
      places = data.regions.map((r, k) => ({
        ...spots[k],
        shade: d.svg(
          "circle",
          { cx: spots[k].x, cy: spots[k].y, r: radius, class: "region" },
          d.svg("title", { text: `${r.name} (${r.state})` }),
        ),
        haven: -1,
      }));
      const labels = namePlaces(data.regions, spots, data.edges, radius, letters, width, height - legend + 6).map(
        (place) => {
          const [left, , right] = place.box,
            x = place.anchor === "middle" ? (left + right) / 2 : place.anchor === "end" ? right : left;
          const line = (text, n, state) =>
            d.svg("tspan", { x, y: place.box[1] + (n + 0.8) * place.leading, class: state ? "state" : null, text });
          return d.svg(
            "text",
            { "text-anchor": place.anchor, "font-size": letters, class: "name" },
            place.name.map((text, n) => line(text, n, false)),
            place.state ? line(place.state, place.name.length, true) : null,
          );
        },
      );
      discs = data.presence.map((p) => {
        const path = d.svg(
          "path",
          { fill: fills.of(p.organisation), class: "present" },
          d.svg("title", { text: data.organisations[p.organisation].names.join(" → ") }),
        );
        return { of: p, path, drawn: "" };
      });
      const stops = [0, 25, 50, 75, 100],
        bar = letters * 1.3,
        ly = height - letters - 8,
        round = most > 100 ? Math.round(most / 100) * 100 : Math.round(most);
      const rs = Math.min(letters * 0.9, sizeOf(round)),
        lx = 4 + d.textWidth("haven 0 % ", letters);
      const key = d.svg(
        "g",
        { class: "legend" },
        d.svg("text", { x: 2, y: ly + letters, "font-size": letters, text: "haven 0 %" }),
        stops.map((h, n) => {
          const box = d.svg("rect", { x: lx + n * bar, y: ly + 2, width: bar, height: letters });
          box.style.fill = shadeOf(h);
          return box;
        }),
        d.svg("text", { x: lx + stops.length * bar + 4, y: ly + letters, "font-size": letters, text: "100 %" }),
      );
      const tx = lx + stops.length * bar + 4 + d.textWidth("100 %   ", letters),
        words = `disc: up to ${round.toLocaleString("en")} fighter-equivalents`;
      if (tx + 2 * rs + d.textWidth(words, letters) < width)
        key.append(
          d.svg("circle", { cx: tx + rs, cy: ly + letters * 0.6, r: rs, class: "size" }),
          d.svg("text", { x: tx + 2 * rs + 5, y: ly + letters, "font-size": letters, text: words }),
        );
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.replaceChildren(
        fills.defs,
        d.svg("g", {}, edges),
        d.svg(
          "g",
          {},
          places.map((p) => p.shade),
        ),
        d.svg(
          "g",
          {},
          discs.map((disc) => disc.path),
        ),
        d.svg("g", {}, labels),
        key,
      );
    }

    const shadeOf = (haven) => `color-mix(in srgb, var(--haven-high) ${haven}%, var(--haven-low))`;
    const sizeOf = (strength) => (radius - 2) * Math.sqrt(Math.min(1, strength / most));

    function show(month) {
      data.regions.forEach((r, k) => {
        const haven = r.haven[month];
        if (haven === places[k].haven) return;
        places[k].haven = haven;
        places[k].shade.style.fill = shadeOf(haven);
      });
      const there = new Map();
      for (const disc of discs) {
        const s = d.at(disc.of, month, "strength");
        if (s > 0) there.set(disc.of.region, (there.get(disc.of.region) || 0) + s);
      }
      const used = new Map();
      for (const disc of discs) {
        const s = d.at(disc.of, month, "strength"),
          region = disc.of.region;
        let path = "";
        if (s > 0) {
          const whole = there.get(region),
            from = used.get(region) || 0;
          used.set(region, from + s / whole);
          path = d.slice(places[region].x, places[region].y, Math.max(2.5, sizeOf(whole)), from, from + s / whole);
        }
        if (path !== disc.drawn) {
          disc.drawn = path;
          disc.path.setAttribute("d", path);
        }
      }
    }

    function summary(month) {
      const parts = data.regions
        .map((r, k) => [
          r.name,
          data.presence.filter((p) => p.region === k).reduce((sum, p) => sum + d.at(p, month, "strength"), 0),
        ])
        .filter(([, s]) => s > 0);
      return parts.length
        ? `Present in ${parts.map(([name, s]) => `${name} (${s})`).join(", ")}.`
        : "Nobody is present anywhere.";
    }

    return { svg, draw, show, summary };
  };
})(window.dilemma);
