import {
  commonPaths,
  type FieldSet,
  isEmptySet,
  minusDeep,
  minusSets,
  readFieldSet,
  unionSets,
} from "../fields/field-set.ts";
import { compareFields, fieldsOf } from "../fields/value-fields.ts";
import { isObject, type JsonObject, textAt } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { WriteOptions } from "./cluster.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";
import { ApiError } from "./status.ts";

/** One program's fields, as `metadata.managedFields` lists them. */
export interface ManagerEntry {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time: string;
  readonly subresource: string;
  readonly fields: FieldSet;
}

export function readManagers(object: KubeObject | null): ManagerEntry[] {
  const entries = object?.metadata.managedFields;
  if (!Array.isArray(entries)) return [];
  return entries.filter(isObject).flatMap((entry): ManagerEntry[] => {
    const operation = textAt(entry, "operation");
    if (operation !== "Apply" && operation !== "Update") return [];
    return [
      {
        manager: textAt(entry, "manager"),
        operation,
        apiVersion: textAt(entry, "apiVersion"),
        time: textAt(entry, "time"),
        subresource: textAt(entry, "subresource"),
        fields: readFieldSet(entry["fieldsV1"]),
      },
    ];
  });
}

function writeManagers(object: KubeObject, entries: readonly ManagerEntry[]): void {
  const listed = entries
    .filter((entry) => !isEmptySet(entry.fields))
    .map((entry): JsonObject => ({
      manager: entry.manager,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      time: entry.time,
      fieldsType: "FieldsV1",
      fieldsV1: entry.fields,
      ...(entry.subresource === "" ? {} : { subresource: entry.subresource }),
    }));
  if (listed.length === 0) delete object.metadata.managedFields;
  else object.metadata.managedFields = listed;
}

/** The parts of an object that programs own: neither identity nor what the server counts. */
function ownedParts(object: KubeObject): JsonObject {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = object;
  const { labels, annotations, ownerReferences, finalizers } = metadata;
  const owned = Object.fromEntries(
    Object.entries({ labels, annotations, ownerReferences, finalizers }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return Object.keys(owned).length === 0 ? rest : { metadata: owned, ...rest };
}

function isSame(entry: ManagerEntry, options: WriteOptions): boolean {
  return (
    entry.manager === options.manager &&
    entry.operation === options.operation &&
    entry.subresource === options.subresource
  );
}

/**
 * Records which of the object's fields a plain write set. Others lose the fields that got another value or are gone.
 * After server-side apply `applied` is what the configuration names, and all of that belongs to its manager.
 */
export function recordFields(
  type: ResourceType,
  next: KubeObject,
  old: KubeObject | null,
  options: WriteOptions,
  now: string,
  applied: FieldSet | null = null,
): void {
  const { changed, removed } = compareFields(
    type.schema,
    old === null ? {} : ownedParts(old),
    ownedParts(next),
  );
  const known = readManagers(next.metadata.managedFields === undefined ? old : next);
  const mine = known.find((entry) => isSame(entry, options));
  const others = known
    .filter((entry) => entry !== mine)
    .map((entry) => ({ ...entry, fields: minusSets(minusDeep(entry.fields, removed), changed) }));
  const before = mine?.fields ?? {};
  const fields = applied ?? unionSets(minusDeep(before, removed), plain(type, changed));
  const isUnchanged = mine !== undefined && JSON.stringify(fields) === JSON.stringify(before);
  const entry: ManagerEntry = {
    manager: options.manager,
    operation: options.operation,
    apiVersion: apiVersionOf(type),
    time: isUnchanged ? mine.time : now,
    subresource: options.subresource,
    fields,
  };
  const position = mine === undefined ? others.length : known.indexOf(mine);
  writeManagers(next, others.toSpliced(position, 0, entry));
}

/** Containers that every object has are nobody's; a custom resource's spec may be missing, so it is somebody's. */
function plain(type: ResourceType, fields: FieldSet): FieldSet {
  const result: FieldSet = {};
  for (const [element, inner] of Object.entries(fields)) {
    const isGiven =
      element === "f:metadata" || (!type.custom && (element === "f:spec" || element === "f:status"));
    const { ".": _self, ...members } = inner;
    if (!isGiven) result[element] = inner;
    else if (Object.keys(members).length > 0) result[element] = members;
  }
  return result;
}

/** Fields that an applied configuration names. */
export function appliedFields(type: ResourceType, object: KubeObject): FieldSet {
  return fieldsOf(type.schema, ownedParts(object), "applied");
}

/**
 * Refuses an apply that would change what others set.
 * @throws ApiError 409 naming each field and its owner
 */
export function checkConflicts(
  type: ResourceType,
  live: KubeObject,
  merged: KubeObject,
  options: WriteOptions,
  applied: FieldSet,
): void {
  const { changed } = compareFields(type.schema, ownedParts(live), ownedParts(merged));
  const causes = readManagers(live)
    .filter((entry) => entry.manager !== options.manager || entry.operation !== "Apply")
    .flatMap((entry) =>
      commonPaths(entry.fields, changed)
        .filter((path) => commonPaths(applied, changed).includes(path))
        .map((field) => ({
          reason: "FieldManagerConflict",
          message: `conflict with ${JSON.stringify(entry.manager)}${entry.subresource === "" ? "" : ` with subresource ${JSON.stringify(entry.subresource)}`}${entry.operation === "Apply" ? "" : ` using ${entry.apiVersion}`}`,
          field,
        })),
    );
  if (causes.length === 0) return;
  const list = causes.map((cause) => `${cause.message}: ${cause.field}`);
  const text =
    causes.length === 1
      ? `1 conflict: ${list.join("")}`
      : `${causes.length} conflicts: ${conflictLines(causes)}`;
  throw new ApiError(409, "Conflict", `Apply failed with ${text}`, { details: { causes } });
}

function conflictLines(causes: readonly { readonly message: string; readonly field: string }[]): string {
  const byOwner = new Map<string, string[]>();
  for (const { message, field } of causes) byOwner.set(message, [...(byOwner.get(message) ?? []), field]);
  if (byOwner.size === 1) {
    const [message = "", fields = []] = [...byOwner.entries()][0] ?? [];
    return `${String(message)}:\n- ${fields.join("\n- ")}`;
  }
  return [...byOwner]
    .map(([message, fields]) => `conflicts ${message.slice("conflict ".length)}:\n- ${fields.join("\n- ")}`)
    .join("\n");
}
