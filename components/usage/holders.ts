import type { Namespace, NamespaceList } from "@/lib/contract/namespaces.ts";
import type { NodeList } from "@/lib/contract/nodes.ts";
import { countText, formatPercent } from "../ui/count.ts";
import { visibleText } from "../ui/visible-text.ts";

/** Who holds how many of the addresses in use; the counts of a list of holders add up to all of them. */
export interface Holder {
  readonly key: string;
  /** One by name, what is left of its kind, or what is of no namespace at all. */
  readonly kind: "one" | "others" | "none";
  readonly name: string;
  /** Addresses. */
  readonly count: bigint;
  /** Its pods; null where there is no such page. */
  readonly href: string | null;
}

/** A holder of less than this part of the whole is too small to be seen in a picture, and goes to the others. */
const smallest = 400n;
/** The first ones are named all the same: where all are small, nobody else would be. */
const alwaysNamed = 5;

/**
 * Namespaces by what they hold in the pool (null: in all pools), the largest first; then the others in one, then what no
 * namespace holds. Null: it cannot be known. The window has the largest; sums and numbers are the server's.
 */
export function namespaceHolders(list: NamespaceList, pool: string | null): readonly Holder[] | null {
  const { items, inUse, holders, inUseByAll } = list;
  if (items === null || inUse === null || holders === null || inUseByAll === null) return null;
  const all = BigInt(inUseByAll);
  const named = items
    .map((namespace) => ({ name: namespace.name, count: heldBy(namespace, pool) }))
    .filter(({ count }, index) => count > 0n && (index < alwaysNamed || count * smallest >= all));
  const rest = BigInt(inUse) - named.reduce((sum, { count }) => sum + count, 0n);
  const none = all - BigInt(inUse);
  return [
    ...named.map(({ name, count }) => ({
      key: name,
      kind: "one" as const,
      name,
      count,
      href: `/pods?${new URLSearchParams({ namespace: name, ...(pool === null ? {} : { pool }) }).toString()}`,
    })),
    ...(rest > 0n ? [others(holders - named.length, rest)] : []),
    ...(none > 0n
      ? [{ key: "?none", kind: "none" as const, name: "Of no namespace", count: none, href: null }]
      : []),
  ];
}

/** Nodes by what they use in the pool, the largest first. Null: it cannot be known. */
export function nodeHolders(list: NodeList, pool: string): readonly Holder[] | null {
  if (list.items === null || list.inUse === null) return null;
  return list.items.flatMap(({ name, pools }) => {
    const count = BigInt(pools?.find((share) => share.pool === pool)?.used ?? 0);
    const href = `/pods?${new URLSearchParams({ node: name, pool }).toString()}`;
    return count > 0n ? [{ key: name, kind: "one" as const, name, count, href }] : [];
  });
}

/** Addresses the namespace holds in the pool; null: in all pools. */
export function heldBy({ usage }: Pick<Namespace, "usage">, pool: string | null): bigint {
  return (usage ?? [])
    .filter((each) => pool === null || each.pool === pool)
    .reduce((sum, { inUse }) => sum + BigInt(inUse), 0n);
}

/** What the list of holders says, in a sentence or two. */
export function holderWords(holders: readonly Holder[]): string {
  const all = holders.reduce((sum, { count }) => sum + count, 0n);
  const [first] = holders;
  if (first === undefined) return "No address is in use.";
  const inUse = all === 1n ? "1 address in use" : `${countText(all)} addresses in use`;
  const none = holders.find(({ kind }) => kind === "none");
  const nobody =
    none === undefined
      ? ""
      : ` ${countText(none.count)} ${none.count === 1n ? "is" : "are"} of no namespace: tunnels, cooling ones, and what is left of namespaces that are gone.`;
  if (first.kind !== "one") return `${inUse}.${nobody}`;
  return `${visibleText(first.name)} holds ${formatPercent(first.count, all)} of ${inUse}.${nobody}`;
}

function others(number: number, count: bigint): Holder {
  const name = number === 1 ? "1 other" : `${countText(number)} others`;
  return { key: "?others", kind: "others", name, count, href: "/namespaces?sort=-usage" };
}
