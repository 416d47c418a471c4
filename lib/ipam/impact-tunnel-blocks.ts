import type { Block } from "./block.ts";
import { type Cidr, cidrContains, firstAddress, formatCidr } from "./cidr.ts";
import type { IpamWrite } from "./snapshot.ts";

/** A block that a node has written since the pools changed. */
interface Touch {
  readonly node: string;
  readonly cidr: Cidr;
  readonly op: "create" | "update" | "delete";
}

/**
 * The blocks of a cluster while nodes take tunnel addresses one after the other: read when they are asked for, changed by what was
 * planned. Remembers where nodes got into each other's way: with another order they would have got other addresses.
 */
export class TunnelBlocks extends Map<string, Block> {
  /** Look-ups so far: what a search of nearly full pools costs. */
  lookedUp = 0;
  readonly #read: (cidr: string) => Block | null;
  readonly #gone = new Set<string>();
  readonly #claimed = new Map<string, Touch>();
  /** Blocks that one node claimed and another came upon while it looked for one. */
  readonly #met: Cidr[] = [];
  readonly #touched: Touch[] = [];
  #node = "";

  constructor(read: (cidr: string) => Block | null) {
    super();
    this.#read = read;
  }

  override get(key: string): Block | undefined {
    this.lookedUp += 1;
    const claim = this.#claimed.get(key);
    if (claim !== undefined && claim.node !== this.#node) this.#met.push(claim.cidr);
    if (this.#gone.has(key)) return undefined;
    return super.get(key) ?? this.#read(key) ?? undefined;
  }

  /** A change of pools: nobody has touched anything since. */
  begin(): void {
    this.#claimed.clear();
    this.#met.length = 0;
    this.#touched.length = 0;
  }

  /** It is this node's turn to look. */
  turn(node: string): void {
    this.#node = node;
  }

  write({ op, block }: Extract<IpamWrite, { kind: "block" }>): void {
    const key = formatCidr(block.cidr);
    const touch = { node: this.#node, cidr: block.cidr, op };
    this.#touched.push(touch);
    if (op === "create") this.#claimed.set(key, touch);
    if (op === "delete") this.#gone.add(key);
    else {
      this.#gone.delete(key);
      this.set(key, block);
    }
  }

  /** Whether two nodes looked for the same new block of the range, or one of it went. */
  hasRace(range: Cidr): boolean {
    const isIn = (cidr: Cidr) => cidrContains(range, firstAddress(cidr));
    return this.#met.some(isIn) || this.#touched.some(({ op, cidr }) => op === "delete" && isIn(cidr));
  }

  /** Whether a node other than this one wrote a block of the range. */
  isTouched(range: Cidr, node: string): boolean {
    return this.#touched.some((one) => one.node !== node && cidrContains(range, firstAddress(one.cidr)));
  }
}
