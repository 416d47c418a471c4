import type { ActivityUndo, ActivityUndone } from "../../contract/activity.ts";
import type { WriteQuery } from "../../contract/common.ts";
import type { NamespacePatch } from "../../contract/namespaces.ts";
import type { PoolPatch } from "../../contract/pools.ts";
import type * as z from "zod/mini";
import { requirePermission } from "../permission.ts";
import { ProblemError } from "../problem.ts";
import { toNamespace } from "../read/namespaces.ts";
import { toPool } from "../read/pools.ts";
import type { Call } from "../respond.ts";
import { freshNamespace, patchNamespace } from "../write/namespace-patch.ts";
import { freshPool } from "../write/fresh-pool.ts";
import { patchPool } from "../write/pool-patch.ts";
import { differing, type Fields, type Kept, pick } from "./kept.ts";
import { keptActivity } from "./list.ts";
import { namespaceFields, poolFields } from "./pool-fields.ts";
import { writerOf } from "./writer-of.ts";
import { movedOn, neverText, type Now, undoState } from "./undo-state.ts";

type UndoCall = Call<{ id: string }, WriteQuery, z.infer<typeof ActivityUndo>>;

/**
 * Writes back what an entry changed, as the person who asks and in the way of every other write: their permission, a fresh read,
 * the rules, the owner, a dry run where one is asked for. Throws ProblemError 404, 409 `conflict` with `current` when the object is not as
 * that write left it or the entry was taken back before, and what the write itself throws.
 */
export async function undoActivity(call: UndoCall): Promise<ActivityUndone> {
  const { params, query, inventory, audit } = call;
  Object.assign(audit, { action: "undo", undoes: params.id, dryRun: query.dryRun === "true" });
  const kept = keptActivity(inventory, params.id);
  const { object } = kept.activity;
  if (object === null || undoState(inventory, kept) === null)
    throw new ProblemError("conflict", "This attempt changed nothing.", {
      title: "There is nothing to take back",
    });
  Object.assign(audit, { kind: object.kind, name: object.name, uid: object.uid ?? undefined });
  const never = neverText(kept);
  if (never !== null) throw new ProblemError("conflict", never, { title: "This is not taken back" });
  const done = { id: call.requestId, undoes: params.id };
  return object.kind === "IPPool" ? undoPool(call, kept, done) : undoNamespace(call, kept, done);
}

type Done = Pick<ActivityUndone, "id" | "undoes">;

async function undoPool(call: UndoCall, kept: Kept, done: Done): Promise<ActivityUndone> {
  const { inventory, connection } = call;
  await requirePermission(connection, inventory, "pools.update");
  const { name } = kept.activity.object ?? { name: "" };
  const row = await freshPool(inventory, connection, name).catch(isNotFound);
  const now: Now | null = row && {
    uid: row.uid,
    fields: poolFields(row.pool),
    writer: (fields) => writerOf(row, fields),
  };
  refuse(call, kept, now, row && toPool(inventory, row));
  const note = undoState(inventory, kept)?.note ?? null;
  const fields = valuesBefore(kept);
  const body = {
    uid: row?.uid ?? "",
    resourceVersion: row?.revision ?? "",
    ...fields,
    ...(kept.override === null ? {} : { overrideOwner: kept.override }),
  } as PoolPatch;
  const pool = await patchPool({ ...call, params: { name }, body: presumed(call, body, fields) });
  // Of an enabled pool only a condition says so that the controller has not renewed yet.
  const isOpen = pool.disabled || pool.state.allocatable || pool.state.reason === "PoolDisabled";
  const closed = isOpen ? null : `It gives no addresses all the same: ${pool.state.message}`;
  return { ...done, pool, note: note ?? closed };
}

async function undoNamespace(call: UndoCall, kept: Kept, done: Done): Promise<ActivityUndone> {
  const { inventory, connection } = call;
  await requirePermission(connection, inventory, "namespaces.update");
  const { name } = kept.activity.object ?? { name: "" };
  const row = await freshNamespace(inventory, connection, name).catch(isNotFound);
  const now: Now | null = row && { uid: row.uid, fields: namespaceFields(row), writer: () => null };
  refuse(call, kept, now, row && toNamespace(inventory, row));
  const fields = valuesBefore(kept);
  const body = { uid: row?.uid ?? "", resourceVersion: row?.revision ?? "", ...fields } as NamespacePatch;
  const namespace = await patchNamespace({ ...call, params: { name }, body: presumed(call, body, fields) });
  return { ...done, namespace, note: null };
}

/** What the activity says of the write is what is sent. */
function presumed<Body extends { readonly uid: string; readonly resourceVersion: string }>(
  { audit }: UndoCall,
  body: Body,
  fields: Fields,
): Body {
  Object.assign(audit, { uid: body.uid, resourceVersionBefore: body.resourceVersion, to: fields });
  return body;
}

/** Throws when the object is not as the write left it; after an undo it is not. */
function refuse({ inventory }: UndoCall, kept: Kept, now: Now | null, current: unknown): void {
  const undone = undoState(inventory, kept);
  const reason = undone?.undoneBy ? undone.reason : movedOn(kept, now);
  if (reason === null) return;
  throw new ProblemError("conflict", reason, {
    ...(current === null ? {} : { current }),
    ...(undone?.undoneBy ? { title: "It has been taken back already" } : {}),
  });
}

/** Only fields that the write changed: what it wrote without changing it is left alone. */
function valuesBefore({ activity: { from, to } }: Kept): Fields {
  if (from === null) return {};
  return to === null ? from : pick(from, differing(from, to));
}

function isNotFound(error: unknown): null {
  if (error instanceof ProblemError && error.code === "not-found") return null;
  throw error;
}
