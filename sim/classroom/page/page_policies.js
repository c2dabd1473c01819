/* Policies at equal cost: ten parts of one budget, six policies, and each group's allotment kept for comparison. */
((d) => {
  const LEAST = {
    strength_end: 20,
    severity: 20,
    fragmentations: 0.4,
    grievance_end: 0.02,
    capture_end: 0.02,
    root_survived: 0.1,
  };

  /** Kept allotments as they stand in the address: name:3.2.1.0.2.2, parted by semicolons. */
  const written = (groups) => groups.map((g) => `${encodeURIComponent(g.name)}:${g.parts.join(".")}`).join(";") || null;
  function readBack(text, count, most) {
    const groups = [];
    for (const piece of (text || "").split(";")) {
      const [name, numbers] = piece.split(":");
      const parts = (numbers || "").split(".").map(Number);
      if (
        !name ||
        parts.length !== count ||
        parts.some((n) => !Number.isInteger(n) || n < 0) ||
        parts.reduce((a, b) => a + b, 0) > most
      )
        continue;
      try {
        groups.push({ name: decodeURIComponent(name).slice(0, 40), parts });
      } catch {
        /* not a name */
      }
    }
    return groups.slice(0, 7);
  }

  d.pages.policies = {
    title: "Policies",
    render(main, state, contents) {
      const offered = contents.offer?.policy,
        step = offered ? offered.step : 1;
      const keys = Object.keys(contents.policies),
        most = contents.parts;
      const options = d.scenarioOptions(contents, offered?.scenarios);
      const name = options.some(([key]) => key === state.scenario)
        ? state.scenario
        : options.some(([key]) => key === contents.first)
          ? contents.first
          : options[0][0];
      let groups = readBack(state.groups, keys.length, most);
      let parts = (readBack(`x:${state.parts || ""}`, keys.length, most)[0] || { parts: keys.map(() => 0) }).parts;
      const results = new Map();
      const left = () => most - parts.reduce((a, b) => a + b, 0);

      const figure = d.el("div", { class: "figure", id: "outcomes" }),
        behind = d.el("div");
      const status = d.el("div", { class: "status", role: "status", "aria-live": "polite", id: "status" });
      const remaining = d.el("b", { id: "remaining" }),
        kept = d.el("div", { id: "kept" });
      const groupName = d.el("input", {
        type: "text",
        id: "group",
        maxlength: 40,
        value: state.group || `Group ${groups.length + 1}`,
        on: { input: () => d.remember({ group: groupName.value }) },
      });

      const asMap = (list) => Object.fromEntries(keys.map((key, k) => [key, list[k]]));
      const ask = d.stream(
        "policy",
        1,
        (answer, question) => {
          results.set(JSON.stringify(question.parts), answer);
          draw();
        },
        fail,
      );
      function fail(error) {
        status.textContent = error.message;
        status.classList.add("error");
        figure.classList.remove("busy");
      }
      const resultOf = (list) => results.get(JSON.stringify(asMap(list)));

      async function fetchKept() {
        for (const g of groups) {
          if (resultOf(g.parts)) continue;
          try {
            const answer = await d.ask("policy", { scenario: name, parts: asMap(g.parts) });
            if (answer) results.set(JSON.stringify(asMap(g.parts)), answer);
          } catch (error) {
            fail(error);
            return;
          }
          draw();
        }
      }

      function draw() {
        const rows = [
          ...groups.map((g) => ({ name: g.name, answer: resultOf(g.parts) })),
          { name: `now: ${words(parts)}`, answer: resultOf(parts) },
        ].filter((r) => r.answer);
        if (!rows.length) return;
        const first = rows[0].answer;
        const panels = first.outcomes.map((o, k) => ({
          title: o.words,
          unit: `change, ${o.unit}`,
          least: LEAST[o.name],
          rows: rows.map((r) => r.answer.outcomes[k].difference),
        }));
        d.drawIntervals(
          figure,
          rows.map((r) => (r.name.startsWith("now: ") ? "now" : r.name)),
          panels,
          {
            zero: true,
            label:
              "Change against no policy: " +
              rows.map((r) => `${r.name}: strength ${d.signed(r.answer.outcomes[0].difference[0])}`).join("; "),
          },
        );
        figure.classList.remove("busy");
        figure.dataset.rows = String(rows.length);
        const open = behind.querySelector("details")?.open;
        behind.replaceChildren(
          d.numbersOf(
            ["Outcome", "no policy", ...rows.map((r) => r.name)],
            first.outcomes.map((o, k) => [
              `${o.words} (${o.unit})`,
              `${d.short(o.without[0])} ${d.span(o.without)}`,
              ...rows.map((r) => {
                const x = r.answer.outcomes[k].difference;
                return `${d.signed(x[0])} ${d.span(x, d.signed)}`;
              }),
            ]),
          ),
        );
        if (open) behind.querySelector("details").open = true;
        status.classList.remove("error");
        status.textContent = `Change against no policy at all, under the same draws: ${first.replicates} pairs of histories each. Bars: 95 % intervals; left of the line is less.`;
      }

      const words = (list) =>
        keys
          .map((key, k) => (list[k] ? `${contents.policies[key].term} ${list[k]}` : ""))
          .filter(Boolean)
          .join(", ") || "nothing";

      const sliders = keys.map((key, k) => {
        const s = d.slider(
          key,
          {
            label: contents.policies[key].label,
            term: contents.policies[key].term,
            low: 0,
            high: most,
            step,
            value: parts[k],
          },
          (x) => `${x} of ${most}`,
          (value) => {
            // The budget is fixed: nobody can give out more than there is left.
            const allowed = Math.min(value, parts[k] + left());
            if (allowed !== value) s.set(allowed);
            if (allowed === parts[k]) return;
            parts[k] = allowed;
            changed();
          },
        );
        return s;
      });
      function changed() {
        d.remember({ scenario: name, parts: parts.join(".") });
        remaining.textContent = `${left()} of ${most} parts left`;
        figure.classList.add("busy");
        ask({ scenario: name, parts: asMap(parts) });
      }

      function keep(group) {
        groups = [...groups.filter((g) => g.name !== group.name), group].slice(-7);
        d.remember({ scenario: name, groups: written(groups), parts: parts.join(".") });
        const next = groups.length + 1;
        groupName.value = `Group ${next}`;
        d.remember({ group: null });
        list();
        draw();
        fetchKept();
      }

      async function save(group) {
        try {
          const file = await d.ask("policy-file", { scenario: name, group: group.name, parts: asMap(group.parts) });
          const link = d.el("a", {
            download: file.name,
            href: URL.createObjectURL(new Blob([file.text], { type: "application/yaml" })),
          });
          link.click();
          setTimeout(() => URL.revokeObjectURL(link.href), 1000);
          status.textContent = `Saved ${file.name}. On the command line: dilemma run ${file.name} --replicates 200`;
        } catch (error) {
          fail(error);
        }
      }

      function list() {
        kept.replaceChildren(
          ...groups.map((g) =>
            d.el(
              "div",
              { class: "row", "data-group": g.name },
              d.el("span", {}, d.el("b", { text: g.name }), ` ${words(g.parts)}`),
              d.inFile()
                ? null
                : d.el("button", {
                    type: "button",
                    text: "Save as scenario file",
                    "aria-label": `Save ${g.name} as scenario file`,
                    on: { click: () => save(g) },
                  }),
              d.el("button", {
                type: "button",
                text: "Take up",
                "aria-label": `Put the sliders where ${g.name} had them`,
                on: {
                  click: () => {
                    parts = [...g.parts];
                    sliders.forEach((s, k) => s.set(parts[k]));
                    changed();
                  },
                },
              }),
              d.el("button", {
                type: "button",
                text: "Remove",
                "aria-label": `Remove ${g.name}`,
                on: {
                  click: () => {
                    groups = groups.filter((x) => x !== g);
                    d.remember({ groups: written(groups) });
                    list();
                    draw();
                  },
                },
              }),
            ),
          ),
        );
      }

      const upload = d.el("input", {
        type: "file",
        id: "file",
        accept: ".yaml,.yml",
        on: {
          change: async () => {
            const file = upload.files[0];
            if (!file) return;
            try {
              const found = await d.ask("policy-back", { text: await file.text(), file: file.name });
              if (found.problem) throw new Error(found.problem);
              if (found.scenario !== name) {
                location.hash = d.address("policies", {
                  scenario: found.scenario,
                  groups: written([{ name: found.group, parts: keys.map((key) => found.parts[key]) }]),
                });
                return;
              }
              keep({ name: found.group, parts: keys.map((key) => found.parts[key]) });
            } catch (error) {
              fail(error);
            }
            upload.value = "";
          },
        },
      });

      main.replaceChildren(
        d.el("h1", {}, d.withTerm("The same money, spent in six ways", "policies at equal cost")),
        d.el("p", {
          class: "lead",
          text: "“Simply reinforcing the security forces is not a viable solution by itself” (Bencherif 2018). Divide ten parts of one budget, and see. What a part buys in each policy is an assumption of the model.",
        }),
        d.el(
          "div",
          { class: "two" },
          d.el(
            "div",
            { class: "card" },
            d.choice("scenario", "Which world", options, name, (value) => {
              location.hash = d.address("policies", { ...d.place().state, scenario: value });
            }).box,
            d.el("p", { role: "status", "aria-live": "polite" }, remaining),
            sliders.map((s) => s.box),
            d.el(
              "div",
              { class: "row" },
              d.el("div", {}, d.el("label", { for: "group", text: "Whose allotment is this?" }), groupName),
              d.el("button", {
                type: "button",
                class: "main",
                id: "keep",
                text: "Keep it",
                on: {
                  click: () =>
                    keep({ name: groupName.value.replace(/[;:]/g, " ").trim() || "Group", parts: [...parts] }),
                },
              }),
            ),
          ),
          d.el(
            "div",
            {},
            figure,
            status,
            behind,
            d.el("h2", { text: "Kept allotments" }),
            kept,
            d.inFile()
              ? null
              : d.el(
                  "div",
                  {},
                  d.el("label", { for: "file", text: "Bring in a scenario file that was saved here" }),
                  upload,
                ),
          ),
        ),
      );
      list();
      changed();
      fetchKept();
      const resized = () => draw();
      addEventListener("resize", resized);
      return () => removeEventListener("resize", resized);
    },
  };
})(window.dilemma);
