import { type MetadataView, viewMetadata } from "./metadata.ts";
import { isRecord, list, record, text } from "./reading.ts";

/** Who writes a pool besides people, and may put back what a person changes. */
export interface ManagedBy {
  readonly kind: "operator" | "helm" | "argocd" | "flux" | "manager" | "none";
  /** Release, application or kustomization as `namespace/name`, or the field manager. Null for `none`. */
  readonly name: string | null;
}

/** Our own writes, as lib/kube has them recorded. */
export const OWN_FIELD_MANAGER = "poolboard";

/**
 * Looks at the labels as Calico sees them (on v1 objects most live in an annotation), then at the field managers.
 * Source of the operator's marks: tigera/operator pkg/controller/ippool/pool_controller.go, pkg/controller/utils/component.go
 */
export function managedBy(raw: unknown): ManagedBy {
  const metadata = viewMetadata(raw);
  return (
    byOperator(metadata) ?? byFlux(metadata) ?? byArgo(metadata) ?? byHelm(metadata) ?? byFieldManager(raw)
  );
}

function byOperator({ labels, annotations }: MetadataView): ManagedBy | null {
  if (labels["app.kubernetes.io/managed-by"] !== "tigera-operator") return null;
  if (annotations["unsupported.operator.tigera.io/ignore"] === "true") return null;
  return { kind: "operator", name: "tigera-operator" };
}

function byFlux({ labels }: MetadataView): ManagedBy | null {
  for (const group of ["kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"]) {
    const name = labels[`${group}/name`];
    if (name) return { kind: "flux", name: qualified(labels[`${group}/namespace`], name) };
  }
  return null;
}

/** A tracking id reads `app:group/kind:namespace/name`; applications outside Argo's own namespace are spelled `namespace_app`. */
function byArgo({ labels, annotations }: MetadataView): ManagedBy | null {
  const application =
    annotations["argocd.argoproj.io/tracking-id"]?.split(":")[0] || labels["argocd.argoproj.io/instance"];
  return application ? { kind: "argocd", name: application.replace("_", "/") } : null;
}

function byHelm({ labels, annotations }: MetadataView): ManagedBy | null {
  const release = annotations["meta.helm.sh/release-name"];
  if (release)
    return { kind: "helm", name: qualified(annotations["meta.helm.sh/release-namespace"], release) };
  if (labels["app.kubernetes.io/managed-by"] !== "Helm") return null;
  return { kind: "helm", name: labels["app.kubernetes.io/instance"] || null };
}

/** The manager that wrote the spec last; our own writes, those to the status and a controller's finalizers do not count. */
function byFieldManager(raw: unknown): ManagedBy {
  let last: { name: string; time: string } | null = null;
  for (const entry of list(record(record(raw).metadata).managedFields).map(record)) {
    const name = text(entry.manager);
    const time = text(entry.time) ?? "";
    if (name === null || name === OWN_FIELD_MANAGER || text(entry.subresource) !== null) continue;
    if (isRecord(entry.fieldsV1) && !("f:spec" in entry.fieldsV1)) continue;
    if (last === null || time >= last.time) last = { name, time };
  }
  return last === null ? { kind: "none", name: null } : { kind: "manager", name: last.name };
}

function qualified(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}
