import { stringify } from "yaml";
import type { Ownership } from "../../../contract/ownership.ts";
import type { PoolChange } from "../../../contract/pools.ts";
import type { PoolRow } from "../../../inventory/pool-row.ts";

/** Where a pool's manifest lies, what to do there, and when whoever keeps it writes it again. */
export interface Home {
  readonly where: NonNullable<Ownership["where"]>;
  readonly advice: readonly string[];
}

/** A pool of Helm, Argo CD, Flux or another program that wrote it last. `change` null: it is to go. */
export function homeOf(row: PoolRow, change: PoolChange | null): Home | null {
  const target = targetOf(row.name, change);
  switch (row.managedBy.kind) {
    case "helm":
      return helmHome(row, target);
    case "argocd":
      return argoHome(row, target);
    case "flux":
      return fluxHome(row, target);
    case "manager":
      return managerHome(row, target);
    default:
      return null;
  }
}

/** What is to be done there, and with what. */
interface Target {
  /** "spec.disabled", "spec.natOutgoing, spec.nodeSelector", or the whole manifest. */
  readonly field: string;
  readonly verb: "Change" | "Remove";
  /** What becomes of it without that. */
  readonly otherwise: string;
}

function targetOf(name: string, change: PoolChange | null): Target {
  if (change === null) {
    const otherwise = "Deleted here only, the pool comes back with the next of these writes.";
    return { field: `the manifest of IPPool ${name}`, verb: "Remove", otherwise };
  }
  const fields = Object.keys(change).map((field) => `spec.${field}`);
  const field = fields.length === 0 ? "spec" : fields.join(", ");
  return { field, verb: "Change", otherwise: "What its manifest does not mention stays as it is set here." };
}

/** The part of the manifest that changes. */
export function manifestEdit(change: PoolChange | null): string | null {
  return change === null || Object.keys(change).length === 0
    ? null
    : stringify({ spec: change }, { lineWidth: 0 });
}

/** A name that may stand in a command; annotations hold anything. */
const plainName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

function helmHome({ pool, managedBy }: PoolRow, { field, otherwise }: Target): Home {
  const release = pool.annotations["meta.helm.sh/release-name"] ?? null;
  const namespace = pool.annotations["meta.helm.sh/release-namespace"];
  const chart = pool.labels["helm.sh/chart"];
  const name = release ?? managedBy.name;
  const isPlain = [name, namespace].every((part) => part === undefined || plainName.test(part ?? ""));
  const from = namespace === undefined ? "" : ` -n ${namespace}`;
  return {
    where: { kind: "Helm release", ...(namespace === undefined ? {} : { namespace }), name, field },
    advice: [
      `Helm installed this pool${chart === undefined ? "" : ` from the chart ${chart}`}: it carries ${release === null ? "the label app.kubernetes.io/managed-by: Helm" : "the annotation meta.helm.sh/release-name"}.`,
      "The next upgrade of the release writes again what the chart says.",
      `Which value decides about ${field} is the chart's own${isPlain ? `: helm get values ${name}${from} --all lists them` : ""}. Change it and upgrade the release.`,
      otherwise,
    ],
  };
}

function argoHome({ pool, managedBy }: PoolRow, { field, verb, otherwise }: Target): Home {
  const [namespace, name] = split(managedBy.name);
  const tracked = pool.annotations["argocd.argoproj.io/tracking-id"] !== undefined;
  return {
    where: { kind: "Argo CD application", ...(namespace === null ? {} : { namespace }), name, field },
    advice: [
      `Argo CD keeps this pool: it carries ${tracked ? "the annotation argocd.argoproj.io/tracking-id" : "the label argocd.argoproj.io/instance"}.`,
      "With self-heal it writes Git's manifest again within minutes; without, the application turns OutOfSync and the next sync does.",
      `${verb} ${field} in the repository that the application reads, and sync it.`,
      otherwise,
    ],
  };
}

function fluxHome({ pool, managedBy }: PoolRow, { field, verb, otherwise }: Target): Home {
  const isHelm = pool.labels["helm.toolkit.fluxcd.io/name"] !== undefined;
  const kind =
    isHelm && pool.labels["kustomize.toolkit.fluxcd.io/name"] === undefined ? "HelmRelease" : "Kustomization";
  const group = kind === "HelmRelease" ? "helm" : "kustomize";
  const [namespace, name] = split(managedBy.name);
  return {
    where: { kind: `Flux ${kind}`, ...(namespace === null ? {} : { namespace }), name, field },
    advice: [
      `Flux keeps this pool: it carries the label ${group}.toolkit.fluxcd.io/name.`,
      "It writes Git's manifest again at its next reconciliation, usually within ten minutes.",
      kind === "HelmRelease"
        ? `Change the value that decides about ${field} in the HelmRelease in Git, and reconcile it.`
        : `${verb} ${field} in the repository that the Kustomization reads, and reconcile it.`,
      otherwise,
    ],
  };
}

function managerHome({ managedBy }: PoolRow, { field, verb }: Target): Home {
  const name = managedBy.name ?? "unknown";
  return {
    where: { kind: "Field manager", name, field },
    advice: [
      `${name} wrote this pool's spec last, as its managed fields tell; it is no tool that people use by hand.`,
      "It may write the pool again when it runs next; when that is the cluster does not say.",
      `${verb} ${field} where ${name} takes it from.`,
    ],
  };
}

/** "namespace/name" or "name". */
function split(name: string | null): [namespace: string | null, name: string | null] {
  const at = name?.indexOf("/") ?? -1;
  return name === null || at < 0 ? [null, name] : [name.slice(0, at), name.slice(at + 1)];
}
