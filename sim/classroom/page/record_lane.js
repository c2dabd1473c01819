/* What the sources say happened: a row of marks, and above it the newest fact so far, so that no label ever covers another. */
((d) => {
  d.RECORD = "What happened";

  const lead = (letters) => 1.15 * letters;
  const factOf = (data, fact, room) =>
    d.linesOf(`${d.dateOf(data.start, fact.month)} ${fact.text}`, room.right - room.left - room.gutter, room.letters);

  /** Height that the record takes from the lanes, in pixels, its longest fact written in full: none where there is no record. */
  d.recordHeight = (data, room) =>
    data.record.length
      ? Math.round(
          lead(room.letters) * Math.max(...data.record.map((f) => factOf(data, f, room).length)) + 1.35 * room.letters,
        )
      : 0;

  /** The newest fact of the record in a month, or undefined. */
  d.newestFact = (data, month) => data.record.filter((fact) => fact.month <= month).pop();

  /**
   * The lane of the record.
   * @param room where the lane may draw: places of months, height of letters, its ends, and what names take on its left.
   */
  d.recordLane = (data, room) => {
    const { x, letters, left, right, gutter } = room,
      line = lead(letters),
      middle = d.recordHeight(data, room) - 0.65 * letters,
      half = 0.36 * letters;
    const fact = d.svg("text", { class: "fact", "font-size": letters });
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
        y: n ? middle + 0.35 * letters : middle + 0.35 * letters - line,
        "text-anchor": "end",
        "font-size": letters,
        text,
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
      fact.replaceChildren();
      if (!now) return;
      const lines = factOf(data, now, room),
        width = Math.max(...lines.map((text) => d.textWidth(text, letters)));
      // Above its mark where there is room, and never over the edge; the last line stands next to the mark.
      const start = Math.max(left + gutter, Math.min(x(now.month) - half, right - width)),
        bottom = middle - 0.7 * letters;
      fact.replaceChildren(
        ...lines.map((text, n) => d.svg("tspan", { x: start, y: bottom - (lines.length - 1 - n) * line, text })),
      );
    }

    return { group, show };
  };
})(window.dilemma);
