import { OWN_FIELD_MANAGER } from "../../calico/owner.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";

const owners = {
  operator: "the Tigera operator",
  helm: "Helm",
  argocd: "Argo CD",
  flux: "Flux",
  manager: null,
  none: null,
} as const;

/** Whoever wrote these fields last, with the owner that they write for; "somebody" where the cluster does not say. */
export function writerOf(row: PoolRow, fields: readonly string[]): string {
  const managers = new Set(fields.flatMap((field) => row.fieldManagers.get(field) ?? []));
  const names = [...managers].map((name) => (name === OWN_FIELD_MANAGER ? "another Poolboard" : name));
  const manager = names.join(", ");
  const owner = owners[row.managedBy.kind];
  if (owner === null) return manager === "" ? "somebody" : manager;
  return manager === "" ? owner : `${owner} (${manager})`;
}
