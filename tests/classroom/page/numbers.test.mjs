import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const d = load("core.js", "drawing.js", "chart.js", "numbers.js");
const organisation = (id, first, strength, names = [id]) => ({ id, names, renamed: 2, first, strength, own: false });
const history = (organisations) => ({
  start: "2000-01",
  months: 2,
  organisations,
  regions: [{ name: "Hills", state: "R", haven: [5, 6, 7] }],
  presence: [{ region: 0, organisation: 0, first: 1, strength: [3, 4] }],
  communities: [{ name: "Towns", region: 0 }],
  ties: [{ organisation: 0, community: 0, first: 2, tie: [40] }],
  alliances: [],
  lineage: { strength: [1, 2, 3], cohesion: [1, 1, 1] },
});

test("organisations that never stand at the same time share a row, the same one in both histories", () => {
  const one = history([organisation("a", 0, [1, 1]), organisation("b", 2, [1]), organisation("c", 1, [1])]);
  const other = history([organisation("c", 0, [1]), organisation("a", 0, [1])]);
  d.prepare([one, other]);
  const [a, b, c] = one.rows;
  assert.notEqual(a, c);
  assert.ok(b === a || b === c);
  assert.deepEqual([...other.rows], [c, a]);
});

test("numbers are told by month, under the name of that month", () => {
  const data = history([organisation("a", 1, [3, 4], ["Old", "New"])]);
  assert.deepEqual(
    [...d.lanesRows(data).map((row) => row.join(" "))],
    ["month date organisation strength", "1 2000-01 Old 3", "2 2000-02 New 4"],
  );
  assert.deepEqual(
    [...d.mapRows(data).map((row) => row.slice(4).join(" "))],
    ["haven_percent organisation strength", "5  0", "6 Old 3", "7 New 4"],
  );
  assert.deepEqual(d.networkRows(data).slice(1).join(), "2,2000-02,tie,New,Towns,40");
  assert.equal(d.overlayRows(data, data).length, 4);
});

test("a word with a hyphen may part after it, and nothing of it is lost", () => {
  const lines = d.linesOf("North-western villages", 40, 12, false);
  assert.equal(lines[0], "North-");
  assert.deepEqual([...d.linesOf("North-western villages", 4000, 12, false)], ["North-western villages"]);
});
