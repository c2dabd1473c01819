import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const d = load("core.js", "drawing.js", "contacts.js");
const story = {
  intelligence: 0.5,
  numbers: { meetings: 10, remote_contact: 0.5, trace_keep: 0.5, unseen: 0.4, percolation: 0.2 },
  emirs: [{ remoteness: 0 }, { remoteness: 1 }, { remoteness: 0.5 }],
};

test("distance thins contact", () => {
  assert.deepEqual([...d.meetingsUnder(story, 0.5)], [5, 2.5, 3.75]);
});

test("who is met more is asked more, and leads on more readily", () => {
  assert.equal(d.asked(story.numbers, 0), 0);
  assert.ok(d.asked(story.numbers, 8) > d.asked(story.numbers, 2));
  assert.equal(d.leadsOn(story, 0), 0);
  assert.ok(Math.abs(d.leadsOn(story, 5) - (1 - Math.exp(-0.2 * 0.5 * 10))) < 1e-12);
});

test("a trail runs along contacts only, and through the leader", () => {
  const dice = d.dice(1);
  for (let n = 0; n < 200; n++) {
    const trail = d.trail(story, [9, 0, 9], n % 3, dice);
    if (n % 3 === 1)
      assert.deepEqual({ ...trail, others: [...trail.others] }, { struck: 1, leader: false, others: [] });
    assert.ok(!trail.others.includes(1) && !trail.others.includes(trail.struck));
    if (!trail.leader) assert.equal(trail.others.length, 0);
  }
});

test("the same seed throws the same numbers, evenly", () => {
  const [one, other] = [d.dice(3), d.dice(3)];
  const thrown = Array.from({ length: 2000 }, () => one());
  assert.deepEqual(
    thrown.slice(0, 5),
    Array.from({ length: 5 }, () => other()),
  );
  assert.ok(Math.abs(thrown.reduce((a, b) => a + b) / 2000 - 0.5) < 0.03);
});
