import type { z } from "zod";
import type { BlockList } from "../../contract/blocks.ts";
import type { NamespaceList } from "../../contract/namespaces.ts";
import type { NodeList } from "../../contract/nodes.ts";
import type { PodList } from "../../contract/pods.ts";

/** Name → what is compared of it. */
type Facts = Readonly<Record<string, string>>;

export interface Facets {
  readonly pods: Facts;
  readonly blocks: Facts;
  readonly nodes: Facts;
  readonly namespaces: Facts;
}

/** What the API server holds, read from it page by page; sums are counted from the raw objects by the plainest means. */
export async function clusterTruth(server: string): Promise<Facets> {
  const pods = await everything(`${server}/api/v1/pods`);
  const nodes = await everything(`${server}/api/v1/nodes`);
  const namespaces = await everything(`${server}/api/v1/namespaces`);
  const blocks = await everything(`${server}/apis/crd.projectcalico.org/v1/ipamblocks`);
  const owners = blocks.map(({ spec }) => spec.affinity?.replace(/^host:/, "") ?? null);
  const owned = tally(owners);
  const podsIn = tally(pods.map(({ metadata }) => metadata.namespace));
  const holders = blocks.flatMap(({ spec }) => {
    const { allocations = [], attributes = [] } = spec;
    return allocations.flatMap((index) => (index === null ? [] : [attributes[index]?.secondary]));
  });
  const usedBy = tally(holders.map((holder) => holder?.["node"]));
  const heldIn = tally(holders.map((holder) => holder?.["namespace"]));
  return {
    pods: facts(pods, ({ metadata, spec, status }) => [
      `${metadata.namespace ?? ""}/${metadata.name}`,
      podFact({ uid: metadata.uid, node: spec.nodeName, ip: status?.podIP, phase: status?.phase }),
    ]),
    blocks: facts(blocks, ({ metadata, spec }, at) => {
      const used = (spec.allocations ?? []).filter((index) => index !== null).length;
      return [metadata.name, `${used} of ${owners[at] ?? "nobody"}`];
    }),
    nodes: facts(nodes, ({ metadata: { name } }) => [name, sums(owned(name), "blocks", usedBy(name))]),
    namespaces: facts(namespaces, ({ metadata: { name } }) => [
      name,
      sums(podsIn(name), "pods", heldIn(name)),
    ]),
  };
}

/** What Poolboard answers, read from its own lists. */
export async function productAnswers(url: string): Promise<Facets> {
  const api = `${url}/api/v1`;
  const pods = await rows<z.infer<typeof PodList>>(`${api}/pods`);
  const blocks = await rows<z.infer<typeof BlockList>>(`${api}/blocks`);
  const nodes = await rows<z.infer<typeof NodeList>>(`${api}/nodes`);
  const namespaces = await rows<z.infer<typeof NamespaceList>>(`${api}/namespaces`);
  return {
    pods: facts(pods, ({ namespace, name, uid, node, ips, phase }) => [
      `${namespace}/${name}`,
      podFact({ uid, node, ip: ips[0], phase }),
    ]),
    blocks: facts(blocks, ({ name, used, node }) => [name, `${used} of ${node ?? "nobody"}`]),
    nodes: facts(nodes, (node) => [node.name, sums(node.blocks, "blocks", node.used)]),
    namespaces: facts(namespaces, ({ name, pods: own, usage }) => {
      const held = usage?.reduce((sum, { inUse }) => sum + Number(inUse), 0);
      return [name, sums(own, "pods", held ?? null)];
    }),
  };
}

/** What is there and not known, or known otherwise; and what is known and not there. */
export function compareFacts(
  truth: Facets,
  answers: Facets,
): { readonly lost: string[]; readonly phantom: string[] } {
  const kinds = ["pods", "blocks", "nodes", "namespaces"] as const;
  const lost = kinds.flatMap((kind) =>
    Object.entries(truth[kind]).flatMap(([name, fact]) => {
      const told = answers[kind][name];
      return told === fact ? [] : [`${kind} ${name}: ${told ?? "absent"} instead of ${fact}`];
    }),
  );
  const phantom = kinds.flatMap((kind) =>
    Object.keys(answers[kind]).flatMap((name) => (name in truth[kind] ? [] : [`${kind} ${name}`])),
  );
  return { lost, phantom };
}

export async function getJson<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  if (answer.status !== 200) throw new Error(`${url} is answered with ${answer.status}`);
  return (await answer.json()) as T;
}

interface Stored {
  readonly metadata: { readonly namespace?: string; readonly name: string; readonly uid: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly affinity?: string;
    readonly allocations?: readonly (number | null)[];
    readonly attributes?: readonly { readonly secondary?: Readonly<Record<string, string>> | null }[];
  };
  readonly status?: { readonly podIP?: string; readonly phase?: string };
}

async function everything(url: string): Promise<readonly Stored[]> {
  const items: Stored[] = [];
  for (let next = ""; ;) {
    const rest = next === "" ? "" : `&continue=${encodeURIComponent(next)}`;
    const page = await getJson<{ items: Stored[]; metadata: { continue?: string } }>(
      `${url}?limit=500${rest}`,
    );
    items.push(...page.items);
    next = page.metadata.continue ?? "";
    if (next === "") return items;
  }
}

async function rows<List extends { items: readonly unknown[] | null; next?: number | undefined }>(
  url: string,
): Promise<NonNullable<List["items"]>[number][]> {
  const items: NonNullable<List["items"]>[number][] = [];
  for (let next: number | undefined = 0; next !== undefined;) {
    const page: List = await getJson<List>(`${url}?limit=500&offset=${next}`);
    items.push(...(page.items ?? []));
    next = page.next;
  }
  return items;
}

function facts<T>(items: readonly T[], factOf: (item: T, at: number) => readonly [string, string]): Facts {
  return Object.fromEntries(items.map(factOf));
}

/** How often each name comes. */
function tally(names: readonly (string | null | undefined)[]): (name: string) => number {
  const counts = new Map<string, number>();
  for (const name of names) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (name) => counts.get(name) ?? 0;
}

function sums(count: number | null, what: string, addresses: number | null): string {
  return `${count ?? "unknown"} ${what}, ${addresses ?? "unknown"} addresses`;
}

function podFact(pod: {
  readonly uid: string;
  readonly node: string | null | undefined;
  readonly ip: string | undefined;
  readonly phase: string | undefined;
}): string {
  return [pod.uid, pod.node ?? "nowhere", pod.ip ?? "no address", pod.phase ?? ""].join(" ");
}
