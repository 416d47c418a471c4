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

const pool = (spec: object): unknown => ({ metadata: { name: "p" }, spec });

test("an almost empty pool has Calico's defaults", () => {
  expect(parsePool(pool({ cidr: "10.64.0.0/20" }))).toEqual({
    value: {
      name: "p",
      uid: "",
      resourceVersion: "",
      createdAt: "",
      labels: {},
      annotations: {},
      cidr: { family: 4, base: 0x0a400000n, prefix: 20 },
      blockSize: 26,
      disabled: false,
      natOutgoing: false,
      ipipMode: "Never",
      vxlanMode: "Never",
      disableBGPExport: false,
      nodeSelector: "all()",
      namespaceSelector: "",
      allowedUses: ["Workload", "Tunnel"],
      assignmentMode: "Automatic",
      deleting: false,
      allocatable: null,
    },
    oddities: [],
  });
  expect(
    parsePool(pool({ cidr: "fd00::/64", blockSize: 0, allowedUses: [], nodeSelector: "" })).value,
  ).toMatchObject({
    blockSize: 122,
    allowedUses: ["Workload", "Tunnel"],
    nodeSelector: "all()",
  });
});

test("a pool being deleted with a condition", () => {
  const raw = {
    metadata: { name: "p", deletionTimestamp: "2026-08-22T12:00:00Z" },
    spec: { cidr: "10.64.0.0/20" },
    status: {
      conditions: [
        { type: "Other" },
        { type: "Allocatable", status: "False", reason: "Terminating", message: "IPPool is being deleted" },
      ],
    },
  };
  expect(parsePool(raw).value).toMatchObject({
    deleting: true,
    allocatable: { status: "False", reason: "Terminating", message: "IPPool is being deleted" },
  });
});

const pools: readonly [string, object, object | null, string[]][] = [
  ["no CIDR", {}, null, ["cidr is missing"]],
  ["a CIDR that is a number", { cidr: 10 }, null, ["cidr is 10"]],
  ["a CIDR that is none", { cidr: "ten" }, null, ['cidr: "ten" is not a CIDR such as 10.64.0.0/20']],
  [
    "host bits",
    { cidr: "10.64.0.1/20" },
    { cidr: { base: 0x0a400000n } },
    ['cidr "10.64.0.1/20" has host bits set: read as 10.64.0.0/20'],
  ],
  [
    "another spelling",
    { cidr: "FD00:AB::/64" },
    {},
    ['cidr "FD00:AB::/64" is not in canonical form: read as fd00:ab::/64'],
  ],
  [
    "a text as block size",
    { cidr: "10.0.0.0/16", blockSize: "28" },
    { blockSize: 26 },
    ['blockSize is "28": read as 26'],
  ],
  [
    "an impossible block size",
    { cidr: "10.0.0.0/16", blockSize: 33 },
    { blockSize: 26 },
    ["blockSize is 33: read as 26"],
  ],
  ["a large block", { cidr: "10.0.0.0/16", blockSize: 19 }, { blockSize: 19 }, ["blockSize 19 is below 20"]],
  [
    "a pool smaller than a block",
    { cidr: "10.0.0.0/27" },
    { blockSize: 26 },
    ["blocks of /26 do not fit into 10.0.0.0/27: no address can be given"],
  ],
  [
    "a text as flag",
    { cidr: "10.0.0.0/16", disabled: "true" },
    { disabled: false },
    ['disabled is "true": read as false'],
  ],
  [
    "an unknown mode",
    { cidr: "10.0.0.0/16", ipipMode: "always" },
    { ipipMode: "Never" },
    ['ipipMode is "always": read as Never'],
  ],
  [
    "both modes",
    { cidr: "10.0.0.0/16", ipipMode: "Always", vxlanMode: "Always" },
    {},
    ["ipipMode and vxlanMode are both on: Calico uses VXLAN"],
  ],
  [
    "IPIP on IPv6",
    { cidr: "fd00::/64", ipipMode: "Always" },
    {},
    ["ipipMode is on, but IPIP does not carry IPv6"],
  ],
  [
    "a bad selector",
    { cidr: "10.0.0.0/16", nodeSelector: "zone == 'a'\n" },
    { nodeSelector: "zone == 'a'\n" },
    [
      `nodeSelector "zone == 'a'\\n" cannot be read (expected identifier): while this pool is enabled, every request that names no pool fails`,
    ],
  ],
  [
    "unknown uses",
    { cidr: "10.0.0.0/16", allowedUses: ["Other"] },
    { allowedUses: [] },
    ['allowedUses ["Other"] holds uses that Calico does not know'],
  ],
  [
    "mixed uses",
    { cidr: "10.0.0.0/16", allowedUses: ["LoadBalancer", "Workload"] },
    {},
    ["allowedUses combines LoadBalancer with other uses"],
  ],
  [
    "an unknown assignment mode",
    { cidr: "10.0.0.0/16", assignmentMode: "Sometimes" },
    { assignmentMode: "Manual" },
    ['assignmentMode is "Sometimes": the pool is not used automatically'],
  ],
];

test.each(pools)("pool with %s", (_name, spec, value, oddities) => {
  const parsed = parsePool(pool(spec));
  if (value === null) expect(parsed.value).toBeNull();
  else expect(parsed.value).toMatchObject(value);
  expect(parsed.oddities).toEqual(oddities);
});

