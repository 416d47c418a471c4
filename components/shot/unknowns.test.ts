import { expect, test } from "vitest";
import { completenessWords, reasonsOf, unknownsIn } from "./unknowns.ts";

const pods = { field: "items", reason: "Poolboard may not read pods (list pods)" };
const blocks = { field: "usage", reason: "Poolboard may not read IPAM blocks (list ipamblocks)" };

test.each<[string, unknown, readonly string[]]>([
  ["nothing", undefined, []],
  ["text", "kind: IPPool", []],
  ["a whole answer", { items: [{ name: "a" }] }, []],
  ["an object", { name: "a", unknown: [pods] }, [pods.reason]],
  [
    "a list and its items",
    { unknown: [pods], items: [{ unknown: [blocks] }, {}] },
    [pods.reason, blocks.reason],
  ],
  ["a list that cannot be read", { items: null, unknown: [pods] }, [pods.reason]],
  [
    "windows",
    { pages: [{ items: [{ unknown: [blocks] }] }, { items: [{ unknown: [blocks] }] }] },
    [blocks.reason],
  ],
  ["columns", { header: { unknown: [blocks] }, used: new Uint8Array(4) }, [blocks.reason]],
  ["an odd one", { unknown: "all" }, []],
])("%s: %j", (_name, data, reasons) => {
  expect(reasonsOf(unknownsIn(data))).toEqual(reasons);
});

test.each([
  [[], "complete: every block was readable"],
  [[pods.reason], "incomplete: Poolboard may not read pods (list pods)"],
  [[pods.reason, blocks.reason], "incomplete: Poolboard may not read pods (list pods), and 1 more"],
])("%j reads %s", (reasons, words) => {
  expect(completenessWords(reasons)).toBe(words);
});
