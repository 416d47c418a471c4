import type { Allocation } from "../../ipam/attribute-kind.ts";
import type { Attribute, Block } from "../../ipam/block.ts";
import type { TunnelIpam } from "../../ipam/impact-tunnel-plan.ts";
import type { Affinity } from "../../ipam/snapshot.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PackedBlock } from "../../inventory/packed-block.ts";

/**
 * The inventory as the tunnel address allocator reads it. A block is unpacked when it is looked at, and its addresses one by one:
 * a cluster has tens of thousands, and a change of a pool concerns a few.
 */
export function tunnelIpam(inventory: Inventory, hostEncryption: boolean): TunnelIpam {
  const { space, settings, clock } = inventory;
  const blocks = new Map<string, Block | null>();
  let claims: Map<string, Affinity[]> | null = null;
  return {
    block(cidr) {
      let block = blocks.get(cidr);
      if (block === undefined) blocks.set(cidr, (block = unpacked(space.blocks.get("", nameOf(cidr)))));
      return block;
    },
    affinities(node) {
      claims ??= claimsOf(inventory);
      return claims.get(node) ?? [];
    },
    config: settings.ipamConfig,
    reservations: Array.from(space.reservations, ({ name, cidrs }) => ({ name, cidrs })),
    hostEncryption,
    now: BigInt(clock.now()) * 1_000_000n,
  };
}

/** Calico finds a block by its name, too. */
const nameOf = (cidr: string) => cidr.replace(/[.:/]/g, "-");

function claimsOf({ space }: Inventory): Map<string, Affinity[]> {
  const claims = new Map<string, Affinity[]>();
  for (const { affinity } of space.affinities) {
    const { type, name } = affinity.owner;
    if (type !== "host") continue;
    const known = claims.get(name);
    if (known) known.push(affinity);
    else claims.set(name, [affinity]);
  }
  return claims;
}

/** Sequence numbers are not kept: nothing that moves a tunnel address asks for them. */
function unpacked(row: BlockRow | null): Block | null {
  if (row === null) return null;
  const { cidr, owner, claimedAt, content, revision } = row;
  return {
    cidr,
    affinity: owner,
    claimedAt,
    allocations: Array.from({ length: content.size }, (_, ordinal) => {
      const index = content.slot(ordinal);
      return index < 0 ? null : index;
    }),
    queue: content.queue(),
    attributes: Array.from({ length: content.allocationCount }, (_, index) => new Entry(content, index)),
    sequenceNumber: 0n,
    sequenceForAllocation: new Map(),
    deleted: false,
    revision,
  };
}

/** One entry of a block's attribute table, read when somebody asks. Whose pod it is nobody asks, only that it is some pod's. */
class Entry implements Attribute {
  readonly alternateOwner = null;
  readonly #content: PackedBlock;
  readonly #index: number;

  constructor(content: PackedBlock, index: number) {
    this.#content = content;
    this.#index = index;
  }

  get handle(): string | null {
    return this.#isPod ? `pod ${this.#index}` : this.#content.allocation(this.#index).handle;
  }

  get owner(): Readonly<Record<string, string>> {
    return this.#isPod ? SOME_POD : keysOf(this.#content.allocation(this.#index));
  }

  get #isPod(): boolean {
    return this.#content.kind(this.#index) === "pod";
  }

  get releasedAt(): string | null {
    if (this.#content.kind(this.#index) !== null) return null;
    return this.#content.allocation(this.#index).since ?? "";
  }
}

const SOME_POD = { pod: "" };

/** The owner's keys as far as the allocator tells owners apart by them. */
function keysOf({ tunnel, node, owner }: Allocation): Readonly<Record<string, string>> {
  return {
    ...(node === null ? {} : { node }),
    ...(tunnel === null ? {} : { type: tunnel }),
    ...(owner === null || tunnel !== null ? {} : { [owner.kind]: owner.name }),
  };
}
