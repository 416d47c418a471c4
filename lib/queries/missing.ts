import type { Permission, Unknown } from "../contract/common.ts";

/** Something about which not everything may be read. */
export type Explained = { readonly unknown?: readonly Unknown[] | undefined };

export interface MissingPermission {
  readonly reason: string;
  readonly permission: Permission;
}

/** Which permissions are missing to know all about these objects, each once, in the order they are met. */
export function missingPermissions(objects: Iterable<Explained>): readonly MissingPermission[] {
  const found = new Map<string, MissingPermission>();
  for (const { unknown = [] } of objects) {
    for (const { reason, permission } of unknown) {
      if (permission && !found.has(reason)) found.set(reason, { reason, permission });
    }
  }
  return [...found.values()];
}

/** What these objects wait for because it is being read for the first time: how far that is, each once. */
export function beingRead(objects: Iterable<Explained>): readonly string[] {
  const found = new Set<string>();
  for (const { unknown = [] } of objects) {
    for (const { reason, reading } of unknown) if (reading) found.add(reason);
  }
  return [...found];
}
