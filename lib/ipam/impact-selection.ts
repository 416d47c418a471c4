import type { ImpactStatement } from "./impact.ts";
import { type ImpactChange, serves } from "./impact-change.ts";
import type { ImpactNode } from "./impact-nodes.ts";
import type { AssignmentJudge } from "./impact-assignment.ts";
import { about, counted } from "./impact-words.ts";
import { cidrContainsCidr } from "./cidr.ts";

/** Whom an update lets into the pool or keeps out, as far as nobody is left without an address by it. */
export function selectionStatements(change: ImpactChange, judge: AssignmentJudge): ImpactStatement[] {
  if (change.action !== "update" || change.poolAfter === null) return [];
  return [...nodeStatements(change), ...namespaceStatements(change, judge)];
}

/**
 * Blocks of a node that is no longer selected are given up once they are empty, and no longer filled.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go prepareAffinityBlocksForHost, ensureConsistentAffinity
 */
function nodeStatements(change: ImpactChange): ImpactStatement[] {
  const { pool, poolAfter, changed, selection } = change;
  if (!changed.has("nodeSelector") || poolAfter === null || selection === null) return [];
  const [before, then] = [selection.matching(pool), selection.matching(poolAfter)];
  if (before === null || then === null) return [];
  const [selected, selects] = [new Set(before), new Set(then)];
  const gone = before.filter((node) => !selects.has(node));
  const come = then.filter((node) => !selected.has(node));
  const names = (some: readonly ImpactNode[]) => some.map(({ name }) => name);
  return [
    ...(gone.length === 0
      ? []
      : [
          statement(
            pool.name,
            gone.length,
            `no longer selects ${counted("node", names(gone))}: pods there get an address of it only by name${blockWords(change, gone)}`,
          ),
        ]),
    ...(come.length === 0
      ? []
      : [statement(pool.name, come.length, `selects ${counted("more node", names(come))}`)]),
  ];
}

function blockWords({ ipam, pool }: ImpactChange, gone: readonly ImpactNode[]): string {
  if (!ipam.known) return "; blocks of theirs are given up once they are empty";
  let blocks = 0;
  for (const { name } of gone)
    for (const { cidr } of ipam.value.affinities(name)) if (cidrContainsCidr(pool.cidr, cidr)) blocks += 1;
  if (blocks === 0) return "";
  return `; their ${blocks === 1 ? "block is" : `${blocks} blocks are`} given up once empty, and no longer filled`;
}

function namespaceStatements(change: ImpactChange, judge: AssignmentJudge): ImpactStatement[] {
  const { namespaces, pool } = change;
  if (!namespaces.known) return [];
  const gone: string[] = [];
  const come: string[] = [];
  for (const namespace of namespaces.value) {
    const { before, afterwards } = judge.pools(namespace.annotations, namespace.name);
    if (before.error === null && afterwards.error === null && before.has && !afterwards.has)
      gone.push(namespace.name);
    if (afterwards.error === null && afterwards.has && !before.has) come.push(namespace.name);
  }
  const isClosed = change.poolAfter !== null && !serves(change.poolAfter);
  return [
    ...(gone.length === 0
      ? []
      : [
          statement(
            pool.name,
            gone.length,
            `${isClosed ? "gives" : "selects"} ${counted("namespace", gone)} no longer${isClosed ? " any address" : ""}: new pods there get one from other pools`,
          ),
        ]),
    ...(come.length === 0
      ? []
      : [
          statement(
            pool.name,
            come.length,
            `can give addresses to new pods of ${counted("more namespace", come)}`,
          ),
        ]),
  ];
}

function statement(name: string, count: number, detail: string): ImpactStatement {
  return { kind: "poolState", subject: about(name), count, detail, certainty: "exact" };
}
