import * as z from "zod/mini";
import { Count, Labels, listOf, listQuery, ObjectName, seen, unknown } from "./common.ts";

/** What decides the pools of a namespace's pods. */
const PoolSource = z.enum(["annotation", "selector", "default", "cniConfig"]);

const perFamily = <Value extends z.ZodMiniType>(value: Value) => z.object({ ipv4: value, ipv6: value });

/** One namespace and where its pods get addresses. `pools`: effective, in Calico's order; null: cannot be known. */
export const Namespace = z
  .object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    labels: Labels,
    pods: z.nullable(z.int()),
    source: perFamily(z.nullable(PoolSource)),
    /** The raw text of the annotation; null: there is none. */
    annotation: perFamily(z.nullable(z.string())),
    pools: perFamily(z.nullable(z.array(z.string()))),
    /** What will fail new pods; null: pools cannot be read. */
    problems: z.nullable(z.array(z.object({ code: z.string(), field: z.string(), message: z.string() }))),
    /** Addresses its pods hold, per pool; null: blocks cannot be read. */
    usage: z.nullable(z.array(z.object({ pool: z.string(), inUse: Count }))),
    unknown,
  })
  .register(z.globalRegistry, { id: "Namespace" });
export type Namespace = z.infer<typeof Namespace>;

/** The sums are over all namespaces that match, in the pool asked for or in all pools; null: unknown. */
export const NamespaceList = z.extend(listOf(Namespace), {
  /** Addresses they hold. */
  inUse: z.nullable(Count),
  /** How many of them hold any. */
  holders: z.nullable(z.int()),
  /** Addresses in use by anything: what no namespace holds are tunnels, cooling ones, and those of namespaces that are gone. */
  inUseByAll: z.nullable(Count),
});
export type NamespaceList = z.infer<typeof NamespaceList>;
export const NamespaceQuery = z.strictObject({
  ...listQuery,
  pool: z.optional(ObjectName),
  problem: z.optional(
    z.pipe(
      z.literal("true"),
      z.transform(() => true as const),
    ),
  ),
  /** In Calico's language, as in a pool's `namespaceSelector`. */
  selector: z.optional(z.string().check(z.maxLength(4096))),
});
export type NamespaceQuery = z.infer<typeof NamespaceQuery>;

/** Names or CIDRs of pools in the order to try; null removes the annotation; absent leaves it alone. */
const pools = z.optional(
  z.nullable(z.array(z.string().check(z.minLength(1), z.maxLength(253))).check(z.maxLength(100))),
);

export const NamespacePatch = z.strictObject({ ...seen, ipv4pools: pools, ipv6pools: pools });
export type NamespacePatch = z.infer<typeof NamespacePatch>;

/** The namespace read back; `warnings` name what was accepted and will still not work (a disabled pool). */
export const NamespaceWritten = z
  .extend(Namespace, { warnings: z.optional(z.array(z.string())) })
  .register(z.globalRegistry, {
    id: "NamespaceWritten",
  });
export type NamespaceWritten = z.infer<typeof NamespaceWritten>;
