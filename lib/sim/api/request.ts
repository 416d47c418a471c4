import type { Registry } from "./registry.ts";
import type { ResourceType } from "./resource-type.ts";
import { badRequest, methodNotAllowed, unknownResource } from "./status.ts";

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

/** What a request path under /api or /apis asks for. */
export interface ResourceRequest {
  readonly verb: Verb;
  readonly type: ResourceType;
  /** "" for cluster-scoped objects and for all namespaces. */
  readonly namespace: string;
  /** "" for the collection. */
  readonly name: string;
  readonly subresource: string;
  readonly query: URLSearchParams;
}

export type Route =
  | { readonly kind: "resource"; readonly request: ResourceRequest }
  | { readonly kind: "groups" }
  | { readonly kind: "core-versions" }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "resources"; readonly group: string; readonly version: string }
  | { readonly kind: "other"; readonly path: string }
  /** Go's own plain-text 404. */
  | { readonly kind: "nowhere" };

/**
 * Reads a request line. Segments are decoded once and never resolved: `..` is a name like any other (and not found).
 * @throws ApiError 400, 404 or 405
 */
export function route(method: string, path: string, query: URLSearchParams, registry: Registry): Route {
  const segments = decodeSegments(path);
  const [root, ...rest] = segments;
  if (root !== "api" && root !== "apis") return { kind: "other", path };
  if (rest.length === 0) return { kind: root === "api" ? "core-versions" : "groups" };
  const [group, version, tail]: [string, string, string[]] =
    root === "api" ? ["", rest[0] ?? "", rest.slice(1)] : [rest[0] ?? "", rest[1] ?? "", rest.slice(2)];
  if (root === "apis" && rest.length === 1) {
    return registry.hasGroup(group) ? { kind: "group", group } : { kind: "nowhere" };
  }
  if (!registry.hasVersion(group, version)) return { kind: "nowhere" };
  if (tail.length === 0) return { kind: "resources", group, version };
  return resourceRoute(method, group, version, tail, query, registry);
}

function decodeSegments(path: string): string[] {
  try {
    return path
      .split("/")
      .slice(1)
      .map((segment) => decodeURIComponent(segment))
      .filter((segment, index, all) => segment !== "" || index < all.length - 1);
  } catch {
    throw badRequest("the path is not valid percent-encoding");
  }
}

function resourceRoute(
  method: string,
  group: string,
  version: string,
  tail: readonly string[],
  query: URLSearchParams,
  registry: Registry,
): Route {
  let namespace = "";
  let rest = tail;
  if (tail[0] === "namespaces" && tail.length > 2 && !namespaceParts.has(tail[2] ?? "")) {
    namespace = tail[1] ?? "";
    rest = tail.slice(2);
  }
  const [plural = "", name = "", ...subresource] = rest;
  const type = registry.find(group, version, plural);
  if (type === null) {
    if (registry.isCustomGroup(group)) return { kind: "nowhere" };
    throw unknownResource();
  }
  const wrongScope = !type.namespaced && namespace !== "";
  const nameWithoutNamespace = type.namespaced && namespace === "" && name !== "";
  if (wrongScope || nameWithoutNamespace || subresource.length > 1) throw unknownResource();
  const verb = verbOf(method, name, query);
  return {
    kind: "resource",
    request: { verb, type, namespace, name, subresource: subresource[0] ?? "", query },
  };
}

const namespaceParts = new Set(["status", "finalize"]);

function verbOf(method: string, name: string, query: URLSearchParams): Verb {
  const single = name !== "";
  switch (method) {
    case "GET":
    case "HEAD":
      if (single) return "get";
      return isTrue(query.get("watch")) ? "watch" : "list";
    case "POST":
      return "create";
    case "PUT":
      if (single) return "update";
      break;
    case "PATCH":
      if (single) return "patch";
      break;
    case "DELETE":
      return single ? "delete" : "deletecollection";
    default:
  }
  throw methodNotAllowed();
}

export function isTrue(value: string | null): boolean {
  return value !== null && value !== "false" && value !== "0";
}

/** @throws ApiError 400 */
export function integerParameter(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === "") return null;
  if (!/^-?\d+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}
