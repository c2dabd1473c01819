/* Who holds with whom: organisations in the middle, the communities they are tied to on both sides, alliances as double lines between organisations. */
((d) => {
  d.network = (data) => {
    const svg = d.svg("svg", { role: "img", class: "network", "aria-label": "Who holds with whom" });
    const tied = [...new Set(data.ties.map((t) => t.community))].sort(
      (a, b) => data.communities[a].region - data.communities[b].region || a - b,
    );
    const shown = data.organisations.map((_o, k) => k).filter((k) => data.organisations[k].strength.length);
    const top = data.most.organisation;
    let nodes = new Map(),
      squares = new Map(),
      ties = [],
      alliances = [];

    /** Where names stand, none of them cut: communities on both sides, organisations between them; and the height that it takes. */
    function layout(width) {
      const letters = d.letters(),
        leading = 1.1 * letters,
        half = Math.ceil(tied.length / 2);
      const words = (names, share) => {
        const longest = Math.max(
          0,
          ...names.flatMap((name) => d.linesOf(name, 0, letters)).map((word) => d.textWidth(word, letters)),
        );
        const whole = Math.max(0, ...names.map((name) => d.textWidth(name, letters)));
        return Math.max(longest, Math.min(whole, share * width));
      };
      const names = tied.map((c) => data.communities[c].name);
      const side = words(names, 0.24) + 1;
      const largest = Math.min(0.04 * width, 1.2 * letters);
      // From a node at one side of the middle to the squares on the other.
      const room = width - 2 * (side + 20) - 2 * largest - 14;
      const lines = (k) => data.organisations[k].names.map((name) => d.linesOf(name, room, letters));
      const high = (n) => leading * n + 0.45 * letters;
      const places = [names.slice(0, half), names.slice(half)].map((list) =>
        list.map((name) => high(d.linesOf(name, side, letters).length)),
      );
      const rows = [];
      for (const k of shown)
        rows[data.rows[k]] = Math.max(rows[data.rows[k]] || 0, ...lines(k).map((list) => high(list.length)));
      for (let n = 0; n < rows.length; n++) rows[n] ||= high(1);
      const sum = (list) => list.reduce((total, h) => total + h, 0);
      return {
        letters,
        leading,
        half,
        side,
        largest,
        room,
        places,
        rows,
        need: Math.ceil(8 + Math.max(...[...places, rows].map(sum))),
      };
    }

    /** Middles of rows of given heights, the room that they leave shared among them alike. */
    function middles(heights, height) {
      const more = (height - 8 - heights.reduce((total, h) => total + h, 0)) / Math.max(1, heights.length);
      let down = 4;
      return heights.map((h) => {
        down += h + more;
        return down - (h + more) / 2;
      });
    }

    /** A name on as many lines as it needs, around a middle. */
    function write(label, name, x, y, room, letters, leading) {
      const lines = d.linesOf(name, room, letters);
      label.replaceChildren(
        ...lines.map((text, n) =>
          d.svg("tspan", { x, y: y + letters * 0.35 + (n - (lines.length - 1) / 2) * leading, text }),
        ),
      );
    }

    function draw(width, height) {
      const { letters, leading, half, side, largest, room, places, rows, need } = layout(width);
      height = Math.max(height, need);
      const middle = width / 2,
        edge = side + 15;
      const down = places.flatMap((heights) => middles(heights, height));
      squares = new Map(
        tied.map((c, n) => {
          const left = n < half,
            x = left ? edge : width - edge,
            y = down[n];
          const box = d.svg(
            "rect",
            { x: x - 5, y: y - 5, width: 10, height: 10, class: "community" },
            d.svg("title", { text: `${data.communities[c].name}, ${data.regions[data.communities[c].region].name}` }),
          );
          const name = d.svg("text", { "text-anchor": left ? "end" : "start", "font-size": letters });
          write(name, data.communities[c].name, left ? x - 9 : x + 9, y, side, letters, leading);
          return [c, { x, y, box, name, live: null }];
        }),
      );
      const standing = middles(rows, height);
      nodes = new Map(
        shown.map((k) => {
          // In two histories side by side the same organisation stands in the same place; left and right by turns, so that alliances are seen.
          const way = data.rows[k] % 2 ? -1 : 1,
            x = way > 0 ? edge + 7 + largest : width - edge - 7 - largest,
            y = standing[data.rows[k]];
          const circle = d.svg(
            "circle",
            { cx: x, cy: y, r: 0, fill: d.colourOf(data, k), class: data.organisations[k].own ? "node own" : "node" },
            d.svg("title", { text: data.organisations[k].names.join(" → ") }),
          );
          const name = d.svg("text", { "text-anchor": way > 0 ? "start" : "end", "font-size": letters, class: "name" });
          const call = (text) => write(name, text, x + way * (largest + 4), y, room, letters, leading);
          return [k, { x, y, circle, name, call, largest, strength: -1, text: "" }];
        }),
      );
      ties = data.ties
        .filter((t) => nodes.has(t.organisation))
        .map((t) => {
          const a = nodes.get(t.organisation),
            b = squares.get(t.community);
          return {
            of: t,
            width: -1,
            line: d.svg("line", {
              x1: a.x,
              y1: a.y,
              x2: b.x,
              y2: b.y,
              stroke: d.colourOf(data, t.organisation),
              class: "tie",
            }),
          };
        });
      alliances = data.alliances
        .filter((a) => nodes.has(a.one) && nodes.has(a.other))
        .map((a) => {
          const p = nodes.get(a.one),
            q = nodes.get(a.other),
            bend = middle + (p.x + q.x > 2 * middle ? 1 : -1) * Math.min(0.16 * width, 70);
          const path = `M${p.x},${p.y}Q${bend},${(p.y + q.y) / 2} ${q.x},${q.y}`;
          return {
            of: a,
            live: null,
            lines: d.svg(
              "g",
              { class: "alliance" },
              d.svg("path", { d: path, class: "outer" }),
              d.svg("path", { d: path, class: "inner" }),
            ),
          };
        });
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.replaceChildren(
        d.svg(
          "g",
          {},
          ties.map((t) => t.line),
        ),
        d.svg(
          "g",
          {},
          alliances.map((a) => a.lines),
        ),
        d.svg(
          "g",
          {},
          [...squares.values()].flatMap((s) => [s.box, s.name]),
        ),
        d.svg(
          "g",
          {},
          [...nodes.values()].map((n) => n.circle),
        ),
        d.svg(
          "g",
          {},
          [...nodes.values()].map((n) => n.name),
        ),
      );
    }

    function show(month) {
      const live = new Set();
      for (const t of ties) {
        const tie = d.at(t.of, month, "tie");
        if (tie > 0) live.add(t.of.community);
        if (tie === t.width) continue;
        t.width = tie;
        t.line.style.visibility = tie > 0 ? "visible" : "hidden";
        t.line.setAttribute("stroke-width", (0.6 + tie / 14).toFixed(1));
      }
      for (const [c, s] of squares) {
        const here = live.has(c);
        if (here === s.live) continue;
        s.live = here;
        s.box.classList.toggle("live", here);
        s.name.classList.toggle("live", here);
      }
      for (const a of alliances) {
        const here = d.allied(data, a.of, month);
        if (here !== a.live) {
          a.live = here;
          a.lines.style.visibility = here ? "visible" : "hidden";
        }
      }
      for (const [k, n] of nodes) {
        const o = data.organisations[k],
          s = d.at(o, month, "strength"),
          text = s > 0 ? d.nameOf(o, month) : "";
        if (s !== n.strength) {
          n.strength = s;
          const r = s > 0 ? Math.max(3, n.largest * Math.sqrt(s / top)) : 0;
          n.circle.setAttribute("r", r.toFixed(1));
        }
        if (text !== n.text) {
          n.text = text;
          n.call(text);
        }
      }
    }

    function summary(month) {
      const standing = data.alliances.filter((a) => d.allied(data, a, month));
      const ties = data.ties.filter((t) => d.at(t, month, "tie") > 0).length;
      return (
        `${ties} ties with communities. ` +
        (standing.length
          ? "Allied: " +
            standing
              .map(
                (a) =>
                  `${d.nameOf(data.organisations[a.one], month)} with ${d.nameOf(data.organisations[a.other], month)}`,
              )
              .join(", ") +
            "."
          : "No alliance is in force.")
      );
    }

    return { svg, need: (width) => layout(width).need, draw, show, summary };
  };
})(window.dilemma);
