/* Who holds with whom: organisations in the middle, the communities they are tied to on both sides, alliances as double lines between organisations. */
((d) => {
  d.network = (data) => {
    const svg = d.svg("svg", { role: "img", class: "network" });
    const tied = [...new Set(data.ties.map((t) => t.community))].sort(
      (a, b) => data.communities[a].region - data.communities[b].region || a - b,
    );
    const shown = data.organisations
      .map((_o, k) => k)
      .filter((k) => data.organisations[k].strength.length)
      .slice(0, 24);
    const top = data.most.organisation;
    let nodes = new Map(),
      squares = new Map(),
      ties = [],
      alliances = [];

    function draw(width, height) {
      const letters = d.letters(),
        middle = width / 2,
        half = Math.ceil(tied.length / 2);
      const row = (n, count) => 6 + (height - 12) * ((n + 0.5) / Math.max(1, count));
      const room =
        Math.min(0.37 * width, Math.max(40, ...tied.map((c) => d.textWidth(data.communities[c].name, letters)))) + 12;
      squares = new Map(
        tied.map((c, n) => {
          const left = n < half,
            count = left ? half : tied.length - half,
            y = row(left ? n : n - half, count);
          const x = left ? room : width - room,
            small = (height - 12) / Math.max(1, count) < letters + 1;
          const box = d.svg(
            "rect",
            { x: x - 5, y: y - 5, width: 10, height: 10, class: "community" },
            d.svg("title", { text: `${data.communities[c].name}, ${data.regions[data.communities[c].region].name}` }),
          );
          const name = d.svg("text", {
            x: left ? x - 9 : x + 9,
            y: y + letters * 0.35,
            "text-anchor": left ? "end" : "start",
            "font-size": letters,
            text: d.cut(data.communities[c].name, room - 12, letters),
          });
          return [c, { x, y, box, name, small, live: null }];
        }),
      );
      const space = (height - 12) / Math.max(1, Math.min(24, data.together)),
        largest = Math.min(0.42 * space, 0.07 * width, 24);
      nodes = new Map(
        shown.map((k) => {
          // In two histories side by side the same organisation stands in the same place.
          const n = data.colours[k];
          // Zigzag, so that alliances between neighbours are not hidden behind them.
          const x = middle + (n % 2 ? 1 : -1) * Math.min(0.1 * width, 50),
            y = row(n % 24, Math.min(24, data.together));
          const circle = d.svg(
            "circle",
            { cx: x, cy: y, r: 0, fill: d.colourOf(data, k), class: data.organisations[k].own ? "node own" : "node" },
            d.svg("title", { text: data.organisations[k].names.join(" → ") }),
          );
          // Names stand on the side where there is room, towards the middle.
          const side = x <= middle ? 1 : -1;
          const name = d.svg("text", {
            x,
            y: y + letters * 0.35,
            "text-anchor": side > 0 ? "start" : "end",
            "font-size": letters,
            class: "name",
          });
          return [
            k,
            {
              x,
              y,
              circle,
              name,
              side,
              largest,
              room: (side > 0 ? width - room - x : x - room) - largest - 14,
              strength: -1,
              text: "",
            },
          ];
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
        s.name.style.visibility = here || !s.small ? "visible" : "hidden";
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
          n.name.setAttribute("x", (n.x + n.side * (r + 4)).toFixed(1));
        }
        if (text !== n.text) {
          n.text = text;
          n.name.textContent = d.cut(text, n.room);
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

    return { svg, draw, show, summary };
  };
})(window.dilemma);
