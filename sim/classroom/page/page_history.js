/* One history, played: computed at once, sent once, and from then on the browser's own work. */
((d) => {
  const REAL =
    "The names are real, what they do here is not: it is what a model wrote by chance. What did happen stands apart, in the lane “What happened” and in the list below, with its sources.";
  const INVENTED = "Places, groups and people are invented.";

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
      d.el("label", { for: "seed" }, d.glossed("Which history ([seed])")),
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

  /** What the sources say, as a list with its sources: real names stand beside what really happened. */
  function recordOf(data) {
    if (!data.record.length) return null;
    return d.el(
      "details",
      { class: "numbers-of", id: "record" },
      d.el("summary", { text: `What happened: ${data.record.length} facts, and who says so` }),
      d.el(
        "ol",
        { class: "facts" },
        data.record.map((fact) =>
          d.el(
            "li",
            {},
            d.el("b", { text: `${d.dateOf(data.start, fact.month)} ` }),
            fact.text,
            d.el("span", { class: "term", text: ` ${fact.source}` }),
          ),
        ),
      ),
    );
  }

  d.pages.history = {
    title: "One history",
    info: "history",
    render(main, state, contents) {
      const offered = contents.offer?.history;
      const options = d.scenarioOptions(contents, offered);
      const name = d.oneOf(options, state.scenario, contents.first);
      const scenario = contents.scenarios.find((s) => s.name === name);
      const seeds = offered?.[name];
      const status = d.el("div", { class: "status", role: "status", "aria-live": "polite", id: "status" });
      const clockBox = d.el("div", { id: "clock" });
      const viewBox = d.el("div", { id: "view" });
      const facts = d.el("div");
      const choices = d.el("div", { class: "row tight" });
      const go = (changes) => {
        location.hash = d.address("history", { scenario: name, ...changes });
      };
      const wanted = d.numberOf(state.seed, 0, 4294967295, null);
      const absent = seeds && wanted !== null && !seeds.includes(wanted);
      const instead = d.el(
        "div",
        {},
        d.instead(
          d.otherScenario(contents, state.scenario, name, "history"),
          absent ? `This file holds no history number ${wanted} of it; shown instead is the first.` : "",
        ),
      );
      main.replaceChildren(
        d.el("div", { class: "row tight" }, d.el("h1", { text: "One history, played" }), choices),
        d.el("p", { class: "lead caution", text: scenario.real ? REAL : INVENTED }),
        instead,
        status,
        clockBox,
        viewBox,
        facts,
      );
      const worlds = d.choice("scenario", "Which world", options, name, (value) => go({ scenario: value })).box;
      choices.replaceChildren(worlds);
      let clock = null;
      let view = null;
      let gone = false;

      async function play() {
        let seed = absent ? null : wanted;
        let rule = "One of the many that chance could have written.";
        if (seed === null) {
          status.textContent = scenario.real
            ? "Of 200 histories the one nearest to the record is looked for …"
            : "One moment …";
          const first = await d.ask("opening", { scenario: name });
          if (gone) return;
          ({ seed, rule } = first);
        }
        choices.replaceChildren(
          ...[
            worlds,
            d.seedChoice(seed, seeds, (value) => go({ seed: value })),
            state.seed === undefined
              ? null
              : d.el("button", { type: "button", id: "first", text: "Back to the first", on: { click: () => go({}) } }),
          ].filter(Boolean),
        );
        const data = await d.ask("history", { scenario: name, seed });
        if (gone) return;
        status.textContent = rule;
        d.prepare([data]);
        view = d.view(viewBox, data, {});
        const month = d.numberOf(state.month, 0, data.months, 0);
        // The address follows while it plays, so that a reload goes on where it was.
        const note = d.seldom(() => !gone && d.remember({ month: clock.month }));
        const given = { months: data.months, start: data.start, month, speed: 12, marks: d.marksOf(scenario) };
        clock = d.clock(clockBox, given, (now) => {
          view.show(now);
          note();
        });
        view.show(month);
        facts.replaceChildren(...[recordOf(data)].filter(Boolean));
      }
      play().catch((error) => {
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
