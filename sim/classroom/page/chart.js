/* What every figure is drawn with: scales, axes, a picture's frame, and what can be taken away from it (PNG, CSV). */
((d) => {
  /** Return a function that leads from numbers to places on the paper. */
  d.scale = (low, high, from, to) => (value) => from + ((value - low) / (high - low)) * (to - from);

  /** About so many round numbers from low to high. */
  d.ticks = (low, high, count) => {
    const rough = (high - low) / Math.max(1, count);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((n) => n * power >= rough);
    const first = Math.ceil(low / step - 1e-9);
    const last = Math.floor(high / step + 1e-9);
    return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
  };

  /** A path through points, those that are missing left out. */
  d.pathOf = (points) =>
    points.length ? `M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}` : "";

  /** Text in a figure; `size` is the height of its letters in pixels. */
  d.label = (x, y, text, size, more) => d.svg("text", { x, y, "font-size": size, text, ...more });

  /** Height of a figure's letters in pixels: 12 at least, and 24 at the double size of the presenter's view. */
  d.figureLetters = () =>
    Math.max(12, Math.round(0.8 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)));

  /** Words on as many lines as a width wants; a word that has a hyphen may part after it. */
  d.linesOf = (text, width, size, bold) => {
    const lines = [""];
    for (const word of text.split(" "))
      word.split(/(?<=\p{L}-)(?=\p{L})/u).forEach((piece, n) => {
        const last = lines[lines.length - 1];
        const longer = n || !last ? last + piece : `${last} ${piece}`;
        const room = d.textWidth(longer, size) * (bold ? 1.17 : 1);
        if (last && room > width) lines.push(piece);
        else lines[lines.length - 1] = longer;
      });
    return lines;
  };

  /** Make a box show an SVG of a size, told in words to those who do not see it; a `group` where something in it can be moved. */
  d.frame = (box, width, height, words, role = "img") => {
    let svg = box.querySelector("svg.chart");
    if (!svg) {
      svg = d.svg("svg", { class: "chart", role });
      box.replaceChildren(svg);
    }
    for (const [name, value] of Object.entries({
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      "aria-label": words,
    }))
      svg.setAttribute(name, String(value));
    return svg;
  };

  function give(name, blob) {
    const link = d.el("a", { download: name, href: URL.createObjectURL(blob) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  /** Rows as a CSV file has them. */
  d.csv = (rows) =>
    `${rows
      .map((row) =>
        row.map((cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replace(/"/g, '""')}"` : cell)).join(","),
      )
      .join("\n")}\n`;

  const LOOKS = [
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linejoin",
    "fill-opacity",
    "stroke-opacity",
    "opacity",
    "font-family",
    "font-weight",
    "paint-order",
  ];

  /** A figure as it looks now, without the page's style sheet. */
  function asItLooks(svg) {
    const copy = svg.cloneNode(true);
    const from = [svg, ...svg.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((element, k) => {
      const style = getComputedStyle(from[k]);
      for (const name of LOOKS) element.style.setProperty(name, style.getPropertyValue(name));
    });
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    return new XMLSerializer().serializeToString(copy);
  }

  /** Save a figure as a picture of twice its size on the screen. */
  d.png = async (svg, name) => {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(asItLooks(svg))}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * Number(svg.getAttribute("width"));
    canvas.height = 2 * Number(svg.getAttribute("height"));
    const pen = canvas.getContext("2d");
    pen.fillStyle = d.colour("paper");
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob && give(`${name}.png`, blob));
  };

  /**
   * What stands under a chart: where it comes from, and the chart to take away.
   * @param box the figure's box. @param name of the files. @param rows gives the numbers behind it, the first row their names.
   * @param source where they come from, if not from runs.
   */
  d.takeAway = (box, name, rows, source) =>
    d.takeAll([{ words: "", svg: () => box.querySelector("svg"), name, rows }], source);

  /** The same under several charts that stand together, each by its `words`. */
  d.takeAll = (charts, source = "Runs of this model, computed here") => {
    const button = ({ words, name }, kind, act) =>
      d.el("button", {
        type: "button",
        class: "small",
        text: kind,
        "aria-label": `Save ${words ? `“${words}”` : kind === "PNG" ? "the figure" : "its numbers"} as ${kind}`,
        "data-file": `${name}.${kind.toLowerCase()}`,
        on: { click: act },
      });
    return d.el(
      "div",
      { class: "take-away" },
      d.el("span", { text: `${source} · MIT licence` }),
      charts.map((chart) =>
        d.el(
          "span",
          { class: "files" },
          chart.words ? `${chart.words} ` : null,
          button(chart, "PNG", () => d.png(chart.svg(), chart.name)),
          button(chart, "CSV", () => give(`${chart.name}.csv`, new Blob([d.csv(chart.rows())], { type: "text/csv" }))),
        ),
      ),
    );
  };
})(window.dilemma);
