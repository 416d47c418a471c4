import { type RawRecord, record, text } from "../calico/reading.ts";

/** Seconds since 1970 of an RFC 3339 text; 0 when it is not one. */
export function seconds(value: unknown): number {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? 0 : Math.floor(time / 1000);
}

/** What every object has. Null when it has no name: such an object cannot be stored, addressed or shown. */
export function identity(
  raw: RawRecord,
): { namespace: string; name: string; uid: string; revision: string } | null {
  const metadata = record(raw.metadata);
  const name = text(metadata.name);
  if (name === null) return null;
  return {
    namespace: text(metadata.namespace) ?? "",
    name,
    uid: text(metadata.uid) ?? "",
    revision: text(metadata.resourceVersion) ?? "",
  };
}
