import type { Address } from "@/lib/contract/addresses.ts";
import type { BlockDetail } from "@/lib/contract/blocks.ts";
import { formatAddress, parseAddress } from "@/lib/ipam/address.ts";
import { parseCidr } from "@/lib/ipam/cidr.ts";

/** How an address looks in the grid: its colour and pattern. */
export type AddressLook = "used" | "tunnel" | "cooling" | "leak" | "reserved" | "free" | "unknown";

/** One address of a block as a cell of its grid. */
export interface AddressCell {
  readonly ip: string;
  readonly look: AddressLook;
  /** Repeats the look for those who do not see colours; empty for pods and free addresses. */
  readonly letter: string;
  readonly borrowed: boolean;
  /** What it is, in words. */
  readonly words: string;
}

const kindLetters: Readonly<Record<NonNullable<Address["kind"]>, string>> = {
  pod: "",
  tunnel: "T",
  loadBalancer: "L",
  vm: "V",
  windows: "W",
  other: "O",
};

/** What holds an address, in the middle of a sentence. */
export const kindWords: Readonly<Record<NonNullable<Address["kind"]>, string>> = {
  pod: "pod",
  tunnel: "tunnel",
  loadBalancer: "LoadBalancer",
  vm: "VM",
  windows: "Windows",
  other: "other use",
};

/** Every address of a block in order, runs taken apart. What the server left out is unknown. */
export function addressCells(block: BlockDetail): readonly AddressCell[] {
  const { family, base } = parseCidr(block.cidr).cidr;
  const cells: AddressCell[] = Array.from({ length: block.capacity }, (_unused, index) => ({
    ip: formatAddress({ family, value: base + BigInt(index) }),
    look: "unknown",
    letter: "",
    borrowed: false,
    words: "unknown",
  }));
  for (const address of block.addresses) {
    const first = Number(parseAddress(address.ip).value - base);
    const last = address.lastIp === null ? first : Number(parseAddress(address.lastIp).value - base);
    for (let index = Math.max(0, first); index <= Math.min(last, block.capacity - 1); index += 1) {
      const cell = cells[index];
      if (cell) cells[index] = { ...cell, ...lookOf(address) };
    }
  }
  return cells;
}

/** Colour, letter and words of an address; the most urgent wins. */
export function lookOf(address: Address): Omit<AddressCell, "ip"> {
  const { state, kind, owner, borrowed } = address;
  if (address.leakCandidate === true) return { look: "leak", letter: "?", borrowed, words: "leak candidate" };
  if (state === "cooling") return { look: "cooling", letter: "C", borrowed, words: "cooling" };
  if (state === "reserved") return { look: "reserved", letter: "R", borrowed, words: "reserved" };
  if (state !== "used") return { look: "free", letter: "", borrowed, words: state };
  const holder =
    owner === null ? "" : ` ${owner.namespace === null ? owner.name : `${owner.namespace}/${owner.name}`}`;
  const words = `${kind === null ? "in use" : kindWords[kind]}${holder}${borrowed ? ", borrowed" : ""}`;
  return {
    look: kind === "tunnel" ? "tunnel" : "used",
    letter: borrowed ? "B" : kind === null ? "" : kindLetters[kind],
    borrowed,
    words,
  };
}

/** The part of an address that differs within a block: the last octet, or the last group. */
export function shortAddress(ip: string): string {
  return ip.includes(":") ? ip.slice(ip.lastIndexOf(":") + 1) || "0" : ip.slice(ip.lastIndexOf(".") + 1);
}

/** Cells of a grid's row. */
export function gridColumns(capacity: number): 8 | 16 | 32 {
  if (capacity <= 64) return 8;
  return capacity <= 256 ? 16 : 32;
}
