import { parseDocument } from "yaml";
import { fieldPath } from "@/lib/contract/field-path.ts";
import { ManifestError, readDocuments } from "@/lib/contract/manifest.ts";
import { type Pool, PoolChange } from "@/lib/contract/pools.ts";
import type { FieldError } from "@/lib/contract/problem.ts";
import { alreadySo, fieldWords } from "./pool-fields.ts";

/** What an edited document changes about the pool; nothing as long as there are errors. */
export interface YamlChange {
  readonly change: PoolChange;
  readonly errors: readonly FieldError[];
}

/** What a field stands for that is not written. Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/ippool.go */
const defaults: Required<PoolChange> = {
  disabled: false,
  natOutgoing: false,
  ipipMode: "Never",
  vxlanMode: "Never",
  disableBGPExport: false,
  nodeSelector: "all()",
  namespaceSelector: null,
  allowedUses: ["Workload", "Tunnel"],
  assignmentMode: "Automatic",
};

/**
 * Compares a pool's document as it is stored with what somebody made of it. Only fields of the spec that Calico lets change may
 * differ; each other difference is an error of its own. A field that was taken out means its default.
 */
export function yamlChange(pool: Pool, stored: string, edited: string): YamlChange {
  if (edited === stored) return { change: {}, errors: [] };
  const before = oneDocument(stored);
  const after = oneDocument(edited);
  const unreadable = before.errors.length > 0 ? before.errors : after.errors;
  if (unreadable.length > 0) return { change: {}, errors: unreadable };
  const { spec: oldSpec, ...oldRest } = before.value;
  const { spec: newSpec, ...newRest } = after.value;
  const from = isMap(oldSpec) ? oldSpec : {};
  const errors: FieldError[] = differences(oldRest, newRest, []).map((field) => ({
    field,
    message: "cannot be changed here",
  }));
  if (!isMap(newSpec))
    return { change: {}, errors: [...errors, { field: "spec", message: "must be an object" }] };

  const asked: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(newSpec)])) {
    if (same(from[key], newSpec[key])) continue;
    if (isChangeable(key)) asked[key] = newSpec[key] ?? defaults[key];
    else if (key === "cidr" || key === "blockSize")
      errors.push({
        field: `spec.${key}`,
        message: "cannot be changed: Calico keeps it for the life of the pool",
      });
    else errors.push({ field: `spec.${key}`, message: "is not a field that can be changed here" });
  }
  const parsed = PoolChange.safeParse(asked);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => ({
      field: fieldPath(["spec", ...path]),
      message,
    }));
    return { change: {}, errors: [...errors, ...wrong] };
  }
  if (errors.length > 0) return { change: {}, errors };
  return { change: withoutSame(pool, parsed.data), errors };
}

/** The change without what the pool has already: a default that is now written out. */
function withoutSame(pool: Pool, change: PoolChange): PoolChange {
  return Object.fromEntries(
    Object.entries(change).filter(([field, value]) => !alreadySo(pool, { [field]: value })),
  );
}

function oneDocument(text: string): {
  value: Readonly<Record<string, unknown>>;
  errors: readonly FieldError[];
} {
  try {
    const [document, ...others] = readDocuments(text);
    if (others.length > 0)
      return { value: {}, errors: [{ field: "", message: "There is more than one document" }] };
    return { value: document?.value ?? {}, errors: document?.errors ?? [] };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return {
      value: {},
      errors: error.errors.length > 0 ? error.errors : [{ field: "", message: error.message }],
    };
  }
}

type Map = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Map {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isChangeable(key: string): key is keyof PoolChange {
  return fieldWords.some(({ field }) => field === key);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** Paths at which two maps differ, as deep as they can be told. */
function differences(one: Map, other: Map, path: readonly string[]): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) => {
    const [before, after] = [one[key], other[key]];
    if (isMap(before) && isMap(after)) return differences(before, after, [...path, key]);
    return same(before, after) ? [] : [fieldPath([...path, key])];
  });
}

/** The version of the pool that a document shows; null: it does not say. */
export function storedVersion(stored: string): string | null {
  const version: unknown = parseDocument(stored, { version: "1.1" }).getIn(["metadata", "resourceVersion"]);
  return typeof version === "string" ? version : null;
}

/** The stored document with a change made to it, for whoever goes on editing from there. */
export function withChange(stored: string, change: PoolChange): string {
  const document = parseDocument(stored, { version: "1.1" });
  for (const [field, value] of Object.entries(change)) {
    if (value === null) document.deleteIn(["spec", field]);
    else document.setIn(["spec", field], value);
  }
  return document.toString({ lineWidth: 0 });
}
