import { expect, test } from "vitest";
import type { Block } from "@/lib/contract/blocks.ts";
import type { PoolHolds } from "@/lib/contract/pool-holds.ts";
import { toCsv } from "../ui/column.ts";
import { fileOf } from "../ui/save-rows.ts";
import { holdsColumns, holdsLines } from "./holds-lines.ts";

const holds: PoolHolds = {
  pool: "web",
  addresses: {
    total: "8",
    byKind: { pod: "5", tunnel: "2", loadBalancer: "0", vm: "0", windows: "0", other: "0" },
    cooling: "1",
  },
  blocks: { total: "2", items: [] },
  namespaces: [{ name: "shop", field: "ipv4pools", raw: '["web"]' }],
  pods: [{ namespace: "dev", name: "a", field: "ipv4pools", raw: '["web","=x"]' }],
};
const blocks = [
  { cidr: "10.0.0.0/26", node: "n1", used: 8 },
  { cidr: "10.0.0.64/26", node: null, used: 0 },
] as Block[];

test("all that holds a pool is one list", () => {
  const { items, total } = holdsLines(holds, { items: blocks, total: 2 });
  expect(total).toBe(7);
  expect(toCsv(holdsColumns, items ?? []).split("\r\n")).toEqual([
    "What,Namespace,Name,Node,Annotation,Addresses in use",
    "Addresses in use,,Pods,,,5",
    "Addresses in use,,Tunnels of nodes,,,2",
    "Addresses in use,,Cooling down,,,1",
    'Named by namespace,shop,shop,,"cni.projectcalico.org/ipv4pools: [""web""]",',
    'Named by pod,dev,a,,"cni.projectcalico.org/ipv4pools: [""web"",""=x""]",',
    "Block,,10.0.0.0/26,n1,,8",
    "Block,,10.0.0.64/26,,,0",
    "",
  ]);
});

const missing = [{ field: "namespaces", reason: "why" }];
test.each([
  ["namespaces", { ...holds, namespaces: null, unknown: missing }, blocks],
  ["pods", { ...holds, pods: null, unknown: missing }, blocks],
  ["blocks", { ...holds, unknown: missing }, null],
])("nothing is saved when %s cannot be read, and it says why", (_what, held, items) => {
  const lines = holdsLines(held, { items, total: items?.length ?? null });
  expect(fileOf("json", holdsColumns, lines)).toEqual({ content: null, why: "why" });
});
