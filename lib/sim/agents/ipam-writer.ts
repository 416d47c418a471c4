import { deletedMark } from "../../calico/dialect.ts";
import { affinityName, handleName } from "../../calico/names.ts";
import { toRawAffinity, toRawBlock, toRawHandle } from "../../calico/to-raw.ts";
import { cidrName } from "../../ipam/cidr-name.ts";
import type { IpamPlan } from "../../ipam/ipam-draft.ts";
import type { Handle, IpamSnapshot, IpamWrite } from "../../ipam/snapshot.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { createObject, removeObject, replaceObject } from "../../kube/objects.ts";
import type { KubeObject } from "../kube-objects.ts";
import { calicoResources, type StorageMode } from "../storage-mode.ts";
import { lossless } from "./ipam-reader.ts";

const options = { codec: lossless, fieldManager: "calico-ipam" };

/** An object was not (or no longer) as the plan took it to be: read again and plan anew. */
export class PlanConflict extends Error {
  override readonly name = "PlanConflict";
}

/**
 * Makes a plan's writes in their order, each on condition that the object is still the version that was read. Returns the
 * plan's outcome with the new versions, ready to plan on. On a conflict the handle count that was raised for a block not
 * written is taken back, as Calico does, and PlanConflict is thrown.
 */
export async function writePlan(
  connection: ClusterConnection,
  mode: StorageMode,
  plan: IpamPlan,
  before: IpamSnapshot,
): Promise<IpamSnapshot> {
  const revisions = new Map<string, string>();
  const handles = new Map(before.handles);
  let raised: { readonly now: Handle; readonly old: Handle | undefined } | null = null;
  for (const write of plan.writes) {
    try {
      await writeOne(connection, mode, write, revisions);
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (raised !== null) await restore(connection, mode, raised, revisions);
      throw new PlanConflict(error.message);
    }
    if (write.kind === "block") raised = null;
    if (write.kind !== "handle") continue;
    raised = write.op === "delete" ? null : { now: write.handle, old: handles.get(write.handle.id) };
    handles.set(write.handle.id, write.handle);
  }
  return withRevisions(plan.after, revisions);
}

function withRevisions(after: IpamSnapshot, revisions: ReadonlyMap<string, string>): IpamSnapshot {
  if (revisions.size === 0) return after;
  const current = <T extends { readonly revision: string | null }>(value: T, key: string): T => {
    const revision = revisions.get(key);
    return revision === undefined ? value : { ...value, revision };
  };
  return {
    ...after,
    blocks: new Map(
      Array.from(after.blocks, ([key, block]) => [key, current(block, `ipamblocks/${cidrName(block.cidr)}`)]),
    ),
    handles: new Map(
      Array.from(after.handles, ([id, handle]) => [id, current(handle, `ipamhandles/${handleName(id)}`)]),
    ),
    affinities: after.affinities.map((row) =>
      current(row, `blockaffinities/${affinityName(row.owner.name, row.cidr)}`),
    ),
  };
}

function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 409 || error.status === 404);
}

async function writeOne(
  connection: ClusterConnection,
  mode: StorageMode,
  write: IpamWrite,
  revisions: Map<string, string>,
): Promise<void> {
  const { kind, resource, name, raw, revision } = describe(write, mode);
  const key = `${resource.plural}/${name}`;
  if (write.op === "create") {
    const created = await createObject(connection, { resource }, raw, options);
    revisions.set(key, versionOf(created));
    return;
  }
  const resourceVersion = revisions.get(key) ?? revision ?? "";
  const body = { ...raw, metadata: { ...raw.metadata, resourceVersion } };
  if (write.op === "update") {
    revisions.set(key, versionOf(await replaceObject(connection, { resource, name }, body, options)));
    return;
  }
  const marked = { ...body, spec: { ...raw.spec, deleted: deletedMark(mode, kind, true) } };
  const { metadata } = (await replaceObject(connection, { resource, name }, marked, options)) as KubeObject;
  await removeObject(connection, { resource, name }, { uid: metadata.uid });
  revisions.delete(key);
}

function describe(write: IpamWrite, mode: StorageMode) {
  const resources = calicoResources(mode);
  switch (write.kind) {
    case "affinity": {
      const { owner, cidr, revision } = write.affinity;
      const name = affinityName(owner.name, cidr);
      const raw = toRawAffinity(write.affinity, mode);
      return { kind: "BlockAffinity" as const, resource: resources.affinities, name, raw, revision };
    }
    case "block": {
      const { cidr, revision } = write.block;
      const raw = toRawBlock(write.block, mode);
      return { kind: "IPAMBlock" as const, resource: resources.blocks, name: cidrName(cidr), raw, revision };
    }
    case "handle": {
      const { id, revision } = write.handle;
      const raw = toRawHandle(write.handle, mode);
      return {
        kind: "IPAMHandle" as const,
        resource: resources.handles,
        name: handleName(id),
        raw,
        revision,
      };
    }
  }
}

async function restore(
  connection: ClusterConnection,
  mode: StorageMode,
  { now, old }: { readonly now: Handle; readonly old: Handle | undefined },
  revisions: Map<string, string>,
): Promise<void> {
  const write: IpamWrite = old
    ? { kind: "handle", op: "update", handle: old }
    : { kind: "handle", op: "delete", handle: now };
  try {
    await writeOne(connection, mode, write, revisions);
  } catch (error) {
    // Somebody else counts on this handle now; a count that is too high is harmless.
    if (!isConflict(error)) throw error;
  }
}

function versionOf(answer: unknown): string {
  return (answer as KubeObject).metadata.resourceVersion;
}
