import { type ApiMode, poolDeletion, servedKind } from "../calico/dialect.ts";
import type { Permission } from "../contract/common.ts";
import { actions, type Action, type Session } from "../contract/session.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { AccessReviewer, type AccessQuestion } from "../kube/access-review.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import type { ResourceRef } from "../kube/paths.ts";
import { ProblemError } from "./problem.ts";
import { shared } from "./shared.ts";
import { namespaceResource } from "./write/resources.ts";

type Need = Pick<AccessQuestion, "verb" | "resource">;

const need = (verb: AccessQuestion["verb"], resource: ResourceRef): Need => ({ verb, resource });

/**
 * What each action asks of the cluster. Where nobody else does it, deleting a pool also takes its blocks back. Calico's API server
 * writes the v1 CRDs by its own right.
 */
function needsOf(action: Action, mode: ApiMode): readonly Need[] {
  const pool = servedKind(mode, "IPPool");
  switch (action) {
    case "pools.create":
      return [need("create", pool)];
    case "pools.update":
      return [need("patch", pool)];
    case "pools.delete":
      return poolDeletion[mode] === "client"
        ? [need("delete", pool), ...releaseNeeds(mode)]
        : [need("delete", pool)];
    case "namespaces.update":
      return [need("patch", namespaceResource)];
    case "reservations.write":
      return (["create", "delete"] as const).map((verb) => need(verb, servedKind(mode, "IPReservation")));
  }
}

/** To disable a pool and take its blocks back. */
function releaseNeeds(mode: ApiMode): readonly Need[] {
  const [block, affinity] = [servedKind(mode, "IPAMBlock"), servedKind(mode, "BlockAffinity")];
  const writes = [block, affinity].flatMap((resource) => [
    need("update", resource),
    need("delete", resource),
  ]);
  return [need("patch", servedKind(mode, "IPPool")), ...writes];
}

const reviewers = () => shared("accessReviewers", () => new WeakMap<ClusterConnection, AccessReviewer>());

/** Asks for the person that the connection speaks for, and remembers the answers. */
export function reviewerOf(connection: ClusterConnection): AccessReviewer {
  const known = reviewers().get(connection) ?? new AccessReviewer(connection);
  reviewers().set(connection, known);
  return known;
}

interface Verdict {
  /** The first thing that is missing; null: the action is allowed. */
  readonly missing: Permission | null;
  /** Why it counts as missing although nobody said so; null: the API server did. */
  readonly unasked: string | null;
}

/** Where Calico's objects are served is not known, so there is nothing to ask about. */
const notFound: Verdict = { missing: null, unasked: "Calico's API has not been found yet" };

/** What cannot be asked counts as missing. */
async function judge(connection: ClusterConnection, needs: readonly Need[]): Promise<Verdict> {
  const reviewer = reviewerOf(connection);
  const answers = await Promise.all(needs.map((each) => reviewer.ask(each)));
  const at = answers.findIndex(({ allowed }) => !allowed);
  const [lacking, answer] = [needs[at], answers[at]];
  return {
    missing: lacking ? permissionOf(lacking.verb, lacking.resource) : null,
    unasked: answer && !answer.known ? answer.reason : null,
  };
}

export function permissionOf(verb: string, resource: AccessQuestion["resource"]): Permission {
  return { verb, group: resource.group, resource: resource.plural };
}

/** The refusal that names what is missing. `user`: who asked under a name of their own. */
export function forbidden(permission: Permission, user: string | null = null): ProblemError {
  const { verb, resource, group } = permission;
  const detail = `The cluster does not let ${user ?? "Poolboard"} ${verb} ${group ? `${resource}.${group}` : resource}.`;
  return new ProblemError("forbidden", detail, { permission });
}

/** Throws ProblemError 403 with the permission that is missing, 502 when the API server could not be asked. */
export async function requirePermission(
  connection: ClusterConnection,
  inventory: Inventory,
  action: Action,
): Promise<void> {
  const mode = inventory.detection?.apiMode ?? null;
  // There is nothing to ask about yet. No write begins before the cluster has been read, so this lets nothing through.
  if (mode === null) return;
  refuse(await judge(connection, needsOf(action, mode)), connection.user);
}

/** Throws ProblemError 403 when we may not do what Calico's pool controller leaves undone for a pool that gives no addresses. */
export async function requireRelease(connection: ClusterConnection, mode: ApiMode): Promise<void> {
  refuse(await judge(connection, releaseNeeds(mode)), connection.user);
}

function refuse({ missing, unasked }: Verdict, user: string | null): void {
  if (unasked !== null) throw new ProblemError("upstream", `Nothing was written: ${unasked}.`);
  if (missing) throw forbidden(missing, user);
}

/**
 * What the caller may do, for buttons. Nothing on a read-only server; the missing permission is named all the same. Where
 * the API server could not be asked nothing is allowed either, and `unknown` says so.
 */
export async function permittedActions(
  connection: ClusterConnection,
  mode: ApiMode | null,
  readOnly: boolean,
): Promise<Pick<Session, "can" | "unknown">> {
  const verdicts = await Promise.all(
    actions.map(async (action) => ({
      action,
      ...(mode === null ? notFound : await judge(connection, needsOf(action, mode))),
    })),
  );
  const can = verdicts.map(({ action, missing }): [Action, Session["can"][Action]] => [
    action,
    { allowed: !readOnly && !missing && mode !== null, ...(missing ? { permission: missing } : {}) },
  ]);
  const unknown = verdicts.flatMap(({ action, unasked }) =>
    unasked === null ? [] : [{ field: `can.${action}`, reason: unasked }],
  );
  return {
    can: Object.fromEntries(can) as Session["can"],
    ...(unknown.length > 0 ? { unknown } : {}),
  };
}
