/* Begin: ask what there is, and show the page that the address names. */
((d) => {
  let contents = null,
    cleanUp = null;
  // The order of the lecture.
  const order = ["begin", "dilemma", "history", "what-if", "policies", "lessons"];
  d.pages = Object.fromEntries(order.map((name) => [name, d.pages[name]]));

  d.render = () => {
    const { page, state } = d.place(),
      main = document.getElementById("main");
    if (cleanUp) cleanUp();
    document.title = `${d.pages[page].title} · dilemma`;
    for (const link of document.querySelectorAll("#pages a")) {
      if (link.dataset.page === page) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    main.dataset.page = page;
    cleanUp = d.pages[page].render(main, state, contents) || null;
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
