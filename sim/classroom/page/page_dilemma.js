/* The dilemma at a glance: three sliders, the frontier, the leader's own choice. */
(function (d) {
  "use strict";

  /** What the runs say, in a sentence: where most is left, and what the leader's own choice keeps against it. */
  function sentence({ levels, best, own }) {
    const low = Math.min(...best.alike), high = Math.max(...best.alike), ends = best.alike.includes(levels[0]) || best.alike.includes(levels[levels.length - 1]);
    const alike = low < high ? `; from ${low} to ${high} these runs cannot tell a difference` : "";
    const [, least, most] = best.own;
    const against = least > 0 ? "keeps more than that" : most < 0 ? "keeps less than that" : "cannot be told from that";
    return `Held fixed, most is left of the organisation at control ${best.level}${alike}${ends ? "" : "; looser and tighter both leave less"}. The leader does not know this curve: he searches by trial and result, comes to ${own.control[0].toFixed(2)}, and ${against}`
      + ` (${d.signed(best.own[0])} fighter-equivalents, ${d.span(best.own, d.signed)}).`;
  }

  d.pages.dilemma = {
    title: "The dilemma",
    render(main, state, contents) {
      const settings = {};
      for (const [name, s] of Object.entries(contents.sliders)) settings[name] = d.numberOf(state[name], s.low, s.high, s.default);
      const grid = contents.grid || {};
      const snap = (name, value) => (grid[name] ? grid[name].reduce((best, x) => (Math.abs(x - value) < Math.abs(best - value) ? x : best)) : value);
      for (const name of Object.keys(settings)) settings[name] = snap(name, settings[name]);

      const figure = d.el("div", { class: "figure", id: "frontier" });
      const numbers = d.el("div", { class: "numbers", id: "own" });
      const behind = d.el("div"), said = d.el("p", { id: "said", class: "lead" });
      const status = d.el("div", { class: "status", role: "status", "aria-live": "polite", id: "status" });
      let asked = 0;
      const ask = d.latest("frontier", show, (error) => {
        figure.classList.remove("busy");
        status.textContent = error.message;
        status.classList.add("error");
      });

      function question() {
        asked = performance.now();
        figure.classList.add("busy");
        status.classList.remove("error");
        ask({ ...settings });
      }

      function show(answer) {
        const own = answer.own, held = answer.held;
        const years = Math.round(answer.months / 12);
        numbers.replaceChildren(
          d.bigNumber("control the leader chooses", "control, 0–1", own.control[0].toFixed(2), d.span(own.control, (x) => x.toFixed(2))),
          d.bigNumber("of effort serves the emirs’ own ends", "agency loss", d.percent(own.agency_loss[0], 1), d.span(own.agency_loss, (x) => d.percent(x, 1))),
          d.bigNumber("chance that a band is raided in a year", "exposure", d.percent(own.exposure[0], 1), d.span(own.exposure, (x) => d.percent(x, 1))),
          d.bigNumber(`still stands after ${years} years`, "survival of the organisation", d.percent(own.root_survived[0]), d.span(own.root_survived, (x) => d.percent(x))),
          d.bigNumber("times the group breaks", "fragmentations", own.fragmentations[0].toFixed(2), d.span(own.fragmentations, (x) => x.toFixed(2))),
        );
        said.textContent = sentence(answer);
        const names = { control: "Control", agency_loss: "Agency loss", exposure: "Exposure / year", root_survived: "Survival", root_strength_mean: "Mean strength", fragmentations: "Fragmentations" };
        const cell = (row) => `${d.short(row[0])} ${d.span(row)}`;
        const open = behind.querySelector("details")?.open;
        behind.replaceChildren(d.numbersOf(Object.values(names), [
          ...answer.levels.map((_, k) => Object.keys(names).map((name) => (name === "control" ? d.short(held.control[k][0]) + " (held)" : cell(held[name][k])))),
          Object.keys(names).map((name) => cell(own[name]) + (name === "control" ? " (chosen)" : "")),
        ]));
        if (open) behind.querySelector("details").open = true;
        const from = asked;
        d.drawFrontier(figure, answer).then(() => {
          figure.classList.remove("busy");
          figure.dataset.settings = JSON.stringify(answer.settings);
          figure.dataset.drawn = String(Math.round(performance.now() - from));
          const runs = answer.replicates * answer.levels.length + answer.own_replicates;
          status.textContent = `${runs} histories of ${years} years` + (d.inFile() ? " (computed beforehand)." : `, computed and drawn in ${figure.dataset.drawn} ms.`) + " Bands and bars: 95 % intervals.";
        });
      }

      const sliders = Object.entries(contents.sliders).map(([name, s]) => {
        const say = (x) => (name === "intelligence" ? x.toFixed(2) : "× " + x.toFixed(1));
        const moved = (value) => {
          settings[name] = grid[name] ? grid[name][value] : Math.round(value * 1000) / 1000;
          d.remember({ [name]: settings[name] });
          question();
        };
        return grid[name]
          ? d.slider(name, { ...s, low: 0, high: grid[name].length - 1, step: 1, value: grid[name].indexOf(settings[name]) }, (k) => say(grid[name][k]), moved)
          : d.slider(name, { ...s, value: settings[name] }, say, moved);
      });

      main.replaceChildren(
        d.el("h1", {}, d.withTerm("Control or cover?", "the terrorist’s dilemma (Shapiro 2013)")),
        d.el("p", { class: "lead", text: "Contact with his emirs is what makes them follow a leader, and contact is what gives him away. Every point below is one degree of control, held through dozens of simulated histories; the diamond is a leader who may change it, and searches. The world is a small one, “One leader, six emirs” (dilemma-101)." }),
        d.el("div", { class: "two" },
          d.el("div", {},
            d.el("div", { class: "card" }, sliders.map((s) => s.box),
              d.el("button", { type: "button", id: "reset", text: "As in the scenario", on: { click: () => { history.replaceState(null, "", d.address("dilemma", {})); d.render(); } } }))),
          d.el("div", {}, numbers, figure, said, status, behind)),
      );
      question();
      const resized = () => { if (figure.data) question(); };
      addEventListener("resize", resized);
      return () => removeEventListener("resize", resized);
    },
  };
})(window.dilemma);
