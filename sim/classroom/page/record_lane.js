/* What the sources say happened: a row of marks, and above it the newest fact so far, so that no label ever covers another. */
((d) => {
  d.RECORD = "What happened";

  /** Height that the record takes from the lanes, in pixels: none where there is no record. */
  d.recordHeight = (data, letters) => (data.record.length ? Math.round(2.5 * letters) : 0);

  /** The newest fact of the record in a month, or undefined. */
  d.newestFact = (data, month) => data.record.filter((fact) => fact.month <= month).pop();

  /**
   * The lane of the record.
   * @param {{x: (month: number) => number, letters: number, left: number, right: number, gutter: number}} room where the lane may draw.
   */
  d.recordLane = (data, room) => {
    const { x, letters, left, right, gutter } = room,
      line = 1.15 * letters,
      middle = 1.85 * letters,
      half = 0.36 * letters;
    const fact = d.svg("text", { class: "fact", y: line, "font-size": letters });
    const marks = data.record.map((f) =>
      d.svg(
        "g",
        { class: "mark" },
        d.svg("title", { text: `${d.dateOf(data.start, f.month)}: ${f.text} (${f.source})` }),
        f.until > f.month ? d.svg("line", { x1: x(f.month), x2: x(f.until), y1: middle, y2: middle }) : null,
        d.svg("path", {
          d: `M${x(f.month).toFixed(1)},${(middle - half).toFixed(1)}l${half},${half}l${-half},${half}l${-half},${-half}Z`,
        }),
      ),
    );
    const title = [d.RECORD, "(record)"].map((text, n) =>
      d.svg("text", {
        class: "title",
        x: left + gutter - 5,
        y: n ? middle + 0.35 * letters : line,
        "text-anchor": "end",
        "font-size": letters,
        text: d.cut(text, gutter - 5, letters),
      }),
    );
    const group = d.svg("g", { class: "record" }, title, marks, fact);
    let newest = null;

    function show(month) {
      data.record.forEach((f, n) => {
        marks[n].style.visibility = f.month <= month ? "visible" : "hidden";
      });
      const now = d.newestFact(data, month) || null;
      if (now === newest) return;
      newest = now;
      marks.forEach((mark, n) => mark.classList.toggle("newest", data.record[n] === now));
      fact.textContent = "";
      if (!now) return;
      const text = d.cut(`${d.dateOf(data.start, now.month)} ${now.text}`, right - left - gutter, letters),
        width = d.textWidth(text, letters);
      // Above its mark where there is room, and never over the edge.
      fact.setAttribute("x", Math.max(left + gutter, Math.min(x(now.month) - half, right - width)));
      fact.textContent = text;
    }

    return { group, show };
  };
})(window.dilemma);
