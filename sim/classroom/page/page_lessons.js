/* Lessons in steps, one on the screen at a time: question, prediction with a reason, a show of hands, the run, the literature, the discussion. */
((d) => {
  const VERDICTS = {
    holds: ["✔", "the model bears this out"],
    contrary: ["✘", "the model says otherwise"],
    open: ["?", "these runs cannot tell"],
  };
  const SIGNS = { higher: "more", lower: "less", same: "no difference that can be told" };
  const UNITS = { 1: "", "0/1": ", share of histories" };
  const STEPS = ["Question", "Prediction", "Show of hands", "Run", "Literature", "Discussion"];
  const PREDICTION = 1;
  const RUN = 3;

  function overview(main, contents) {
    main.replaceChildren(
      d.el("h1", { text: "Lessons" }),
      d.el("p", {
        class: "lead",
        text: "Each asks a question, lets you commit to a prediction and a reason, runs an experiment, and then tells what the literature says. Predict before you look.",
      }),
      d.el(
        "div",
        { class: "cards" },
        contents.lessons.map((l, k) =>
          d.el(
            "div",
            { class: "card" },
            d.el("h2", {}, d.el("a", { href: d.address("lessons", { lesson: l.name }), text: `${k + 1}. ${l.title}` })),
            d.el("p", { text: l.prompt }),
            d.el("p", { class: "term", text: `${l.minutes} minutes · ${l.scenario}` }),
          ),
        ),
      ),
    );
  }

  /** The paired differences that predictions are about: the very intervals that the verdicts are read from. */
  function drawPairs(figure, answer) {
    const shown = answer.outcomes.filter((o) => o.predicted);
    const names = answer.pairs.map(([of, against]) => `${of}, against: ${against}`);
    const panels = shown.map((o) => ({
      name: o.name,
      title: o.words,
      unit: `difference${UNITS[o.unit] ?? `, ${o.unit}`}`,
      least: o.least,
      rows: o.pairs,
    }));
    const label = shown
      .map(
        (o) =>
          `${o.words}: ${answer.pairs.map(([of, against], k) => `${of} against ${against} ${d.signed(o.pairs[k][0])}`).join(", ")}`,
      )
      .join(". ");
    d.drawIntervals(figure, names, panels, { zero: true, label, columns: 2 });
  }

  function rowsOf(answer) {
    const head = ["outcome", "unit", "of", "against", "difference", "low", "high"];
    return [
      head,
      ...answer.outcomes.flatMap((o) => o.pairs.map((row, k) => [o.words, o.unit, ...answer.pairs[k], ...row])),
    ];
  }

  d.pages.lessons = {
    title: "Lessons",
    info: "lessons",
    render(main, state, contents) {
      const lesson = contents.lessons.find((l) => l.name === state.lesson);
      if (!lesson) {
        overview(main, contents);
        return null;
      }
      const choice = d.numberOf(state.choice, 0, lesson.options.length - 1, null);
      const committed = choice !== null;
      const wanted = Math.floor(d.numberOf(state.step, 0, STEPS.length - 1, 0));
      const step = committed ? wanted : Math.min(wanted, PREDICTION);
      const go = (changes) => {
        location.hash = d.address("lessons", { ...d.place().state, lesson: lesson.name, ...changes });
      };
      const number = contents.lessons.indexOf(lesson);
      const next = contents.lessons[number + 1];

      // Prediction, with a reason in a sentence.
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
      const why = d.el("input", {
        type: "text",
        id: "why",
        maxlength: 200,
        value: state.why || "",
        disabled: committed,
        placeholder: "because …",
      });
      const complaint = d.el("p", { class: "status", role: "status", id: "complaint" });
      const commit = d.el("button", {
        type: "button",
        class: "main",
        id: "commit",
        text: "Commit to it",
        disabled: committed,
        on: {
          click: () => {
            const picked = /** @type {HTMLInputElement} */ (main.querySelector("input[name=prediction]:checked"));
            if (picked) go({ choice: picked.value, why: why.value.trim() || null, step: PREDICTION + 1 });
            else complaint.textContent = "Choose a prediction first.";
          },
        },
      });

      // A show of hands, entered by the instructor.
      const hands = (state.hands || "")
        .split(".")
        .map((text) => Math.max(0, Math.min(999, Math.floor(Number(text)) || 0)));
      const bars = lesson.options.map(() => d.el("span", { class: "hand" }));
      const counts = lesson.options.map((text, k) => {
        const input = d.el("input", {
          type: "number",
          id: `hands-${k}`,
          min: 0,
          max: 999,
          value: hands[k] || 0,
          "aria-label": `Hands for: ${text}`,
        });
        input.addEventListener("input", () => {
          hands[k] = Math.max(0, Math.min(999, Math.floor(Number(input.value)) || 0));
          d.remember({ hands: lesson.options.map((_, n) => hands[n] || 0).join(".") });
          showHands();
        });
        return d.el("div", { class: "vote" }, input, d.el("div", {}, d.el("div", { text }), bars[k]));
      });
      function showHands() {
        const most = Math.max(1, ...lesson.options.map((_, k) => hands[k] || 0));
        bars.forEach((bar, k) => {
          bar.style.width = `${(100 * (hands[k] || 0)) / most}%`;
        });
      }

      // The run, as large as the students want it.
      const figure = d.el("div", { class: "figure", id: "experiment" });
      const verdicts = d.el("div", { id: "verdicts" });
      const behind = d.el("div");
      const status = d.el("div", { class: "status", role: "status", "aria-live": "polite", id: "status" });
      const size = lesson.sizes.includes(Number(state.n)) ? Number(state.n) : null;
      const runs = lesson.sizes.map((n) =>
        d.el("button", {
          type: "button",
          class: n === size ? "main" : null,
          "aria-pressed": String(n === size),
          text: `Run ${n} histories of each`,
          "data-size": n,
          on: { click: () => go({ n }) },
        }),
      );
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
        d.el("summary", { text: `The worlds: ${lesson.worlds.map((w) => w.label).join(" · ")}` }),
        d.el(
          "ul",
          {},
          lesson.worlds.map((w) =>
            d.el("li", {}, d.el("b", { text: w.label }), ": ", d.el("code", { text: change(w) })),
          ),
        ),
      );

      function verdictOf(o, k) {
        const [sign, said] = VERDICTS[o.verdict];
        const mine = k === choice;
        return d.el(
          "div",
          { class: mine ? "card verdict mine" : "card verdict", "data-verdict": o.verdict },
          d.el("b", { text: `${sign} ${said}` }),
          mine ? d.el("span", { class: "term", text: "  (your prediction)" }) : null,
          d.el("div", { text: lesson.options[k] }),
          d.el(
            "ul",
            {},
            o.contrasts.map((c) =>
              d.el("li", {
                "data-outcome": c.outcome,
                "data-pair": c.pair,
                "data-sign": c.sign,
                "data-verdict": c.verdict,
                text: `${VERDICTS[c.verdict][0]} ${c.words}: expected ${SIGNS[c.sign]}; found ${d.signed(c.difference[0])} ${d.span(c.difference, d.signed)}`,
              }),
            ),
          ),
        );
      }

      let drawn = null;
      function show(answer) {
        status.textContent = `${answer.replicates} histories of each world, under the same draws. A bar is the 95 % interval of a paired difference; what lies wholly on one side of the line can be told.`;
        drawn = () => drawPairs(figure, answer);
        drawn();
        const cell = (row) => `${d.short(row[0])} ${d.span(row)}`;
        behind.replaceChildren(
          d.takeAway(figure, `lesson-${lesson.name}`, () => rowsOf(answer)),
          d.numbersOf(
            ["Outcome", ...answer.worlds],
            answer.outcomes.map((o) => [`${o.words} (${o.unit})`, ...o.means.map(cell)]),
          ),
        );
        const order = answer.options.map((_, k) => k).sort((a, b) => Number(b === choice) - Number(a === choice));
        verdicts.replaceChildren(...order.map((k) => verdictOf(answer.options[k], k)));
      }

      const forward = (text) =>
        d.el("button", { type: "button", class: "main onward", text, on: { click: () => go({ step: step + 1 }) } });
      const section = (n, ...children) =>
        d.el("section", { class: "step", "data-step": n, hidden: n !== step }, ...children);
      const sections = [
        section(0, ...d.paragraphs(lesson.question), forward("Predict")),
        section(
          1,
          d.el("fieldset", {}, d.el("legend", { text: lesson.prompt }), options),
          d.el("label", { for: "why", text: "Why? In a sentence, before you see anything." }),
          why,
          d.el("div", { class: "row" }, commit, committed ? forward("Show of hands") : null),
          complaint,
        ),
        section(
          2,
          d.el("p", { class: "do", text: "Who predicts what? Count hands, and type them in." }),
          counts,
          forward("To the run"),
        ),
        section(
          3,
          committed
            ? d.el(
                "p",
                { class: "committed" },
                d.el("b", { text: "You predicted: " }),
                lesson.options[choice],
                state.why ? d.el("i", { text: ` ${state.why}` }) : null,
              )
            : null,
          d.el("p", { class: "do", text: "How many histories of each world? Few are quick; see what more can tell." }),
          d.el("div", { class: "row" }, runs),
          status,
          figure,
          behind,
          verdicts,
          worlds,
          size !== null ? forward("What the literature says") : null,
        ),
        section(4, ...d.paragraphs(lesson.literature), forward("Discuss")),
        section(
          5,
          d.el(
            "ol",
            { class: "questions" },
            lesson.discussion.map((text) => d.el("li", { text })),
          ),
          lesson.explore.length ? d.el("h2", { text: "Look further" }) : null,
          lesson.explore.length
            ? d.el(
                "ul",
                {},
                lesson.explore.map((l) => d.el("li", {}, d.el("a", { href: `#/${l.page}`, text: l.text }))),
              )
            : null,
          next
            ? d.el(
                "p",
                {},
                d.el("a", { href: d.address("lessons", { lesson: next.name }), text: `Next: ${next.title}` }),
              )
            : null,
        ),
      ];
      const open = (n) => n <= PREDICTION || (committed && (n <= RUN || size !== null));
      const stepper = d.el(
        "nav",
        { class: "stepper", "aria-label": "Steps of the lesson" },
        STEPS.map((text, n) =>
          d.el("button", {
            type: "button",
            text: `${n + 1} ${text}`,
            disabled: !open(n),
            "aria-current": n === step ? "step" : null,
            on: { click: () => go({ step: n }) },
          }),
        ),
      );
      main.replaceChildren(
        d.el(
          "div",
          { class: "lesson" },
          d.el(
            "p",
            { class: "term above" },
            d.el("a", { href: d.address("lessons", {}), text: "All lessons" }),
            ` · lesson ${number + 1} of ${contents.lessons.length} · ${lesson.minutes} minutes · ${lesson.scenario} `,
          ),
          d.el("h1", { text: lesson.title }),
          stepper,
          ...sections,
          d.el(
            "div",
            { class: "row below" },
            d.el("button", {
              type: "button",
              class: "small",
              id: "handout",
              text: "Print a handout",
              on: { click: () => print() },
            }),
            committed
              ? d.el("button", {
                  type: "button",
                  class: "small",
                  id: "again",
                  text: "Start this lesson anew",
                  on: { click: () => (location.hash = d.address("lessons", { lesson: lesson.name })) },
                })
              : null,
          ),
        ),
      );
      showHands();
      let gone = false;
      if (step >= RUN && committed && size !== null) {
        status.textContent = "Running …";
        d.ask("lesson", { name: lesson.name, replicates: size })
          .then((answer) => !gone && show(answer))
          .catch((error) => {
            status.textContent = error.message;
            status.classList.add("error");
          });
      }
      const resized = () => drawn?.();
      addEventListener("resize", resized);
      return () => {
        gone = true;
        removeEventListener("resize", resized);
      };
    },
  };
})(window.dilemma);
