import { z } from "zod";
import { Count, Labels, listOf, listQuery, ObjectName, seen, unknown } from "./common.ts";

/** What decides the pools of a namespace's pods. */
const PoolSource = z.enum(["annotation", "selector", "default", "cniConfig"]);

const perFamily = <Value extends z.ZodType>(value: Value) => z.object({ ipv4: value, ipv6: value });

/** One namespace and where its pods get addresses. `pools`: effective, in Calico's order; null: cannot be known. */
export const Namespace = z
  .object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    labels: Labels,
    pods: z.number().int().nullable(),
    source: perFamily(PoolSource.nullable()),
    /** The raw text of the annotation; null: there is none. */
    annotation: perFamily(z.string().nullable()),
    pools: perFamily(z.array(z.string()).nullable()),
    /** What will fail new pods; null: pools cannot be read. */
    problems: z.array(z.object({ code: z.string(), field: z.string(), message: z.string() })).nullable(),
    /** Addresses its pods hold, per pool; null: blocks cannot be read. */
    usage: z.array(z.object({ pool: z.string(), inUse: Count })).nullable(),
    unknown,
  })
  .meta({ id: "Namespace" });
export type Namespace = z.infer<typeof Namespace>;

/** The sums are over all namespaces that match, in the pool asked for or in all pools; null: unknown. */
export const NamespaceList = listOf(Namespace).extend({
  /** Addresses they hold. */
  inUse: Count.nullable(),
  /** How many of them hold any. */
  holders: z.number().int().nullable(),
  /** Addresses in use by anything: what no namespace holds are tunnels, cooling ones, and those of namespaces that are gone. */
  inUseByAll: Count.nullable(),
});
export type NamespaceList = z.infer<typeof NamespaceList>;
export const NamespaceQuery = z.strictObject({
  ...listQuery,
  pool: ObjectName.optional(),
  problem: z
    .literal("true")
    .transform(() => true as const)
    .optional(),
  /** In Calico's language, as in a pool's `namespaceSelector`. */
  selector: z.string().max(4096).optional(),
});
export type NamespaceQuery = z.infer<typeof NamespaceQuery>;

/** Names or CIDRs of pools in the order to try; null removes the annotation; absent leaves it alone. */
const pools = z.array(z.string().min(1).max(253)).max(100).nullable().optional();

export const NamespacePatch = z.strictObject({ ...seen, ipv4pools: pools, ipv6pools: pools });
export type NamespacePatch = z.infer<typeof NamespacePatch>;

/** The namespace read back; `warnings` name what was accepted and will still not work (a disabled pool). */
export const NamespaceWritten = Namespace.extend({ warnings: z.array(z.string()).optional() }).meta({
  id: "NamespaceWritten",
});
export type NamespaceWritten = z.infer<typeof NamespaceWritten>;
