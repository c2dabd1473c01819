/* Begin: ask what there is, and show the page that the address names. */
((d) => {
  let contents = null,
    cleanUp = null;
  // The order of the lecture.
  const order = ["begin", "dilemma", "history", "what-if", "policies", "lessons"];
  d.pages = Object.fromEntries(order.map((name) => [name, d.pages[name]]));

  /** How a page works: each mechanism in plain words, and the rule's own text for whoever opens it. */
  function infoOf(mechanisms) {
    const entry = ({ rule, words }) => {
      const text = d.el("pre", { tabindex: 0, "aria-label": `Text of the rule ${rule}` });
      const box = d.el(
        "details",
        { class: "rule-text", "data-rule": rule },
        d.el("summary", { text: `The rule itself: sim/rules/${rule}.py` }),
        text,
      );
      box.addEventListener("toggle", () => {
        if (box.open && !text.textContent)
          d.ask("rule", { name: rule })
            .then((answer) => {
              text.textContent = answer.text;
            })
            .catch((error) => {
              text.textContent = error.message;
            });
      });
      return d.el("li", {}, d.el("p", { text: words }), box);
    };
    return d.el(
      "details",
      { class: "info" },
      d.el("summary", { text: "Info: how this works, in plain words and in the rules’ own" }),
      d.el("ul", {}, mechanisms.map(entry)),
      d.el("p", {
        class: "term",
        text: "Parameters, their sources and what is assumed: docs/ODD.md. What the model gets right and wrong: docs/FINDINGS.md.",
      }),
    );
  }

  d.render = () => {
    const { page, state } = d.place(),
      main = document.getElementById("main");
    if (cleanUp) cleanUp();
    document.title = `${d.pages[page].title} · dilemma`;
    for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#pages a"))) {
      if (link.dataset.page === page) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    main.dataset.page = page;
    cleanUp = d.pages[page].render(main, state, contents) || null;
    document.getElementById("info").replaceChildren(infoOf(contents.info[d.pages[page].info]));
  };

  document.querySelector("[data-skip]").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  });
  document
    .getElementById("pages")
    .append(
      ...order.map((name) => d.el("a", { href: d.address(name, {}), "data-page": name, text: d.pages[name].title })),
    );
  const again = () => {
    if (contents) d.render();
  };
  // Figures are drawn anew for the width of paper before a page is printed, and for the screen after it.
  const drawn = (paper) => () => {
    document.documentElement.toggleAttribute("data-paper", paper);
    dispatchEvent(new Event("resize"));
    document.dispatchEvent(new Event("dilemma:paper"));
  };
  addEventListener("beforeprint", drawn(true));
  addEventListener("afterprint", drawn(false));
  d.startTheme(again);
  d.startRoom(again);
  d.ask("contents", {})
    .then((found) => {
      contents = found;
      document.getElementById("caveat").textContent = contents.caveat;
      addEventListener("hashchange", d.render);
      d.render();
    })
    .catch((error) => {
      document.getElementById("main").replaceChildren(d.el("p", { class: "error", text: error.message }));
    });
})(window.dilemma);
