/**
 * Objects as Calico writes them, in either API group. What is read from a cluster is `unknown` until a parser has looked at it;
 * these types are for what we write.
 */

export interface RawMetadata {
  readonly name: string;
  /** Present on update: the compare of compare-and-swap. */
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface RawObject<Spec> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: RawMetadata;
  readonly spec: Spec;
}

/** False booleans and empty texts are absent. */
export type RawIPPool = RawObject<{
  readonly cidr: string;
  readonly blockSize: number;
  readonly ipipMode: string;
  readonly vxlanMode: string;
  readonly natOutgoing?: true;
  readonly disabled?: true;
  readonly disableBGPExport?: true;
  readonly nodeSelector: string;
  readonly namespaceSelector?: string;
  readonly allowedUses: readonly string[];
  readonly assignmentMode: string;
}>;

export interface RawAttribute {
  readonly handle_id?: string;
  readonly secondary?: Readonly<Record<string, string>>;
  readonly alternateOwnerAttrs?: Readonly<Record<string, string>>;
  readonly releasedAt?: string;
}

/** Holds bigints: write it with stringifyLossless. */
export type RawIPAMBlock = RawObject<{
  readonly cidr: string;
  readonly affinity?: string;
  readonly affinityClaimTime?: string;
  readonly allocations: readonly (number | null)[];
  readonly unallocated: readonly number[];
  readonly attributes: readonly RawAttribute[];
  readonly sequenceNumber: bigint;
  readonly sequenceNumberForAllocation: Readonly<Record<string, bigint>>;
  readonly deleted: boolean;
  readonly strictAffinity: false;
}>;

export type RawBlockAffinity = RawObject<{
  readonly state: string;
  readonly node: string;
  readonly type: string;
  readonly cidr: string;
  /** A text in v1. */
  readonly deleted: "true" | "false" | boolean;
}>;

export type RawIPAMHandle = RawObject<{
  readonly handleID: string;
  readonly block: Readonly<Record<string, number>>;
  readonly deleted: boolean;
}>;
