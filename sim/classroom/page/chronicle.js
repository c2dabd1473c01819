/* What happens here, and why: the newest on top, each entry opening its causes. */
((d) => {
  const SIGNS = {
    world: "◇",
    record: "◆",
    year: "·",
    splinter: "⇉",
    autonomy: "⇉",
    pledge: "⇉",
    departure: "→",
    surrender: "→",
    return: "↩",
    merger: "⊕",
    "brand change": "★",
    succession: "▼",
    ending: "✖",
    "alliance made": "=",
    "alliance broken": "≠",
    capture: "¤",
    entry: "+",
    "broker-founded group": "+",
    founding: "+",
    purge: "✂",
    offer: "⚖",
    "means change": "↺",
  };

  d.chronicle = (data, options) => {
    const list = d.el("div", {
      class: "entries",
      role: "log",
      "aria-live": "off",
      "aria-label": "Chronicle",
      tabindex: 0,
    });
    const all = data.chronicle.map((e) => ({ month: e.month, text: textOf(e), box: entry(e) }));
    const first = options.first;
    if (first !== null && first !== undefined) {
      const rule = d.el("div", { class: "rule", text: `first difference, ${d.dateOf(data.start, first)}` });
      let n = all.findIndex((e) => e.month >= first);
      if (n < 0) n = all.length;
      all.splice(n, 0, { month: first, text: "", box: rule });
    }
    // The newest first, in the document too, so that the eye and the keyboard meet them in one order.
    list.append(
      ...all
        .slice()
        .reverse()
        .map((e) => e.box),
    );
    for (const e of all) e.box.hidden = true;
    let shown = 0,
      opened = 0,
      scrolled = false;
    // New entries come on top; what is being read must not be pushed away by them.
    list.addEventListener(
      "toggle",
      () => {
        opened = list.querySelectorAll("details[open]").length;
      },
      true,
    );
    list.addEventListener(
      "scroll",
      () => {
        scrolled = list.scrollTop > 4;
      },
      { passive: true },
    );

    /** The fact of the record that an entry tells. */
    function factOf(e) {
      return e.kind === "record" ? data.record.find((f) => f.month === e.month && e.text.includes(f.text)) : undefined;
    }
    /** What an entry says; of a fact, without the signs of its kind and of its source, which stand in full where it opens. */
    function textOf(e) {
      const fact = factOf(e);
      return fact ? e.text.slice(e.text.startsWith("{") ? 1 : 0, e.text.indexOf(fact.text) + fact.text.length) : e.text;
    }

    function entry(e) {
      const fact = factOf(e);
      const why =
        e.kind === "world"
          ? [d.el("p", { text: "Given by the scenario, not brought forth by the model." })]
          : e.kind === "record"
            ? [
                d.el("p", {
                  text: "From the sources. The model does not know it: compare what it does by itself.",
                }),
                fact ? d.el("p", { class: "term", text: fact.source }) : null,
              ]
            : e.causes.length
              ? [
                  d.el("p", { class: "term", text: "what drove it, in per cent" }),
                  ...e.causes.map(([cause, share]) =>
                    d.el(
                      "div",
                      { class: "cause" },
                      d.el("span", { text: cause }),
                      d.el("span", { class: "bar" }, d.el("span", { style: `width: ${share}%` })),
                      d.el("b", { text: share }),
                    ),
                  ),
                ]
              : [d.el("p", { text: "No cause is recorded for this kind of event." })];
      return d.el(
        "details",
        { class: `entry ${e.kind.replace(/ /g, "-")}`, "data-month": e.month },
        d.el(
          "summary",
          {},
          d.el("span", { class: "sign", "aria-hidden": "true", text: SIGNS[e.kind] || "•" }),
          d.el("span", { class: "when", text: `${d.dateOf(data.start, e.month)} ` }),
          textOf(e),
        ),
        ...why,
      );
    }

    /** What somebody is reading: an entry opened and in sight, or, further down the list, the first in sight. */
    function read() {
      const top = list.scrollTop,
        bottom = top + list.clientHeight,
        inSight = (box) => !box.hidden && box.offsetTop + box.offsetHeight > top && box.offsetTop < bottom;
      return (
        [...list.querySelectorAll("details[open]")].find(inSight) ||
        (top > 4
          ? all
              .slice(0, shown)
              .reverse()
              .map((e) => e.box)
              .find(inSight)
          : null)
      );
    }

    function show(month) {
      const more = shown < all.length && all[shown].month <= month,
        fewer = shown > 0 && all[shown - 1].month > month;
      if (!more && !fewer) return;
      // Layout is asked for only where somebody reads; for all others the list costs nothing.
      const reading = opened > 0 || scrolled ? read() : null,
        before = reading ? reading.offsetTop : 0;
      while (shown < all.length && all[shown].month <= month) all[shown++].box.hidden = false;
      while (shown > 0 && all[shown - 1].month > month) all[--shown].box.hidden = true;
      // Who goes back to before what was read meets the newest again.
      if (reading) list.scrollTop = reading.hidden ? 0 : list.scrollTop + reading.offsetTop - before;
    }

    /** The newest entry, for those who hear the page. */
    function summary() {
      const last = all
        .slice(0, shown)
        .reverse()
        .find((e) => e.text);
      return last ? `${d.dateOf(data.start, last.month)}: ${last.text}` : "Nothing has happened yet.";
    }

    return { box: list, show, summary };
  };
})(window.dilemma);
