import { stringifyLossless } from "../../calico/lossless-json.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { large } from "../../sim/scenarios/large.ts";

/** One page of a list, as the API server sends it. */
export interface Page {
  readonly kind: Kind;
  readonly bytes: Buffer;
}

export interface LargeData {
  /** In the order in which reflectors would have read them. */
  readonly pages: readonly Page[];
  readonly bytes: number;
  readonly objects: Readonly<Record<string, number>>;
  /** One object each, as a watch event carries it. */
  readonly podEvents: readonly Buffer[];
  readonly blockEvents: readonly Buffer[];
}

const kindOf: Readonly<Record<string, Kind>> = {
  IPPool: "pools",
  IPAMBlock: "blocks",
  BlockAffinity: "affinities",
  IPReservation: "reservations",
  IPAMConfig: "ipamConfig",
  ClusterInformation: "clusterInformation",
  Node: "nodes",
  Namespace: "namespaces",
  Pod: "pods",
};
/** Lists of a page or two are there first, pods last. */
const largeKinds: readonly Kind[] = ["nodes", "affinities", "blocks", "pods"];
const pageSize: Readonly<Partial<Record<Kind, number>>> = { blocks: 250 };
const sampleEvery = 50;

/** The scenario `large` as bytes: 5,000 nodes unless said otherwise, thirty pods and about one and a half blocks a node. */
export function largePages(nodes: number): LargeData {
  const open = new Map<Kind, string[]>();
  const pages: Page[] = [];
  const objects: Record<string, number> = {};
  const podEvents: Buffer[] = [];
  const blockEvents: Buffer[] = [];
  const close = (kind: Kind, items: readonly string[]) =>
    pages.push({ kind, bytes: Buffer.from(`{"kind":"List","metadata":{},"items":[${items.join(",")}]}`) });

  let version = 0;
  for (const object of large({ nodes, now: Date.parse("2026-11-24T12:00:00Z"), calicoVersion: "v3.32.1" })) {
    const kind = kindOf[object.kind];
    if (!kind) continue;
    version += 1;
    const text = stringifyLossless({
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(version) },
    });
    const count = (objects[kind] = (objects[kind] ?? 0) + 1);
    if (kind === "pods" && count % sampleEvery === 0) podEvents.push(Buffer.from(changedPod(text, version)));
    if (kind === "blocks" && count % sampleEvery === 0) blockEvents.push(Buffer.from(newer(text, version)));
    const items = open.get(kind) ?? [];
    open.set(kind, items);
    items.push(text);
    if (items.length < (pageSize[kind] ?? 500)) continue;
    close(kind, items);
    open.set(kind, []);
  }
  for (const [kind, items] of open) if (items.length > 0) close(kind, items);
  pages.sort((one, other) => largeKinds.indexOf(one.kind) - largeKinds.indexOf(other.kind));
  return {
    pages,
    bytes: pages.reduce((sum, page) => sum + page.bytes.length, 0),
    objects,
    podEvents,
    blockEvents,
  };
}

function newer(text: string, version: number): string {
  return text.replace(`"resourceVersion":"${version}"`, `"resourceVersion":"${version}9"`);
}

/** The pod has finished: what is shown of it changes. */
function changedPod(text: string, version: number): string {
  return newer(text, version).replace('"phase":"Running"', '"phase":"Succeeded"');
}
