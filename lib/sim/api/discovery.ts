import type { JsonObject } from "../store/json.ts";
import type { Registry } from "./registry.ts";
import type { ResourceType } from "./resource-type.ts";

const storedVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

interface SubresourceKind {
  readonly verbs: readonly string[];
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
}

const subresourceKinds: Readonly<Record<string, SubresourceKind>> = {
  binding: { verbs: ["create"], kind: "Binding" },
  eviction: { verbs: ["create"], kind: "Eviction", group: "policy", version: "v1" },
  log: { verbs: ["get"], kind: "Pod" },
  finalize: { verbs: ["update"], kind: "Namespace" },
  scale: { verbs: ["get", "patch", "update"], kind: "Scale", group: "autoscaling", version: "v1" },
  token: { verbs: ["create"], kind: "TokenRequest", group: "authentication.k8s.io", version: "v1" },
};

/** Subresources with nothing behind them are served (with an error) but not advertised. */
function advertisedSubresources(type: ResourceType): string[] {
  return type.subresources.filter((name) => name === "status" || name in subresourceKinds);
}

function subresourceKind(type: ResourceType, name: string): SubresourceKind {
  return subresourceKinds[name] ?? { verbs: ["get", "patch", "update"], kind: type.kind };
}

export function verbsOf(type: ResourceType): readonly string[] {
  if (type.createOnly === true) return ["create"];
  if (type.translation?.write === null) return ["get", "list", "watch"];
  const isNamespaces = type.group === "" && type.plural === "namespaces";
  return isNamespaces ? storedVerbs.filter((verb) => verb !== "deletecollection") : storedVerbs;
}

export function coreVersions(address: string): JsonObject {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }],
  };
}

export function groupList(registry: Registry): JsonObject {
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: registry.groups().map((group) => groupEntry(registry, group)),
  };
}

export function groupDocument(registry: Registry, group: string): JsonObject {
  return { kind: "APIGroup", apiVersion: "v1", ...groupEntry(registry, group) };
}

function groupEntry(registry: Registry, group: string): JsonObject {
  const versions = registry
    .versions(group)
    .map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] ?? {} };
}

export function resourceList(registry: Registry, group: string, version: string): JsonObject {
  const resources: JsonObject[] = [];
  for (const type of registry.resources(group, version)) {
    resources.push({
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs: [...verbsOf(type)],
      ...(type.shortNames.length > 0 ? { shortNames: [...type.shortNames] } : {}),
      ...(type.categories.length > 0 ? { categories: [...type.categories] } : {}),
    });
    for (const name of advertisedSubresources(type)) {
      const sub = subresourceKind(type, name);
      resources.push({
        name: `${type.plural}/${name}`,
        singularName: "",
        namespaced: type.namespaced,
        ...(sub.group === undefined ? {} : { group: sub.group, version: sub.version ?? "" }),
        kind: sub.kind,
        verbs: [...sub.verbs],
      });
    }
  }
  const groupVersion = group === "" ? version : `${group}/${version}`;
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}

/**
 * Aggregated discovery: every group, version and resource in one document. `core` selects /api or /apis. A stale group is known, but
 * its server could not be asked again.
 */
export function aggregatedDiscovery(
  registry: Registry,
  core: boolean,
  version: "v2" | "v2beta1",
  isStale: (group: string) => boolean = () => false,
): JsonObject {
  const groups = core ? [""] : registry.groups();
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: group === "" ? {} : { name: group },
      versions: registry.versions(group).map((each) => ({
        version: each,
        resources: registry.resources(group, each).map(discoveredResource),
        freshness: isStale(group) ? "Stale" : "Current",
      })),
    })),
  };
}

function discoveredResource(type: ResourceType): JsonObject {
  const subresources = advertisedSubresources(type).map((name) => {
    const sub = subresourceKind(type, name);
    return {
      subresource: name,
      responseKind: { group: sub.group ?? type.group, version: sub.version ?? type.version, kind: sub.kind },
      verbs: [...sub.verbs],
    };
  });
  return {
    resource: type.plural,
    responseKind: { group: type.group, version: type.version, kind: type.kind },
    scope: type.namespaced ? "Namespaced" : "Cluster",
    singularResource: type.singular,
    verbs: [...verbsOf(type)],
    ...(type.shortNames.length > 0 ? { shortNames: [...type.shortNames] } : {}),
    ...(type.categories.length > 0 ? { categories: [...type.categories] } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}
