import { stringify } from "yaml";
import type { ImpactQuery } from "../../../contract/impact.ts";
import type { Ownership } from "../../../contract/ownership.ts";
import type { Unknown } from "../../../contract/common.ts";
import type { InstallationPatch } from "../../../calico/installation-patch.ts";
import type { PoolEntry } from "../../../calico/installation-pools.ts";
import type { Inventory } from "../../../inventory/inventory.ts";
import type { PoolRow } from "../../../inventory/pool-row.ts";
import { isHandTool } from "../../../ipam/pool-owner.ts";
import type { ClusterConnection } from "../../../kube/connection.ts";
import { getObject } from "../../../kube/objects.ts";
import { GLANCE_TIMEOUTS } from "../../../kube/request.ts";
import { isApiError } from "../../write/kube-problem.ts";
import { differing } from "../../activity/kept.ts";
import { poolFields } from "../../activity/pool-fields.ts";
import { impactChange } from "../pool-impact-spec.ts";
import { poolNamed } from "../pools.ts";
import { dryRunPatch, installations, patchCommand } from "./dry-run.ts";
import { homeOf, manifestEdit } from "./gitops.ts";
import { type InstallationAdvice, operatorAdvice, otherAdvice } from "./operator.ts";

interface Question {
  readonly inventory: Inventory;
  /** As the person who asks: the Installation is read and the patch is tried with it. */
  readonly connection: ClusterConnection;
  readonly name: string;
  readonly query: ImpactQuery;
  readonly readOnly: boolean;
}

/**
 * Who owns the pool, where the change asked for has to be made to last, and what the API server says to exactly that.
 * Throws as every read of one pool does, and ReadError 422 for a `spec` that is none.
 */
export async function readOwnership({
  inventory,
  connection,
  name,
  query,
  readOnly,
}: Question): Promise<Ownership> {
  const update = impactChange(inventory, name, query);
  const change = query.action === "delete" ? null : (update ?? { disabled: query.action === "disable" });
  const row = poolNamed(inventory, name);
  const { managedBy } = row;
  const isOperators = managedBy.kind === "operator";
  const found = await readInstallation(connection);
  const common = { managedBy, override: false, edit: null, patch: null };
  if (isOperators && found.status !== "found") {
    return {
      ...common,
      where: { kind: "Installation", name: "default", field: "spec.calicoNetwork.ipPools" },
      advice:
        found.status === "absent"
          ? orphaned(row)
          : ["The Tigera operator owns this pool and takes back what is changed here."],
      dryRun: {
        outcome: "notAsked",
        detail: found.status === "absent" ? "There is no Installation." : found.unknown.reason,
      },
      ...(found.status === "unreadable" ? { unknown: [found.unknown] } : {}),
    };
  }
  const home = homeOf(row, change);
  const isHand = managedBy.kind === "manager" && managedBy.name !== null && isHandTool(managedBy.name);
  const listed =
    found.status !== "found"
      ? null
      : isOperators
        ? operatorAdvice(found.object, row, change)
        : otherAdvice(found.object, row, change);
  if (listed !== null && listed.where !== null) {
    return { ...common, ...(await withPatch(connection, listed, readOnly)), override: !isOperators };
  }
  const isNothing = change !== null && differing(change, poolFields(row.pool)).length === 0;
  const already = isNothing ? [`Nothing changes: ${name} is so already.`] : [];
  const more = listed?.advice ?? [];
  const dryRun = { outcome: "notAsked" as const, detail: null };
  if (home === null || isHand)
    return { ...common, where: null, advice: [...already, ...byHand(row, isHand), ...more], dryRun };
  const isFile = managedBy.kind !== "manager";
  return {
    ...common,
    where: home.where,
    advice: [...already, ...home.advice, ...more],
    edit: isFile && !isNothing ? manifestEdit(change) : null,
    override: true,
    dryRun,
  };
}

async function withPatch(
  connection: ClusterConnection,
  { where, advice, patch, stored }: InstallationAdvice,
  readOnly: boolean,
): Promise<Pick<Ownership, "where" | "advice" | "patch" | "dryRun">> {
  const notAsked = (detail: string | null) => ({ outcome: "notAsked" as const, detail });
  const dryRun =
    patch === null
      ? notAsked(null)
      : readOnly
        ? notAsked("Poolboard runs read-only: it sends no write, not even a dry run.")
        : await dryRunPatch(connection, patch);
  return { where, advice: [...advice], patch: patch === null ? null : shown(patch, stored), dryRun };
}

function shown(patch: InstallationPatch, stored: readonly PoolEntry[]): NonNullable<Ownership["patch"]> {
  const body = JSON.stringify(patch);
  const yamlOf = (value: InstallationPatch) => stringify(value, { version: "1.1", lineWidth: 0 });
  const yaml = yamlOf(patch);
  return {
    contentType: "application/merge-patch+json",
    body,
    yaml,
    changed: changedLines(yamlOf({ ...patch, spec: { calicoNetwork: { ipPools: stored } } }), yaml),
    command: patchCommand(body),
  };
}

/** What is left of `after` without the lines that both have at the top and at the end. */
function changedLines(before: string, after: string): [from: number, to: number] | null {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const shorter = Math.min(old.length, now.length);
  let from = 0;
  while (from < shorter && old[from] === now[from]) from += 1;
  let end = 0;
  while (end < shorter - from && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  return from < now.length - end ? [from, now.length - end] : null;
}

function byHand({ name, managedBy }: PoolRow, isHand: boolean): string[] {
  return [
    isHand
      ? `${managedBy.name} wrote ${name} last, a tool that people use by hand. Nothing is known that writes it again.`
      : `Nothing is known that writes ${name} again: it is changed here.`,
  ];
}

/** The operator's mark without what the operator works from. */
function orphaned({ name }: PoolRow): string[] {
  return [
    "The pool carries the operator's label, but there is no Installation: without one the operator touches no pool.",
    `To change ${name} here, take the label app.kubernetes.io/managed-by off it first, with calicoctl: kubectl does not see it where it is stored in an annotation.`,
  ];
}

type Found =
  | { readonly status: "found"; readonly object: unknown }
  | { readonly status: "absent" }
  | { readonly status: "unreadable"; readonly unknown: Unknown };

async function readInstallation(connection: ClusterConnection): Promise<Found> {
  try {
    const ref = { resource: installations, name: "default" };
    const object = await getObject(connection, ref, { timeouts: GLANCE_TIMEOUTS });
    return { status: "found", object };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (isApiError(error) && error.status === 404) return { status: "absent" };
    const { group, plural } = installations;
    const isForbidden = isApiError(error) && error.status === 403;
    const reason = isForbidden
      ? "the Installation may not be read"
      : `the Installation could not be read: ${error.message}`;
    const permission = { verb: "get", group, resource: plural, name: "default" };
    return {
      status: "unreadable",
      unknown: { field: "patch", reason, ...(isForbidden ? { permission } : {}) },
    };
  }
}
