import type { Cidr } from "./cidr.ts";

export type EncapMode = "Never" | "Always" | "CrossSubnet";
export type AllowedUse = "Workload" | "Tunnel" | "LoadBalancer";
export type AssignmentMode = "Automatic" | "Manual";

/** What Calico lets change on a pool. */
export const changeableFields = [
  "disabled",
  "natOutgoing",
  "ipipMode",
  "vxlanMode",
  "disableBGPExport",
  "nodeSelector",
  "namespaceSelector",
  "allowedUses",
  "assignmentMode",
] as const satisfies readonly (keyof Pool)[];

/** The one condition type Calico's pool controller writes (v3 mode, ≥3.32). */
export interface AllocatableCondition {
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

/**
 * One IPPool as every Calico client reads it: read-time defaults are applied (blockSize 26/122, allowedUses
 * [Workload, Tunnel], modes Never, nodeSelector all(), assignmentMode Automatic).
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/ippool.go convertIpPoolFromStorage
 */
export interface Pool {
  readonly name: string;
  readonly uid: string;
  /** resourceVersion as read; opaque. */
  readonly resourceVersion: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly cidr: Cidr;
  /** Prefix length of its blocks: 20–32 or 116–128. */
  readonly blockSize: number;
  readonly disabled: boolean;
  readonly natOutgoing: boolean;
  readonly ipipMode: EncapMode;
  readonly vxlanMode: EncapMode;
  readonly disableBGPExport: boolean;
  readonly nodeSelector: string;
  /** Empty text selects every namespace. */
  readonly namespaceSelector: string;
  readonly allowedUses: readonly AllowedUse[];
  readonly assignmentMode: AssignmentMode;
  /** metadata.deletionTimestamp is set. */
  readonly deleting: boolean;
  readonly allocatable: AllocatableCondition | null;
}
