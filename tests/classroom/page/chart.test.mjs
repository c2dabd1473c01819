import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const d = load("core.js", "drawing.js", "chart.js", "optimum.js");

test("a scale leads from its ends to its ends, upside down too", () => {
  const y = d.scale(-20, 12, 300, 20);
  assert.equal(y(-20), 300);
  assert.equal(y(12), 20);
  assert.ok(y(0) > y(1));
});

test("ticks are round numbers within the axis", () => {
  assert.deepEqual([...d.ticks(-20, 12, 4)], [-20, -10, 0, 10]);
  assert.deepEqual([...d.ticks(-0.25, 0.15, 2)], [-0.2, 0]);
  for (const [low, high] of [
    [0.0123, 0.0187],
    [-3e5, 7e5],
  ])
    for (const tick of d.ticks(low, high, 5)) assert.ok(tick >= low && tick <= high);
});

test("lines of a text are no wider than their room, but for words that are", () => {
  const lines = d.linesOf("what is left of the organisation", 90, 12, false);
  assert.ok(lines.length > 1);
  for (const line of lines) assert.ok(7 * line.length <= 90 || !line.includes(" "));
  assert.equal(lines.join(" "), "what is left of the organisation");
});

test("a cell with a comma or a quote is quoted in CSV", () => {
  assert.equal(
    d.csv([
      ["a", 'b "c"'],
      [1, "x,y"],
    ]),
    'a,"b ""c"""\n1,"x,y"\n',
  );
});

test("a control between two levels lies between their places", () => {
  const levels = [0.25, 0.5, 1];
  assert.equal(d.placeOfControl(levels, 0.1), 0);
  assert.equal(d.placeOfControl(levels, 0.5), 1);
  assert.equal(d.placeOfControl(levels, 0.75), 1.5);
  assert.equal(d.placeOfControl(levels, 2), 2);
});
