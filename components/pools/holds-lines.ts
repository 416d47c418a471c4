import type { Block } from "@/lib/contract/blocks.ts";
import type { List } from "@/lib/contract/common.ts";
import type { PoolHolds } from "@/lib/contract/pool-holds.ts";
import type { Column } from "../ui/column.ts";

/** What a pool's addresses are in use for, in the order of the page. */
export const heldKinds = [
  ["pod", "Pods"],
  ["tunnel", "Tunnels of nodes"],
  ["loadBalancer", "LoadBalancer Services"],
  ["vm", "Virtual machines"],
  ["windows", "Windows, reserved"],
  ["other", "Others"],
] as const;

/** One thing that holds a pool. What does not apply is null. */
export interface HoldsLine {
  readonly what: "Addresses in use" | "Named by namespace" | "Named by pod" | "Block";
  readonly namespace: string | null;
  /** Of the namespace or pod; CIDR of a block; what the addresses are in use for. */
  readonly name: string;
  /** Owner of the block. */
  readonly node: string | null;
  /** As it stands there, with its key. */
  readonly annotation: string | null;
  /** In use, in decimal digits. */
  readonly addresses: string | null;
}

export const holdsColumns: readonly Column<HoldsLine>[] = [
  { id: "what", header: "What", value: (line) => line.what },
  { id: "namespace", header: "Namespace", value: (line) => line.namespace },
  { id: "name", header: "Name", value: (line) => line.name },
  { id: "node", header: "Node", value: (line) => line.node },
  { id: "annotation", header: "Annotation", value: (line) => line.annotation },
  {
    id: "addresses",
    header: "Addresses in use",
    value: ({ addresses }) => (addresses === null ? null : BigInt(addresses)),
  },
];

/** All that holds the pool, as one list. No items as soon as one part of it cannot be read. */
export function holdsLines(holds: PoolHolds, blocks: List<Block>): List<HoldsLine> {
  const { addresses, namespaces, pods } = holds;
  const missing = holds.unknown ?? blocks.unknown;
  if (addresses.total === null || namespaces === null || pods === null || blocks.items === null)
    return { items: null, total: null, unknown: missing };
  const none = { namespace: null, node: null, annotation: null, addresses: null };
  const kinds = [
    ...heldKinds.map(([kind, name]) => [name, addresses.byKind[kind]] as const),
    ["Cooling down", addresses.cooling] as const,
  ];
  const items: HoldsLine[] = [
    ...kinds.flatMap(([name, count]) =>
      count === "0" ? [] : [{ ...none, what: "Addresses in use" as const, name, addresses: count }],
    ),
    ...namespaces.map((each) => ({
      ...none,
      what: "Named by namespace" as const,
      namespace: each.name,
      name: each.name,
      annotation: annotationWords(each),
    })),
    ...pods.map((each) => ({
      ...none,
      what: "Named by pod" as const,
      namespace: each.namespace,
      name: each.name,
      annotation: annotationWords(each),
    })),
    ...blocks.items.map((block) => ({
      ...none,
      what: "Block" as const,
      name: block.cidr,
      node: block.node,
      addresses: String(block.used),
    })),
  ];
  return { items, total: items.length };
}

/** “cni.projectcalico.org/ipv4pools: ["web"]”. */
export function annotationWords({ field, raw }: { readonly field: string; readonly raw: string }): string {
  return `cni.projectcalico.org/${field}: ${raw}`;
}
