import type { PolicyRule } from "../../server/roles.ts";
import type { Manifest } from "./manifest.ts";

/** How people come under their own names to an installation. */
export interface Login {
  readonly how: "oidc" | "proxy";
  /** Names under which they reach it. */
  readonly hosts: readonly string[];
  /** Addresses and CIDRs of the proxies in front of it. */
  readonly proxyPeers: readonly string[];
  /** Where these run; null: outside the cluster, and the network policy is to be opened by hand. */
  readonly proxyNamespace: string | null;
  /** With a proxy: for whom, and as members of which groups, the service account may speak. */
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** The Secret that holds what nobody else may know; it is made by hand, so that no secret is printed here. */
const secret = "poolboard";

/** An environment variable from the Secret. */
export function fromSecret(name: string, key: string) {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

export function loginEnv({ how, proxyPeers }: Login) {
  return [
    { name: "POOLBOARD_AUTH", value: how },
    how === "oidc"
      ? fromSecret("POOLBOARD_SESSION_KEY", "session-key")
      : fromSecret("POOLBOARD_PROXY_SECRET", "proxy-secret"),
    ...(proxyPeers.length === 0 ? [] : [{ name: "POOLBOARD_PROXY_PEERS", value: proxyPeers.join(",") }]),
  ];
}

/** Lets Poolboard say on a pool who has changed it. Events about objects without a namespace are kept in this one. */
export function eventRole(account: object): readonly Manifest[] {
  const metadata = { name: "poolboard-events", namespace: "default" };
  const rules: readonly PolicyRule[] = [
    {
      purpose: "say on a pool who has changed it",
      apiGroups: [""],
      resources: ["events"],
      verbs: ["create"],
    },
  ];
  return [
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata, rules },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subjects: [account],
    },
  ];
}

/** Behind a proxy the service account speaks for people; only for those who are named here, whatever the proxy says. */
export function speakerRole({ how, users, groups }: Login, account: object): readonly Manifest[] {
  if (how !== "proxy") return [];
  const speak = (purpose: string, resource: string, resourceNames: readonly string[]): PolicyRule[] =>
    resourceNames.length === 0
      ? []
      : [{ purpose, apiGroups: [""], resources: [resource], resourceNames, verbs: ["impersonate"] }];
  const name = "poolboard-speaker";
  const rules = [
    ...speak("speak for these people, with the rights that they have", "users", users),
    ...speak("as members of these groups", "groups", groups),
  ];
  return [
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [account],
    },
  ];
}
