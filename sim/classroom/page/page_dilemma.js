/* The dilemma: three sliders, and the optimum they move. */
((d) => {
  /** Where most is left, and what becomes of it on either side. */
  d.bestInWords = (answer) => {
    const { levels, best } = answer;
    const low = Math.min(...best.alike);
    const high = Math.max(...best.alike);
    const range =
      low < high
        ? ` (from ${d.meetings(answer, low)} to ${d.meetings(answer, high)} these runs cannot tell a difference)`
        : "";
    const most = `Most is left if he meets each emir ${d.meetings(answer, best.level)} times a month${range}`;
    if (best.interior) return `${most}: looser costs, and so does tighter.`;
    const tight = best.alike.includes(levels[levels.length - 1]);
    const loose = best.alike.includes(levels[0]);
    if (tight && loose) return `${most}. Neither end can be told from it: here how tight he holds them hardly matters.`;
    return `${most}. There is no best between the ends that these runs can tell: being as ${tight ? "tight" : "loose"} as can be costs nothing that shows.`;
  };

  /** Whether the best has moved since the slider was touched. */
  d.movedInWords = (answer, ghost) => {
    if (!ghost) return "";
    const now = answer.best;
    const was = ghost.best;
    const before = d.meetings(answer, was.level);
    if (now.level === was.level) return `It was ${before} before, too.`;
    const way = now.level < was.level ? "looser" : "tighter";
    if (now.alike.some((level) => was.alike.includes(level)))
      return `It was ${before} before; whether it has moved these runs cannot tell.`;
    return `It was ${before} before: the best has become ${way}.`;
  };

  /** What the leader whom the reader moves comes to. */
  d.yoursInWords = (answer, k) => {
    const change = (row, unit, scale) => {
      const [mean, low, high] = row.map((x) => scale * x);
      const size = `${Math.abs(mean).toFixed(scale === 1 ? 1 : 0)} ${unit}`;
      const signed = (x) => (x > 0 ? "+" : x < 0 ? "−" : "") + Math.abs(x).toFixed(scale === 1 ? 1 : 0);
      const range = d.span([mean, low, high], signed);
      return low > 0
        ? `${size} more ${range}`
        : high < 0
          ? `${size} fewer ${range}`
          : `no difference in ${unit} to be told ${range}`;
    };
    return (
      `Your leader meets each of them ${d.plainNumber(answer.meetings[k])} times a month. Against a leader who searches: ${change(answer.strength[k], "fighters", 1)}; ` +
      `${change(answer.survival[k], "histories of 100", 100)} in which it still stands. His emirs turn ${d.percent(answer.loss[k][0])} of their effort to ends of their own; ` +
      `a band is raided with a chance of ${d.percent(answer.exposure[k][0])} in a year.`
    );
  };

  /** The numbers behind the picture, their names first. */
  d.frontierRows = (answer) => {
    const columns = ["strength", "survival", "loss", "exposure"];
    const three = (name) => [name, `${name}_low`, `${name}_high`];
    return [
      ["control", "meetings_a_month", ...columns.flatMap(three)],
      ...answer.levels.map((level, k) => [level, answer.meetings[k], ...columns.flatMap((name) => answer[name][k])]),
    ];
  };

  /** The sliders of a small world, where the address has them; `moved` is called while they move. */
  d.worldSliders = (contents, state, moved) => {
    const grid = contents.grid || {};
    const settings = {};
    const nearest = (list, value) =>
      list.reduce((best, x) => (Math.abs(x - value) < Math.abs(best - value) ? x : best));
    const sliders = Object.entries(contents.sliders).map(([name, s]) => {
      const value = d.numberOf(state[name], s.low, s.high, s.default);
      settings[name] = grid[name] ? nearest(grid[name], value) : value;
      const say = (x) => (name === "intelligence" ? x.toFixed(2) : `× ${x.toFixed(1)}`);
      const change = (next) => {
        settings[name] = grid[name] ? grid[name][next] : Math.round(next * 1000) / 1000;
        d.remember({ [name]: settings[name] });
        moved(settings);
      };
      return grid[name]
        ? d.slider(
            name,
            { ...s, low: 0, high: grid[name].length - 1, step: 1, value: grid[name].indexOf(settings[name]) },
            (k) => say(grid[name][k]),
            change,
          )
        : d.slider(name, { ...s, value: settings[name] }, say, change);
    });
    return { settings, sliders };
  };

  d.pages.dilemma = {
    title: "The dilemma",
    info: "dilemma",
    render(main, state, contents) {
      const figure = d.el("div", { class: "figure", id: "frontier" });
      const said = d.el("p", { id: "said", class: "said" });
      const yours = d.el("p", { id: "yours", class: "said" });
      const behind = d.el("div");
      const status = d.el("div", { class: "status", id: "status" });
      let chosen = d.numberOf(state.control, 0, contents.levels.length - 1, 5);
      let shown = null;
      let ghost = null;
      let touched = 0;

      const panel = d.optimum(figure, (k) => {
        chosen = k;
        d.remember({ control: k });
        if (shown) yours.textContent = d.yoursInWords(shown, k);
      });
      const ask = d.stream("frontier", contents.frontierParts, show, (error) => {
        figure.classList.remove("busy");
        status.textContent = error.message;
        status.classList.add("error");
      });

      function show(answer) {
        shown = answer;
        figure.classList.remove("busy");
        status.classList.remove("error");
        panel.draw(answer, ghost, chosen);
        figure.dataset.settings = JSON.stringify(answer.settings);
        figure.dataset.part = String(answer.part);
        figure.dataset.redraws = String(1 + Number(figure.dataset.redraws || 0));
        said.textContent = `${d.bestInWords(answer)} ${d.movedInWords(answer, ghost)}`;
        yours.textContent = d.yoursInWords(answer, chosen);
        const last = answer.part === answer.parts - 1;
        const runs = (answer.replicates * (1 + answer.levels.length)).toLocaleString("en");
        status.textContent = `${runs} histories of ${Math.round(answer.months / 12)} years, ${last ? "the same chances at every level" : "more to come"}. Bands: 95 % intervals of paired differences.`;
        if (last) {
          const open = behind.querySelector("details")?.open;
          const [names, ...rows] = d.frontierRows(answer);
          behind.replaceChildren(
            d.takeAway(figure, "dilemma", () => d.frontierRows(answer)),
            d.numbersOf(
              names.map(String),
              rows.map((row) => row.map(d.short)),
            ),
          );
          if (open) behind.querySelector("details").open = true;
        }
      }

      const { settings, sliders } = d.worldSliders(contents, state, (now) => {
        // The ghost is what stood there before this move of a slider, not before this pixel of it.
        const time = performance.now();
        if (shown && time - touched > 1500) ghost = shown;
        touched = time;
        figure.classList.add("busy");
        ask({ ...now });
      });

      const legend = [
        ["line", "held fixed, with its 95 % band"],
        ["own", "the leader who searches"],
        ["best", "where most is left"],
        ["alike", "cannot be told from the best"],
        ["ghost", "before you moved"],
        ["knob", "your leader: drag him"],
      ].map(([kind, words]) => d.el("span", {}, d.el("i", { class: `key ${kind}`, "aria-hidden": "true" }), words));

      main.replaceChildren(
        d.el("h1", {}, d.withTerm("Control or cover?", "the terrorist’s dilemma (Shapiro 2013)")),
        d.el(
          "p",
          { class: "lead" },
          ...d.glossed(
            "Contact makes [emirs|emir] follow their leader, and contact gives him away. Each point is one degree of [control] held for ten years, told against a leader who [searches|search]. Move the world, drag the leader.",
          ),
        ),
        ...[
          d.instead(
            contents.grid &&
              Object.entries(settings).some(([name, value]) => d.numberOf(state[name], -9, 9, value) !== value)
              ? "This file holds some positions of the sliders; shown instead is the nearest."
              : "",
          ),
        ].filter(Boolean),
        d.el(
          "div",
          { class: "bench" },
          d.el(
            "div",
            { class: "card" },
            sliders.map((s) => s.box),
            d.el("button", {
              type: "button",
              id: "reset",
              text: "As in the scenario",
              on: {
                click: () => {
                  history.replaceState(null, "", d.address("dilemma", {}));
                  d.render();
                },
              },
            }),
          ),
          d.el("div", { class: "picture" }, d.el("div", { class: "legend" }, legend), figure),
          d.el("div", { class: "words" }, said, yours, status, behind),
        ),
      );
      ask({ ...settings });
      const resized = () => panel.redraw();
      addEventListener("resize", resized);
      return () => removeEventListener("resize", resized);
    },
  };
})(window.dilemma);
