import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

/** A page whose questions are answered by hand. */
function room(parts) {
  const d = load("core.js");
  const asked = [];
  d.ask = (_, question) => new Promise((answer) => asked.push({ question, answer: () => answer({ ...question }) }));
  d.inFile = () => false;
  const shown = [];
  const ask = d.stream("x", parts, (answer) => shown.push(`${answer.at}/${answer.part ?? ""}`), assert.fail);
  return { ask, asked, shown };
}
const turn = () => new Promise((done) => setTimeout(done, 0));

test("every completed answer is shown, and the last position is asked last", async () => {
  const { ask, asked, shown } = room(1);
  for (const at of [1, 2, 3]) ask({ at });
  assert.equal(asked.length, 1);
  asked[0].answer();
  await turn();
  assert.deepEqual(shown, ["1/"]);
  assert.equal(asked[1].question.at, 3);
  asked[1].answer();
  await turn();
  assert.deepEqual(shown, ["1/", "3/"]);
  assert.equal(asked.length, 2);
});

test("further parts follow while nobody asks anew, and do not hold up who does", async () => {
  const { ask, asked, shown } = room(3);
  ask({ at: 1 });
  asked[0].answer();
  await turn();
  assert.deepEqual({ ...asked[1].question }, { at: 1, part: 1 });
  ask({ at: 2 });
  assert.deepEqual({ ...asked[2].question }, { at: 2, part: 0 });
  asked[2].answer();
  await turn();
  asked[1].answer(); // A part of the older answer arrives late.
  await turn();
  assert.deepEqual(shown, ["1/0", "2/0"]);
  assert.deepEqual({ ...asked[3].question }, { at: 2, part: 1 });
});
