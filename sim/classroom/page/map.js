/* Where they are, and where they can hide: regions as a graph, haven as their shade, who is present as a disc within. */
(function (d) {
  "use strict";

  d.map = function (data) {
    const svg = d.svg("svg", { role: "img", class: "map" });
    const most = data.most.region;
    let places = [], discs = [], radius = 20;

    function draw(width, height) {
      const letters = d.letters(), legend = letters * 2 + 10;
      radius = Math.max(9, Math.min(30, 0.21 * Math.sqrt((width * (height - legend)) / data.regions.length)));
      const side = Math.min(0.16 * width, Math.max(radius + 6, 0.5 * Math.max(...data.regions.map((r) => d.textWidth(r.name, letters))) + 4));
      const px = (r) => side + r.x * (width - 2 * side), py = (r) => radius + 4 + r.y * (height - legend - 2 * radius - letters - 14);
      const edges = data.edges.map(([a, b]) => d.svg("line", { x1: px(data.regions[a]), y1: py(data.regions[a]), x2: px(data.regions[b]), y2: py(data.regions[b]), class: "way" }));
      places = data.regions.map((r) => ({ x: px(r), y: py(r), shade: d.svg("circle", { cx: px(r), cy: py(r), r: radius, class: "region" }, d.svg("title", { text: `${r.name} (${r.state})` })), haven: -1 }));
      const taken = places.map((p) => [p.x - radius, p.y - radius, p.x + radius, p.y + radius]);
      const peak = (k) => Math.max(0, ...data.presence.filter((p) => p.region === k).map((p) => Math.max(...p.strength)));
      // Where most are present names come first; a name that finds no place of its own is left to the pointer.
      const ranked = data.regions.map((_, k) => k).sort((a, b) => peak(b) - peak(a));
      const labels = ranked.map((k) => {
        const r = data.regions[k], p = places[k], wide = d.textWidth(r.name, letters);
        // Under, over, right or left of its region: the first place where the name lies on nobody.
        const spots = [[p.x - wide / 2, p.y + radius + 1], [p.x - wide / 2, p.y - radius - letters - 3], [p.x + radius + 3, p.y - letters / 2], [p.x - radius - 3 - wide, p.y - letters / 2]];
        const free = ([left, top]) => left >= 0 && left + wide <= width && top >= 0 && top + letters + 2 < height - legend + 6 && taken.every(([a, b, c, e], n) => n === k || left > c || left + wide < a || top > e || top + letters + 2 < b);
        const spot = spots.find(free);
        if (!spot) return null;
        const [left, top] = spot;
        taken.push([left, top, left + wide, top + letters + 2]);
        return d.svg("text", { x: left, y: top + letters, "font-size": letters, class: "name", text: r.name });
      });
      discs = data.presence.map((p) => {
        const path = d.svg("path", { fill: d.colourOf(data, p.organisation), class: "present" }, d.svg("title", { text: data.organisations[p.organisation].names.join(" → ") }));
        return { of: p, path, drawn: "" };
      });
      const stops = [0, 25, 50, 75, 100], bar = letters * 1.3, ly = height - letters - 8, round = most > 100 ? Math.round(most / 100) * 100 : Math.round(most);
      const rs = Math.min(letters * 0.9, sizeOf(round)), lx = 4 + d.textWidth("haven 0 % ", letters);
      const key = d.svg("g", { class: "legend" }, d.svg("text", { x: 2, y: ly + letters, "font-size": letters, text: "haven 0 %" }),
        stops.map((h, n) => { const box = d.svg("rect", { x: lx + n * bar, y: ly + 2, width: bar, height: letters }); box.style.fill = shadeOf(h); return box; }),
        d.svg("text", { x: lx + stops.length * bar + 4, y: ly + letters, "font-size": letters, text: "100 %" }));
      const tx = lx + stops.length * bar + 4 + d.textWidth("100 %   ", letters), words = `disc: up to ${round.toLocaleString("en")} fighter-equivalents`;
      if (tx + 2 * rs + d.textWidth(words, letters) < width) key.append(d.svg("circle", { cx: tx + rs, cy: ly + letters * 0.6, r: rs, class: "size" }), d.svg("text", { x: tx + 2 * rs + 5, y: ly + letters, "font-size": letters, text: words }));
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
      svg.replaceChildren(d.svg("g", {}, edges), d.svg("g", {}, places.map((p) => p.shade)), d.svg("g", {}, discs.map((disc) => disc.path)), d.svg("g", {}, labels.filter(Boolean)), key);
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
        const s = d.at(disc.of, month, "strength"), region = disc.of.region;
        let path = "";
        if (s > 0) {
          const whole = there.get(region), from = used.get(region) || 0;
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
      const parts = data.regions.map((r, k) => [r.name, data.presence.filter((p) => p.region === k).reduce((sum, p) => sum + d.at(p, month, "strength"), 0)]).filter(([, s]) => s > 0);
      return parts.length ? "Present in " + parts.map(([name, s]) => `${name} (${s})`).join(", ") + "." : "Nobody is present anywhere.";
    }

    return { svg, draw, show, summary, note: "" };
  };
})(window.dilemma);
