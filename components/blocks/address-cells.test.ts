import { expect, test } from "vitest";
import type { Address } from "@/lib/contract/addresses.ts";
import type { BlockDetail } from "@/lib/contract/blocks.ts";
import { addressCells, gridColumns, shortAddress } from "./address-cells.ts";

function address(parts: Partial<Address>): Address {
  return {
    ip: "10.0.0.0",
    lastIp: null,
    state: "used",
    kind: "pod",
    owner: null,
    node: null,
    block: null,
    pool: null,
    since: null,
    handle: null,
    borrowed: false,
    leakCandidate: false,
    reservedBy: [],
    ...parts,
  };
}
const block = (cidr: string, capacity: number, addresses: readonly Address[]): BlockDetail => ({
  name: "b",
  cidr,
  pool: "p",
  node: "n",
  affinity: "confirmed",
  capacity,
  used: 0,
  reserved: 0,
  cooling: 0,
  free: 0,
  lent: 0,
  claimedAt: null,
  oddities: [],
  addresses: [...addresses],
});

test("runs are taken apart, every state has its look and letter", () => {
  const pod = { kind: "pod", namespace: "shop", name: "web-1" };
  const cells = addressCells(
    block("10.0.0.0/29", 8, [
      address({ kind: "tunnel" }),
      address({ ip: "10.0.0.1", owner: pod, borrowed: true }),
      address({ ip: "10.0.0.2", lastIp: "10.0.0.3", state: "free", kind: null }),
      address({ ip: "10.0.0.4", state: "cooling" }),
      address({ ip: "10.0.0.5", leakCandidate: true }),
      address({ ip: "10.0.0.6", state: "reserved", kind: null, reservedBy: ["infra"] }),
    ]),
  );
  expect(cells.map(({ ip, look, letter }) => `${ip} ${look} ${letter}`.trim())).toEqual([
    "10.0.0.0 tunnel T",
    "10.0.0.1 used B",
    "10.0.0.2 free",
    "10.0.0.3 free",
    "10.0.0.4 cooling C",
    "10.0.0.5 leak ?",
    "10.0.0.6 reserved R",
    "10.0.0.7 unknown",
  ]);
  expect(cells[1]?.words).toBe("pod shop/web-1, borrowed");
});

test("a run that reaches beyond the block is cut", () => {
  const cells = addressCells(
    block("10.0.0.4/30", 4, [address({ ip: "10.0.0.0", lastIp: "10.0.0.99", state: "free" })]),
  );
  expect(cells.map((cell) => cell.look)).toEqual(["free", "free", "free", "free"]);
});

test.each([
  ["10.64.0.66", "66"],
  ["fd00::a", "a"],
  ["fd00::", "0"],
])("%s is written %s in the grid", (ip, text) => expect(shortAddress(ip)).toBe(text));

test.each([
  [1, 8],
  [64, 8],
  [256, 16],
  [4096, 32],
])("a block of %d has rows of %d", (capacity, columns) => expect(gridColumns(capacity)).toBe(columns));
