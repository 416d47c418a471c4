import { isRecord, list, record, text } from "./reading.ts";

/**
 * Who wrote each field of the spec last, by the names of `metadata.managedFields`. Where a field has several managers (server-side
 * apply of the same value), the one that is not us counts.
 */
export function fieldManagers(raw: unknown, own: string): ReadonlyMap<string, string> {
  const managers = new Map<string, string>();
  for (const entry of list(record(record(raw).metadata).managedFields).map(record)) {
    const manager = text(entry.manager);
    const spec = record(entry.fieldsV1)["f:spec"];
    if (manager === null || text(entry.subresource) !== null || !isRecord(spec)) continue;
    for (const key of Object.keys(spec)) {
      const field = key.replace(/^f:/, "");
      if (manager !== own || !managers.has(field)) managers.set(field, manager);
    }
  }
  return managers;
}