/** A block of four addresses: 10.0.0.0–10.0.0.3, the first in use by a pod. */
const block = (changes: object, metadata: object = { name: "10-0-0-0-30" }): unknown => ({
  metadata,
  spec: {
    cidr: "10.0.0.0/30",
    affinity: "host:n",
    allocations: [0, null, null, null],
    unallocated: [1, 2, 3],
    attributes: [{ handle_id: "h", secondary: { node: "n", pod: "a", namespace: "b" } }],
    sequenceNumber: 1787400005123456795n,
    sequenceNumberForAllocation: { "0": 1787400005123456789n },
    deleted: false,
    strictAffinity: false,
    ...changes,
  },
});

const blocks: readonly [string, object, object | null, string[]][] = [
  [
    "nothing odd",
    {},
    { affinity: { type: "host", name: "n" }, queue: [1, 2, 3], sequenceNumber: 1787400005123456795n },
    [],
  ],
  ["no CIDR", { cidr: null }, null, ["cidr is null"]],
  ["a huge CIDR", { cidr: "10.0.0.0/8" }, null, ["cidr 10.0.0.0/8 is larger than any block"]],
  ["no owner", { affinity: undefined }, { affinity: null }, []],
  [
    "a virtual owner",
    { affinity: "virtual:load-balancer" },
    { affinity: { type: "virtual", name: "load-balancer" } },
    [],
  ],
  [
    "an unknown owner",
    { affinity: "rack:7" },
    { affinity: null },
    ['affinity is "rack:7", neither "host:…" nor "virtual:…": read as no owner'],
  ],
  [
    "too few slots",
    { allocations: [0] },
    { allocations: [0, null, null, null] },
    ["allocations has 1 entries, the block has 4 addresses"],
  ],
  [
    "too many slots",
    { allocations: [0, null, null, null, 0] },
    { allocations: [0, null, null, null] },
    ["allocations has 5 entries, the block has 4 addresses"],
  ],
  [
    "null lists",
    { allocations: null, unallocated: null, attributes: null },
    { queue: [], attributes: [] },
    [
      "allocations has 0 entries, the block has 4 addresses",
      "4 free addresses are not in the queue: never handed out",
    ],
  ],
  [
    "slots without attribute",
    { allocations: [0, 9, "x", null], unallocated: [3] },
    { allocations: [0, 1, 1, null] },
    [
      "10.0.0.1 points at attribute 9 of 1: counted as in use, owner unknown",
      '10.0.0.2 points at attribute "x" of 1: counted as in use, owner unknown',
    ],
  ],
  [
    "a doubled queue entry",
    { unallocated: [1, 2, 2, 3] },
    { queue: [1, 2, 2, 3] },
    ["10.0.0.2 is in the queue of free addresses more than once"],
  ],
  [
    "a used queue entry",
    { unallocated: [1, 2, 3, 0] },
    { queue: [1, 2, 3, 0] },
    ["10.0.0.0 is in use, but also in the queue of free addresses"],
  ],
  [
    "a queue entry outside",
    { unallocated: [1, 2, 3, 4, -1, 1.5] },
    { queue: [1, 2, 3] },
    [
      "unallocated holds 4, which is no address of the block: left out",
      "unallocated holds -1, which is no address of the block: left out",
      "unallocated holds 1.5, which is no address of the block: left out",
    ],
  ],
  [
    "a lost address",
    { unallocated: [1, 2] },
    { queue: [1, 2] },
    ["1 free address is not in the queue: never handed out"],
  ],
  [
    "attributes that are none",
    { attributes: [7] },
    { attributes: [{ handle: null, owner: {} }] },
    ["attribute 0 is 7: owner unknown"],
  ],
  ["a stray carriage return", { attributes: [{ handle_id: "h\rx" }] }, { attributes: [{ handle: "h" }] }, []],
  [
    "an owner that is no text",
    { attributes: [{ handle_id: 7, secondary: { node: 5, pod: "a" } }] },
    { attributes: [{ handle: null, owner: { pod: "a" } }] },
    [
      "handle_id of attribute 0 is 7: read as absent",
      "secondary of attribute 0 holds values that are not text: left out",
    ],
  ],
  [
    "a bad release time",
    { attributes: [{ releasedAt: "soon" }] },
    { attributes: [{ releasedAt: null }] },
    ['releasedAt of attribute 0 is "soon", not a time: left out'],
  ],
  [
    "rounded sequence numbers",
    { sequenceNumber: 1787400005123456800 },
    { sequenceNumber: 1787400005123456768n },
    ["sequenceNumber 1787400005123456800 was read without its last digits"],
  ],
  [
    "no sequence numbers",
    { sequenceNumber: undefined, sequenceNumberForAllocation: { "0": "x", "7": 1, y: 1 } },
    { sequenceNumber: 0n },
    [
      "sequenceNumber is missing",
      'sequenceNumberForAllocation of "0" is "x"',
      'sequenceNumberForAllocation of "7": no such address in the block',
      'sequenceNumberForAllocation of "y": no such address in the block',
    ],
  ],
  ["the first half of a delete", { deleted: true }, { deleted: true }, []],
];

test.each(blocks)("block with %s", (_name, changes, value, oddities) => {
  const parsed = parseBlock(block(changes));
  if (value === null) expect(parsed.value).toBeNull();
  else expect(parsed.value).toMatchObject(value);
  expect(parsed.oddities).toEqual(oddities);
});

test("a block under another name", () => {
  expect(parseBlock(block({}, { name: "other" })).oddities).toEqual([
    'the object is named "other", but holds 10.0.0.0/30',
  ]);
});

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
