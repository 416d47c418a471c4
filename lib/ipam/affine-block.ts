import type { Block, Owner } from "./block.ts";
import { dropAffinity, isEmpty, newBlock, sameOwner } from "./block-ops.ts";
import { type Cidr, formatCidr } from "./cidr.ts";
import type { IpamDraft } from "./ipam-draft.ts";
import type { Affinity } from "./snapshot.ts";

export type BlockOutcome =
  { readonly ok: true; readonly block: Block } | { readonly ok: false; readonly error: string };

/**
 * The owner's claim on a block, made as `pending` when there is none; a confirmed one is used as it is.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block_reader_writer.go getPendingAffinity
 */
export function pendingAffinity(draft: IpamDraft, owner: Owner, cidr: Cidr): Affinity {
  const existing = draft.affinity(owner, cidr);
  if (existing?.state === "confirmed") return existing;
  if (existing !== null) return draft.updateAffinity({ ...existing, state: "pending" });
  return draft.createAffinity({ owner, cidr, state: "pending", deleted: false, revision: null });
}

/**
 * The block an affinity speaks of: made when it is missing, the affinity dropped when the block is someone else's,
 * confirmed when it was left half-way.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go getBlockFromAffinity
 */
export function blockFromAffinity(draft: IpamDraft, affinity: Affinity, windows: boolean): BlockOutcome {
  const block = draft.block(affinity.cidr);
  if (block === null)
    return claimBlock(draft, draft.updateAffinity({ ...affinity, state: "pending" }), windows);
  if (!sameOwner(block.affinity, affinity.owner)) {
    draft.deleteAffinity(affinity);
    return { ok: false, error: `Affinity is stale: ${formatCidr(affinity.cidr)}` };
  }
  if (affinity.state === "confirmed") return { ok: true, block };
  const pending = draft.updateAffinity({ ...affinity, state: "pending" });
  const written = draft.updateBlock(block);
  draft.updateAffinity({ ...pending, state: "confirmed" });
  return { ok: true, block: written };
}

/**
 * Creates the block of a pending affinity and confirms it.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block_reader_writer.go claimAffineBlock
 */
export function claimBlock(draft: IpamDraft, affinity: Affinity, windows: boolean): BlockOutcome {
  const { owner, cidr } = affinity;
  const existing = draft.block(cidr);
  if (existing !== null && !sameOwner(existing.affinity, owner)) {
    draft.deleteAffinity(affinity);
    const by = existing.affinity === null ? "" : ` by ${existing.affinity.type}:${existing.affinity.name}`;
    return { ok: false, error: `${formatCidr(cidr)} already claimed${by}` };
  }
  const keepsAddresses = windows && cidr.family === 4;
  const block = existing ?? draft.createBlock(newBlock(cidr, owner, draft.now, keepsAddresses));
  draft.updateAffinity({ ...affinity, state: "confirmed" });
  return { ok: true, block };
}

/**
 * Ends an owner's claim: an empty block is deleted, another keeps its addresses and loses its owner.
 * Returns Calico's refusal, or null when done.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block_reader_writer.go releaseBlockAffinity
 */
export function releaseAffinity(
  draft: IpamDraft,
  owner: Owner | null,
  cidr: Cidr,
  mustBeEmpty: boolean,
): string | null {
  if (owner === null) return "Hostname must be specified to release block affinity";
  const affinity = draft.affinity(owner, cidr);
  if (affinity === null) return `resource does not exist: BlockAffinity(${formatCidr(cidr)})`;
  const block = draft.block(cidr);
  if (block === null) return `resource does not exist: IPAMBlock(${formatCidr(cidr)})`;
  if (block.affinity !== null && !sameOwner(block.affinity, owner)) {
    draft.deleteAffinity(affinity);
    return `${formatCidr(cidr)} already claimed by ${block.affinity.type}:${block.affinity.name}`;
  }
  const empty = isEmpty(block);
  if (mustBeEmpty && !empty) return `block '${formatCidr(cidr)}' is not empty`;
  const leaving = draft.updateAffinity({ ...affinity, state: "pendingDeletion" });
  if (empty) draft.deleteBlock(block);
  else draft.updateBlock(dropAffinity(block));
  draft.deleteAffinity(leaving);
  return null;
}
