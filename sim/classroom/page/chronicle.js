/* What happened, and why: the newest on top, each entry opening its causes. */
(function (d) {
  "use strict";

  const SIGNS = { world: "◇", year: "·", splinter: "⇉", autonomy: "⇉", pledge: "⇉", departure: "→", surrender: "→", return: "↩", merger: "⊕", "brand change": "★", succession: "▼", ending: "✖",
    "alliance made": "=", "alliance broken": "≠", capture: "¤", entry: "+", "broker-founded group": "+", "means change": "↺" };

  d.chronicle = function (data, options) {
    const list = d.el("div", { class: "entries", role: "log", "aria-live": "off", "aria-label": "Chronicle", tabindex: 0 });
    const all = data.chronicle.map((e) => ({ month: e.month, box: entry(e) }));
    const first = options.first;
    if (first !== null && first !== undefined) {
      const rule = d.el("div", { class: "rule", text: "first difference, " + d.dateOf(data.start, first) });
      let n = all.findIndex((e) => e.month >= first);
      if (n < 0) n = all.length;
      all.splice(n, 0, { month: first, box: rule });
    }
    // The newest first, in the document too, so that the eye and the keyboard meet them in one order.
    list.append(...all.slice().reverse().map((e) => e.box));
    for (const e of all) e.box.hidden = true;
    let shown = 0;

    function entry(e) {
      const why = e.kind === "world" ? [d.el("p", { text: "Given by the scenario, not brought forth by the model." })]
        : e.causes.length ? [d.el("p", { class: "term", text: "what drove it, in per cent" }), ...e.causes.map(([cause, share]) =>
          d.el("div", { class: "cause" }, d.el("span", { text: cause }), d.el("span", { class: "bar" }, d.el("span", { style: `width: ${share}%` })), d.el("b", { text: share })))]
          : [d.el("p", { text: "No cause is recorded for this kind of event." })];
      return d.el("details", { class: "entry " + e.kind.replace(/ /g, "-"), "data-month": e.month },
        d.el("summary", {}, d.el("span", { class: "sign", "aria-hidden": "true", text: SIGNS[e.kind] || "•" }), d.el("span", { class: "when", text: d.dateOf(data.start, e.month) + " " }), e.text), ...why);
    }

    function show(month) {
      while (shown < all.length && all[shown].month <= month) all[shown++].box.hidden = false;
      while (shown > 0 && all[shown - 1].month > month) all[--shown].box.hidden = true;
    }

    return { box: list, show, speak(on) { list.setAttribute("aria-live", on ? "polite" : "off"); } };
  };
})(window.dilemma);
