import type { ApiError } from "./errors.ts";
import { get, statusError } from "./request.ts";
import { compareResourceVersions, isOlder } from "./resource-version.ts";

/** What identifies one version of one object. */
export interface ObjectIdentity {
  /** "namespace/name", or the name alone for kinds without namespaces. */
  readonly key: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

export type WatchEvent =
  | {
      readonly type: "ADDED" | "MODIFIED" | "DELETED";
      readonly identity: ObjectIdentity;
      readonly raw: unknown;
    }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string }
  /** `error` is null when the server sent something other than a Status. */
  | { readonly type: "ERROR"; readonly error: ApiError | null }
  /** Of a known type, but without a usable object: counted and skipped. */
  | { readonly type: "bad" }
  /** Of a type that Kubernetes may invent one day: skipped. */
  | { readonly type: "unknown" };

/** Reads one parsed watch line. Never throws. `kind` is the expected kind of the objects. */
export function readWatchEvent(value: unknown, kind: string): WatchEvent {
  const type = get(value, "type");
  const object = get(value, "object");
  switch (type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED": {
      const identity = get(object, "kind") === kind ? identify(object) : null;
      return identity === null ? { type: "bad" } : { type, identity, raw: object };
    }
    case "BOOKMARK": {
      const resourceVersion = get(get(object, "metadata"), "resourceVersion");
      if (typeof resourceVersion !== "string" || resourceVersion === "") return { type: "bad" };
      return { type, resourceVersion };
    }
    case "ERROR":
      return { type, error: statusError(object) };
    default:
      return typeof type === "string" ? { type: "unknown" } : { type: "bad" };
  }
}

/** Null for objects without a name or a version: they cannot be kept apart. A missing uid is "". */
export function identify(object: unknown): ObjectIdentity | null {
  const metadata = get(object, "metadata");
  if (typeof metadata !== "object" || metadata === null) return null;
  const { name, resourceVersion, namespace, uid } = metadata as Readonly<Record<string, unknown>>;
  if (typeof name !== "string" || name === "") return null;
  if (typeof resourceVersion !== "string" || resourceVersion === "") return null;
  return {
    key: typeof namespace === "string" && namespace !== "" ? `${namespace}/${name}` : name,
    uid: typeof uid === "string" ? uid : "",
    resourceVersion,
  };
}

/**
 * What an event does to the object held under its key: "replace" means that another object of the same name took its
 * place and the deletion in between was not seen. Late and repeated events are ignored, but a deletion may carry the
 * version that is already held.
 */
export function decideChange(
  type: "ADDED" | "MODIFIED" | "DELETED",
  event: Pick<ObjectIdentity, "uid" | "resourceVersion">,
  held: Pick<ObjectIdentity, "uid" | "resourceVersion"> | undefined,
): "ignore" | "add" | "modify" | "replace" | "remove" {
  if (held === undefined) return type === "DELETED" ? "ignore" : "add";
  if (isOlder(event.resourceVersion, held.resourceVersion)) return "ignore";
  if (type === "DELETED") return event.uid === held.uid ? "remove" : "ignore";
  if (event.uid !== held.uid) return "replace";
  return compareResourceVersions(event.resourceVersion, held.resourceVersion) === 0 ? "ignore" : "modify";
}
