import { expect, test } from "vitest";
import type { Choice } from "@/lib/contract/choice.ts";
import { chooseHref } from "./choose-href.ts";
import { blockHref, blockWords, sourceWords } from "./choice-words.ts";

const pool = (name: string, eligible = true) => ({ name, cidr: "10.0.0.0/20", eligible, reason: "" });
const choice: Choice = {
  family: 4,
  namespace: "web",
  node: "n1",
  families: [4],
  source: "automatic",
  asked: null,
  pools: [pool("a"), pool("b"), pool("c", false)],
  pool: "a",
  block: "10.0.0.0/26",
  blockHow: "held",
  lender: null,
  ip: "10.0.0.1",
  error: null,
  failure: null,
};

test.each<[Partial<Choice>, string | null]>([
  [{}, "n1 holds 10.0.0.0/26 already, and a node fills its own blocks first."],
  [
    { pool: "b" },
    "n1 holds 10.0.0.0/26 already, and a node fills its own blocks first, whatever the order of the pools.",
  ],
  [
    { blockHow: "claimed" },
    "n1 has no free address in its own blocks of these pools, so it claims 10.0.0.0/26.",
  ],
  [
    { blockHow: "claimed", pool: "b" },
    "n1 has no free address in its own blocks of these pools, so it claims 10.0.0.0/26; the pools before have none left to claim.",
  ],
  [
    { blockHow: "claimed", block: null, ip: null },
    "n1 has no free address in its own blocks of these pools, so it claims another block.",
  ],
  [
    { blockHow: "borrowed", lender: "n2" },
    "No block is left to claim, so n1 borrows from 10.0.0.0/26, a block of n2.",
  ],
  [
    { blockHow: "borrowed" },
    "No block is left to claim, so n1 borrows from 10.0.0.0/26, which no node owns.",
  ],
  [{ blockHow: null, block: null }, null],
])("%j", (changes, words) => {
  expect(blockWords({ ...choice, ...changes })).toBe(words);
});

test.each<[Partial<Choice>, RegExp]>([
  [{}, /^Nothing names pools/],
  [{ source: "pod", asked: '["a"]' }, /^The pod's own annotation decides: \["a"\]$/],
  [{ source: "namespace", asked: "[]" }, /^The annotation of namespace web decides: \[\]$/],
  [{ source: "cniConfig", asked: '["a"]' }, /^The CNI configuration decides: /],
  [{ source: null }, /cannot be read/],
])("what decides: %j", (changes, words) => {
  expect(sourceWords({ ...choice, ...changes })).toMatch(words);
});

test("links carry hostile text unharmed", () => {
  expect(chooseHref({ namespace: "web", node: "n&1", ipv4pools: '["a b"]', ipv6pools: "" })).toBe(
    "/choose?namespace=web&node=n%261&ipv4pools=%5B%22a+b%22%5D",
  );
  expect(blockHref("a/b", "fd00::40/122")).toBe("/pools/a%2Fb?tab=blocks&block=fd00--40-122");
  expect(blockHref(null, "10.0.0.0/26")).toBe("/addresses?block=10-0-0-0-26");
});
