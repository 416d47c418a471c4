import * as z from "zod/mini";
import { Count, Family, Labels, listOf, listQuery, seen, Time, unknown } from "./common.ts";
import { newNodeOutcomes } from "../ipam/fragmentation.ts";
import { Problem } from "./problem.ts";

const EncapMode = z.enum(["Never", "Always", "CrossSubnet"]);
const AllowedUse = z.enum(["Workload", "Tunnel", "LoadBalancer"]);
const AssignmentMode = z.enum(["Automatic", "Manual"]);

const poolReasons = [
  "OK",
  "PoolDisabled",
  "Draining",
  "CIDROverlap",
  "Terminating",
  "NoEligibleNode",
] as const;

/** Calico's own condition where the cluster has one, else the same judgement made by us. `Draining`: disabled with addresses in use. */
const PoolState = z.object({
  allocatable: z.boolean(),
  reason: z.enum(poolReasons),
  message: z.string(),
});

export const managers = ["operator", "helm", "argocd", "flux", "manager", "none"] as const;

const count = z.nullable(Count);

/** Allocated addresses by what they are for, cooling ones left out. */
export const UsageByKind = z.object({
  pod: count,
  tunnel: count,
  loadBalancer: count,
  vm: count,
  windows: count,
  other: count,
});

/** Addresses of a pool. `inUse`, `reserved` and `free` are exactly what calicoctl ≥ 3.33 counts. */
const PoolUsage = z.object({
  capacity: count,
  inUse: count,
  reserved: count,
  free: count,
  /** Released, not yet free; part of `inUse`. */
  cooling: count,
  /** In use by a node that does not own the block; part of `inUse`. */
  borrowed: count,
  /** Reserved and not in use. */
  reservedUnused: count,
  /** Free addresses in blocks that are claimed already. */
  freeInBlocks: count,
  /** Sums to `inUse` − `cooling`. */
  byKind: UsageByKind,
});

/** Blocks of a pool. `possible`: those its CIDR divides into; `left`: unclaimed and not wholly reserved. */
const PoolBlocks = z.object({ claimed: count, possible: count, left: count });

/** How free addresses lie in the pool's blocks, as `lib/ipam/fragmentation.ts` judges them. */
const PoolFragmentation = z.object({
  /** Free addresses in blocks that a node without room in its own cannot have as its own. */
  stranded: count,
  /** Claimed blocks with a free address; those addresses are `usage.freeInBlocks`. */
  blocksWithFree: count,
  /** Empty blocks that another node takes over once nothing else is left to claim. */
  takeable: count,
  strictAffinity: z.nullable(z.boolean()),
  /** How a node without a block here gets its first address; null: unknown, or the pool gives none to pods. */
  newNode: z.nullable(z.enum(newNodeOutcomes)),
});

/** Nodes and the pool's blocks. A pool that gives pods no addresses `serves` none, and the counts say nothing then. */
const PoolNodes = z.object({
  serves: z.nullable(z.boolean()),
  /** Nodes that can still claim their first block, at one block each: the blocks left, or 0 where none may be claimed. */
  fit: count,
  /** Nodes that the node selector matches. */
  eligible: z.nullable(z.int()),
  /** Of those, without a block here. */
  withoutBlock: z.nullable(z.int()),
  /** Nodes with as many blocks here as a node may hold. */
  atLimit: z.nullable(z.int()),
});

/** One IP pool with Calico's read-time defaults applied. */
export const Pool = z
  .object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    createdAt: Time,
    labels: Labels,
    cidr: z.string(),
    family: Family,
    blockSize: z.int(),
    disabled: z.boolean(),
    natOutgoing: z.boolean(),
    ipipMode: EncapMode,
    vxlanMode: EncapMode,
    disableBGPExport: z.boolean(),
    nodeSelector: z.string(),
    /** Null: every namespace. */
    namespaceSelector: z.nullable(z.string()),
    allowedUses: z.array(z.string()),
    assignmentMode: z.string(),
    state: PoolState,
    managedBy: z.object({ kind: z.enum(managers), name: z.nullable(z.string()) }),
    usage: PoolUsage,
    blocks: PoolBlocks,
    fragmentation: PoolFragmentation,
    nodes: PoolNodes,
    /** Shares of the capacity in use, in per cent, from which the pool warns and alarms. */
    thresholds: z.object({ warn: z.number(), crit: z.number() }),
    /** Nodes with a tunnel address in this pool. */
    tunnelNodes: z.nullable(z.int()),
    unknown,
  })
  .register(z.globalRegistry, { id: "Pool" });
