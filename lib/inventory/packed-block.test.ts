import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Allocation, tunnelTypes } from "../ipam/attribute-kind.ts";
import type { Block } from "../ipam/block.ts";
import { countBlock } from "../ipam/block-count.ts";
import { parseCidr } from "../ipam/cidr.ts";
import { cidrSet } from "../ipam/cidr-set.ts";
import { countUnder } from "./block-totals.ts";
import { Interner } from "./interner.ts";
import { PackedBlock } from "./packed-block.ts";

const text = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" });
const orNone = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null });
const hex = fc.stringMatching(/^[0-9a-f]{64}$/);

/** Only what describeAttribute can say: the owner follows from kind, name and node. */
const allocation: fc.Arbitrary<Allocation> = fc
  .record({
    kind: fc.constantFrom("pod", "tunnel", "loadBalancer", "vm", "windows", "other", null),
    tunnel: fc.constantFrom(...tunnelTypes),
    namespace: orNone(text),
    name: orNone(text),
    node: orNone(text),
    since: orNone(
      fc
        .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
        .map((date) => date.toISOString()),
    ),
    handle: orNone(
      fc.oneof(
        text,
        hex.map((id) => `k8s-pod-network.${id}`),
        hex,
        hex.map((id) => `a.b.${id}.${id}`),
      ),
    ),
  })
  .map(({ kind, tunnel, namespace, name, node, since, handle }) => {
    const common = { kind, node, since, handle, tunnel: kind === "tunnel" ? tunnel : null };
    if (kind === "tunnel")
      return { ...common, owner: node === null ? null : { kind: "node", namespace: null, name: node } };
    const ownerKind = kind === "loadBalancer" ? "service" : kind;
    const owned = kind === "pod" || kind === "vm" || kind === "loadBalancer";
    return {
      ...common,
      owner: owned && name !== null && ownerKind !== null ? { kind: ownerKind, namespace, name } : null,
    };
  });

const content = fc
  .record({ size: fc.integer({ min: 1, max: 70 }), allocations: fc.array(allocation, { maxLength: 12 }) })
  .chain(({ size, allocations }) =>
    fc.record({
      home: orNone(fc.constantFrom("n", ...allocations.flatMap(({ node }) => node ?? []))),
      allocations: fc.constant(allocations),
      slots: fc.array(fc.option(fc.nat(Math.max(0, allocations.length - 1)), { nil: null }), {
        minLength: size,
        maxLength: size,
      }),
      queue: fc.array(fc.nat(size - 1), { maxLength: size }),
    }),
  )
  .map((one) => (one.allocations.length > 0 ? one : { ...one, slots: one.slots.map(() => null) }));

test("what goes in comes out, whatever the texts", () => {
  fc.assert(
    fc.property(content, (one) => {
      const packed = new PackedBlock(one, new Interner());
      expect(one.slots.map((_, ordinal) => packed.slot(ordinal))).toEqual(
        one.slots.map((slot) => slot ?? -1),
      );
      expect(packed.queue()).toEqual(one.queue);
      expect(one.allocations.map((_, index) => packed.allocation(index))).toEqual(one.allocations);
      expect(one.allocations.map((_, index) => nameOf(packed, index))).toEqual(
        one.allocations.map(({ kind, owner }) => (kind === "tunnel" ? "" : (owner?.name ?? ""))),
      );
    }),
  );
});

function nameOf(packed: PackedBlock, index: number): string {
  const bytes = new Uint8Array(200);
  return Buffer.from(bytes.subarray(0, packed.writeName(index, bytes, 0))).toString("utf8");
}

test("it is counted as countBlock counts it, under any reservations", () => {
  const cidr = { family: 4, base: 0x0a000000n, prefix: 26 } as const;
  const reservations = fc
    .subarray(["10.0.0.0/28", "10.0.0.20/30", "10.0.0.63/32"])
    .map((texts) => cidrSet(texts.map((one) => parseCidr(one).cidr)));
  fc.assert(
    fc.property(content, reservations, (one, reserved) => {
      const slots = Array.from({ length: 64 }, (_, ordinal) => one.slots[ordinal] ?? null);
      const block: Block = {
        cidr,
        affinity: one.home === null ? null : { type: "host", name: one.home },
        claimedAt: null,
        allocations: slots,
        queue: one.queue,
        attributes: [],
        sequenceNumber: 0n,
        sequenceForAllocation: new Map(),
        deleted: false,
        revision: null,
      };
      const packed = new PackedBlock({ ...one, slots }, new Interner());
      const counts = countUnder(cidr, packed, reserved);
      const { byKind, capacity, cooling, free, inUse, lent, reserved: held, reservedInUse } = counts;
      expect({ byKind, capacity, cooling, free, inUse, lent, reserved: held, reservedInUse }).toEqual(
        countBlock(block, reserved, one.allocations),
      );
    }),
  );
});

test("a large block with long names of any script", () => {
  const names = Array.from({ length: 1_024 }, (_, at) => `${"größer".repeat(at % 90)}-${at}`);
  const owned = names.map((name, at) => ({
    kind: "pod" as const,
    owner: { kind: "pod", namespace: `n${at}`, name },
    node: `node-${at}`,
    since: at % 3 === 0 ? null : new Date(at * 1e9 - 62e12).toISOString(),
    handle: at % 2 === 0 ? null : `${at % 5}.${"0e".repeat(32)}`,
    tunnel: null,
  }));
  const packed = new PackedBlock(
    { slots: names.map((_, at) => at), queue: [], allocations: owned },
    new Interner(),
  );
  expect(names.map((_, at) => packed.allocation(at))).toEqual(owned);
});

test("a pod's handle takes 32 bytes for its 64 digits", () => {
  const bytes = (handle: string | null) => {
    const owner = { kind: "pod", namespace: "a", name: "web-0" };
    const one = { kind: "pod" as const, owner, node: "n", since: null, tunnel: null };
    const packed = new PackedBlock(
      { slots: [0], queue: [], allocations: [{ ...one, handle }] },
      new Interner(),
    );
    return packed.weight.handles;
  };
  expect(bytes(`k8s-pod-network.${"0f".repeat(32)}`) - bytes(null)).toBe(32);
});
