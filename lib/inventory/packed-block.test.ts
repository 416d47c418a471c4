import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Allocation, tunnelTypes } from "../ipam/attribute-kind.ts";
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
    }),
  );
});

test("a pod's handle takes 32 bytes for its 64 digits", () => {
  const bytes = (handle: string | null) => {
    const owner = { kind: "pod", namespace: "a", name: "web-0" };
    const one = { kind: "pod" as const, owner, node: "n", since: null, tunnel: null };
    const packed = new PackedBlock(
      { slots: [0], queue: [], allocations: [{ ...one, handle }] },
      new Interner(),
    );
    return Reflect.get(packed, "view").byteLength as number;
  };
  expect(bytes(`k8s-pod-network.${"0f".repeat(32)}`) - bytes(null)).toBe(32);
});
