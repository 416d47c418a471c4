import type { PoolChange } from "../../contract/pools.ts";
import type { FieldError } from "../../contract/problem.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { type Cidr, formatCidr } from "../../ipam/cidr.ts";
import type { Pool } from "../../ipam/pool.ts";
import type { CalicoVersion } from "../../ipam/pool-client-rules.ts";
import { fillPoolSpec, type PoolDraft, type PoolDraftSpec } from "../../ipam/pool-draft.ts";
import { validatePool } from "../../ipam/pool-rules.ts";

/** Whose words to use: those of the Calico that runs here; of the newest when it does not say. */
function calicoVersion(inventory: Inventory): CalicoVersion {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(inventory.detection?.version ?? "") ?? [];
  return major !== undefined && (Number(major) < 3 || (Number(major) === 3 && Number(minor) < 33))
    ? "≤3.32"
    : "≥3.33";
}

/** What any Calico would refuse about a new pool, by field of the document. `pools` are those that it must not overlap. */
export function creationErrors(
  draft: PoolDraft,
  pools: readonly { readonly name: string; readonly cidr: Cidr }[],
  inventory: Inventory,
): FieldError[] {
  const blocks = [...inventory.space.blocks].map(({ cidr }) => cidr);
  const problems = validatePool(draft, { version: calicoVersion(inventory), pools, blocks, old: null });
  return problems.map(({ field, message }) => ({ field, message }));
}

/**
 * What any Calico would refuse about a change, by field of the request. What is wrong with the pool already does not stand
 * in the way of mending or disabling it.
 */
export function changeErrors(pool: Pool, asked: PoolChange, inventory: Inventory): FieldError[] {
  const before = draftOf(pool, {});
  const old = fillPoolSpec(before.spec);
  const context = { version: calicoVersion(inventory), pools: [], blocks: [], old };
  const known = new Set(validatePool(before, context).map(({ rule, field }) => `${rule} ${field}`));
  const { namespaceSelector, ...others } = asked;
  const changed = draftOf(pool, {
    ...others,
    ...(namespaceSelector === undefined ? {} : { namespaceSelector: namespaceSelector ?? "" }),
  });
  return validatePool(changed, context)
    .filter(({ rule, field }) => !known.has(`${rule} ${field}`) || touches(asked, field))
    .map(({ field, message }) => ({ field: field.replace(/^spec\./, ""), message }));
}

const touches = (asked: object, field: string) => Object.hasOwn(asked, field.replace(/^spec\./, ""));

function draftOf(pool: Pool, changes: PoolDraftSpec): PoolDraft {
  const { name, labels, annotations, cidr, ...fields } = pool;
  const { blockSize, disabled, natOutgoing, ipipMode, vxlanMode, disableBGPExport } = fields;
  const { nodeSelector, namespaceSelector, allowedUses, assignmentMode } = fields;
  const spec = { blockSize, disabled, natOutgoing, ipipMode, vxlanMode, disableBGPExport };
  const selection = { nodeSelector, namespaceSelector, allowedUses, assignmentMode };
  return { name, labels, annotations, spec: { cidr: formatCidr(cidr), ...spec, ...selection, ...changes } };
}
