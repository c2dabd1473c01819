/* The numbers behind a history's drawings, as rows to take away: the whole history, not only the month that is shown. */
((d) => {
  const months = (data) => Array.from({ length: data.months + 1 }, (_, month) => month);
  /** A month's number and its date: the start has the date of the first month. */
  const when = (data, month) => [month, d.dateOf(data.start, month)];

  /** Strength of each organisation, in fighter-equivalents, in the months in which it stands. */
  d.lanesRows = (data) => [
    ["month", "date", "organisation", "strength"],
    ...data.organisations.flatMap((o) =>
      o.strength.map((s, n) => [...when(data, o.first + n), d.nameOf(o, o.first + n), s]),
    ),
  ];

  /** Haven of each region in per cent, and the strength of whoever is there. */
  d.mapRows = (data) => {
    const present = data.regions.map((_, k) => data.presence.filter((p) => p.region === k));
    return [
      ["month", "date", "region", "state", "haven_percent", "organisation", "strength"],
      ...months(data).flatMap((month) =>
        data.regions.flatMap((r, k) => {
          const there = present[k].filter((p) => d.at(p, month, "strength") > 0);
          const place = [...when(data, month), r.name, r.state, r.haven[month]];
          return there.length
            ? there.map((p) => [
                ...place,
                d.nameOf(data.organisations[p.organisation], month),
                d.at(p, month, "strength"),
              ])
            : [[...place, "", 0]];
        }),
      ),
    ];
  };

  /** Ties between organisations and communities, in per cent, and alliances while they are in force. */
  d.networkRows = (data) => [
    ["month", "date", "kind", "organisation", "other", "tie_percent"],
    ...months(data).flatMap((month) => {
      const name = (k) => d.nameOf(data.organisations[k], month);
      const ties = data.ties
        .filter((t) => d.at(t, month, "tie") > 0)
        .map((t) => ["tie", name(t.organisation), data.communities[t.community].name, d.at(t, month, "tie")]);
      const alliances = data.alliances
        .filter((a) => d.allied(data, a, month))
        .map((a) => ["alliance", name(a.one), name(a.other), ""]);
      return [...ties, ...alliances].map((row) => [...when(data, month), ...row]);
    }),
  ];

  /** Strength of the followed lineage in two histories. */
  d.overlayRows = (before, after) => [
    ["month", "date", "strength_as_it_was", "strength_otherwise"],
    ...months(before).map((month) => [
      ...when(before, month),
      before.lineage.strength[month],
      after.lineage.strength[month],
    ]),
  ];
})(window.dilemma);
