/* What if: one event taken out or moved. First over a hundred pairs of histories, then one of the pairs, drawn over each other. */
((d) => {
  const share = (n) => (n === 0 ? "none" : String(n));

  /** What a hundred pairs say, the largest change first. */
  d.pairsInWords = (answer, label, what) => {
    if (answer.changed === 0)
      return `${what}: in none of ${answer.pairs} histories does anything change. “${label}” makes no difference here.`;
    const told = answer.outcomes
      .filter((o) => o.more + o.less > 0)
      .sort((a, b) => Math.max(b.more, b.less) - Math.max(a.more, a.less));
    if (told.length === 0)
      return `${what}: ${answer.changed} of ${answer.pairs} histories go another way, and in none of them does what is told here come out otherwise.`;
    const say = (o) => {
      const [n, words, other] = o.more >= o.less ? [o.more, o.more_words, o.less] : [o.less, o.less_words, o.more];
      return `in ${share(n)} of ${answer.pairs} histories ${words} (in ${share(other)} ${o.more >= o.less ? "less" : "more"})`;
    };
    return `${what}: ${told.slice(0, 2).map(say).join("; ")}.`;
  };

  /** How much an event matters, in a word. */
  d.weightInWords = (event) => {
    if (event.changed === 0) return "changes nothing";
    const more = event.more ? "more" : "less";
    if (!event.told || event.weight < 0.05) return "next to nothing that can be told";
    return `${event.weight >= 0.5 ? "much" : event.weight >= 0.2 ? "some" : "a little"}: without it ${more} of “${event.outcome.toLowerCase()}”`;
  };

  d.pages["what-if"] = {
    title: "What if",
    info: "whatif",
    render(main, state, contents) {
      const offered = contents.offer?.whatif;
      const options = d
        .scenarioOptions(contents, offered)
        .filter(([key]) => contents.scenarios.find((s) => s.name === key).events.length);
      const name = d.oneOf(options, state.scenario, contents.first);
      const scenario = contents.scenarios.find((s) => s.name === name);
      const event = d.numberOf(state.event, 0, scenario.events.length - 1, null);
      const shift = offered || state.shift === undefined ? null : d.numberOf(state.shift, -120, 120, null);
      const go = (changes) => {
        location.hash = d.address("what-if", { scenario: name, event, shift, ...changes });
      };
      let gone = false;
      const cleaners = [];
      const fail = (error) => {
        status.textContent = error.message;
        status.classList.add("error");
      };

      // Which event: by how much they matter, once that is known; until then by date.
      const list = d.el("div", { class: "events", id: "events" });
      const weighed = d.el("p", { class: "hint", id: "weighed", text: "By date. Weighing them …" });
      function showEvents(order, weights) {
        list.replaceChildren(
          ...order.map((e) => {
            const w = weights?.get(e.index);
            return d.el(
              "button",
              {
                type: "button",
                class: "event",
                "data-event": e.index,
                "aria-pressed": String(e.index === event),
                on: { click: () => go({ event: e.index, shift: null, pair: null, month: null }) },
              },
              d.el("span", {}, d.el("span", { class: "when", text: `${e.date} ` }), e.label),
              w
                ? d.el(
                    "span",
                    { class: "weight", "data-weight": w.weight },
                    d.el("i", { style: `width: ${Math.round(100 * Math.min(1, w.told ? w.weight : 0))}%` }),
                    d.weightInWords(w),
                  )
                : null,
            );
          }),
        );
      }
      showEvents(scenario.events, null);

      const months = d.el("input", {
        type: "number",
        id: "shift",
        min: -120,
        max: 120,
        step: 1,
        value: shift === null ? 12 : shift,
      });
      months.addEventListener("change", () => {
        if (months.checkValidity() && months.value !== "") go({ shift: Number(months.value), pair: null });
      });
      const radio = (id, text, checked, pick, ...more) =>
        d.el(
          "span",
          { class: "choice" },
          d.el("input", { type: "radio", name: "what", id, checked, on: { change: pick } }),
          d.el("label", { for: id, text }),
          ...more,
        );
      const status = d.el("div", { class: "status", role: "status", "aria-live": "polite", id: "status" });
      const said = d.el("p", { class: "said", id: "said" });
      const figure = d.el("div", { class: "figure", id: "pairs" });
      const behind = d.el("div");
      const one = d.el("section", { id: "one", hidden: true });
      const chosenBox = d.el("div", { id: "chosen" });

      main.replaceChildren(
        d.el("h1", {}, d.withTerm("What if it had not happened?", "a hundred pairs under the same draws")),
        ...[
          d.instead(
            d.otherScenario(contents, state.scenario, name, "events"),
            offered && state.shift !== undefined
              ? "This file takes events out, but moves none; shown instead is without it."
              : "",
          ),
        ].filter(Boolean),
        d.el(
          "div",
          { class: "two" },
          d.el(
            "div",
            { class: "card" },
            d.choice("scenario", "Which world", options, name, (value) =>
              go({ scenario: value, event: null, shift: null, pair: null }),
            ).box,
            d.el("p", { class: "do", text: "Choose an event to take away." }),
            weighed,
            list,
          ),
          d.el("div", { class: "outcome" }, chosenBox, said, status, figure, behind),
        ),
        one,
      );

      d.ask("weights", { scenario: name })
        .then((answer) => {
          if (gone || !answer) return;
          const weights = new Map(answer.events.map((w) => [w.index, w]));
          showEvents(
            answer.events.map((w) => scenario.events[w.index]),
            weights,
          );
          weighed.textContent = `The weightiest first: largest change to the mean of an outcome, in standard deviations, over ${answer.pairs} pairs.`;
          // Nobody has chosen yet: the weightiest is looked at first.
          if (event === null) go({ event: answer.events[0].index });
        })
        .catch(fail);
      if (event === null) {
        status.textContent = "One moment: the weightiest event is looked for. Or choose one yourself.";
        return () => {
          gone = true;
        };
      }

      const chosen = scenario.events[event];
      const what = shift === null ? "Without it" : `${Math.abs(shift)} months ${shift < 0 ? "earlier" : "later"}`;
      chosenBox.replaceChildren(
        d.el("h2", { text: `${chosen.date} ${chosen.label}` }),
        offered
          ? null
          : d.el(
              "fieldset",
              { class: "row tight" },
              d.el("legend", { class: "visually-hidden", text: "What to do with it" }),
              radio("take-out", "take it out", shift === null, () => go({ shift: null, pair: null })),
              radio(
                "move",
                "move it by",
                shift !== null,
                () => go({ shift: Number(months.value), pair: null }),
                months,
                d.el("label", { for: "shift", text: "months" }),
              ),
            ),
      );
      status.textContent = "A hundred pairs are being run …";
      d.ask("pairs", { scenario: name, event, shift })
        .then((answer) => {
          if (gone || !answer) return;
          said.textContent = d.pairsInWords(answer, chosen.label, what);
          said.dataset.changed = String(answer.changed);
          status.textContent = `${answer.pairs} pairs of histories, each pair under the same draws. Bars: 95 % intervals of the paired difference.`;
          const panels = answer.outcomes.map((o) => ({
            name: o.name,
            title: o.words,
            unit: `change, ${o.unit}`,
            least: o.least,
            rows: [o.difference],
          }));
          const label = answer.outcomes.map((o) => `${o.words}: ${d.signed(o.difference[0])}`).join("; ");
          const draw = () => d.drawIntervals(figure, [""], panels, { zero: true, label });
          draw();
          cleaners.push(listen("resize", draw));
          const rows = [
            ["outcome", "unit", "before", "difference", "low", "high", "pairs_with_more", "pairs_with_less"],
            ...answer.outcomes.map((o) => [o.words, o.unit, o.before, ...o.difference, o.more, o.less]),
          ];
          behind.replaceChildren(
            d.takeAway(figure, `what-if-${name}-${event}`, () => rows),
            d.numbersOf(
              rows[0],
              rows.slice(1).map((row) => row.map((cell) => (typeof cell === "number" ? d.short(cell) : cell))),
            ),
          );
          const pair = offered
            ? answer.typical
            : Math.floor(d.numberOf(state.pair, 0, answer.pairs - 1, answer.typical));
          return showPair(pair, answer);
        })
        .catch(fail);

      /** One pair: drawn over each other, then map and network of both, then the rest. */
      async function showPair(pair, pairs) {
        const question = { scenario: name, event, shift, seed: 1, replicate: pair };
        const parts = [d.ask("what-if", question)];
        // A file keeps the first history as it was once, and not with every event that might be taken out of it.
        if (d.inFile() && pair === 0) parts.push(d.ask("history", { scenario: name, seed: 1 }));
        const [answer, history] = await Promise.all(parts);
        if (gone) return;
        const before = answer.before || history;
        const { first } = answer;
        const over = d.el("div", { class: "figure", id: "overlay" });
        const clockBox = d.el("div", { id: "clock" });
        const left = d.el("div", { id: "before" });
        const right = d.el("div", { id: "after" });
        const why =
          pair === pairs.typical && pairs.moved
            ? ` Strength changes in ${pairs.moved} pairs; in this one by as much as in the middle of them.`
            : "";
        one.hidden = false;
        one.replaceChildren(
          d.el(
            "div",
            { class: "row tight" },
            d.el("h2", { text: `One of these pairs (number ${pair + 1})` }),
            offered
              ? null
              : d.el("button", {
                  type: "button",
                  id: "another",
                  text: "Another pair",
                  on: { click: () => go({ pair: (pair + 1) % pairs.pairs, month: null }) },
                }),
          ),
          d.el("p", {
            class: "lead",
            id: "pair-said",
            text:
              (first === null
                ? "In this pair nothing differs, in any month."
                : `The same to the last bit until ${answer.date}; then they first differ in ${answer.where.join(", ")}.`) +
              why,
          }),
          d.el(
            "div",
            { class: "legend" },
            ...[
              ["as-it-was", "as it was"],
              ["otherwise", what.toLowerCase()],
              ["first", "first difference"],
            ].map(([kind, words]) =>
              d.el("span", {}, d.el("i", { class: `key ${kind}`, "aria-hidden": "true" }), words),
            ),
          ),
          over,
          d.takeAway(over, `what-if-${name}-${event}-pair-${pair + 1}`, () => d.overlayRows(before, answer.after)),
          clockBox,
          d.el("div", { class: "pair" }, left, right),
          summary(answer),
        );
        d.prepare([before, answer.after]);
        const overlay = d.overlay(over, before, answer.after, first);
        const views = [
          d.view(left, before, { compact: true, label: "As it was", first, file: "as-it-was" }),
          d.view(right, answer.after, { compact: true, label: what, first, file: "otherwise" }),
        ];
        const marks = [{ month: chosen.month + 1, label: `${chosen.date} ${chosen.label}` }];
        if (first !== null) marks.push({ month: first, label: `${answer.date} first difference` });
        const month = d.numberOf(
          state.month,
          0,
          before.months,
          first === null ? 0 : Math.min(before.months, first + 24),
        );
        const note = d.seldom(() => !gone && d.remember({ scenario: name, event, shift, pair, month: clock.month }));
        const clock = d.clock(
          clockBox,
          { months: before.months, start: before.start, month, speed: 12, marks },
          (now) => {
            for (const view of views) view.show(now);
            overlay.show(now);
            note();
          },
        );
        for (const view of views) view.show(month);
        overlay.show(month);
        cleaners.push(
          () => clock.destroy(),
          ...views.map((view) => () => view.destroy()),
          listen("resize", overlay.draw),
        );
      }

      return () => {
        gone = true;
        for (const clean of cleaners) clean();
      };
    },
  };

  function listen(event, act) {
    addEventListener(event, act);
    return () => removeEventListener(event, act);
  }

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
    return d.el(
      "details",
      { class: "numbers-of", id: "differences" },
      d.el("summary", {
        text: `What follows in this pair: ${answer.gone.length} events gone, ${answer.new.length} new, ${answer.moved.length} in another month, ${answer.changed.length} otherwise`,
      }),
      d.el("div", { class: "pair" }, list("Only as it was", answer.gone), list("Only otherwise", answer.new)),
      answer.moved.length ? list("In both, in another month", answer.moved) : null,
      answer.changed.length ? list("In both, but otherwise", answer.changed) : null,
      d.el("p", {}, "The same on the command line: ", d.el("code", { text: answer.command })),
    );
  }
})(window.dilemma);
