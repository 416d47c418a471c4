import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Address } from "../../contract/addresses.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { calicoObject, event, inventoryOf, poolObject } from "../../inventory/testing.ts";
import { addressFields } from "./address-order.ts";
import { listAddresses } from "./addresses.ts";

/** A /28 block of 10.0.0.0/24, any of its addresses held by somebody or nobody. */
const block = fc
  .record({
    slot: fc.nat(15),
    owner: fc.constantFrom(undefined, "host:node-a", "host:node-b"),
    holders: fc.array(fc.option(fc.nat(9), { nil: null }), { minLength: 16, maxLength: 16 }),
  })
  .map(({ slot, owner, holders }) =>
    calicoObject("IPAMBlock", `10-0-0-${slot * 16}-28`, {
      cidr: `10.0.0.${slot * 16}/28`,
      affinity: owner,
      allocations: holders,
      unallocated: holders.flatMap((holder, ordinal) => (holder === null ? [ordinal] : [])),
      attributes: [
        ...[
          ["a", "web-0", "node-a", "2026-08-22 12:00:00 +0000 UTC"],
          ["a", "web-10", "node-b", "2026-08-22 12:00:00.5 +0000 UTC"],
          ["a", "web-1", "node-b", "2025-01-01 00:00:00 +0000 UTC"],
          ["a-b", "api", "node-a", "1999-12-31 23:59:59.999 +0000 UTC"],
          ["b", "größe", "node-a", undefined],
        ].map(([namespace, pod, node, timestamp]) => ({
          handle_id: `h.${pod}`,
          secondary: { namespace, pod, node, ...(timestamp && { timestamp }) },
        })),
        { handle_id: "t", secondary: { node: "node-a", type: "vxlanTunnelAddress" } },
        { releasedAt: "2026-08-22T12:00:00Z" },
        { handle_id: "windows-reserved-ipam-handle", secondary: { note: "windows host rsvd" } },
        { handle_id: "lb", secondary: { type: "LoadBalancer", service: "web", namespace: "b" } },
        { handle_id: "old", secondary: {} },
      ],
      deleted: false,
      sequenceNumber: 1,
    }),
  );

const question = fc.record(
  {
    q: fc.constantFrom("web", "web-1", "a", "node-b", "10.0.0.3", "grö", "p 10.0", "web node-a", "0-28"),
    namespace: fc.constantFrom("a", "b", "nowhere"),
    node: fc.constantFrom("node-a", "node-b"),
    kind: fc.constantFrom("pod", "tunnel", "other"),
    state: fc.constantFrom("used", "cooling", "reserved", "free", "unclaimed"),
    sort: fc.constantFrom(...addressFields.flatMap((field) => [field, `-${field}`])),
  },
  { requiredKeys: [] },
);
type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

/** The question answered from all rows, as plainly as can be. */
function plainly(
  all: readonly Address[],
  { q, namespace, node, kind, state, sort = "ip" }: Question,
): Address[] {
  const words = (q ?? "").split(" ").filter((word) => word !== "" && q !== "10.0.0.3");
  const found = all.filter((row) => {
    const texts = [row.ip, row.block && `${row.ip.replace(/\d+$/, "")}`, row.pool];
    const own = [cidrOf(row), row.owner?.name, row.owner?.namespace, row.node];
    return (
      (namespace === undefined || row.owner?.namespace === namespace) &&
      (node === undefined || row.node === node) &&
      (kind === undefined || row.kind === kind) &&
      (state === undefined || row.state === state) &&
      (q !== "10.0.0.3" || covers(row, 3)) &&
      words.every((word) => [...texts, ...own].some((text) => text?.includes(word)))
    );
  });
  const field = sort.replace("-", "") as (typeof addressFields)[number];
  if (field === "ip") return sort === "ip" ? found : found.toReversed();
  const valueOf = (row: Address) =>
    field === "owner" ? row.owner && `${row.owner.namespace ?? ""}/${row.owner.name}` : row[field];
  const sign = sort.startsWith("-") ? -1 : 1;
  return found.toSorted((one, other) => {
    const [a, b] = [valueOf(one), valueOf(other)];
    if (a === b) return 0;
    if (a === null || b === null) return a === null ? sign : -sign;
    return a < b ? -sign : sign;
  });
}

function cidrOf({ block: name }: Address): string | undefined {
  const [, last] = /^10-0-0-(\d+)-28$/.exec(name ?? "") ?? [];
  return last && `10.0.0.${last}/28`;
}

function covers({ ip, lastIp, state }: Address, last: number): boolean {
  const number = (text: string) => Number(text.split(".")[3]);
  const isRun = state === "free" || state === "unclaimed";
  return number(ip) <= last && number(isRun ? (lastIp ?? ip) : ip) >= last;
}

/** Asked after every change: their answers come of the ones before. */
const orders: readonly Question[] = ["owner", "-owner", "-since", "node", "state", "-kind"].map((sort) => ({
  sort,
}));

const ask = async (inventory: Inventory, query: Question) =>
  (await listAddresses(inventory, { ...query, limit: 500 })).items ?? [];

test("whatever is asked, before and after whatever changes, is what looking at every row would find", async () => {
  const change = fc.oneof(
    { weight: 3, arbitrary: block.map((raw) => ({ kind: "blocks" as const, raw })) },
    {
      weight: 1,
      arbitrary: fc.subarray(["10.0.0.0/28", "10.0.0.20/30"]).map((reservedCIDRs) => ({
        kind: "reservations" as const,
        raw: calicoObject("IPReservation", "r", { reservedCIDRs }),
      })),
    },
  );
  const step = fc.record({
    change,
    isGone: fc.boolean(),
    questions: fc.array(question, { minLength: 1, maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const inventory = inventoryOf({ pools: [poolObject("p", "10.0.0.0/24", { blockSize: 28 })] });
      for (const { change: one, isGone, questions } of steps) {
        event(inventory, one.kind, isGone ? "DELETED" : "MODIFIED", one.raw);
        // Asked at once, and each again: what is kept and what is shared must be right as well.
        const every = [...questions, ...questions, ...orders];
        const asked = await Promise.all(every.map((query) => ask(inventory, query)));
        const all = await ask(inventory, {});
        for (const [at, query] of every.entries()) expect(asked[at]).toEqual(plainly(all, query));
      }
    }),
    { numRuns: 100 },
  );
});

test("a question that nobody waits for any more is not answered", async () => {
  const inventory = inventoryOf({ pools: [poolObject("p", "10.0.0.0/24")] });
  const controller = new AbortController();
  const asked = listAddresses(inventory, { sort: "owner" }, controller.signal);
  controller.abort();
  await expect(asked).rejects.toThrow("aborted");
  expect(await ask(inventory, { sort: "owner" })).toHaveLength(1);
});
