/* The leader, his emirs and the contacts between them, to be dragged thicker and thinner. Chances are those of the rules (control, violence). */
((d) => {
  const MOST = 10;

  /** Chance that an emir who is met so often is asked in a month what he has done (sim.rules.control). */
  d.asked = (numbers, meetings) => 1 - Math.exp(-meetings * (1 - numbers.unseen));

  /** Chance that a trail runs along a contact, once it is found (sim.rules.violence): traces of meetings pile up and fade. */
  d.leadsOn = (story, meetings) =>
    1 - Math.exp((-story.numbers.percolation * story.intelligence * meetings) / (1 - story.numbers.trace_keep));

  /** How often they meet under a degree of control: distance thins it. */
  d.meetingsUnder = (story, control) =>
    story.emirs.map((e) => story.numbers.meetings * control * (1 - story.numbers.remote_contact * e.remoteness));

  /** Where the trail of one raid leads. `draw` gives numbers from 0 to 1. */
  d.trail = (story, meetings, struck, draw) => {
    if (draw() >= d.leadsOn(story, meetings[struck])) return { struck, leader: false, others: [] };
    const others = meetings.map((_, k) => k).filter((k) => k !== struck && draw() < d.leadsOn(story, meetings[k]));
    return { struck, leader: true, others };
  };

  /** Draws from 0 to 1, the same for the same seed (mulberry32). */
  d.dice = (seed) => {
    let a = seed;
    return () => {
      a = (a + 0x6d2b79f5) | 0;
      let t = Math.imul(a ^ (a >>> 15), 1 | a);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  };

  /**
   * The drawing.
   * @param box where it stands. @param story as sim.classroom.story has it. @param meetings a month by emir, changed in place.
   * @param changed called with the number of the emir whose contact has been moved.
   */
  d.contacts = (box, story, meetings, changed) => {
    let found = null;
    let away = [];
    let places = [];
    let centre = null;

    const lost = (k) => found !== null && (found.struck === k || found.others.includes(k));

    function draw() {
      const size = d.figureLetters();
      const width = Math.max(280, Math.floor(box.clientWidth));
      const height = Math.round(Math.min(0.72 * width, 0.62 * innerHeight, 32 * size) + 5 * size);
      centre = { x: width / 2, y: height / 2 };
      const words = "The leader in the middle, six emirs around him, a line of contact to each.";
      const svg = d.frame(box, width, height, words, "group");
      svg.classList.add("contacts");
      const reach = { x: width / 2 - 4 * size, y: height / 2 - 2.6 * size };
      places = story.emirs.map((e, k) => {
        const turn = (2 * Math.PI * (k + 0.5)) / story.emirs.length - Math.PI / 2;
        const far = (0.72 + 0.28 * e.remoteness) * (away.includes(k) ? 1.06 : 1);
        return { x: centre.x + reach.x * far * Math.cos(turn), y: centre.y + reach.y * far * Math.sin(turn) };
      });
      const most = Math.max(...story.emirs.map((e) => e.strength));
      const lines = story.emirs.map((e, k) => contact(e, k, size));
      const nodes = story.emirs.map((e, k) => {
        const { x, y } = places[k];
        const r = size * (0.7 + 0.7 * Math.sqrt(e.strength / most));
        const state = lost(k) ? "lost" : away.includes(k) ? "away" : "";
        return d.svg(
          "g",
          { class: `emir ${state}`, "data-emir": k },
          d.svg("circle", { cx: x, cy: y, r }),
          d.label(x, y < centre.y - size ? y - r - 0.4 * size : y + r + 1.1 * size, e.name, size, {
            "text-anchor": "middle",
            class: "name",
          }),
          state
            ? d.label(x, y + 0.36 * size, lost(k) ? "✖" : "➚", size, { "text-anchor": "middle", class: "sign" })
            : null,
        );
      });
      const r = 2.5 * size;
      svg.replaceChildren(
        ...lines,
        ...nodes,
        d.svg(
          "g",
          { class: found?.leader ? "leader lost" : "leader" },
          d.svg("circle", { cx: centre.x, cy: centre.y, r }),
          d.label(centre.x, centre.y + 0.36 * size, found?.leader ? "✖ leader" : "leader", size, {
            "text-anchor": "middle",
            class: "sign",
          }),
        ),
      );
    }

    function contact(e, k, size) {
      const { x, y } = places[k];
      const on = found?.leader && (found.struck === k || found.others.includes(k));
      const words = `${meetings[k].toFixed(1)} meetings a month`;
      const thick = 1 + (1.1 * size * meetings[k]) / MOST;
      const ends = { x1: centre.x, y1: centre.y, x2: x, y2: y };
      const knob = { cx: centre.x + 0.55 * (x - centre.x), cy: centre.y + 0.55 * (y - centre.y) };
      const group = d.svg(
        "g",
        {
          class: on ? "contact found" : "contact",
          role: "slider",
          tabindex: 0,
          "data-contact": k,
          "aria-label": `Contact with ${e.name}`,
          "aria-valuemin": 0,
          "aria-valuemax": MOST,
          "aria-valuenow": meetings[k].toFixed(1),
          "aria-valuetext": words,
        },
        d.svg("line", { class: "reach", ...ends }),
        d.svg("line", { class: "line", "stroke-width": thick.toFixed(1), ...ends }),
        d.svg("circle", { class: "knob", r: 0.55 * size, ...knob }),
        d.svg("title", { text: `${e.name}: ${words}` }),
      );
      group.addEventListener("keydown", (event) => {
        const by = { ArrowUp: 0.5, ArrowRight: 0.5, ArrowDown: -0.5, ArrowLeft: -0.5, Home: -MOST, End: MOST }[
          event.key
        ];
        if (!by) return;
        event.preventDefault();
        put(k, meetings[k] + by);
        /** @type {SVGElement} */ (box.querySelector(`[data-contact="${k}"]`)).focus({ preventScroll: true });
      });
      return group;
    }

    function put(k, value) {
      meetings[k] = Math.max(0, Math.min(MOST, value));
      found = null;
      away = [];
      draw();
      changed(k);
    }

    // Listeners stand on the box: what is dragged is drawn anew while it is dragged.
    let held = null;
    box.addEventListener("pointerdown", (event) => {
      const target = /** @type {any} */ (event.target).closest("[data-contact]");
      if (!target || event.button !== 0) return;
      event.preventDefault();
      held = { k: Number(target.dataset.contact), from: meetings[Number(target.dataset.contact)], y: event.clientY };
      box.setPointerCapture(event.pointerId);
    });
    box.addEventListener("pointermove", (event) => held && put(held.k, held.from + (held.y - event.clientY) / 12));
    for (const name of ["pointerup", "pointercancel"])
      box.addEventListener(name, () => {
        held = null;
      });

    /** The numbers behind the drawing. */
    function rows() {
      return [
        ["emir", "region", "remoteness", "fighters", "meetings_a_month", "asked_in_a_month", "trail_leads_on", "state"],
        ...story.emirs.map((e, k) => [
          e.name,
          e.region,
          e.remoteness,
          e.strength,
          Number(meetings[k].toFixed(2)),
          Number(d.asked(story.numbers, meetings[k]).toFixed(4)),
          Number(d.leadsOn(story, meetings[k]).toFixed(4)),
          lost(k) ? "found" : away.includes(k) ? "his own way" : "",
        ]),
      ];
    }

    return {
      draw,
      rows,
      putAll(values) {
        values.forEach((value, k) => {
          meetings[k] = value;
        });
        found = null;
        away = [];
        draw();
        changed(0);
      },
      showTrail(trail) {
        found = trail;
        draw();
      },
      showAway(list) {
        found = null;
        away = list;
        draw();
      },
    };
  };
})(window.dilemma);
