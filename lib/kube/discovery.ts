import type { ClusterConnection } from "./connection.ts";
import { ApiError } from "./errors.ts";
import { checkName, type ResourceRef } from "./paths.ts";
import { get } from "./request.ts";

/** "v1.36.3" as the server names itself, or null when it does not say. */
export async function serverVersion(connection: ClusterConnection): Promise<string | null> {
  const version = get(await connection.request({ method: "GET", path: "/version" }), "gitVersion");
  return typeof version === "string" && version !== "" ? version : null;
}

/** The API groups that are served (without the core group), each with its versions, the preferred one first. */
export async function apiGroups(
  connection: ClusterConnection,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const answer = await connection.request({ method: "GET", path: "/apis" });
  const found = new Map<string, readonly string[]>();
  for (const group of array(get(answer, "groups"))) {
    const name = get(group, "name");
    if (typeof name !== "string") continue;
    const preferred = get(get(group, "preferredVersion"), "version");
    const versions = [preferred, ...array(get(group, "versions")).map((each) => get(each, "version"))];
    found.set(name, [...new Set(versions.filter((version) => typeof version === "string"))]);
  }
  return found;
}

export interface ServedResource extends ResourceRef {
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** The kinds of one group version, subresources left out; null when the server does not serve it. `group` is "" for the core group. */
export async function groupResources(
  connection: ClusterConnection,
  group: string,
  version: string,
): Promise<readonly ServedResource[] | null> {
  const path =
    group === "" ? `/api/${checkName(version)}` : `/apis/${checkName(group)}/${checkName(version)}`;
  let answer: unknown;
  try {
    answer = await connection.request({ method: "GET", path });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
  const found: ServedResource[] = [];
  for (const each of array(get(answer, "resources"))) {
    const plural = get(each, "name");
    const kind = get(each, "kind");
    if (typeof plural !== "string" || typeof kind !== "string" || plural.includes("/")) continue;
    const verbs = array(get(each, "verbs")).filter((verb) => typeof verb === "string");
    found.push({ group, version, plural, kind, namespaced: get(each, "namespaced") === true, verbs });
  }
  return found;
}

function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
