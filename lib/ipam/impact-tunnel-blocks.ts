import type { Block } from "./block.ts";
import { type Cidr, cidrContains, firstAddress, formatCidr } from "./cidr.ts";
import type { IpamWrite } from "./snapshot.ts";

interface Claim {
  readonly node: string;
  readonly cidr: Cidr;
  /** Another node came upon it while it looked for a block. */
  isMet: boolean;
}

/**
 * The blocks of a cluster while nodes take tunnel addresses one after the other: read when they are asked for, changed by what was
 * planned. Remembers which node came upon a block that another had just claimed: with another order of the nodes both would have
 * got other addresses.
 */
export class TunnelBlocks extends Map<string, Block> {
  /** Look-ups so far: what a search of nearly full pools costs. */
  lookedUp = 0;
  readonly #read: (cidr: string) => Block | null;
  readonly #gone = new Set<string>();
  readonly #claims = new Map<string, Claim>();
  #node = "";

  constructor(read: (cidr: string) => Block | null) {
    super();
    this.#read = read;
  }

  override get(key: string): Block | undefined {
    this.lookedUp += 1;
    const claim = this.#claims.get(key);
    if (claim !== undefined && claim.node !== this.#node) claim.isMet = true;
    if (this.#gone.has(key)) return undefined;
    return super.get(key) ?? this.#read(key) ?? undefined;
  }

  /** A change of pools: nobody has claimed anything since. */
  begin(): void {
    this.#claims.clear();
  }

  /** It is this node's turn to look. */
  turn(node: string): void {
    this.#node = node;
  }

  write({ op, block }: Extract<IpamWrite, { kind: "block" }>): void {
    const key = formatCidr(block.cidr);
    if (op === "delete") {
      this.#gone.add(key);
      return;
    }
    if (op === "create") this.#claims.set(key, { node: this.#node, cidr: block.cidr, isMet: false });
    this.#gone.delete(key);
    this.set(key, block);
  }

  /** Whether nodes got into each other's way in the range. */
  hasRace(range: Cidr): boolean {
    return [...this.#claims.values()].some(
      ({ isMet, cidr }) => isMet && cidrContains(range, firstAddress(cidr)),
    );
  }
}
