import type { Pool as PoolView } from "../../contract/pools.ts";
import { changeableFields, type Pool } from "../../ipam/pool.ts";
import type { NamespaceRow } from "../../inventory/namespace-row.ts";
import { poolSpec } from "../read/pool-spec.ts";
import { type Fields, pick } from "./kept.ts";

const names = ["cidr", "blockSize", ...changeableFields] as const satisfies readonly (keyof PoolView)[];

/** Fields that decide who gets addresses of the pool: a write of others moves no tunnel address and fails no pod. */
export const takesAddresses: readonly string[] = [
  "cidr",
  "disabled",
  "nodeSelector",
  "namespaceSelector",
  "allowedUses",
  "assignmentMode",
  "ipipMode",
  "vxlanMode",
];

/** The spec of a pool that an answer shows. */
export function poolViewFields(pool: PoolView): Fields {
  return pick(pool, names);
}

/** The same of a pool that has been read. */
export function poolFields(pool: Pool): Fields {
  return poolSpec(pool);
}

/** The pools annotations of a namespace: the names in them, or the raw text where that is no list of names. */
export function namespaceFields({ annotations }: NamespaceRow): Fields {
  return { ipv4pools: listOrText(annotations[4]), ipv6pools: listOrText(annotations[6]) };
}

function listOrText(raw: string | null): readonly string[] | string | null {
  if (raw === null) return null;
  try {
    const value: unknown = JSON.parse(raw);
    const isNames = Array.isArray(value) && value.every((each) => typeof each === "string");
    return isNames ? (value as string[]) : raw;
  } catch {
    return raw;
  }
}
