import { type RawRecord, record, text } from "../calico/reading.ts";
import { identity } from "./raw.ts";
import type { Row } from "./table.ts";

/** What we keep of a namespace. */
export interface NamespaceRow extends Row {
  readonly labels: Readonly<Record<string, string>>;
  /** Raw annotation values; null when absent or empty. */
  readonly pools4: string | null;
  readonly pools6: string | null;
  readonly deleting: boolean;
}

export function namespaceRow(raw: RawRecord): NamespaceRow | null {
  const known = identity(raw);
  if (!known) return null;
  const metadata = record(raw.metadata);
  const annotations = record(metadata.annotations);
  return {
    ...known,
    namespace: "",
    labels: labelsOf(metadata.labels),
    pools4: text(annotations["cni.projectcalico.org/ipv4pools"]),
    pools6: text(annotations["cni.projectcalico.org/ipv6pools"]),
    deleting: text(metadata.deletionTimestamp) !== null,
    gone: false,
  };
}

/** Labels as they are when every value is a text, which is what an API server lets in; else only those that are. */
export function labelsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(record(value));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
