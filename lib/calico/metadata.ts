import { convertUid } from "./names.ts";
import { isRecord, list, type RawRecord, record, show, text, textMap } from "./reading.ts";

/** Where v1 objects written by Calico keep their real metadata, as JSON. */
export const METADATA_ANNOTATION = "projectcalico.org/metadata";

interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** An object's metadata as Calico and the v3 API see it. */
export interface MetadataView {
  readonly name: string;
  /** As stored: the UID that preconditions on the stored object need. `v3Uid` is what the aggregated API shows. */
  readonly uid: string;
  readonly v3Uid: string;
  readonly resourceVersion: string;
  /** RFC 3339; empty when unknown. */
  readonly createdAt: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ownerReferences: readonly OwnerReference[];
  /** Of the stored object; those inside the annotation are inert. */
  readonly deleting: boolean;
  /** Of the stored object too. */
  readonly finalizers: readonly string[];
  readonly oddities: readonly string[];
}

/**
 * Merges the hidden metadata of `crd.projectcalico.org/v1` objects with the stored one; objects without the annotation are
 * read as they are, which also suits native v3.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/resources/resources.go ConvertK8sResourceToCalicoResource
 */
export function viewMetadata(object: unknown): MetadataView {
  const oddities: string[] = [];
  const tell = (oddity: string): void => void oddities.push(oddity);
  const raw = record(record(object).metadata);
  const labels = textMap(raw.labels, "metadata.labels", tell);
  const { [METADATA_ANNOTATION]: encoded, ...annotations } = textMap(
    raw.annotations,
    "metadata.annotations",
    tell,
  );
  const hidden = decode(encoded, tell);
  const uid = text(raw.uid) ?? "";
  const owners =
    encoded === undefined
      ? list(raw.ownerReferences).map(readOwner)
      : list(hidden.ownerReferences).map(toV3Owner);
  return {
    name: text(raw.name) ?? "",
    uid,
    v3Uid: encoded === undefined ? uid : convertUid(uid),
    resourceVersion: text(raw.resourceVersion) ?? "",
    createdAt: text(hidden.creationTimestamp) ?? text(raw.creationTimestamp) ?? "",
    labels: { ...labels, ...textMap(hidden.labels, `labels in ${METADATA_ANNOTATION}`, tell) },
    annotations: {
      ...annotations,
      ...textMap(hidden.annotations, `annotations in ${METADATA_ANNOTATION}`, tell),
    },
    ownerReferences: owners,
    deleting: text(raw.deletionTimestamp) !== null,
    finalizers: list(raw.finalizers).filter((one) => typeof one === "string"),
    oddities,
  };
}

function decode(encoded: string | undefined, tell: (oddity: string) => void): RawRecord {
  if (encoded === undefined) return {};
  try {
    const value: unknown = JSON.parse(encoded);
    if (isRecord(value)) return value;
  } catch {
    // told below, with everything else that is no object
  }
  tell(`annotation ${METADATA_ANNOTATION} is not a JSON object: ${show(encoded)}`);
  return {};
}

function readOwner(value: unknown): OwnerReference {
  const owner = record(value);
  return {
    apiVersion: text(owner.apiVersion) ?? "",
    kind: text(owner.kind) ?? "",
    name: text(owner.name) ?? "",
    uid: text(owner.uid) ?? "",
  };
}

function toV3Owner(value: unknown): OwnerReference {
  const owner = readOwner(value);
  if (owner.apiVersion !== "crd.projectcalico.org/v1") return owner;
  return { ...owner, apiVersion: "projectcalico.org/v3", uid: convertUid(owner.uid) };
}
