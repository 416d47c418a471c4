import { readFileSync } from "node:fs";
import { type ApiMode, type CalicoKind, servedKind } from "../../calico/dialect.ts";
import type { ResourceRef } from "../../kube/paths.ts";

/** One run of the claims: what it may use of the cluster, decided before the first claim. Handed to the runners as a file. */
export interface ClusterRun {
  /** Names of everything the run makes begin with it: "pbt-" and five random characters. */
  readonly id: string;
  /** The process that cleans up. */
  readonly pid: number;
  readonly mode: ApiMode;
  /** Nodes have kubelets of their own; false: the run brings node agents. */
  readonly kubelets: boolean;
  /** Ready nodes that take pods, in name order. */
  readonly nodes: readonly string[];
  /** Free at the start, and not one of them overlaps another. */
  readonly cidrs: RunCidrs;
  /** A container image that does nothing. */
  readonly image: string;
  /** The schema knows a time for which released addresses rest. */
  readonly coolsDown: boolean;
  /** Why the recorded stories cannot be played here; null: they can. */
  readonly noStories: string | null;
}

export interface RunCidrs {
  /** Two /20, as in the tutorial. */
  readonly external: string;
  readonly internal: string;
  /** A /19 for small pools. */
  readonly spare: string;
  /** A /64. */
  readonly six: string;
}

/** Every object that a run makes and that can carry labels has this one, with the run's id. */
export const runLabel = "poolboard.test/run";
export const idPrefix = "pbt-";

const variable = "POOLBOARD_CLUSTER_RUN";

/** The environment by which a runner finds the run. */
export function runEnvironment(file: string): Readonly<Record<string, string>> {
  return { [variable]: file };
}

/** The run that this process belongs to; throws outside of one, and when whoever would clean up is gone. */
export function currentRun(): ClusterRun {
  const file = process.env[variable];
  if (file === undefined) throw new Error("these claims are checked by npm run test:cluster");
  const run = JSON.parse(readFileSync(file, "utf8")) as ClusterRun;
  if (!isRunning(run.pid))
    throw new Error(`the run ${run.id} was killed; nothing more is done on the cluster`);
  return run;
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Where a cluster of that mode serves one of Calico's kinds. */
export function calicoRef(mode: ApiMode, kind: CalicoKind): ResourceRef {
  const { group, version, plural } = servedKind(mode, kind);
  return { group, version, plural, namespaced: false };
}

/** The core kinds that a run makes or looks at. */
export const core = {
  namespaces: { group: "", version: "v1", plural: "namespaces", namespaced: false },
  nodes: { group: "", version: "v1", plural: "nodes", namespaced: false },
  pods: { group: "", version: "v1", plural: "pods", namespaced: true },
  services: { group: "", version: "v1", plural: "services", namespaced: true },
  policies: {
    group: "admissionregistration.k8s.io",
    version: "v1",
    plural: "validatingadmissionpolicies",
    namespaced: false,
  },
  policyBindings: {
    group: "admissionregistration.k8s.io",
    version: "v1",
    plural: "validatingadmissionpolicybindings",
    namespaced: false,
  },
  roles: {
    group: "rbac.authorization.k8s.io",
    version: "v1",
    plural: "clusterroles",
    namespaced: false,
  },
  roleBindings: {
    group: "rbac.authorization.k8s.io",
    version: "v1",
    plural: "clusterrolebindings",
    namespaced: false,
  },
  serviceCidrs: { group: "networking.k8s.io", version: "v1", plural: "servicecidrs", namespaced: false },
} as const satisfies Readonly<Record<string, ResourceRef>>;
