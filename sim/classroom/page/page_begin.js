/* The story: one leader, six emirs, a line to each. Predict, see, and only then the curve; the sliders come last. */
((d) => {
  const MONTHS = 12;
  const TRAILS = [
    "It stays with the band that was found",
    "It reaches the leader, and ends there",
    "It reaches the leader, and through him most of the others",
  ];
  const LEVELS = ["As loose as he can", "Somewhere between", "As tight as he can", "It makes no difference"];
  const MOVES = ["Looser", "Tighter", "It stays where it is"];

  /** A prediction among several, kept in the address; what follows it stays hidden until it is made. */
  function prediction(name, prompt, options, state, made) {
    const chosen = d.numberOf(state[name], 0, options.length - 1, null);
    const buttons = options.map((text, k) =>
      d.el("button", {
        type: "button",
        text,
        "aria-pressed": String(k === chosen),
        "data-option": k,
        on: { click: () => pick(k) },
      }),
    );
    function pick(k) {
      d.remember({ [name]: k });
      buttons.forEach((button, n) => button.setAttribute("aria-pressed", String(n === k)));
      made(k);
    }
    const box = d.el(
      "div",
      { class: "prediction", role: "group", "aria-label": prompt, id: `predict-${name}` },
      d.el("p", { class: "do", text: prompt }),
      buttons,
    );
    return { box, chosen };
  }

  const section = (title, ...children) => d.el("section", { class: "scene" }, d.el("h2", { text: title }), ...children);
  const plain = (text) => d.el("p", {}, ...d.glossed(text));
  const instruction = (text) => d.el("p", { class: "do", text });
  const listed = (names) =>
    names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}` : names[0];

  d.pages.begin = {
    title: "Begin",
    info: "dilemma",
    render(main, state, contents) {
      const { story } = contents;
      const meetings = d.meetingsUnder(story, story.control);
      const names = story.emirs.map((e) => e.name);
      const cleaners = [];

      // One drawing a scene, all of the same contacts: what is moved in one has moved in all.
      const boxes = [0, 1, 2].map((n) => d.el("div", { class: "figure drag", id: `contacts-${n}` }));
      const said = d.el("p", { class: "said", id: "contact-said", "aria-live": "polite" });
      const drawings = boxes.map((box) =>
        d.contacts(box, story, meetings, (k) => {
          tell(k);
          drawings.forEach((other, n) => n !== boxes.indexOf(box) && other.showTrail(null));
        }),
      );
      const away = boxes.map((box, n) =>
        d.takeAway(box, `contacts-${n + 1}`, () => drawings[n].rows(), "Drawn by this model’s formulas"),
      );
      function tell(k) {
        const months = (chance) => `${Math.round(100 * chance)} months of 100`;
        said.textContent =
          `He meets ${names[k]} ${meetings[k].toFixed(1)} times a month. In ${months(d.asked(story.numbers, meetings[k]))} somebody asks ${names[k]} what he has done with money and men; ` +
          `in the others nobody does.`;
      }
      const choose = (text, values, id) =>
        d.el("button", { type: "button", text, id, on: { click: () => drawings[1].putAll(values()) } });
      const thin = () => meetings.map(() => 0.5);
      const thick = () => meetings.map(() => 9);

      // A raid, and where it leads.
      const trailSaid = d.el("p", { class: "said", id: "trail-said", "aria-live": "polite" });
      const raid = d.el("button", {
        type: "button",
        class: "main",
        id: "raid",
        text: "See a raid",
        disabled: true,
        on: { click: strike },
      });
      let raids = 0;
      let reached = 0;
      let bands = 0;
      const dice = d.dice(7);
      function strike() {
        const struck = Math.floor(dice() * names.length);
        const trail = d.trail(story, meetings, struck, dice);
        raids += 1;
        reached += trail.leader ? 1 : 0;
        bands += trail.others.length;
        drawings[1].showTrail(trail);
        const end = !trail.leader
          ? "The trail ends there: no contact was warm enough."
          : trail.others.length
            ? `A contact was still warm: it leads to the leader, and from him to ${listed(trail.others.map((k) => names[k]))}.`
            : "A contact was still warm: it leads to the leader. From him it leads nowhere else.";
        trailSaid.textContent = `${names[struck]}’s band is found. ${end} After ${raids} ${raids > 1 ? "raids" : "raid"}: the leader found ${reached} ${reached === 1 ? "time" : "times"}, ${bands} other ${bands === 1 ? "band" : "bands"} given away.`;
      }
      const where = prediction(
        "trail",
        "Before you look: a band is raided. How far does its trail lead?",
        TRAILS,
        state,
        () => {
          raid.disabled = false;
        },
      );
      raid.disabled = where.chosen === null;

      // A year in which nobody asks.
      const yearSaid = d.el("p", { class: "said", id: "year-said", "aria-live": "polite" });
      function year() {
        const asked = meetings.map(
          (m) => Array.from({ length: MONTHS }, () => dice() < d.asked(story.numbers, m)).filter(Boolean).length,
        );
        const own = asked.map((n, k) => ({ n, k })).filter(({ n }) => n < MONTHS / 2);
        drawings[2].showAway(own.map(({ k }) => k));
        yearSaid.textContent = own.length
          ? `${listed(own.map(({ n, k }) => `${names[k]} (asked in ${n} months of ${MONTHS})`))} ${own.length > 1 ? "go their own ways" : "goes his own way"}: the money is kept in the field, and targets are chosen there. People remember those, and tell.`
          : "Everybody was asked in most months. Nobody goes his own way this year.";
      }

      // The curve, and the state that learns more.
      const figure = d.el("div", { class: "figure", id: "frontier" });
      const curveSaid = d.el("p", { class: "said", id: "said", "aria-live": "polite" });
      const moreSaid = d.el("p", { class: "said", id: "moved" });
      const curve = d.el("div", { hidden: true, id: "curve" });
      const slide = d.el("div", { hidden: true, id: "slide" });
      const panel = d.optimum(figure, () => {});
      const settings = Object.fromEntries(Object.entries(contents.sliders).map(([name, s]) => [name, s.default]));
      let first = null;
      let shown = null;
      const ask = d.stream(
        "frontier",
        contents.frontierParts,
        (answer) => {
          const home = answer.settings.intelligence === contents.sliders.intelligence.default;
          shown = answer;
          if (home) first = answer;
          panel.draw(answer, home ? null : first, 5);
          figure.dataset.settings = JSON.stringify(answer.settings);
          figure.dataset.part = String(answer.part);
          curveSaid.textContent = d.bestInWords(answer);
          moreSaid.textContent = home ? "" : d.movedInWords(answer, first);
        },
        (error) => {
          curveSaid.textContent = error.message;
        },
      );
      function reveal() {
        if (!curve.hidden) return;
        curve.hidden = false;
        ask({ ...settings });
      }
      const level = prediction("level", "Before you look: how tight should he hold them?", LEVELS, state, reveal);
      const { sliders } = d.worldSliders(contents, {}, (now) => ask({ ...now }));
      const knowledge = sliders[Object.keys(contents.sliders).indexOf("intelligence")];
      const move = prediction(
        "move",
        "The police learn more: from every meeting, every attack, every tip. Which way does the best move?",
        MOVES,
        state,
        () => {
          slide.hidden = false;
        },
      );
      slide.hidden = move.chosen === null;
      slide.append(instruction("Now move the slider, slowly, and watch the ring."), knowledge.box, moreSaid);
      curve.append(
        figure,
        d.takeAway(figure, "dilemma", () => d.frontierRows(shown)),
        curveSaid,
        plain(
          "Each point is one degree of [control], held for ten years in hundreds of simulated histories. It is told against a leader who does not know this curve and [searches|search]; so nought is as good as he. The band is a 95 % [interval].",
        ),
        move.box,
        slide,
      );

      main.replaceChildren(
        d.el(
          "div",
          { class: "story" },
          d.el("h1", { text: "One leader, six emirs, one problem" }),
          plain(
            "A man leads an armed group that has to hide. He cannot be everywhere. So he works through six [emirs|emir]: commanders far from him, each with a band of fighters, a purse, and a mind of his own. The country is invented; the problem is not.",
          ),
          section(
            "They follow as far as he meets them",
            plain("Every line is a contact. The thicker it is, the more often they meet. Distance makes it thinner."),
            instruction("Drag a line: up for more, down for less."),
            boxes[0],
            away[0],
            said,
          ),
          section(
            "Every meeting leaves a trace",
            plain(
              "A courier on a road, a call, a car that a neighbour saw. [Traces|trace] fade within months. Now and then the police find a band and [raid] it. Where a contact is still warm, they follow it: to the leader, and from him to everyone he meets.",
            ),
            where.box,
            d.el(
              "div",
              { class: "row" },
              raid,
              choose("All lines thin", thin, "thin"),
              choose("All lines thick", thick, "thick"),
            ),
            boxes[1],
            away[1],
            trailSaid,
          ),
          section(
            "So why meet at all?",
            plain(
              "Because an emir whom nobody asks does as he likes. He keeps the money. He picks targets that serve him, and people remember who brought them that.",
            ),
            instruction("Make the lines thin, above or here. Then let a year pass."),
            d.el(
              "div",
              { class: "row" },
              d.el("button", { type: "button", class: "main", id: "year", text: "A year passes", on: { click: year } }),
            ),
            boxes[2],
            away[2],
            yearSaid,
          ),
          section(
            "How tight, then?",
            plain(
              "Too loose, and they go their own ways. Too tight, and one raid may be the end of all. Is there a best in between? Nobody wrote one into the model: it has to come out of the runs.",
            ),
            level.box,
            curve,
          ),
          section(
            "From here",
            d.el(
              "ul",
              {},
              d.el(
                "li",
                {},
                d.el("a", { href: d.address("dilemma", {}), text: "All three sliders, and a leader of your own" }),
              ),
              d.el("li", {}, d.el("a", { href: d.address("lessons", {}), text: "Lessons: predict, run, argue" })),
              d.el(
                "li",
                {},
                d.el("a", {
                  href: d.address("history", {}),
                  text: "One history, beside what the sources say happened",
                }),
              ),
            ),
            d.el(
              "p",
              { class: "term" },
              "The drawings use the model’s own formulas for meetings, traces and being asked; that an emir whom nobody asks walks off within a year is the drawing’s. Everything else is in the model behind the curve.",
            ),
          ),
        ),
      );
      for (const drawing of drawings) drawing.draw();
      tell(0);
      if (level.chosen !== null) reveal();
      const resized = () => {
        for (const drawing of drawings) drawing.draw();
        panel.redraw();
      };
      addEventListener("resize", resized);
      cleaners.push(() => removeEventListener("resize", resized));
      return () => cleaners.forEach((clean) => clean());
    },
  };
})(window.dilemma);
