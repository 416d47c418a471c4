import { formatCidr } from "../ipam/cidr.ts";
import type { IpamPlan } from "../ipam/ipam-draft.ts";
import type { Affinity, Handle, IpamSnapshot, IpamWrite } from "../ipam/snapshot.ts";
import type { Block } from "../ipam/block.ts";

type Stored = Block | Affinity | Handle;

/**
 * An object store with the preconditions of the API server, for tests: a create needs absence, an update or delete the
 * revision last seen. Throws when a plan's writes would be refused.
 */
export class StoredObjects {
  readonly #objects = new Map<string, Stored>();
  #revision = 0;

  /** What a reader sees now, added to the parts of a snapshot that plans do not write. */
  read(rest: Pick<IpamSnapshot, "pools" | "config" | "reservations">): IpamSnapshot {
    const blocks = new Map<string, Block>();
    const affinities: Affinity[] = [];
    const handles = new Map<string, Handle>();
    for (const object of this.#objects.values()) {
      if ("allocations" in object) blocks.set(formatCidr(object.cidr), object);
      else if ("owner" in object) affinities.push(object);
      else handles.set(object.id, object);
    }
    return { ...rest, blocks, affinities, handles };
  }

  apply(plan: IpamPlan): void {
    const written = new Set<string>();
    for (const write of plan.writes) {
      const { key, object } = target(write);
      const stored = this.#objects.get(key);
      const seen = written.has(key) ? null : (stored?.revision ?? null);
      if (write.op === "create" ? stored !== undefined : stored === undefined || object.revision !== seen) {
        throw new Error(`${write.op} ${key} with revision ${object.revision}, stored ${stored?.revision}`);
      }
      written.add(key);
      if (write.op === "delete") this.#objects.delete(key);
      else this.#objects.set(key, { ...object, revision: String(++this.#revision) });
    }
  }
}

function target(write: IpamWrite): { key: string; object: Stored } {
  if (write.kind === "block") return { key: `block ${formatCidr(write.block.cidr)}`, object: write.block };
  if (write.kind === "handle") return { key: `handle ${write.handle.id}`, object: write.handle };
  const { owner, cidr } = write.affinity;
  return { key: `affinity ${owner.type}:${owner.name} ${formatCidr(cidr)}`, object: write.affinity };
}
