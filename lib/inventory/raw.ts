/**
 * Reading objects of the cluster without trusting them: each function takes whatever is there and answers null, or an
 * empty value, when it is not of the form asked for.
 */

export type RawRecord = Readonly<Record<string, unknown>>;

const nothing: RawRecord = Object.freeze({});

export function record(value: unknown): RawRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as RawRecord)
    : nothing;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text, or null when it is absent, empty or not a text. */
export function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Only the entries whose value is a text, such as labels and annotations. */
export function texts(value: unknown): ReadonlyMap<string, string> {
  const entries = Object.entries(record(value));
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

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
