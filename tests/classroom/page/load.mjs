/** The page's scripts without a browser: what they compute, not what they draw. */
import { readFileSync } from "node:fs";
import vm from "node:vm";

const folder = new URL("../../../sim/classroom/page/", import.meta.url);

export function load(...names) {
  const pen = { measureText: (text) => ({ width: 7 * text.length }) };
  const document = { createElement: () => ({ getContext: () => pen }), documentElement: {} };
  const window = {};
  const context = vm.createContext({
    window,
    document,
    getComputedStyle: () => ({ fontSize: "16px" }),
    setTimeout,
    performance,
  });
  for (const name of names) vm.runInContext(readFileSync(new URL(name, folder), "utf8"), context, { filename: name });
  return window.dilemma;
}
