import { expect, test } from "vitest";
import { parseBlock } from "./parse-block.ts";

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
