/* The page's words: each explained where it stands, to whoever points at it or comes to it by keyboard. */
((d) => {
  d.words = {
    emir: "A local commander. He leads a band of fighters in one region, far from the leader.",
    katiba: "A band of fighters under one emir.",
    lineage: "An organisation and everything that has split from it: a family tree of groups.",
    haven: "A place where one is not found: hidden by terrain, and by people who keep silent.",
    seed: "The number that chance starts from. The same number gives the same history; another gives another that could have happened as well.",
    control: "How often the leader meets each of his emirs, from hardly ever (0) to as often as he can (1).",
    search:
      "The leader does not know what is best. Every few months he looks at what hurts more, and moves one step the other way.",
    interval:
      "Chance alone moves a result. In 95 of 100 such experiments, a 95 % interval holds the true value of the model.",
    pair: "Two histories with the same chances and one thing changed. What differs between them follows from that change.",
    trace: "What a meeting leaves behind: a call, a courier, a car that somebody saw. It fades within months.",
    raid: "Security forces strike a band they have found. They may take its emir, and from him a trace leads on.",
    strength: "How many fighters it has, counted by what they can do.",
    survival: "Whether the organisation itself still stands at the end; its splinters do not count.",
    fragmentation: "A part of the group leaves: an emir founds his own, goes to a rival, or goes his own way.",
    exposure: "The chance that a band is found and raided within a year.",
    "agency loss": "The share of what emirs do that serves themselves and not the leader.",
    intelligence: "How well the state is informed: what its forces learn from meetings, attacks and tips.",
    divergence: "How far what an emir wants, believes and sees lies from what his leader does.",
    remoteness: "How far a region is from the centre: fewer meetings, less state, more hiding.",
    record: "What the sources say happened, with the date. The model does not know it.",
    cohesion: "How far its bands do as their leaders say, from 0 to 100 %.",
    tie: "A bond between a band and the people of a place: marriage, deals, trade.",
    alliance: "Two groups that help each other while it pays.",
    embedding: "Marriages, deals and trade that tie an emir to the people around him.",
    broker: "A notable whom two sides trust, and through whom they can come to terms.",
  };

  let counter = 0;
  /** A word with its meaning, as something to point at and to come to by Tab. */
  d.term = (shown, name) => {
    const meaning = d.words[name || shown];
    if (!meaning) throw new Error(`the glossary has no word ${name || shown}`);
    const id = `word-${++counter}`;
    const box = d.el("span", { class: "meaning", role: "tooltip", id, text: meaning });
    // Wherever the word stands, its meaning stays on the screen.
    const place = () => {
      box.style.left = "0";
      const { left, right } = box.getBoundingClientRect();
      const over = Math.max(0, right - document.documentElement.clientWidth + 8);
      box.style.left = `${-Math.min(over, Math.max(0, left - 8))}px`;
    };
    return d.el(
      "span",
      {
        class: "word",
        tabindex: 0,
        "aria-describedby": id,
        on: {
          keydown: (event) => event.key === "Escape" && event.currentTarget.blur(),
          mouseenter: place,
          focus: place,
        },
      },
      shown,
      box,
    );
  };

  /** A text in which [shown|word], or [word], is in the glossary: what to put into an element. */
  d.glossed = (text) =>
    text.split(/(\[[^\]]+\])/).map((piece) => {
      if (!piece.startsWith("[")) return piece;
      const [shown, name] = piece.slice(1, -1).split("|");
      return d.term(shown, name);
    });
})(window.dilemma);
