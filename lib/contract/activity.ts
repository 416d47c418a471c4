import { z } from "zod";
import { listOf, listQuery, Time, unknown } from "./common.ts";
import { NamespaceWritten } from "./namespaces.ts";
import { Pool } from "./pools.ts";

export const activityResults = [
  "done",
  "dryRun",
  "denied",
  "conflict",
  "refused",
  "failed",
  "unknown",
] as const;
export type ActivityResult = (typeof activityResults)[number];

/** What somebody meant to do. `update`: any other change of an object's fields; `assign`: the pools of a namespace. */
export const activityActions = ["create", "update", "disable", "enable", "delete", "assign", "undo"] as const;
export type ActivityAction = (typeof activityActions)[number];

/** Something that happened to the object, its nodes or its pods in the minutes after a write. */
export const WatchFinding = z.object({
  kind: z.enum(["reverted", "changed", "deleted", "tunnelMoved", "tunnelLost", "podFailed"]),
  /** Who or what it is about: a manager, a node, a pod. */
  subject: z.object({ kind: z.string(), namespace: z.string().optional(), name: z.string() }),
  detail: z.string(),
  at: Time,
});
export type WatchFinding = z.infer<typeof WatchFinding>;

/**
 * The five minutes after a write to a pool. `verdict` null: still watching. `interrupted`: the server ended before its time was
 * over, or lost the cluster. `superseded`: the same fields were written again through this server, or the pool was deleted, and
 * what happens from then on is that write's. What had been found by then stands in `findings`.
 */
export const ActivityWatch = z.object({
  until: Time,
  verdict: z.enum(["quiet", "moved", "trouble", "reverted", "interrupted", "superseded"]).nullable(),
  /** The verdict as a sentence; null: still watching. */
  text: z.string().nullable(),
  findings: z.array(WatchFinding),
});
export type ActivityWatch = z.infer<typeof ActivityWatch>;

/**
 * One attempt to change something through this server. `user` null: nobody logs in here, or it was refused before we knew who.
 * `from` and `to`: the fields concerned, before and after (of a created object all, of a deleted one all before); null: not known.
 * `undo` null: it changed nothing, or there is nothing that could be taken back.
 */
export const Activity = z
  .object({
    id: z.string(),
    at: Time,
    user: z.string().nullable(),
    /** How the person proved it. */
    how: z.enum(["anonymous", "session", "token", "oidc", "proxy"]).nullable(),
    /** Address of whoever sent the request, as far as it is known. */
    client: z.string().nullable(),
    cluster: z.string().nullable(),
    action: z.enum(activityActions).nullable(),
    object: z
      .object({
        kind: z.string(),
        namespace: z.string().optional(),
        name: z.string(),
        uid: z.string().nullable(),
      })
      .nullable(),
    from: z.record(z.string(), z.unknown()).nullable(),
    to: z.record(z.string(), z.unknown()).nullable(),
    resourceVersion: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
    /** `dryRun`: a dry run that went through. */
    result: z.enum(activityResults),
    /** It was only tried, whatever came of it. */
    dryRun: z.boolean(),
    status: z.number().int(),
    /**
     * The problem's code and its words; null when it went through. A write that got no answer (`status` 504) and is read back as done
     * has a detail that says so, and no code.
     */
    code: z.string().nullable(),
    detail: z.string().nullable(),
    requestId: z.string(),
    undo: z
      .object({
        possible: z.boolean(),
        /** Why not. */
        reason: z.string().nullable(),
        /** What taking it back would not bring back, in a sentence. */
        note: z.string().nullable(),
        /** The entry that took it back already. */
        undoneBy: z.string().nullable(),
      })
      .nullable(),
    /** The entry that this one takes back. */
    undoes: z.string().nullable(),
    watch: ActivityWatch.nullable(),
    /** What became of the Kubernetes Event on the pool; null: none was due, or it is under way. */
    event: z.enum(["written", "forbidden", "failed"]).nullable(),
    unknown,
  })
  .meta({ id: "Activity" });
export type Activity = z.infer<typeof Activity>;

export const ActivityList = listOf(Activity);
export type ActivityList = z.infer<typeof ActivityList>;

/** The entries about kinds that the person may list, of the cluster that is looked at. Newest first unless `sort` says otherwise. `from` and `to`: RFC 3339. Dry runs are left out unless `dryRun=true`. */
export const ActivityQuery = z.strictObject({
  ...listQuery,
  kind: z.string().max(64).optional(),
  object: z.string().max(253).optional(),
  user: z.string().max(256).optional(),
  action: z.enum(activityActions).optional(),
  result: z.enum(activityResults).optional(),
  dryRun: z.enum(["true", "false"]).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  format: z.enum(["json", "csv"]).optional(),
});
export type ActivityQuery = z.infer<typeof ActivityQuery>;

/** The variable part of an entry's path. */
export const ActivityId = z.object({ id: z.string().regex(/^[0-9a-f-]{36}(\.\d{1,4})?$/) });

/** Nothing to say: the entry holds what is to be taken back. */
export const ActivityUndo = z.strictObject({});

/** The object read back. `id`: the entry of the undo itself. `note`: what it has not brought back. */
export const ActivityUndone = z
  .object({
    id: z.string(),
    undoes: z.string(),
    pool: Pool.optional(),
    namespace: NamespaceWritten.optional(),
    note: z.string().nullable(),
  })
  .meta({ id: "ActivityUndone" });
export type ActivityUndone = z.infer<typeof ActivityUndone>;
