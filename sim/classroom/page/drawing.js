/* What the player's panels draw with: SVG elements, colours by organisation, values by month, dates. */
((d) => {
  const SVG = "http://www.w3.org/2000/svg";

  /** Build an SVG element; `text` is its text. Attributes that hold var(--…) go into the style, where themes reach them. */
  d.svg = (tag, attributes, ...children) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "text") element.textContent = value;
      else if (typeof value === "string" && value.includes("var(--")) element.style.setProperty(name, value);
      else if (value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(.../** @type {(Node | string)[]} */ (children.flat().filter(Boolean)));
    return element;
  };

  /** The colour of a history's k-th organisation. Ten are told apart; position, name and hatching tell the rest. */
  d.colourOf = (data, k) => `var(--c${data.colours[k] % 10})`;

  /**
   * Fills for one drawing: the followed lineage solid, all others hatched, so that colour is never the only sign.
   * @param {number} step from one line of the hatching to the next, in pixels: narrow where shapes are small.
   * @returns {{defs: SVGElement, of: (k: number) => string}} definitions to put into the drawing, and the fill of the k-th organisation.
   */
  d.fills = (data, step = 5) => {
    // url(#…) looks through the whole document, in which several histories may stand.
    const prefix = `hatch-${Math.random().toString(36).slice(2)}`;
    const pattern = (colour, n) =>
      d.svg(
        "pattern",
        { id: prefix + n, patternUnits: "userSpaceOnUse", width: step, height: step, patternTransform: "rotate(45)" },
        d.svg("rect", { width: step, height: step, fill: "var(--paper)" }),
        d.svg("rect", { width: step, height: step, fill: colour, "fill-opacity": 0.4 }),
        d.svg("rect", { width: 0.44 * step, height: step, fill: colour }),
      );
    const numbers = [...new Set(data.colours.map((c) => c % 10))];
    return {
      defs: d.svg(
        "defs",
        {},
        numbers.map((n) => pattern(`var(--c${n})`, n)),
      ),
      of: (k) => (data.organisations[k].own ? d.colourOf(data, k) : `url(#${prefix}${data.colours[k] % 10})`),
    };
  };

  /** Make histories ready to be set side by side: the same organisation has the same colour in all, and all are drawn to one scale. */
  d.prepare = (histories) => {
    const colours = new Map();
    const most = { organisation: 1, region: 1 };
    for (const data of histories) {
      for (const o of data.organisations) {
        if (!colours.has(o.id)) colours.set(o.id, colours.size);
        for (const s of o.strength) most.organisation = Math.max(most.organisation, s);
      }
      const together = new Map();
      for (const p of data.presence)
        p.strength.forEach((s, n) => {
          const key = p.region * 10000 + p.first + n;
          together.set(key, (together.get(key) || 0) + s);
        });
      for (const s of together.values()) most.region = Math.max(most.region, s);
    }
    const rows = rowsOf(histories);
    for (const data of histories) {
      data.colours = data.organisations.map((o) => colours.get(o.id));
      data.rows = data.organisations.map((o) => rows.get(o.id));
      data.most = most;
    }
  };

  /** A row for each organisation, the same one in all histories; those that never stand at the same time may share it. */
  function rowsOf(histories) {
    const lives = new Map();
    for (const o of histories.flatMap((data) => data.organisations)) {
      if (!o.strength.length) continue;
      const last = o.first + o.strength.length - 1;
      const life = lives.get(o.id) || { first: o.first, last };
      lives.set(o.id, { first: Math.min(life.first, o.first), last: Math.max(life.last, last) });
    }
    const free = [];
    const rows = new Map();
    for (const [id, life] of [...lives].sort((a, b) => a[1].first - b[1].first)) {
      const row = free.findIndex((until) => until < life.first);
      rows.set(id, row < 0 ? free.length : row);
      free[rows.get(id)] = life.last;
    }
    return rows;
  }

  /** A series' value in a month: nought before it begins and after it ends. */
  d.at = (entry, month, name) => entry[name][month - entry.first] || 0;

  /** The name of an organisation in a month: some take another. */
  d.nameOf = (organisation, month) =>
    organisation.names.length > 1 && month >= organisation.renamed ? organisation.names[1] : organisation.names[0];

  /** Whether an alliance is in force in a month, and both sides still stand. */
  d.allied = (data, a, month) =>
    a.first <= month &&
    month <= a.last &&
    d.at(data.organisations[a.one], month, "strength") > 0 &&
    d.at(data.organisations[a.other], month, "strength") > 0;

  /** The date of a month counted from the start: month 1 is the first. */
  d.dateOf = (start, month) => {
    const [year, first] = start.split("-").map(Number),
      t = year * 12 + first - 1 + Math.max(0, month - 1);
    return `${Math.floor(t / 12)}-${String((t % 12) + 1).padStart(2, "0")}`;
  };

  /** Height of letters in a panel, in pixels: never below 12, larger on a larger screen, and 24 in the presenter's view. */
  d.letters = () => {
    const root = document.documentElement;
    const share = root.dataset.room === "large" ? 0.75 : 0.68;
    return Math.max(12, Math.round(share * parseFloat(getComputedStyle(root).fontSize)));
  };

  const pen = document.createElement("canvas").getContext("2d");
  /** Width of a text in pixels at the size of the panels' letters. */
  d.textWidth = (text, size) => {
    pen.font = `${size || d.letters()}px system-ui, 'DejaVu Sans', sans-serif`;
    return pen.measureText(text).width;
  };
  const ARC = (x, y, r, from, to) => {
    const [a, b] = [from, to].map((t) => 2 * Math.PI * t - Math.PI / 2);
    return `M${x},${y}L${(x + r * Math.cos(a)).toFixed(1)},${(y + r * Math.sin(a)).toFixed(1)}A${r},${r} 0 ${to - from > 0.5 ? 1 : 0} 1 ${(x + r * Math.cos(b)).toFixed(1)},${(y + r * Math.sin(b)).toFixed(1)}Z`;
  };
  /** The path of a slice of a disc, from one share of the circle to another. */
  d.slice = (x, y, r, from, to) =>
    to - from > 0.9999
      ? `M${x - r},${y}a${r},${r} 0 1 1 ${2 * r},0a${r},${r} 0 1 1 ${-2 * r},0Z`
      : ARC(x, y, r, from, to);
})(window.dilemma);
