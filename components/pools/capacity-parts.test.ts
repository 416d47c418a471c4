import { expect, test } from "vitest";
import { toCsv } from "../ui/column.ts";
import { fileOf } from "../ui/save-rows.ts";
import { capacityColumns, capacityLines, capacityParts } from "./capacity-parts.ts";

const byKind = { pod: "0", tunnel: "0", loadBalancer: "0", vm: "0", windows: "0", other: "0" };
const usage = {
  capacity: "4096",
  inUse: "212",
  reserved: "8",
  free: "3877",
  cooling: "11",
  borrowed: "9",
  reservedUnused: "7",
  freeInBlocks: "100",
  byKind: { ...byKind, pod: "190", tunnel: "3", loadBalancer: "8" },
};
const parts = capacityParts({ name: "p", usage });

test("every address is in one part, kinds that nobody has are left out", () => {
  expect(parts.map(({ kind, count }) => [kind, count])).toEqual([
    ["pod", 190n],
    ["loadBalancer", 8n],
    ["tunnel", 3n],
    ["cooling", 11n],
    ["reserved", 7n],
    ["free", 100n],
    ["unclaimed", 3777n],
  ]);
  expect(parts.reduce((sum, { count }) => sum + (count ?? 0n), 0n)).toBe(4096n);
});

test("each part leads to its addresses", () => {
  expect(Object.fromEntries(parts.map(({ kind, href }) => [kind, href]))).toMatchObject({
    pod: "/addresses?pool=p&kind=pod",
    cooling: "/addresses?pool=p&state=cooling",
    unclaimed: "/addresses?pool=p&state=unclaimed",
  });
});

test("the parts are saved as the page names them", () => {
  const { items } = capacityLines({ name: "p", usage });
  expect(toCsv(capacityColumns, items ?? []).split("\r\n")).toEqual([
    "What,Addresses,Share",
    "Pods,190,5 %",
    "LoadBalancers,8,<1 %",
    "Tunnels,3,<1 %",
    "Cooling,11,<1 %",
    '"Reserved, not in use",7,<1 %',
    "Free in claimed blocks,100,2 %",
    "Unclaimed,3777,92 %",
    "",
  ]);
});

test("nothing is saved when a part cannot be counted, and it says why", () => {
  const unknown = [{ field: "usage", reason: "why" }];
  const lines = capacityLines({ name: "p", usage: { ...usage, cooling: null }, unknown });
  expect(fileOf("csv", capacityColumns, lines)).toEqual({ content: null, why: "why" });
});

test("what cannot be read is unknown, and none of it is left out", () => {
  const none = { pod: null, tunnel: null, loadBalancer: null, vm: null, windows: null, other: null };
  const dark = { ...usage, inUse: null, free: null, cooling: null, reservedUnused: null, freeInBlocks: null };
  const counts = capacityParts({ name: "p", usage: { ...dark, byKind: none } }).map(({ count }) => count);
  expect(counts).toEqual(Array.from({ length: 10 }, () => null));
});
