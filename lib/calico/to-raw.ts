import type { Attribute, Block } from "../ipam/block.ts";
import { formatCidr } from "../ipam/cidr.ts";
import { cidrName } from "../ipam/cidr-name.ts";
import type { Pool } from "../ipam/pool.ts";
import type { Affinity, Handle } from "../ipam/snapshot.ts";
import { METADATA_ANNOTATION } from "./metadata.ts";
import { affinityName, handleName, hostnameHash } from "./names.ts";
import {
  CRD_V1,
  type RawAttribute,
  type RawBlockAffinity,
  type RawIPAMBlock,
  type RawIPAMHandle,
  type RawIPPool,
  type RawMetadata,
} from "./raw.ts";

/** For POST: defaults are written out as Calico's client stores them; without a resourceVersion the object is new. */
export function toRawPool(pool: Pool): RawIPPool {
  const { labels, annotations, resourceVersion } = pool;
  return {
    apiVersion: CRD_V1,
    kind: "IPPool",
    metadata: {
      name: pool.name,
      ...(resourceVersion === "" ? {} : { resourceVersion }),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      cidr: formatCidr(pool.cidr),
      blockSize: pool.blockSize,
      ipipMode: pool.ipipMode,
      vxlanMode: pool.vxlanMode,
      ...(pool.natOutgoing ? { natOutgoing: true } : {}),
      ...(pool.disabled ? { disabled: true } : {}),
      ...(pool.disableBGPExport ? { disableBGPExport: true } : {}),
      nodeSelector: pool.nodeSelector,
      ...(pool.namespaceSelector === "" ? {} : { namespaceSelector: pool.namespaceSelector }),
      allowedUses: pool.allowedUses,
      assignmentMode: pool.assignmentMode,
    },
  };
}

/** Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/resources/ipam_block.go */
export function toRawBlock(block: Block): RawIPAMBlock {
  const sequences = [...block.sequenceForAllocation].map(
    ([ordinal, sequence]) => [String(ordinal), sequence] as const,
  );
  return {
    apiVersion: CRD_V1,
    kind: "IPAMBlock",
    metadata: metadata(cidrName(block.cidr), block.revision, {}),
    spec: {
      cidr: formatCidr(block.cidr),
      ...(block.affinity === null ? {} : { affinity: `${block.affinity.type}:${block.affinity.name}` }),
      ...(block.claimedAt === null ? {} : { affinityClaimTime: block.claimedAt }),
      allocations: block.allocations,
      unallocated: block.queue,
      attributes: block.attributes.map(toRawAttribute),
      sequenceNumber: block.sequenceNumber,
      sequenceNumberForAllocation: Object.fromEntries(sequences),
      deleted: block.deleted,
      strictAffinity: false,
    },
  };
}

function toRawAttribute(attribute: Attribute): RawAttribute {
  const { handle, owner, alternateOwner, releasedAt } = attribute;
  return {
    ...(handle === null ? {} : { handle_id: handle }),
    ...(Object.keys(owner).length === 0 ? {} : { secondary: owner }),
    ...(alternateOwner === null ? {} : { alternateOwnerAttrs: alternateOwner }),
    ...(releasedAt === null ? {} : { releasedAt }),
  };
}

/** Its labels (Calico ≥ v3.31) stand in the object and in the annotation. Source: …/resources/ipam_affinity_v1.go */
export function toRawAffinity(affinity: Affinity): RawBlockAffinity {
  const cidr = formatCidr(affinity.cidr);
  const labels = {
    "projectcalico.org/affinity-type": affinity.owner.type,
    "projectcalico.org/hostname-hash": hostnameHash(affinity.owner.name),
    "projectcalico.org/ip-version": String(affinity.cidr.family),
  };
  return {
    apiVersion: CRD_V1,
    kind: "BlockAffinity",
    metadata: {
      ...metadata(affinityName(affinity.owner.name, affinity.cidr), affinity.revision, { labels }),
      labels,
    },
    spec: {
      state: affinity.state,
      node: affinity.owner.name,
      type: affinity.owner.type,
      cidr,
      deleted: affinity.deleted ? "true" : "false",
    },
  };
}

/** Source: …/resources/ipam_handle.go */
export function toRawHandle(handle: Handle): RawIPAMHandle {
  return {
    apiVersion: CRD_V1,
    kind: "IPAMHandle",
    metadata: metadata(handleName(handle.id), handle.revision, {}),
    spec: { handleID: handle.id, block: Object.fromEntries(handle.blocks), deleted: handle.deleted },
  };
}

function metadata(name: string, revision: string | null, hidden: object): RawMetadata {
  return {
    name,
    ...(revision === null ? {} : { resourceVersion: revision }),
    annotations: { [METADATA_ANNOTATION]: JSON.stringify(hidden) },
  };
}
