import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Namespace, NamespaceList } from "@/lib/contract/namespaces.ts";
import type { NodeList } from "@/lib/contract/nodes.ts";
import { heldBy, holderWords, namespaceHolders, nodeHolders } from "./holders.ts";

const namespace = (name: string, usage: Record<string, number>) =>
  ({
    name,
    usage: Object.entries(usage).map(([pool, inUse]) => ({ pool, inUse: String(inUse) })),
  }) as Namespace;

function listOf(items: Namespace[], parts: Partial<NamespaceList> = {}): NamespaceList {
  const held = items.map((each) => heldBy(each, null));
  const inUse = held.reduce((sum, count) => sum + count, 0n);
  return {
    items,
    total: items.length,
    inUse: String(inUse),
    holders: held.filter((count) => count > 0n).length,
    inUseByAll: String(inUse),
    ...parts,
  };
}

test("the largest by name, the small ones together, then what is nobody's", () => {
  const items = [
    namespace("web", { a: 600, b: 100 }),
    namespace("db", { a: 290 }),
    namespace("dns", { a: 3 }),
    namespace("ssh", { a: 3 }),
    namespace("ntp", { a: 3 }),
    namespace("tiny", { a: 1 }),
    namespace("idle", {}),
  ];
  const list = listOf(items, { inUse: "1005", holders: 11, inUseByAll: "1009" });
  expect(namespaceHolders(list, null)?.map(({ name, count }) => [name, count])).toEqual([
    ["web", 700n],
    ["db", 290n],
    ["dns", 3n],
    ["ssh", 3n],
    ["ntp", 3n],
    ["6 others", 6n],
    ["Of no namespace", 4n],
  ]);
});

test("in one pool only what is held there counts", () => {
  const list = listOf([namespace("web", { a: 6, b: 100 })], { inUse: "6", inUseByAll: "6" });
  const holders = namespaceHolders(list, "a");
  expect(holders).toMatchObject([{ name: "web", count: 6n, href: "/pods?namespace=web&pool=a" }]);
  expect(holderWords(holders ?? [])).toBe("web holds 100 % of 6 addresses in use.");
});

test("whatever the window holds, the parts add up to all", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 5_000 }), { maxLength: 40 }),
      fc.nat({ max: 40 }),
      fc.nat({ max: 9_000 }),
      (counts, window, nobody) => {
        const all = counts
          .sort((one, other) => other - one)
          .map((count, index) => namespace(`n${index}`, { p: count }));
        const list = listOf(all);
        const inUseByAll = String(BigInt(list.inUse ?? 0) + BigInt(nobody));
        const shown = namespaceHolders({ ...list, items: all.slice(0, window), inUseByAll }, "p") ?? [];
        expect(shown.reduce((sum, { count }) => sum + count, 0n)).toBe(BigInt(inUseByAll));
        for (const { count } of shown) expect(count).toBeGreaterThan(0n);
      },
    ),
  );
});

test.each([
  ["items", { items: null }],
  ["sums", { inUse: null }],
  ["the whole", { inUseByAll: null }],
])("without %s nothing is guessed", (_what, parts) => {
  expect(namespaceHolders(listOf([namespace("web", { a: 6 })], parts), null)).toBeNull();
});

test("words for nobody, for one and for many", () => {
  expect(holderWords([])).toBe("No address is in use.");
  expect(holderWords(namespaceHolders(listOf([], { inUseByAll: "1" }), null) ?? [])).toBe(
    "1 address in use. 1 is of no namespace: tunnels, cooling ones, and what is left of namespaces that are gone.",
  );
});

test("nodes by what they use in the pool", () => {
  const share = (pool: string, used: number) => ({ pool, blocks: 1, capacity: 64, used, borrowed: 0 });
  const items = [
    { name: "n1", pools: [share("a", 9), share("b", 1)] },
    { name: "n2", pools: [share("a", 0)] },
  ];
  const list = { items, total: 2, inUse: "9" } as NodeList;
  expect(nodeHolders(list, "a")).toMatchObject([{ name: "n1", count: 9n, href: "/pods?node=n1&pool=a" }]);
  expect(nodeHolders({ ...list, inUse: null }, "a")).toBeNull();
});
