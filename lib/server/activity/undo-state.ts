import type { Activity, WatchFinding } from "../../contract/activity.ts";
import { personName } from "../../format/person.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { clusterKey } from "./cluster-key.ts";
import { differing, type Fields, type Kept } from "./kept.ts";
import { namespaceFields, poolFields } from "./pool-fields.ts";
import { writerOf } from "./writer-of.ts";
import { activityStore } from "./store.ts";
import { placeNote } from "./undo-place.ts";
import { nowText, opening } from "./watch-words.ts";

type Undo = NonNullable<Activity["undo"]>;

/** The object that an undo would write, as it is now; null: it is not there. */
export interface Now {
  readonly uid: string;
  readonly fields: Fields;
  /** Whoever wrote these fields last; null: the cluster does not say. */
  writer(fields: readonly string[]): string | null;
}

const no = (reason: string): Undo => ({ possible: false, reason, note: null, undoneBy: null });

/** Whether what an entry says was done can be taken back now, as far as the inventory knows. Null: it changed nothing. */
export function undoState(inventory: Inventory, kept: Kept): Activity["undo"] {
  const { activity } = kept;
  const { object, from, to, undo } = activity;
  if (activity.result !== "done" || object === null) return null;
  if (from && to && differing(from, to).length === 0) return null;
  if (undo?.undoneBy) return { ...no(undoneText(undo.undoneBy)), undoneBy: undo.undoneBy };
  const never = neverText(kept);
  if (never !== null) return no(never);
  const moved = movedOn(kept, nowIn(inventory, object));
  if (moved !== null) return no(moved);
  const note = [placeNote(inventory, activity), noteOf(activity)].filter((text) => text !== null).join(" ");
  return { possible: true, reason: null, note: note === "" ? null : note, undoneBy: null };
}

/** As the inventory has it. */
function nowIn(inventory: Inventory, { kind, name }: NonNullable<Activity["object"]>): Now | null {
  if (kind === "IPPool") {
    const row = inventory.space.pools.get("", name);
    return row && { uid: row.uid, fields: poolFields(row.pool), writer: (fields) => writerOf(row, fields) };
  }
  const row = inventory.namespaces.get("", name);
  return row && { uid: row.uid, fields: namespaceFields(row), writer: () => null };
}

/** Why an entry of this kind is never taken back; null: it may be. */
export function neverText({ activity, left }: Kept): string | null {
  const { action, object, from } = activity;
  const kind = object?.kind;
  if (action === "create") return "What was created goes by deleting it, which has its own steps.";
  if (action === "delete")
    return "A deleted object does not come back; create it anew with what stands here.";
  if (kind !== "IPPool" && kind !== "Namespace")
    return "Only changes of a pool, and of the pools of a namespace, can be taken back.";
  if (left === null || from === null || Object.keys(from).length === 0)
    return "How it was before is not known.";
  if (kind === "Namespace" && Object.values(from).some((value) => typeof value === "string"))
    return "The annotation held a text that is no list of pools; it is not written again.";
  return null;
}

/** What has happened to the object since, and who did it; null: it is as the write left it. */
export function movedOn(kept: Kept, now: Now | null): string | null {
  const { activity, left } = kept;
  const what = `The ${activity.object?.kind === "IPPool" ? "pool" : "namespace"} ${activity.object?.name ?? ""}`;
  if (now === null) return `${what} is not there any more${byWhom(kept, null)}.`;
  if (now.uid !== activity.object?.uid)
    return `${what} was deleted and created anew since${byWhom(kept, null)}.`;
  const fields = differing(now.fields, left ?? {});
  if (fields.length === 0) return null;
  return `${what} has changed since: ${nowText(fields, now.fields)}${byWhom(kept, now.writer(fields))}.`;
}

/** The log knows people, the cluster programs. */
function byWhom({ activity }: Kept, writer: string | null): string {
  const { object, id } = activity;
  const later =
    object === null
      ? null
      : activityStore().newestAfter(id, {
          clusters: [clusterKey()],
          kind: object.kind,
          name: object.name,
          result: "done",
          dryRuns: false,
        });
  if (later && (writer === null || writer === "another Poolboard"))
    return `, by ${personName(later.activity)} (${later.activity.at.slice(0, 19).replace("T", " ")} UTC)`;
  return writer === null || writer === "somebody" ? "" : `, by ${writer}`;
}

function undoneText(by: string): string {
  const entry = activityStore().list({ clusters: [clusterKey()], id: by }, { limit: 1, offset: 0 }).kept[0];
  if (!entry) return "It has been taken back already.";
  const { at } = entry.activity;
  return opening(
    `${personName(entry.activity)} took it back already (${at.slice(0, 19).replace("T", " ")} UTC).`,
  );
}

/**
 * What the undo of this change would leave as it is now: a tunnel address that moved stays, one that is gone is taken anew.
 * Source: projectcalico/calico@87c1590 node/pkg/allocateip/allocateip.go
 */
export function noteOf({ watch }: Pick<Activity, "watch">): string | null {
  const on = (kind: WatchFinding["kind"]) =>
    new Set((watch?.findings ?? []).filter((each) => each.kind === kind).map(({ subject }) => subject.name))
      .size;
  const [moved, lost] = [on("tunnelMoved"), on("tunnelLost")];
  const nodes = (count: number) => (count === 1 ? "one node" : `${count} nodes`);
  const told = [
    moved > 0 ? `Tunnel addresses of ${nodes(moved)} have moved since, and stay where they are.` : null,
    lost > 0 ? `Tunnel addresses that ${nodes(lost)} lost are given anew, and may be others.` : null,
  ].filter((text) => text !== null);
  return told.length === 0 ? null : told.join(" ");
}
