import { deletedMark, servedKind, type CalicoKind } from "../../calico/dialect.ts";
import { METADATA_ANNOTATION, viewMetadata } from "../../calico/metadata.ts";
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from "../store/json.ts";
import type { KubeObject, Meta } from "../store/kube-object.ts";

const apiVersion = "projectcalico.org/v3";
/** Labels and annotations with these in their keys stay where other programs look for them. */
const inTheOpen = ["projectcalico.org/", "operator.tigera.io/"];

/**
 * An object of the v1 CRDs as Calico's API server shows it.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/resources/resources.go ConvertK8sResourceToCalicoResource
 */
export function toV3(kind: CalicoKind | "BGPConfiguration", stored: KubeObject): KubeObject {
  const view = viewMetadata(stored);
  const { metadata, ...rest } = stored;
  const shownMeta: Meta = {
    name: metadata.name,
    uid: view.v3Uid,
    resourceVersion: metadata.resourceVersion,
    creationTimestamp: view.createdAt,
    ...(Object.keys(view.labels).length > 0 ? { labels: { ...view.labels } } : {}),
    ...(Object.keys(view.annotations).length > 0 ? { annotations: { ...view.annotations } } : {}),
    ...(view.ownerReferences.length > 0
      ? { ownerReferences: view.ownerReferences.map((owner) => ({ ...owner })) }
      : {}),
    ...(metadata.deletionTimestamp === undefined ? {} : { deletionTimestamp: metadata.deletionTimestamp }),
  };
  const shown: KubeObject = { ...rest, apiVersion, kind, metadata: shownMeta };
  const { spec } = stored;
  if (!isObject(spec)) return shown;
  if (kind === "IPPool") return { ...shown, spec: withDefaults(spec) };
  if (kind === "BlockAffinity") return { ...shown, spec: { ...spec, deleted: spec["deleted"] === "true" } };
  return shown;
}

/** What every Calico client reads where a pool says nothing. Source: …/clientv3/ippool.go convertIpPoolFromStorage */
function withDefaults(spec: JsonObject): JsonObject {
  const uses = listAt(spec, "allowedUses");
  return {
    ...spec,
    blockSize: numberAt(spec, "blockSize") || (textAt(spec, "cidr").includes(":") ? 122 : 26),
    ipipMode: textAt(spec, "ipipMode") || "Never",
    vxlanMode: textAt(spec, "vxlanMode") || "Never",
    nodeSelector: textAt(spec, "nodeSelector") || "all()",
    allowedUses: uses.length > 0 ? uses : ["Workload", "Tunnel"],
    assignmentMode: textAt(spec, "assignmentMode") || "Automatic",
  };
}

/**
 * What is stored for an object of this API: most of its metadata goes into an annotation.
 * `old` is what is stored now; null for a new object.
 * Source: …/resources.go ConvertCalicoResourceToK8sResource
 */
export function toV1(
  kind: CalicoKind | "BGPConfiguration",
  object: KubeObject,
  old: KubeObject | null,
  now: string,
): KubeObject {
  const { metadata, ...rest } = object;
  const { labels, annotations, ownerReferences, finalizers } = metadata;
  const creationTimestamp = old === null ? now : viewMetadata(old).createdAt;
  const hidden = {
    ...(filled(labels) ? { labels } : {}),
    ...(filled(annotations) ? { annotations } : {}),
    creationTimestamp,
    ...(finalizers?.length ? { finalizers } : {}),
    ...(ownerReferences?.length ? { ownerReferences } : {}),
  };
  const kept: Meta = {
    name: metadata.name,
    uid: old?.metadata.uid ?? "",
    resourceVersion: old?.metadata.resourceVersion ?? "",
    creationTimestamp: old?.metadata.creationTimestamp ?? now,
    ...(filled(open(labels)) ? { labels: open(labels) } : {}),
    annotations: { ...open(annotations), [METADATA_ANNOTATION]: JSON.stringify(hidden) },
  };
  const served = kind === "BGPConfiguration" ? null : servedKind("crd-v1", kind);
  const stored: KubeObject = {
    ...rest,
    apiVersion: "crd.projectcalico.org/v1",
    kind: served?.kind ?? kind,
    metadata: kept,
  };
  if (kind !== "BlockAffinity") return stored;
  const spec: JsonObject = objectAt(object, "spec");
  return { ...stored, spec: { ...spec, deleted: deletedMark("crd-v1", kind, spec["deleted"] === true) } };
}

function open(texts: Readonly<Record<string, string>> | undefined): { [key: string]: string } {
  const found = Object.entries(texts ?? {}).filter(([key]) => inTheOpen.some((part) => key.includes(part)));
  return Object.fromEntries(found);
}

function filled(texts: Readonly<Record<string, string>> | undefined): boolean {
  return Object.keys(texts ?? {}).length > 0;
}
