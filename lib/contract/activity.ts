import * as z from "zod/mini";
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
  subject: z.object({ kind: z.string(), namespace: z.optional(z.string()), name: z.string() }),
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
  verdict: z.nullable(z.enum(["quiet", "moved", "trouble", "reverted", "interrupted", "superseded"])),
  /** The verdict as a sentence; null: still watching. */
  text: z.nullable(z.string()),
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
    user: z.nullable(z.string()),
    /** How the person proved it. */
    how: z.nullable(z.enum(["anonymous", "session", "token", "oidc", "proxy"])),
    /** Address of whoever sent the request, as far as it is known. */
    client: z.nullable(z.string()),
    cluster: z.nullable(z.string()),
    action: z.nullable(z.enum(activityActions)),
    object: z.nullable(
      z.object({
        kind: z.string(),
        namespace: z.optional(z.string()),
        name: z.string(),
        uid: z.nullable(z.string()),
      }),
    ),
    from: z.nullable(z.record(z.string(), z.unknown())),
    to: z.nullable(z.record(z.string(), z.unknown())),
    resourceVersion: z.object({ before: z.nullable(z.string()), after: z.nullable(z.string()) }),
    /** `dryRun`: a dry run that went through. */
    result: z.enum(activityResults),
    /** It was only tried, whatever came of it. */
    dryRun: z.boolean(),
    status: z.int(),
    /**
     * The problem's code and its words; null when it went through. A write that got no answer (`status` 504) and is read back as done
     * has a detail that says so, and no code.
     */
    code: z.nullable(z.string()),
    detail: z.nullable(z.string()),
    requestId: z.string(),
    undo: z.nullable(
      z.object({
        possible: z.boolean(),
        /** Why not. */
        reason: z.nullable(z.string()),
        /** What taking it back would not bring back, in a sentence. */
        note: z.nullable(z.string()),
        /** The entry that took it back already. */
        undoneBy: z.nullable(z.string()),
      }),
    ),
    /** The entry that this one takes back. */
    undoes: z.nullable(z.string()),
    watch: z.nullable(ActivityWatch),
    /** What became of the Kubernetes Event on the pool; null: none was due, or it is under way. */
    event: z.nullable(z.enum(["written", "forbidden", "failed"])),
    unknown,
  })
  .register(z.globalRegistry, { id: "Activity" });
export type Activity = z.infer<typeof Activity>;

export const ActivityList = listOf(Activity);
export type ActivityList = z.infer<typeof ActivityList>;

/** The entries about kinds that the person may list, of the cluster that is looked at. Newest first unless `sort` says otherwise. `from` and `to`: RFC 3339. Dry runs are left out unless `dryRun=true`. */
export const ActivityQuery = z.strictObject({
  ...listQuery,
  kind: z.optional(z.string().check(z.maxLength(64))),
  object: z.optional(z.string().check(z.maxLength(253))),
  user: z.optional(z.string().check(z.maxLength(256))),
  action: z.optional(z.enum(activityActions)),
  result: z.optional(z.enum(activityResults)),
  dryRun: z.optional(z.enum(["true", "false"])),
  from: z.optional(z.iso.datetime({ offset: true })),
  to: z.optional(z.iso.datetime({ offset: true })),
  format: z.optional(z.enum(["json", "csv"])),
});
export type ActivityQuery = z.infer<typeof ActivityQuery>;

/** The variable part of an entry's path. */
export const ActivityId = z.object({ id: z.string().check(z.regex(/^[0-9a-f-]{36}(\.\d{1,4})?$/)) });

/** Nothing to say: the entry holds what is to be taken back. */
export const ActivityUndo = z.strictObject({});

/** The object read back. `id`: the entry of the undo itself. `note`: what it has not brought back. */
export const ActivityUndone = z
  .object({
    id: z.string(),
    undoes: z.string(),
    pool: z.optional(Pool),
    namespace: z.optional(NamespaceWritten),
    note: z.nullable(z.string()),
  })
  .register(z.globalRegistry, { id: "ActivityUndone" });
export type ActivityUndone = z.infer<typeof ActivityUndone>;
