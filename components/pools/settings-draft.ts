import type { Pool, PoolChange } from "@/lib/contract/pools.ts";
import { fillPoolSpec } from "@/lib/ipam/pool-draft.ts";
import { validatePool } from "@/lib/ipam/pool-rules.ts";
import { byField, contextOf, type FieldErrors } from "./draft-errors.ts";
import { draftDocument, emptyDraft, type PoolDraft } from "./pool-draft.ts";

/** A pool as the form shows it. */
export function draftOf(pool: Pool): PoolDraft {
  const uses = [...pool.allowedUses].sort().join();
  return {
    ...emptyDraft,
    name: pool.name,
    cidr: pool.cidr,
    blockSize: String(pool.blockSize),
    encapsulation: encapsulationOf(pool),
    natOutgoing: pool.natOutgoing,
    disabled: pool.disabled,
    disableBGPExport: pool.disableBGPExport,
    nodeSelector: pool.nodeSelector,
    namespaceSelector: pool.namespaceSelector ?? "",
    uses: uses === "LoadBalancer" || uses === "Workload" || uses === "Tunnel" ? uses : "WorkloadTunnel",
    assignmentMode: pool.assignmentMode === "Manual" ? "Manual" : "Automatic",
  };
}

function encapsulationOf({ ipipMode, vxlanMode }: Pool): PoolDraft["encapsulation"] {
  if (vxlanMode !== "Never") return vxlanMode === "Always" ? "VXLAN" : "VXLANCrossSubnet";
  if (ipipMode !== "Never") return ipipMode === "Always" ? "IPIP" : "IPIPCrossSubnet";
  return "None";
}

/** What the draft changes about the pool it was made from, and nothing else. */
export function changeOf(pool: Pool, draft: PoolDraft): PoolChange {
  const before = draftOf(pool);
  const { spec } = draftDocument(draft);
  return {
    ...(draft.natOutgoing === before.natOutgoing ? {} : { natOutgoing: draft.natOutgoing }),
    ...(draft.encapsulation === before.encapsulation
      ? {}
      : { ipipMode: spec.ipipMode, vxlanMode: spec.vxlanMode }),
    ...(draft.disableBGPExport === before.disableBGPExport
      ? {}
      : { disableBGPExport: draft.disableBGPExport }),
    ...(draft.nodeSelector === before.nodeSelector ? {} : { nodeSelector: draft.nodeSelector }),
    ...(draft.namespaceSelector === before.namespaceSelector
      ? {}
      : { namespaceSelector: draft.namespaceSelector === "" ? null : draft.namespaceSelector }),
    ...(draft.uses === before.uses ? {} : { allowedUses: spec.allowedUses }),
    ...(draft.assignmentMode === before.assignmentMode ? {} : { assignmentMode: draft.assignmentMode }),
  };
}

/** What the rules say about the changed pool. What was wrong with it before does not stand in the way of changing something else. */
export function changeErrors(pool: Pool, draft: PoolDraft, calicoVersion: string | null): FieldErrors {
  const document = (each: PoolDraft) => {
    const { blockSize, ...rest } = draftDocument(each).spec;
    return typeof blockSize === "number" ? { ...rest, blockSize } : rest;
  };
  const before = document(draftOf(pool));
  const context = { ...contextOf([], calicoVersion), old: fillPoolSpec(before) };
  const judge = (spec: typeof before) =>
    validatePool({ name: pool.name, labels: {}, annotations: {}, spec }, context);
  const known = new Set(judge(before).map(({ rule, field }) => `${rule} ${field}`));
  const touched = new Set(Object.keys(changeOf(pool, draft)).map((field) => `spec.${field}`));
  return byField(
    judge(document(draft)).filter(({ rule, field }) => !known.has(`${rule} ${field}`) || touched.has(field)),
  );
}
