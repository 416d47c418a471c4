import type { Pool, PoolChange } from "@/lib/contract/pools.ts";

type Field = keyof PoolChange;
type Fields = Pick<Pool, Field>;

/** The fields Calico lets change, in the order they are shown, with their names in words. */
export const fieldWords: readonly { readonly field: Field; readonly label: string }[] = [
  { field: "disabled", label: "Disabled" },
  { field: "natOutgoing", label: "NAT for outgoing traffic" },
  { field: "ipipMode", label: "IPIP" },
  { field: "vxlanMode", label: "VXLAN" },
  { field: "disableBGPExport", label: "Hidden from BGP" },
  { field: "nodeSelector", label: "Nodes" },
  { field: "namespaceSelector", label: "Namespaces" },
  { field: "allowedUses", label: "Used for" },
  { field: "assignmentMode", label: "Assignment" },
];

/** A field's value as it is shown, of a pool or of a change. */
export function fieldText(of: Fields | PoolChange, field: Field): string {
  const value = of[field];
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null || value === undefined || value === "") return "none";
  return typeof value === "string" ? value : value.join(", ");
}

/** Whether the pool is already what is wanted. */
export function alreadySo(pool: Fields, change: PoolChange): boolean {
  return fieldWords.every(
    ({ field }) => !(field in change) || fieldText(change, field) === fieldText(pool, field),
  );
}

/** Whether two versions of a pool agree in all that can be changed about it, the fields of `except` left out. */
export function sameFields(one: Fields, other: Fields, except: PoolChange = {}): boolean {
  return fieldWords.every(
    ({ field }) => field in except || fieldText(one, field) === fieldText(other, field),
  );
}
