/* Lessons: a question, a prediction to commit to, the experiment, what the literature says, something to discuss. */
((d) => {
  const VERDICTS = {
    holds: ["✔", "the model bears this out"],
    contrary: ["✘", "the model says otherwise"],
    open: ["?", "these runs cannot tell"],
  };
  const SIGNS = { higher: "higher", lower: "lower", same: "no difference that can be told" };

  d.pages.lessons = {
    title: "Lessons",
    render(main, state, contents) {
      const lesson = contents.lessons.find((l) => l.name === state.lesson);
      if (!lesson) {
        main.replaceChildren(
          d.el("h1", { text: "Lessons" }),
          d.el("p", {
            class: "lead",
            text: "Each asks a question, lets you commit to a prediction, runs an experiment, and then tells what the literature says. Predict before you look.",
          }),
          ...contents.lessons.map((l, k) =>
            d.el(
              "div",
              { class: "card", style: "margin: .5rem 0; max-width: 60rem" },
              d.el(
                "h2",
                { style: "margin: 0" },
                d.el("a", { href: d.address("lessons", { lesson: l.name }), text: `${k + 1}. ${l.title}` }),
              ),
              d.el("p", { class: "term", text: `${l.minutes} minutes` }),
              d.el("p", { text: l.prompt }),
            ),
          ),
        );
        return null;
      }
      const choice = d.numberOf(state.choice, 0, lesson.options.length - 1, null);
      const committed = choice !== null;
      const go = (changes) => {
        location.hash = d.address("lessons", { lesson: lesson.name, ...changes });
      };
      const figure = d.el("div", { class: "figure", id: "experiment" }),
        verdicts = d.el("div", { id: "verdicts" }),
        behind = d.el("div"),
        rest = d.el("div", { id: "rest" });
      const status = d.el("div", { class: "status", role: "status", "aria-live": "polite", id: "status" });
      const options = lesson.options.map((text, k) =>
        d.el(
          "div",
          { class: "choice" },
          d.el("input", {
            type: "radio",
            name: "prediction",
            id: `option-${k}`,
            value: k,
            checked: k === choice,
            disabled: committed,
          }),
          d.el("label", { for: `option-${k}`, text }),
        ),
      );
      const commit = d.el("button", {
        type: "button",
        class: "main",
        id: "commit",
        text: "Commit to this prediction",
        disabled: committed,
        on: {
          click: () => {
            const picked = main.querySelector("input[name=prediction]:checked");
            if (picked) go({ choice: picked.value });
            else status.textContent = "Choose a prediction first.";
          },
        },
      });
      const run = d.el("button", {
        type: "button",
        class: "main",
        id: "run",
        text: "Run the experiment",
        disabled: !committed,
        on: {
          click: () => {
            d.remember({ ran: 1 });
            start();
          },
        },
      });

      function start() {
        run.disabled = true;
        status.textContent = "Running …";
        const from = performance.now();
        d.ask("lesson", { name: lesson.name })
          .then((answer) => {
            status.textContent =
              `${answer.replicates} histories of each world, under the same draws` +
              (d.inFile() ? "." : `, in ${((performance.now() - from) / 1000).toFixed(1)} s.`) +
              " Bars: 95 % intervals.";
            show(answer);
          })
          .catch((error) => {
            run.disabled = false;
            status.textContent = error.message;
            status.classList.add("error");
          });
      }

      // What the worlds are, for whoever wants to know what "the same world but for one thing" means here.
      const change = (w) =>
        [
          ...Object.entries(w.set).map(
            ([path, value]) => `${path} = ${typeof value === "object" ? JSON.stringify(value) : value}`,
          ),
          ...w.without.map((name) => `without ${name}`),
        ].join("; ") || "as written";
      const worlds = d.el(
        "details",
        { class: "numbers-of", id: "worlds" },
        d.el("summary", {
          text: `The experiment: ${lesson.worlds.length} worlds, ${lesson.replicates} histories each`,
        }),
        d.el("p", {}, "Scenario: ", lesson.scenario),
        d.el(
          "ul",
          {},
          lesson.worlds.map((w) =>
            d.el("li", {}, d.el("b", { text: w.label }), ": ", d.el("code", { text: change(w) })),
          ),
        ),
      );

      let drawn = null;
      function show(answer) {
        drawn = () =>
          d.drawIntervals(
            figure,
            answer.worlds,
            answer.outcomes.map((o) => ({ title: o.words, unit: o.unit === "1" ? "0–1" : o.unit, rows: o.means })),
            {
              label: answer.outcomes
                .map((o) => `${o.words}: ${answer.worlds.map((w, k) => `${w} ${d.short(o.means[k][0])}`).join(", ")}`)
                .join(". "),
            },
          );
        drawn();
        behind.replaceChildren(
          d.numbersOf(
            ["Outcome", ...answer.worlds, ...answer.worlds.slice(1).map((w) => `${w} − ${answer.worlds[0]}`)],
            answer.outcomes.map((o) => [
              `${o.words} (${o.unit})`,
              ...o.means.map((m) => `${d.short(m[0])} ${d.span(m)}`),
              ...o.differences.map((x) => `${d.signed(x[0])} ${d.span(x, d.signed)}`),
            ]),
          ),
        );
        verdicts.replaceChildren(
          d.el("h2", { text: "What the model says to your prediction" }),
          ...answer.options.map((o, k) => {
            const [sign, said] = VERDICTS[o.verdict];
            return d.el(
              "div",
              {
                class: "card verdict",
                "data-verdict": o.verdict,
                style: `margin: .3rem 0${k === choice ? "; border: 2px solid var(--accent)" : ""}`,
              },
              d.el("b", { text: `${sign} ${said}` }),
              k === choice ? d.el("span", { class: "term", text: "  (your prediction)" }) : null,
              d.el("div", { text: lesson.options[k] }),
              d.el(
                "ul",
                { style: "margin: .2rem 0" },
                o.contrasts.map((c) =>
                  d.el("li", {
                    text: `${c.words}: expected ${SIGNS[c.sign]}; found ${d.signed(c.difference[0])} ${d.span(c.difference, d.signed)}`,
                  }),
                ),
              ),
            );
          }),
        );
        rest.replaceChildren(
          d.el("h2", { text: "What the literature says" }),
          ...d.paragraphs(lesson.literature),
          d.el("h2", { text: "To discuss" }),
          d.el(
            "ol",
            {},
            lesson.discussion.map((text) => d.el("li", { text })),
          ),
          ...(lesson.explore.length
            ? [
                d.el("h2", { text: "Look further" }),
                d.el(
                  "ul",
                  {},
                  lesson.explore.map((l) => d.el("li", {}, d.el("a", { href: `#/${l.page}`, text: l.text }))),
                ),
              ]
            : []),
        );
      }

      const k = contents.lessons.indexOf(lesson),
        next = contents.lessons[k + 1];
      main.replaceChildren(
        d.el(
          "p",
          { class: "term" },
          d.el("a", { href: d.address("lessons", {}), text: "All lessons" }),
          ` · lesson ${k + 1} of ${contents.lessons.length} · ${lesson.minutes} minutes · ${lesson.scenario}`,
        ),
        d.el("h1", { text: lesson.title }),
        ...d.paragraphs(lesson.question),
        d.el("fieldset", {}, d.el("legend", { text: lesson.prompt }), options),
        d.el(
          "div",
          { class: "row" },
          commit,
          run,
          committed
            ? d.el("button", {
                type: "button",
                id: "again",
                text: "Start this lesson anew",
                on: { click: () => go({}) },
              })
            : null,
        ),
        worlds,
        status,
        figure,
        behind,
        verdicts,
        rest,
        next
          ? d.el("p", {}, d.el("a", { href: d.address("lessons", { lesson: next.name }), text: `Next: ${next.title}` }))
          : d.el("p"),
      );
      if (committed && state.ran) start();
      else if (committed) run.focus();
      const resized = () => {
        if (drawn) drawn();
      };
      addEventListener("resize", resized);
      return () => removeEventListener("resize", resized);
    },
  };
})(window.dilemma);
