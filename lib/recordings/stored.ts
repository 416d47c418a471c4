import type { Attribute, Block } from "../ipam/block.ts";
import { formatCidr, hostCidr, parseCidr } from "../ipam/cidr.ts";
import { parseAddress } from "../ipam/address.ts";
import { cidrName } from "../ipam/cidr-name.ts";
import type { Pool } from "../ipam/pool.ts";
import type { Affinity, Handle, IpamConfig } from "../ipam/snapshot.ts";
import type { ConfigSpec, PoolSpec } from "./step.ts";

/** What calicoctl stores for a document: its client fills in defaults and leaves out what is false or empty. */
export function storedPool(spec: PoolSpec): PoolSpec {
  const pool = readPool("", spec);
  return {
    cidr: formatCidr(pool.cidr),
    blockSize: pool.blockSize,
    ipipMode: pool.ipipMode,
    vxlanMode: pool.vxlanMode,
    nodeSelector: pool.nodeSelector,
    allowedUses: pool.allowedUses,
    assignmentMode: pool.assignmentMode,
    ...(pool.natOutgoing && { natOutgoing: true }),
    ...(pool.disabled && { disabled: true }),
    ...(pool.disableBGPExport && { disableBGPExport: true }),
    ...(pool.namespaceSelector !== "" && { namespaceSelector: pool.namespaceSelector }),
  };
}

/** A stored pool as Calico's client reads it. */
export function readPool(name: string, spec: PoolSpec): Pool {
  const { cidr } = parseCidr(spec.cidr);
  return {
    name,
    uid: name,
    resourceVersion: "1",
    createdAt: "2026-08-22T00:00:00Z",
    labels: {},
    annotations: {},
    cidr,
    blockSize: spec.blockSize || (cidr.family === 4 ? 26 : 122),
    disabled: spec.disabled ?? false,
    natOutgoing: spec.natOutgoing ?? false,
    ipipMode: spec.ipipMode ?? "Never",
    vxlanMode: spec.vxlanMode ?? "Never",
    disableBGPExport: spec.disableBGPExport ?? false,
    nodeSelector: spec.nodeSelector ?? "all()",
    namespaceSelector: spec.namespaceSelector ?? "",
    allowedUses: spec.allowedUses ?? ["Workload", "Tunnel"],
    assignmentMode: spec.assignmentMode ?? "Automatic",
    deleting: false,
    allocatable: null,
  };
}

export function readConfig(spec: ConfigSpec): IpamConfig {
  return {
    strictAffinity: spec.strictAffinity,
    autoAllocateBlocks: spec.autoAllocateBlocks,
    maxBlocksPerHost: spec.maxBlocksPerHost ?? 0,
    kubeVirtVMAddressPersistence: spec.kubeVirtVMAddressPersistence ?? "Enabled",
    ipCooldownSeconds: spec.ipCooldownSeconds ?? 0,
  };
}

export function readReserved(text: string) {
  return text.includes("/") ? parseCidr(text).cidr : hostCidr(parseAddress(text));
}

/** A block in the recordings' shape: times blanked, sequence numbers relative. */
export function recordedBlock(block: Block): { name: string; spec: object } {
  const sequence = [...block.sequenceForAllocation].map(([ordinal, number]) => [
    String(ordinal),
    Number(block.sequenceNumber - number),
  ]);
  return {
    name: cidrName(block.cidr),
    spec: {
      ...(block.affinity !== null && { affinity: `${block.affinity.type}:${block.affinity.name}` }),
      allocations: block.allocations,
      attributes: block.attributes.map(recordedAttribute),
      cidr: formatCidr(block.cidr),
      deleted: block.deleted,
      strictAffinity: false,
      unallocated: block.queue,
      sequenceNumberMinusAllocation: Object.fromEntries(sequence),
    },
  };
}

function recordedAttribute({ handle, owner, releasedAt }: Attribute): object {
  const blanked = owner["timestamp"] === undefined ? owner : { ...owner, timestamp: "*" };
  return {
    ...(handle !== null && { handle_id: handle }),
    ...(Object.keys(owner).length > 0 && { secondary: blanked }),
    ...(releasedAt !== null && { releasedAt: "*" }),
  };
}

/** `deleted` is a text in the v1 group and a flag in the v3 group. */
export function recordedAffinity(row: Affinity, deletedIsText = true): { name: string; spec: object } {
  return {
    name: `${row.owner.name}-${cidrName(row.cidr)}`,
    spec: {
      cidr: formatCidr(row.cidr),
      deleted: deletedIsText ? String(row.deleted) : row.deleted,
      node: row.owner.name,
      state: row.state,
      type: row.owner.type,
    },
  };
}

export function recordedHandle(handle: Handle): { name: string; spec: object } {
  return {
    name: handle.id.toLowerCase(),
    spec: { block: Object.fromEntries(handle.blocks), deleted: handle.deleted, handleID: handle.id },
  };
}
