import type { Attribute, Block } from "../ipam/block.ts";
import { formatCidr } from "../ipam/cidr.ts";
import { cidrName } from "../ipam/cidr-name.ts";
import type { Pool } from "../ipam/pool.ts";
import type { Affinity, Handle } from "../ipam/snapshot.ts";
import { type ApiMode, type CalicoKind, deletedMark, isStoredAsV1, typeOf } from "./dialect.ts";
import { METADATA_ANNOTATION } from "./metadata.ts";
import { affinityName, handleName, hostnameHash } from "./names.ts";
import type {
  RawAttribute,
  RawBlockAffinity,
  RawIPAMBlock,
  RawIPAMHandle,
  RawIPPool,
  RawMetadata,
} from "./raw.ts";

/** For POST: defaults are written out as Calico's client stores them; without a resourceVersion the object is new. */
export function toRawPool(pool: Pool, mode: ApiMode = "crd-v1"): RawIPPool {
  const { labels, annotations, resourceVersion } = pool;
  return {
    ...typeOf(mode, "IPPool"),
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
export function toRawBlock(block: Block, mode: ApiMode = "crd-v1"): RawIPAMBlock {
  const sequences = [...block.sequenceForAllocation].map(
    ([ordinal, sequence]) => [String(ordinal), sequence] as const,
  );
  return {
    ...typeOf(mode, "IPAMBlock"),
    metadata: metadata(mode, "IPAMBlock", { name: cidrName(block.cidr), revision: block.revision }),
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
export function toRawAffinity(affinity: Affinity, mode: ApiMode = "crd-v1"): RawBlockAffinity {
  const cidr = formatCidr(affinity.cidr);
  const labels = {
    "projectcalico.org/affinity-type": affinity.owner.type,
    "projectcalico.org/hostname-hash": hostnameHash(affinity.owner.name),
    "projectcalico.org/ip-version": String(affinity.cidr.family),
  };
  return {
    ...typeOf(mode, "BlockAffinity"),
    metadata: metadata(mode, "BlockAffinity", {
      name: affinityName(affinity.owner.name, affinity.cidr),
      revision: affinity.revision,
      labels,
    }),
    spec: {
      state: affinity.state,
      node: affinity.owner.name,
      type: affinity.owner.type,
      cidr,
      deleted: deletedMark(mode, "BlockAffinity", affinity.deleted),
    },
  };
}

/** Source: …/resources/ipam_handle.go */
export function toRawHandle(handle: Handle, mode: ApiMode = "crd-v1"): RawIPAMHandle {
  return {
    ...typeOf(mode, "IPAMHandle"),
    metadata: metadata(mode, "IPAMHandle", { name: handleName(handle.id), revision: handle.revision }),
    spec: { handleID: handle.id, block: Object.fromEntries(handle.blocks), deleted: handle.deleted },
  };
}

interface Identity {
  readonly name: string;
  readonly revision: string | null;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Source: …/resources/resources.go ConvertCalicoResourceToK8sResource: only objects of the v1 CRDs carry the annotation. */
function metadata(mode: ApiMode, kind: CalicoKind, { name, revision, labels }: Identity): RawMetadata {
  const hidden = labels === undefined ? {} : { labels };
  return {
    name,
    ...(revision === null ? {} : { resourceVersion: revision }),
    ...(isStoredAsV1(mode, kind) ? { annotations: { [METADATA_ANNOTATION]: JSON.stringify(hidden) } } : {}),
    ...(labels === undefined ? {} : { labels }),
  };
}
