/* What every page stands on: building elements, the state in the address, asking, the theme, numbers in words. */
window.dilemma = window.dilemma || /** @type {Dilemma} */ ({});
((d) => {
  d.pages = d.pages || {};

  /** Build an element: attributes by name, `text` for its text, `on` for listeners; false and null leave an attribute out. */
  d.el = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "text") element.textContent = value;
      else if (name === "on")
        for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    const shown = children.flat(2).filter((child) => child !== null && child !== undefined && child !== false);
    element.append(.../** @type {(Node | string)[]} */ (shown));
    return element;
  };

  /** Plain words with the technical term beside them; [words] of the glossary in it are explained. */
  d.withTerm = (words, term) => [`${words} `, d.el("span", { class: "term" }, d.glossed(term))];

  /** Paragraphs of a text in which blank lines part them. */
  d.paragraphs = (text) =>
    text
      .trim()
      .split(/\n\s*\n/)
      .map((part) => d.el("p", { text: part.replace(/\s+/g, " ") }));

  // The state is in the address and nowhere else, so that a reload or a friend sees the same page: #/page?name=value&…
  d.place = () => {
    const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
    return {
      page: path in d.pages ? path : Object.keys(d.pages)[0],
      state: Object.fromEntries(new URLSearchParams(query || "")),
    };
  };
  d.address = (page, state) => {
    const query = new URLSearchParams(
      Object.entries(state).filter(([, value]) => value !== null && value !== undefined && value !== ""),
    ).toString();
    return `#/${page}${query ? `?${query}` : ""}`;
  };
  d.remember = (changes) => {
    const { page, state } = d.place();
    history.replaceState(null, "", d.address(page, { ...state, ...changes }));
  };

  /** A number of the state: one of those allowed, else the default. */
  d.numberOf = (text, low, high, otherwise) => {
    const value = Number(text);
    return text !== undefined && text !== "" && Number.isFinite(value) && value >= low && value <= high
      ? value
      : otherwise;
  };

  /** The one of several choices ([value, text]) that is wanted, else another, else the first. */
  d.oneOf = (options, wanted, otherwise) =>
    [wanted, otherwise].find((name) => options.some(([key]) => key === name)) ?? options[0][0];

  /** A word to whoever asked for what is not here and is shown something else: sentences, or nothing where all is as asked. */
  d.instead = (...sentences) => {
    const said = sentences.filter(Boolean).join(" ");
    return said ? d.el("p", { class: "instead", role: "note", text: said }) : null;
  };

  /** What to say where a scenario was asked for that is not shown; `what` is what a file holds of scenarios. */
  d.otherScenario = (contents, wanted, name, what) => {
    if (wanted === undefined || wanted === name) return "";
    const title = (key) => contents.scenarios.find((s) => s.name === key)?.title ?? key;
    const missing = d.inFile()
      ? `This file holds no ${what} of “${title(wanted)}”`
      : `Nothing here is of “${title(wanted)}”`;
    return `${missing}; shown instead is “${title(name)}”.`;
  };

  /** A function that acts at most every half second while it is called, and once after the last call. */
  d.seldom = (act) => {
    let last = 0;
    let waiting = 0;
    return () => {
      clearTimeout(waiting);
      const now = performance.now();
      if (now - last >= 500) {
        last = now;
        act();
      } else waiting = setTimeout(act, 500);
    };
  };

  // Asking. A page on a server asks it; a page in a file looks up what was computed beforehand.
  const client = Math.random().toString(36).slice(2) + Date.now().toString(36);
  let tickets = 0;
  const sorted = (value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((name) => [name, sorted(value[name])]),
        )
      : value;
  d.inFile = () => window.dilemmaAnswers !== undefined;
  d.key = (name, question) => `${name}?${JSON.stringify(sorted(question))}`;
  d.ask = async (name, question) => {
    if (d.inFile()) {
      const found = window.dilemmaAnswers[d.key(name, question)];
      if (found === undefined)
        throw new Error(
          "This file holds no answer to that. With the program installed, `dilemma teach` answers anything.",
        );
      return found;
    }
    let response;
    try {
      response = await fetch(`/answers/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ question, client, ticket: ++tickets }),
      });
    } catch {
      throw new Error("The program that answers this page has stopped. Start `dilemma teach` again, and reload.");
    }
    if (response.status === 204) return null;
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error || "That could not be answered.");
    return answer;
  };

  /**
   * Return a function that asks and shows every answer that comes, in the order of the questions: the last one asked is always the last one shown.
   * One first part is under way at a time, so that none is dropped; while nobody asks anew, the further parts of an answer follow, and stop for a new question.
   */
  d.stream = (name, parts, show, fail) => {
    const first = d.inFile() ? parts - 1 : 0;
    let newest = 0,
      shown = 0,
      underWay = null,
      waiting = null;
    const send = async (asked, part) => {
      const mine = { asked, part };
      underWay = mine;
      let came = false;
      try {
        const answer = await d.ask(name, parts > 1 ? { ...asked.question, part } : asked.question);
        came = answer !== null;
        if (came && asked.number >= shown) {
          shown = asked.number;
          show(answer, asked.question);
        }
      } catch (error) {
        if (asked.number === newest) fail(error);
      } finally {
        if (underWay === mine) {
          underWay = null;
          const next = waiting;
          waiting = null;
          if (next) send(next, first);
          else if (came && asked.number === newest && part < parts - 1) send(asked, part + 1);
        }
      }
    };
    return (question) => {
      const asked = { question, number: ++newest };
      if (underWay === null || underWay.part > first) send(asked, first);
      else waiting = asked;
    };
  };

  // Light and dark: as the machine has it, until somebody chooses. Where a browser keeps nothing for files, the choice lasts for the visit.
  const kept = {
    get: (name) => {
      try {
        return localStorage.getItem(`dilemma-${name}`);
      } catch {
        return null;
      }
    },
    set: (name, value) => {
      try {
        localStorage.setItem(`dilemma-${name}`, value);
      } catch {
        /* for this visit only */
      }
    },
  };
  d.theme = () => document.documentElement.dataset.theme;
  d.setTheme = (name) => {
    document.documentElement.dataset.theme = name;
    const button = document.getElementById("theme");
    button.textContent = name === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", name === "dark" ? "Switch to light colours" : "Switch to dark colours");
    button.setAttribute("aria-pressed", String(name === "dark"));
  };
  d.startTheme = (changed) => {
    d.setTheme(kept.get("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
    document.getElementById("theme").addEventListener("click", () => {
      d.setTheme(d.theme() === "dark" ? "light" : "dark");
      kept.set("theme", d.theme());
      changed();
    });
  };
  /** Letters twice as large, for the back of a room; kept like the theme. */
  d.startRoom = (changed) => {
    const button = document.getElementById("room");
    const put = (large) => {
      document.documentElement.dataset.room = large ? "large" : "";
      button.setAttribute("aria-pressed", String(large));
    };
    put(kept.get("room") === "large");
    button.addEventListener("click", () => {
      const large = document.documentElement.dataset.room !== "large";
      put(large);
      kept.set("room", large ? "large" : "");
      changed();
    });
  };
  d.colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  // Numbers in words.
  d.percent = (x, digits = 0) => `${(100 * x).toFixed(digits)} %`;
  d.short = (x) => {
    if (x === 0) return "0";
    const size = Math.abs(x);
    if (size >= 1000) return Math.round(x).toLocaleString("en");
    return size >= 100 ? x.toFixed(0) : size >= 10 ? x.toFixed(1) : size >= 0.1 ? x.toFixed(2) : x.toPrecision(2);
  };
  d.signed = (x) => (x > 0 ? "+" : x < 0 ? "−" : "") + d.short(Math.abs(x));
  d.span = ([, low, high], say = d.short) => `[${say(low)}, ${say(high)}]`;

  /** A labelled slider; `say` puts its value in words, `changed` is called while it moves. */
  d.slider = (id, { label, term, hint, low, high, step, value }, say, changed) => {
    const shown = d.el("output", { class: "value", for: id, text: say(value) });
    const input = d.el("input", {
      type: "range",
      id,
      min: low,
      max: high,
      step,
      value,
      "aria-describedby": hint ? `${id}-hint` : null,
      "aria-valuetext": say(value),
    });
    input.addEventListener("input", () => {
      const now = Number(input.value);
      shown.textContent = say(now);
      input.setAttribute("aria-valuetext", say(now));
      changed(now);
    });
    const box = d.el(
      "div",
      { class: "slider" },
      shown,
      d.el("label", { for: id }, d.withTerm(label, term)),
      input,
      hint ? d.el("div", { class: "hint", id: `${id}-hint`, text: hint }) : null,
    );
    return {
      box,
      input,
      set(next) {
        input.value = next;
        shown.textContent = say(next);
        input.setAttribute("aria-valuetext", say(next));
      },
    };
  };

  /** A labelled choice; options are [value, text]. */
  d.choice = (id, label, options, value, changed) => {
    const select = d.el(
      "select",
      { id, on: { change: () => changed(select.value) } },
      options.map(([key, text]) => d.el("option", { value: key, text, selected: key === value })),
    );
    return { box: d.el("div", {}, d.el("label", { for: id, text: label }), select), select };
  };

  /** The numbers behind a figure, as a table that opens. */
  d.numbersOf = (head, rows) =>
    d.el(
      "details",
      { class: "numbers-of" },
      d.el("summary", { text: "The numbers" }),
      d.el(
        "div",
        { class: "wide" },
        d.el(
          "table",
          {},
          d.el(
            "thead",
            {},
            d.el(
              "tr",
              {},
              head.map((text) => d.el("th", { scope: "col", text })),
            ),
          ),
          d.el(
            "tbody",
            {},
            rows.map((row) =>
              d.el(
                "tr",
                {},
                row.map((text) => d.el("td", { text })),
              ),
            ),
          ),
        ),
      ),
    );
})(window.dilemma);
