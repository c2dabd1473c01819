/* Policies at equal cost: ten parts of one budget, six policies, and each group's allotment kept for comparison. */
((d) => {
  const WIDEST = 60;

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
    info: "policies",
    render(main, state, contents) {
      const offered = contents.offer?.policy,
        step = offered ? offered.step : 1;
      const keys = Object.keys(contents.policies),
        most = contents.parts;
      const options = d.scenarioOptions(contents, offered?.scenarios);
      const name = d.oneOf(options, state.scenario, contents.first);
      let groups = readBack(state.groups, keys.length, most);
      let parts = (readBack(`x:${state.parts || ""}`, keys.length, most)[0] || { parts: keys.map(() => 0) }).parts;
      const results = new Map();
      const left = () => most - parts.reduce((a, b) => a + b, 0);

      const figure = d.el("div", { class: "figure", id: "outcomes" }),
        behind = d.el("div");
      const status = d.el("div", { class: "status", role: "status", "aria-live": "polite", id: "status" });
      const purse = d.el("div", { id: "purse" });
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
        // One axis for all: per cent of what it is without any policy. It never moves, so that large and small can be told apart.
        const panels = first.outcomes.map((o, k) => {
          const base = o.without[0];
          return {
            name: o.name,
            title: o.words,
            unit: `% change (${d.short(base)} without)`,
            range: [-WIDEST, WIDEST],
            missing: "none without policy either",
            rows: rows.map((r) => (base > 0 ? r.answer.outcomes[k].difference.map((x) => (100 * x) / base) : null)),
          };
        });
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
        const table = [
          ["outcome", "unit", "allotment", "without", "with", "difference", "low", "high"],
          ...first.outcomes.flatMap((o, k) =>
            rows.map((r) => {
              const found = r.answer.outcomes[k];
              return [o.words, o.unit, r.name, o.without[0], found.with[0], ...found.difference];
            }),
          ),
        ];
        figure.classList.remove("busy");
        figure.dataset.rows = String(rows.length);
        const open = behind.querySelector("details")?.open ?? true;
        behind.replaceChildren(
          d.takeAway(figure, `policies-${name}`, () => table),
          d.numbersOf(
            ["Level, and change", "no policy", ...rows.map((r) => (r.name.startsWith("now: ") ? "now" : r.name))],
            first.outcomes.map((o, k) => [
              `${o.words} (${o.unit})`,
              d.short(o.without[0]),
              ...rows.map((r) => {
                const found = r.answer.outcomes[k];
                return `${d.short(found.with[0])} (${d.signed(found.difference[0])} ${d.span(found.difference, d.signed)})`;
              }),
            ]),
          ),
        );
        behind.querySelector("details").open = open;
        status.classList.remove("error");
        status.textContent = `${first.replicates} pairs of histories each, with and without the policies, under the same draws. Bars: 95 % intervals of the paired change; an arrow leaves the axis.`;
      }

      /** The budget as ten coins: what is spent in the colour of its policy, the rest empty. */
      const coins = (list) =>
        d.el(
          "span",
          { class: "coins", role: "img", "aria-label": words(list) },
          list.flatMap((n, k) => Array.from({ length: n }, () => d.el("i", { style: `background: var(--c${k})` }))),
          Array.from({ length: most - list.reduce((a, b) => a + b, 0) }, () => d.el("i", { class: "unspent" })),
        );

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
        purse.replaceChildren(coins(parts));
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
              d.el("span", {}, coins(g.parts), d.el("b", { text: ` ${g.name}` }), ` ${words(g.parts)}`),
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
        ...[d.instead(d.otherScenario(contents, state.scenario, name, "policies"))].filter(Boolean),
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
            purse,
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
            d.el("h2", { text: "The board: what each group chose" }),
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
