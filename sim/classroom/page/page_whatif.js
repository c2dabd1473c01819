/* What if: one event taken out or moved, and the same world with and without it, side by side. */
((d) => {
  const SHORT = {
    amnesty: "amnesty",
    coup: "coup",
    protest: "protests",
    purge: "purge",
    services: "services",
    peace: "accord",
    intervention: "intervention",
    rival_brand: "rival brand",
    global_cause: "global cause",
    leader_death: "a leader’s death",
    entry: "a group enters",
    cleavage: "divisions deepen",
  };

  d.pages["what-if"] = {
    title: "What if",
    render(main, state, contents) {
      const offered = contents.offer?.whatif;
      const options = d
        .scenarioOptions(contents, offered)
        .filter(([key]) => contents.scenarios.find((s) => s.name === key).events.length);
      const name = options.some(([key]) => key === state.scenario)
        ? state.scenario
        : options.some(([key]) => key === contents.first)
          ? contents.first
          : options[0][0];
      const scenario = contents.scenarios.find((s) => s.name === name);
      const seeds = offered?.[name];
      const deaths = scenario.events.filter((e) => e.kind === "leader_death");
      const event = d.numberOf(state.event, 0, scenario.events.length - 1, (deaths[0] || scenario.events[0]).index);
      const chosen = scenario.events[event];
      const shift = offered || state.shift === undefined ? null : d.numberOf(state.shift, -120, 120, null);
      const wanted = d.numberOf(state.seed, 0, 4294967295, 1);
      const seed = seeds && !seeds.includes(wanted) ? seeds[0] : wanted;
      const go = (changes) => {
        location.hash = d.address("what-if", { scenario: name, event, shift, seed, ...changes });
      };

      const months = d.el("input", {
        type: "number",
        id: "shift",
        min: -120,
        max: 120,
        step: 1,
        value: shift === null ? 12 : shift,
        style: "width: 6rem",
      });
      months.addEventListener("change", () => {
        if (months.checkValidity() && months.value !== "") go({ shift: Number(months.value) });
      });
      const radio = (id, text, checked, pick, ...more) =>
        d.el(
          "span",
          { class: "choice" },
          d.el("input", { type: "radio", name: "what", id, checked, on: { change: pick } }),
          d.el("label", { for: id, text }),
          ...more,
        );
      const status = d.el("div", {
        class: "status",
        role: "status",
        "aria-live": "polite",
        id: "status",
        text: "One moment …",
      });
      const told = d.el("div", { id: "told" }),
        clockBox = d.el("div", { id: "clock" });
      const left = d.el("div", { id: "before" }),
        right = d.el("div", { id: "after" });
      main.replaceChildren(
        d.el("h1", {}, d.withTerm("What if it had not happened?", "counterfactual under the same draws")),
        d.el(
          "div",
          { class: "row tight" },
          d.choice("scenario", "Which world", options, name, (value) =>
            go({ scenario: value, event: null, shift: null, seed: 1 }),
          ).box,
          d.choice(
            "event",
            "Which event",
            scenario.events.map((e) => [String(e.index), `${e.date}  ${e.label} (${SHORT[e.kind]})`]),
            String(event),
            (value) => go({ event: value, shift: null }),
          ).box,
          offered
            ? null
            : d.el(
                "fieldset",
                {},
                d.el("legend", { class: "visually-hidden", text: "What to do with it" }),
                d.el(
                  "div",
                  { class: "row tight" },
                  radio("take-out", "take it out", shift === null, () => go({ shift: null })),
                  radio(
                    "move",
                    "move it by",
                    shift !== null,
                    () => go({ shift: Number(months.value) }),
                    months,
                    d.el("label", { for: "shift", text: "months" }),
                  ),
                ),
              ),
          d.seedChoice(seed, seeds, (value) => go({ seed: value })),
        ),
        status,
        told,
        clockBox,
        d.el("div", { class: "pair" }, left, right),
      );

      let clock = null,
        views = [],
        gone = false;
      const question = { scenario: name, event, shift, seed };
      const parts = [d.ask("what-if", question)];
      // A file keeps the history as it was once, and not with every event that might be taken out of it.
      if (d.inFile()) parts.push(d.ask("history", { scenario: name, seed }));
      Promise.all(parts)
        .then(([answer, history]) => {
          if (gone) return;
          const before = answer.before || history;
          const what =
            shift === null
              ? `without “${chosen.label}”`
              : `with “${chosen.label}” ${Math.abs(shift)} months ${shift < 0 ? "earlier" : "later"}`;
          status.textContent =
            answer.first === null
              ? `The same world ${what}: nothing else changes, in any month.`
              : `The same world ${what}: the two histories are the same to the last bit until ${answer.date}, when they first differ in ${answer.where.join(", ")}.`;
          told.replaceChildren(...summary(answer));
          const first = answer.first;
          d.prepare([before, answer.after]);
          views = [
            d.view(left, before, { compact: true, label: "As it was", first }),
            d.view(right, answer.after, { compact: true, label: `What if: ${what}`, first }),
          ];
          const marks = [{ month: chosen.month + 1, label: `${chosen.date} ${chosen.label}` }];
          if (first !== null) marks.push({ month: first, label: `${answer.date} first difference` });
          const month = d.numberOf(state.month, 0, before.months, first === null ? 0 : first);
          let noted = 0;
          clock = d.clock(clockBox, { months: before.months, start: before.start, month, speed: 12, marks }, (now) => {
            views.forEach((view) => view.show(now));
            clearTimeout(noted);
            noted = setTimeout(() => {
              if (!gone) d.remember({ ...question, month: now });
            }, 250);
          });
          views.forEach((view) => view.show(month));
        })
        .catch((error) => {
          status.textContent = error.message;
          status.classList.add("error");
        });
      return () => {
        gone = true;
        if (clock) clock.destroy();
        views.forEach((view) => view.destroy());
      };
    },
  };

  function summary(answer) {
    const list = (title, rows) =>
      d.el(
        "div",
        {},
        d.el("h3", { text: `${title} (${rows.length})` }),
        rows.length
          ? d.el(
              "ul",
              {},
              rows.map((e) => d.el("li", { text: `${e.date}${e.to ? ` → ${e.to}` : ""}  ${e.text}` })),
            )
          : d.el("p", { class: "lead", text: "none" }),
      );
    return [
      d.el(
        "details",
        { class: "numbers-of", id: "differences" },
        d.el("summary", {
          text: `What follows: ${answer.gone.length} events gone, ${answer.new.length} new, ${answer.moved.length} in another month, and what it comes to`,
        }),
        d.el("div", { class: "pair" }, list("Only as it was", answer.gone), list("Only in what if", answer.new)),
        answer.moved.length ? list("In both, in another month", answer.moved) : null,
        d.el(
          "table",
          {},
          d.el(
            "thead",
            {},
            d.el(
              "tr",
              {},
              ["What it comes to", "as it was", "what if", ""].map((text) => d.el("th", { scope: "col", text })),
            ),
          ),
          d.el(
            "tbody",
            {},
            answer.outcomes.map((o) =>
              d.el(
                "tr",
                {},
                [o.meaning, d.short(o.before), d.short(o.after), o.unit].map((text) => d.el("td", { text })),
              ),
            ),
          ),
        ),
        d.el("p", {
          class: "lead",
          text: "One pair of histories is one roll of the dice: what changes here may not change on average.",
        }),
        d.el("p", {}, "The same on the command line: ", d.el("code", { text: answer.command })),
      ),
    ];
  }
})(window.dilemma);
