import type { ImpactStatement } from "./impact.ts";
import { type ImpactChange, serves } from "./impact-change.ts";
import { type ImpactNode, type NodeSelection, readSelector } from "./impact-nodes.ts";
import { counted } from "./impact-words.ts";
import type { Pool } from "./pool.ts";
import { matches } from "./selector.ts";

/**
 * Nodes on which pods that name no pool get no address any more: all of them, or those of some namespaces.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go determinePools
 */
export function nodeStatements(change: ImpactChange): ImpactStatement[] {
  const { nodes, pool, pools, after, cniPools, selection, asked } = change;
  const { family } = pool.cidr;
  if (!nodes.known || selection === null || cniPools[family].length > 0 || !asked) return [];
  const serving = (all: readonly Pool[]) => all.filter((one) => one.cidr.family === family && serves(one));
  const [before, then] = [serving(pools), serving(after)];
  const had = matched(selection, before);
  const has = matched(selection, then);
  const groups = namespaceGroups(change, before, then);
  return nodes.value.flatMap((node): ImpactStatement[] => {
    const [was, is] = [had.get(node) ?? [], has.get(node) ?? []];
    if (
      was.length === 0 ||
      (was.length === is.length &&
        was.every(({ name }, at) => name === is[at]?.name && same(was[at], is[at])))
    )
      return [];
    if (is.length === 0) return [statement(node, `no automatic IPv${family} pool is left for its pods`)];
    const names = groups.flatMap(({ admits, namespaces, isLost }) => {
      const isOut =
        was.some((one) => admits.before.has(one.name)) && !is.some((one) => admits.afterwards.has(one.name));
      return isOut && !isLost ? namespaces : [];
    });
    if (names.length === 0) return [];
    return [
      statement(
        node,
        `no automatic IPv${family} pool is left there for pods of ${counted("namespace", names)}`,
      ),
    ];
  });
}

const same = (one: Pool | undefined, other: Pool | undefined) =>
  one?.namespaceSelector === other?.namespaceSelector;

function statement({ name }: ImpactNode, detail: string): ImpactStatement {
  return { kind: "noPool", subject: { kind: "Node", name }, count: null, detail, certainty: "exact" };
}

/** The pools that select each node, in their order. */
function matched(selection: NodeSelection, pools: readonly Pool[]): ReadonlyMap<ImpactNode, readonly Pool[]> {
  const found = new Map<ImpactNode, Pool[]>();
  for (const pool of pools) {
    for (const node of selection.matching(pool) ?? []) {
      const known = found.get(node);
      if (known) known.push(pool);
      else found.set(node, [pool]);
    }
  }
  return found;
}

interface Group {
  readonly namespaces: string[];
  /** Names of the pools whose namespace selector matches them. */
  readonly admits: { readonly before: ReadonlySet<string>; readonly afterwards: ReadonlySet<string> };
  /** No pool is left for them on any node: that is told of the namespaces. */
  readonly isLost: boolean;
}

/** Namespaces that name no pool, by the pools that select them: there are few such groups. */
function namespaceGroups(
  { pool, namespaces, selection }: ImpactChange,
  before: readonly Pool[],
  then: readonly Pool[],
): Group[] {
  if (!namespaces.known || selection === null) return [];
  const texts = [...new Set([...before, ...then].map(({ namespaceSelector }) => namespaceSelector))];
  const selectors = texts.map((text) => ({ text, selector: readSelector(text) }));
  const groups = new Map<string, Group>();
  for (const { name, labels, annotations } of namespaces.value) {
    if (annotations[pool.cidr.family] !== null) continue;
    const admitted = new Set(
      selectors.flatMap(({ text, selector }) => (selector && matches(selector, labels) ? text : [])),
    );
    const key = [...admitted].join("\n");
    const known = groups.get(key);
    if (known) {
      known.namespaces.push(name);
      continue;
    }
    const of = (pools: readonly Pool[]) => pools.filter((one) => admitted.has(one.namespaceSelector));
    const left = of(then).filter((one) => selection.count(one) !== 0);
    const names = (pools: readonly Pool[]) => new Set(pools.map((one) => one.name));
    groups.set(key, {
      namespaces: [name],
      admits: { before: names(of(before)), afterwards: names(of(then)) },
      isLost: left.length === 0,
    });
  }
  return [...groups.values()];
}