export type Pool = z.infer<typeof Pool>;

export const PoolList = listOf(Pool);
export const PoolQuery = z.strictObject({
  ...listQuery,
  family: z.optional(z.pipe(z.pipe(z.enum(["4", "6"]), z.transform(Number)), Family)),
  state: z.optional(z.enum(poolReasons)),
  managedBy: z.optional(z.enum(managers)),
});
export type PoolQuery = z.infer<typeof PoolQuery>;

/** What Calico lets change on a pool; a field that is absent stays as it is. `namespaceSelector` null: every namespace. */
export const PoolChange = z.strictObject({
  disabled: z.optional(z.boolean()),
  natOutgoing: z.optional(z.boolean()),
  ipipMode: z.optional(EncapMode),
  vxlanMode: z.optional(EncapMode),
  disableBGPExport: z.optional(z.boolean()),
  nodeSelector: z.optional(z.string().check(z.maxLength(1024))),
  namespaceSelector: z.optional(z.nullable(z.string().check(z.maxLength(1024)))),
  allowedUses: z.optional(z.array(AllowedUse).check(z.maxLength(10))),
  assignmentMode: z.optional(AssignmentMode),
});
export type PoolChange = z.infer<typeof PoolChange>;

/**
 * Write although this one owns the pool; without it such a write is refused with `managed`. Never for the operator's. Any other
 * field manager is asked about by the pages and refused by nobody: it tells only who wrote last, not who writes again.
 */
const overrideOwner = z.optional(z.enum(["helm", "argocd", "flux"]));

export const PoolPatch = z.strictObject({ ...seen, ...PoolChange.shape, overrideOwner });
export type PoolPatch = z.infer<typeof PoolPatch>;

export const PoolDelete = z.strictObject({
  ...seen,
  /** The pool's name, typed by the person. */
  confirm: z.string().check(z.maxLength(253)),
  overrideOwner,
});
export type PoolDelete = z.infer<typeof PoolDelete>;

/**
 * One step of Calico's delete order. A step that fails ends the run; those after it are `skipped`. `terminating`: the pool is
 * marked as deleted, and something still holds it.
 */
export const PoolDeleteResult = z
  .object({
    terminating: z.boolean(),
    steps: z.array(
      z.object({
        name: z.enum(["check", "disable", "wait", "releaseAffinities", "delete"]),
        outcome: z.enum(["done", "planned", "skipped", "failed", "unknown"]),
        detail: z.string(),
      }),
    ),
  })
  .register(z.globalRegistry, { id: "PoolDeleteResult" });
export type PoolDeleteResult = z.infer<typeof PoolDeleteResult>;

/** One or more YAML documents. `onError`: whether the documents after a refused one are still tried; "stop" when absent. */
export const PoolManifest = z.strictObject({
  manifest: z.string().check(z.maxLength(262_144)),
  onError: z.optional(z.enum(["stop", "continue"])),
});

/**
 * One pool as JSON, in Kubernetes' own shape. Its fields are checked by the pool rules, not here, so that JSON and
 * YAML are judged alike.
 */
export const PoolDocument = z.strictObject({
  apiVersion: z.unknown(),
  kind: z.unknown(),
  metadata: z.unknown(),
  spec: z.unknown(),
});

export const PoolCreate = z.union([PoolManifest, PoolDocument]);
export type PoolCreate = z.infer<typeof PoolCreate>;

/** What became of one document, in the order sent. `valid` only with `dryRun`; `unknown`: no answer came, read it back. */
export const PoolCreateResult = z.object({
  index: z.int(),
  name: z.nullable(z.string()),
  outcome: z.enum(["valid", "created", "refused", "skipped", "unknown"]),
  pool: z.optional(Pool),
  problem: z.optional(Problem),
  warnings: z.optional(z.array(z.string())),
});
export type PoolCreateResult = z.infer<typeof PoolCreateResult>;
export const PoolCreateResults = z
  .object({ results: z.array(PoolCreateResult) })
  .register(z.globalRegistry, { id: "PoolCreateResults" });
export type PoolCreateResults = z.infer<typeof PoolCreateResults>;
