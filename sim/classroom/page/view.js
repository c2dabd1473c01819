/* A history in one month: lineages, map, network, chronicle and numbers, all of the same moment. */
((d) => {
  /**
   * Show a history.
   * @param data as sim.classroom.playback has it, made ready by d.prepare.
   * @param {{compact?: boolean, label?: string, first?: number|null, file?: string}} options compact where two stand side by side; the month in which they first differ; what tells its files from the other's.
   */
  d.view = (container, data, options) => {
    const panels = { lanes: d.lanes(data, options), map: d.map(data), network: d.network(data) };
    const chronicle = d.chronicle(data, options);
    const cells = {
      date: d.el("b"),
      strength: d.el("b"),
      cohesion: d.el("b"),
      organisations: d.el("b"),
      alliances: d.el("b"),
      ties: d.el("b"),
    };
    const cell = (name, before, after) =>
      d.el("div", {}, d.glossed(before ? `${before} ` : ""), cells[name], d.glossed(after ? ` ${after}` : ""));
    const heading = (words, term, note) => d.el("h2", {}, d.withTerm(words, term), note);
    const panel = (name, words, term) =>
      d.el(
        "section",
        { class: `panel ${name}` },
        heading(words, term, panels[name].note),
        d.el("div", { class: "canvas" }, panels[name].svg),
      );
    const box = d.el(
      "div",
      { class: options.compact ? "player compact" : "player" },
      options.label ? d.el("h2", { class: "label", text: options.label }) : null,
      d.el(
        "div",
        { class: "moment" },
        cell("date"),
        cell("strength", "followed [lineage]", "[fighter-equivalents|strength]"),
        cell("cohesion", "[cohesion]"),
        cell("organisations", "organisations"),
        cell("alliances", "[alliances|alliance]"),
        cell("ties", "[ties|tie]"),
      ),
      panel("lanes", "Who splits from whom", "[lineages|lineage]; thickness: strength"),
      panel(
        "map",
        "Where they are and can hide",
        data.sketch ? "a sketch, north above; shade: [haven]" : "a sketch, not a map; shade: [haven]",
      ),
      panel("network", "Who holds with whom", "alliances, ties"),
      d.el(
        "section",
        { class: "panel chronicle" },
        heading("What happens here, and why", "chronicle of [katibas|katiba]"),
        chronicle.box,
      ),
    );
    // One sentence when the history stands still, and not every entry that a jump of years has brought.
    const spoken = d.el("p", { class: "visually-hidden", "aria-live": "polite" });
    box.append(spoken);
    const chart = (words, name, rows) => ({
      words,
      svg: () => panels[name].svg,
      name: [data.name, options.file, name].filter(Boolean).join("-"),
      rows: () => rows(data),
    });
    const away = d.takeAll([
      chart("Who splits from whom", "lanes", d.lanesRows),
      chart("Where they are", "map", d.mapRows),
      chart("Who holds with whom", "network", d.networkRows),
    ]);
    container.replaceChildren(box, away);

    let month = 0,
      playing = false,
      waiting = 0;
    function draw() {
      // As high as the screen leaves room for, below whatever stands above.
      box.style.setProperty("--above", `${Math.round(box.getBoundingClientRect().top + scrollY)}px`);
      const canvases = Object.keys(panels).map((name) => box.querySelector(`.panel.${name} .canvas`));
      /** @type {(canvas: HTMLElement) => [number, number]} */
      const size = (canvas) => [
        Math.max(200, Math.floor(canvas.clientWidth)),
        Math.max(110, Math.floor(canvas.clientHeight)),
      ];
      // A panel whose names do not all fit into the room it has grows, and the page with it.
      for (const name of Object.keys(panels)) box.style.removeProperty(`--need-${name}`);
      for (const canvas of canvases) canvas.style.minHeight = "";
      const needs = Object.values(panels).map((p, n) => p.need?.(...size(canvases[n])) ?? 0);
      Object.keys(panels).forEach((name, n) => {
        const heading = canvases[n].parentElement.querySelector("h2").offsetHeight;
        box.style.setProperty(`--need-${name}`, `${needs[n] + heading + 5}px`);
        canvases[n].style.minHeight = needs[n] ? `${needs[n] + 2}px` : "";
      });
      box.style.setProperty("--moment", `${box.querySelector(".moment").offsetHeight}px`);
      Object.values(panels).forEach((p, n) => p.draw(...size(canvases[n])));
      show(month);
    }
    function show(now) {
      month = now;
      for (const p of Object.values(panels)) p.show(month);
      chronicle.show(month);
      const counted = (entries, name) => entries.reduce((n, e) => n + (d.at(e, month, name) > 0), 0);
      cells.date.textContent = month === 0 ? "Start" : d.dateOf(data.start, month);
      cells.strength.textContent = data.lineage.strength[month].toLocaleString("en");
      cells.cohesion.textContent = data.lineage.strength[month] > 0 ? `${data.lineage.cohesion[month]} %` : "–";
      cells.organisations.textContent = counted(data.organisations, "strength");
      cells.alliances.textContent = data.alliances.reduce((n, a) => n + d.allied(data, a, month), 0);
      cells.ties.textContent = counted(data.ties, "tie");
      if (!playing) {
        // What a reader hears is brought up to date when the history stands still, not at every month that flies by.
        clearTimeout(waiting);
        waiting = setTimeout(() => {
          for (const p of Object.values(panels)) p.svg.setAttribute("aria-label", p.summary(month));
          const told = chronicle.summary();
          if (spoken.textContent !== told) spoken.textContent = told;
        }, 200);
      }
      container.dataset.month = String(month);
    }
    const heard = (event) => {
      playing = event.detail;
      if (playing) clearTimeout(waiting);
      if (!playing) show(month);
    };
    document.addEventListener("dilemma:playing", heard);
    document.addEventListener("dilemma:paper", draw);
    const observer = new ResizeObserver(draw);
    observer.observe(box);
    draw();
    return {
      show,
      destroy() {
        observer.disconnect();
        clearTimeout(waiting);
        document.removeEventListener("dilemma:playing", heard);
        document.removeEventListener("dilemma:paper", draw);
        container.replaceChildren();
      },
    };
  };
})(window.dilemma);
