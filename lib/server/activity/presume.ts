import type { AuditSubject } from "./audit-subject.ts";

const kinds: ReadonlyMap<string, string> = new Map([
  ["pools", "IPPool"],
  ["namespaces", "Namespace"],
  ["reservations", "IPReservation"],
]);

/** "/api/v1/pools/x" is about an IPPool. */
export const kindOfPath = (path: string) => kinds.get(path.split("/")[3] ?? "");

/** Fields of a body that say how to write, not what. */
const about = new Set([
  "uid",
  "resourceVersion",
  "confirm",
  "overrideOwner",
  "manifest",
  "onError",
  "apiVersion",
  "kind",
]);

/**
 * What a write is about as far as its address says, for those that are refused before anybody looks further. `rawParams` and
 * what comes from them may be any text.
 */
export function presumeAddress(
  audit: AuditSubject,
  request: Request,
  rawParams: Readonly<Record<string, unknown>>,
): void {
  const { pathname, searchParams } = new URL(request.url);
  const kind = kindOfPath(pathname);
  const { name } = rawParams;
  if (searchParams.get("dryRun") === "true") audit.dryRun = true;
  if (kind === undefined) return;
  audit.kind = kind;
  if (typeof name === "string") audit.name = name.slice(0, 253);
}

/** The same for its body, once that has been read. */
export function presumeBody(audit: AuditSubject, method: string, body: unknown): void {
  if (typeof body !== "object" || body === null) return;
  const { uid, resourceVersion } = body as Readonly<Record<string, unknown>>;
  if (typeof uid === "string") audit.uid = uid;
  if (typeof resourceVersion === "string") audit.resourceVersionBefore = resourceVersion;
  if (method !== "PATCH") return;
  audit.to = Object.fromEntries(Object.entries(body).filter(([field]) => !about.has(field)));
}
