/* One history, played: computed at once, sent once, and from then on the browser's own work. */
((d) => {
  /** The scenarios a page can show: all, or those that a file holds. */
  d.scenarioOptions = (contents, offered) =>
    contents.scenarios.filter((s) => !offered || offered[s.name]).map((s) => [s.name, s.title]);

  d.marksOf = (scenario) =>
    scenario.events
      .filter((e) => e.kind !== "entry" || e.label)
      .map((e) => ({ month: e.month + 1, label: `${e.date} ${e.label}` }));

  /** A choice of the seed: which of the many histories that chance could have written. */
  d.seedChoice = (seed, offered, changed) => {
    if (offered)
      return d.choice(
        "seed",
        "Which history (seed)",
        offered.map((n) => [String(n), `No. ${n}`]),
        String(seed),
        (value) => changed(Number(value)),
      ).box;
    const input = d.el("input", {
      type: "number",
      id: "seed",
      min: 0,
      max: 4294967295,
      step: 1,
      value: seed,
      style: "width: 7rem",
      on: {
        change: () => {
          if (input.checkValidity() && input.value !== "") changed(Number(input.value));
        },
      },
    });
    return d.el(
      "div",
      {},
      d.el("label", { for: "seed", text: "Which history (seed)" }),
      d.el(
        "span",
        { class: "row", style: "gap: .4rem" },
        input,
        d.el("button", {
          type: "button",
          id: "another",
          text: "Another",
          on: { click: () => changed((Number(input.value) + 1) % 4294967296) },
        }),
      ),
    );
  };

  d.pages.history = {
    title: "One history",
    render(main, state, contents) {
      const offered = contents.offer?.history;
      const options = d.scenarioOptions(contents, offered);
      const name = options.some(([key]) => key === state.scenario)
        ? state.scenario
        : options.some(([key]) => key === contents.first)
          ? contents.first
          : options[0][0];
      const scenario = contents.scenarios.find((s) => s.name === name);
      const seeds = offered?.[name];
      const wanted = d.numberOf(state.seed, 0, 4294967295, 1);
      const seed = seeds && !seeds.includes(wanted) ? seeds[0] : wanted;
      const go = (changes) => {
        location.hash = d.address("history", { scenario: name, seed, ...changes });
      };
      const clockBox = d.el("div", { id: "clock" }),
        viewBox = d.el("div", { id: "view" });
      const status = d.el("div", {
        class: "status",
        role: "status",
        "aria-live": "polite",
        id: "status",
        text: "One moment …",
      });
      main.replaceChildren(
        d.el(
          "div",
          { class: "row tight" },
          d.el("h1", { text: "One history, played" }),
          d.choice("scenario", "Which world", options, name, (value) => go({ scenario: value, seed: 1 })).box,
          d.seedChoice(seed, seeds, (value) => go({ seed: value })),
        ),
        status,
        clockBox,
        viewBox,
      );
      let clock = null,
        view = null,
        gone = false;
      const from = performance.now();
      d.ask("history", { scenario: name, seed })
        .then((data) => {
          if (gone) return;
          status.textContent = `Computed in ${Math.round(performance.now() - from)} ms; chance has written it this way once, and could have written it otherwise.`;
          d.prepare([data]);
          view = d.view(viewBox, data, {});
          const month = d.numberOf(state.month, 0, data.months, 0);
          let noted = 0;
          clock = d.clock(
            clockBox,
            { months: data.months, start: data.start, month, speed: 12, marks: d.marksOf(scenario) },
            (now) => {
              view.show(now);
              // The address need not follow every frame.
              clearTimeout(noted);
              noted = setTimeout(() => {
                if (!gone) d.remember({ scenario: name, seed, month: now });
              }, 250);
            },
          );
          view.show(month);
        })
        .catch((error) => {
          status.textContent = error.message;
          status.classList.add("error");
        });
      return () => {
        gone = true;
        if (clock) clock.destroy();
        if (view) view.destroy();
      };
    },
  };
})(window.dilemma);
