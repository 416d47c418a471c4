import type { Permission } from "../contract/common.ts";
import { actions, type Action, type Session } from "../contract/session.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import { createObject } from "../kube/objects.ts";
import type { ResourceRef } from "../kube/paths.ts";
import { get, REVIEW_TIMEOUTS } from "../kube/request.ts";
import { calicoGroup } from "./write/resources.ts";
import { log } from "./log.ts";
import { ProblemError } from "./problem.ts";
import { shared } from "./shared.ts";

const reviews: ResourceRef = {
  group: "authorization.k8s.io",
  version: "v1",
  plural: "selfsubjectaccessreviews",
  namespaced: false,
};

/** What each action asks of the cluster. Deleting a pool also lets go of its blocks, as Calico's own client does. */
const needs: Readonly<Record<Action, readonly Permission[]>> = {
  "pools.create": [{ verb: "create", group: calicoGroup, resource: "ippools" }],
  "pools.update": [{ verb: "patch", group: calicoGroup, resource: "ippools" }],
  "pools.delete": [
    { verb: "delete", group: calicoGroup, resource: "ippools" },
    { verb: "patch", group: calicoGroup, resource: "ippools" },
    ...["ipamblocks", "blockaffinities"].flatMap((resource) =>
      ["update", "delete"].map((verb) => ({ verb, group: calicoGroup, resource })),
    ),
  ],
  "namespaces.update": [{ verb: "patch", group: "", resource: "namespaces" }],
  "reservations.write": [{ verb: "create", group: calicoGroup, resource: "ipreservations" }],
};

const ALLOWED_MS = 60_000;
const DENIED_MS = 10_000;

interface Verdict {
  readonly until: number;
  readonly allowed: Promise<boolean>;
}

const verdicts = () => shared("accessReviews", () => new WeakMap<ClusterConnection, Map<string, Verdict>>());

/** Asks the API server; one question at a time per permission, remembered for 60 s when allowed, 10 s when not. An error counts as no. */
async function isAllowed(connection: ClusterConnection, permission: Permission): Promise<boolean> {
  const known = verdicts().get(connection) ?? new Map<string, Verdict>();
  verdicts().set(connection, known);
  const key = `${permission.verb} ${permission.resource}.${permission.group}`;
  const now = Date.now();
  const verdict = known.get(key);
  if (verdict && verdict.until > now) return verdict.allowed;
  const allowed = review(connection, permission);
  known.set(key, { until: now + ALLOWED_MS, allowed });
  if (!(await allowed)) known.set(key, { until: Date.now() + DENIED_MS, allowed });
  return allowed;
}

async function review(connection: ClusterConnection, permission: Permission): Promise<boolean> {
  const { verb, group, resource } = permission;
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { verb, group, resource } },
  };
  try {
    const answer = await createObject(connection, { resource: reviews }, body, { timeouts: REVIEW_TIMEOUTS });
    return get(get(answer, "status"), "allowed") === true;
  } catch (error) {
    log.warn({ err: error, verb, resource }, "access review failed; taken as not allowed");
    return false;
  }
}

/** The first thing that is missing for an action, or null when it is allowed. */
async function missing(connection: ClusterConnection, action: Action): Promise<Permission | null> {
  const answers = await Promise.all(needs[action].map((permission) => isAllowed(connection, permission)));
  return needs[action][answers.indexOf(false)] ?? null;
}

/** Throws ProblemError 403 with the permission that is missing. */
export async function requirePermission(inventory: Inventory, action: Action): Promise<void> {
  const permission = inventory.connection ? await missing(inventory.connection, action) : null;
  if (!permission) return;
  const { verb, resource, group } = permission;
  const detail = `The cluster does not let Poolboard ${verb} ${group ? `${resource}.${group}` : resource}.`;
  throw new ProblemError("forbidden", detail, { permission });
}

/** What the caller may do, for buttons. */
export async function permittedActions(inventory: Inventory, readOnly: boolean): Promise<Session["can"]> {
  const entries = actions.map(async (action): Promise<[Action, Session["can"][Action]]> => {
    const permission = inventory.connection ? await missing(inventory.connection, action) : null;
    return [action, { allowed: !readOnly && !permission, ...(permission ? { permission } : {}) }];
  });
  return Object.fromEntries(await Promise.all(entries)) as Session["can"];
}
