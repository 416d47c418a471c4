import { ipFamiliesAnnotation, type PoolAnnotations, poolAnnotations } from "../calico/pod.ts";
import { type RawRecord, record, text, textMap } from "../calico/reading.ts";
import { identity, seconds } from "./raw.ts";
import type { Row } from "./table.ts";

/** What we keep of a namespace. */
export interface NamespaceRow extends Row {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: PoolAnnotations;
  /** Raw text of the annotation; null when absent or empty. */
  readonly ipFamilies: string | null;
  readonly deleting: boolean;
  /** Seconds since 1970; 0 when unknown. */
  readonly createdAt: number;
}

export function namespaceRow(raw: RawRecord): NamespaceRow | null {
  const known = identity(raw);
  if (!known) return null;
  const metadata = record(raw.metadata);
  return {
    ...known,
    namespace: "",
    labels: textMap(metadata.labels, "labels", () => undefined),
    annotations: poolAnnotations(metadata),
    ipFamilies: ipFamiliesAnnotation(metadata),
    deleting: text(metadata.deletionTimestamp) !== null,
    createdAt: seconds(metadata.creationTimestamp),
    gone: false,
  };
}
