import { type RawRecord, record, text } from "../calico/reading.ts";

/** Seconds since 1970 of a time as JSON has it, or protobuf: an RFC 3339 text or milliseconds. 0 when it is neither. */
export function seconds(value: unknown): number {
  return Math.floor(milliseconds(value) / 1000);
}

/** The same in milliseconds. */
export function milliseconds(value: unknown): number {
  const time = typeof value === "string" ? Date.parse(value) : value;
  return typeof time === "number" && !Number.isNaN(time) ? time : 0;
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
