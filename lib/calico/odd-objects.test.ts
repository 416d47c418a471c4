import * as fc from "fast-check";
import { expect, test } from "vitest";
import { countBlock } from "../ipam/block-count.ts";
import { emptyCidrSet } from "../ipam/cidr-set.ts";
import { parseAffinity } from "./parse-affinity.ts";
import { parseBlock } from "./parse-block.ts";
import { parseConfig } from "./parse-config.ts";
import { parseHandle } from "./parse-handle.ts";
import { parsePool } from "./parse-pool.ts";
import { parseReservation } from "./parse-reservation.ts";

const affinity = (spec: object): unknown => ({
  metadata: { name: "n-10-0-0-0-26" },
  spec: { state: "confirmed", node: "n", type: "host", cidr: "10.0.0.0/26", deleted: "false", ...spec },
});

const affinities: readonly [string, object, object | null, string[]][] = [
  ["nothing odd", {}, { owner: { type: "host", name: "n" }, state: "confirmed", deleted: false }, []],
  [
    "old data",
    { state: "", type: undefined, deleted: undefined },
    { owner: { type: "host" }, state: "confirmed", deleted: false },
    [],
  ],
  ["deleted as text", { deleted: "true" }, { deleted: true }, []],
  ["deleted as bool", { deleted: true }, { deleted: true }, []],
  ["an unknown state", { state: "lost" }, { state: "pending" }, ['state is "lost": read as pending']],
  ["an unknown type", { type: "rack" }, { owner: { type: "host" } }, ['type is "rack": read as host']],
  ["no node", { node: "" }, null, ['node is ""']],
  ["no CIDR", { cidr: "x" }, null, ['cidr: "x" is not a CIDR such as 10.64.0.0/20']],
  [
    "another block",
    { cidr: "10.0.0.64/26" },
    {},
    ['the object is named "n-10-0-0-0-26", Calico would name it n-10-0-0-64-26'],
  ],
];

test.each(affinities)("affinity with %s", (_name, spec, value, oddities) => {
  const parsed = parseAffinity(affinity(spec));
  if (value === null) expect(parsed.value).toBeNull();
  else expect(parsed.value).toMatchObject(value);
  expect(parsed.oddities).toEqual(oddities);
});

test("handles", () => {
  const handle = (metadata: object, spec: object): unknown => ({ metadata, spec });
  expect(
    parseHandle(
      handle({ name: "lb-ab" }, { handleID: "lb-aB", block: { "10.0.0.0/26": 2 }, deleted: false }),
    ),
  ).toEqual({
    value: { id: "lb-aB", blocks: new Map([["10.0.0.0/26", 2]]), deleted: false, revision: null },
    oddities: [],
  });
  expect(parseHandle(handle({ name: "h" }, { block: { x: 1, "10.0.0.0/26": -1 } }))).toEqual({
    value: { id: "h", blocks: new Map(), deleted: false, revision: null },
    oddities: [
      "handleID is missing",
      'block: "x" is not a CIDR such as 10.64.0.0/20',
      "block 10.0.0.0/26 has count -1: left out",
    ],
  });
  expect(parseHandle({}).value).toBeNull();
});

test("config", () => {
  expect(
    parseConfig({ spec: { strictAffinity: true, autoAllocateBlocks: true, maxBlocksPerHost: 4 } }),
  ).toEqual({
    value: {
      strictAffinity: true,
      autoAllocateBlocks: true,
      maxBlocksPerHost: 4,
      kubeVirtVMAddressPersistence: "Enabled",
      ipCooldownSeconds: 0,
    },
    oddities: [],
  });
  expect(
    parseConfig({
      spec: {
        strictAffinity: false,
        maxBlocksPerHost: -1,
        ipCooldownSeconds: 1201,
        kubeVirtVMAddressPersistence: "x",
      },
    }).oddities,
  ).toEqual([
    "autoAllocateBlocks is missing: read as false",
    "maxBlocksPerHost is -1, not between 0 and 2147483647: read as 0",
    "ipCooldownSeconds is 1201, not between 0 and 1200: read as 0",
    'kubeVirtVMAddressPersistence is "x": read as Enabled',
    "strictAffinity and autoAllocateBlocks are both off: no node claims a block",
  ]);
  expect(parseConfig({}).value).toBeNull();
});

test("reservations keep what can be read", () => {
  const parsed = parseReservation({
    metadata: { name: "r" },
    spec: { reservedCIDRs: ["10.0.0.5", "10.0.0.9/29", "x", null] },
  });
  expect(parsed.value?.cidrs.map((cidr) => cidr.prefix)).toEqual([32, 29]);
  expect(parsed.oddities).toEqual([
    'reserved "10.0.0.9/29" has host bits set: read as 10.0.0.8/29',
    'reserved: "x" is not a CIDR such as 10.64.0.0/20',
    "reserved is null",
  ]);
  expect(parseReservation({ metadata: { name: "r" }, spec: { reservedCIDRs: "x" } }).oddities).toEqual([
    'reservedCIDRs is "x", not a list',
  ]);
  expect(parseReservation(null).value).toBeNull();
});

const anything = fc.anything({ withBigInt: true, withNullPrototype: true });
const specLike = fc.record(
  {
    cidr: fc.oneof(fc.constantFrom("10.0.0.0/30", "fd00::/126", "10.0.0.0/16"), anything),
    affinity: anything,
    allocations: fc.oneof(fc.array(fc.oneof(fc.integer({ min: -1, max: 5 }), fc.constant(null))), anything),
    unallocated: fc.oneof(fc.array(fc.integer({ min: -1, max: 5 })), anything),
    attributes: fc.oneof(fc.array(anything), anything),
    sequenceNumber: anything,
    sequenceNumberForAllocation: anything,
    node: anything,
    state: anything,
    handleID: anything,
    block: anything,
    reservedCIDRs: anything,
    nodeSelector: anything,
    allowedUses: anything,
    blockSize: anything,
  },
  { requiredKeys: [] },
);

test("whatever the cluster holds is read without throwing, and a block's counts add up", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anything,
        fc.record({ metadata: anything, spec: specLike, status: anything }),
        fc.record({ metadata: fc.constant({ name: "x" }), spec: specLike }),
      ),
      (raw) => {
        for (const parse of [parsePool, parseAffinity, parseHandle, parseConfig, parseReservation])
          parse(raw);
        const { value } = parseBlock(raw);
        if (value === null) return;
        const counts = countBlock(value, emptyCidrSet);
        expect(counts.inUse + counts.free).toBe(counts.capacity);
      },
    ),
    { numRuns: 500 },
  );
});
