import type { Permission } from "../contract/common.ts";
import { actions, type Action, type Session } from "../contract/session.ts";
import { AccessReviewer, type AccessQuestion } from "../kube/access-review.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import type { ResourceRef } from "../kube/paths.ts";
import { ProblemError } from "./problem.ts";
import { shared } from "./shared.ts";
import {
  affinityResource,
  blockResource,
  namespaceResource,
  poolResource,
  reservationResource,
} from "./write/resources.ts";

type Need = Pick<AccessQuestion, "verb" | "resource">;

const need = (verb: AccessQuestion["verb"], resource: ResourceRef): Need => ({ verb, resource });

/** What each action asks of the cluster. Deleting a pool also lets go of its blocks, as Calico's own client does. */
const needs: Readonly<Record<Action, readonly Need[]>> = {
  "pools.create": [need("create", poolResource)],
  "pools.update": [need("patch", poolResource)],
  "pools.delete": [
    need("delete", poolResource),
    need("patch", poolResource),
    need("update", blockResource),
    need("delete", blockResource),
    need("update", affinityResource),
    need("delete", affinityResource),
  ],
  "namespaces.update": [need("patch", namespaceResource)],
  "reservations.write": [need("create", reservationResource)],
};

const reviewers = () => shared("accessReviewers", () => new WeakMap<ClusterConnection, AccessReviewer>());

function reviewerOf(connection: ClusterConnection): AccessReviewer {
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

/** What cannot be asked counts as missing. */
async function judge(connection: ClusterConnection, action: Action): Promise<Verdict> {
  const reviewer = reviewerOf(connection);
  const answers = await Promise.all(needs[action].map((each) => reviewer.ask(each)));
  const at = answers.findIndex(({ allowed }) => !allowed);
  const [lacking, answer] = [needs[action][at], answers[at]];
  return {
    missing: lacking ? permissionOf(lacking.verb, lacking.resource) : null,
    unasked: answer && !answer.known ? answer.reason : null,
  };
}

export function permissionOf(verb: string, resource: AccessQuestion["resource"]): Permission {
  return { verb, group: resource.group, resource: resource.plural };
}

/** The refusal that names what is missing. */
export function forbidden(permission: Permission): ProblemError {
  const { verb, resource, group } = permission;
  const detail = `The cluster does not let Poolboard ${verb} ${group ? `${resource}.${group}` : resource}.`;
  return new ProblemError("forbidden", detail, { permission });
}

/** Throws ProblemError 403 with the permission that is missing. */
export async function requirePermission(connection: ClusterConnection, action: Action): Promise<void> {
  const { missing } = await judge(connection, action);
  if (missing) throw forbidden(missing);
}

/**
 * What the caller may do, for buttons. Nothing on a read-only server; the missing permission is named all the same. Where
 * the API server could not be asked nothing is allowed either, and `unknown` says so.
 */
export async function permittedActions(
  connection: ClusterConnection,
  readOnly: boolean,
): Promise<Pick<Session, "can" | "unknown">> {
  const verdicts = await Promise.all(
    actions.map(async (action) => ({ action, ...(await judge(connection, action)) })),
  );
  const can = verdicts.map(({ action, missing }): [Action, Session["can"][Action]] => [
    action,
    { allowed: !readOnly && !missing, ...(missing ? { permission: missing } : {}) },
  ]);
  const unknown = verdicts.flatMap(({ action, unasked }) =>
    unasked === null ? [] : [{ field: `can.${action}`, reason: unasked }],
  );
  return { can: Object.fromEntries(can) as Session["can"], ...(unknown.length > 0 ? { unknown } : {}) };
}
