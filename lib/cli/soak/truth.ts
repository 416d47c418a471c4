import type { BlockList } from "../../contract/blocks.ts";
import type { PodList } from "../../contract/pods.ts";
import type { z } from "zod";

/** Name → what is compared of it. */
type Facts = Readonly<Record<string, string>>;

export interface Facets {
  readonly pods: Facts;
  readonly blocks: Facts;
}

/** What the API server holds, read from it page by page. */
export async function clusterTruth(server: string): Promise<Facets> {
  const pods = await everything(`${server}/api/v1/pods`);
  const blocks = await everything(`${server}/apis/crd.projectcalico.org/v1/ipamblocks`);
  return {
    pods: Object.fromEntries(
      pods.map(({ metadata, spec, status }) => [
        `${metadata.namespace ?? ""}/${metadata.name}`,
        podFact({ uid: metadata.uid, node: spec.nodeName, ip: status?.podIP, phase: status?.phase }),
      ]),
    ),
    blocks: Object.fromEntries(
      blocks.map(({ metadata, spec }) => {
        const used = (spec.allocations ?? []).filter((index) => index !== null).length;
        return [metadata.name, `${used} of ${spec.affinity?.replace(/^host:/, "") ?? "nobody"}`];
      }),
    ),
  };
}

/** What Poolboard answers, read from its own lists. */
export async function productAnswers(url: string): Promise<Facets> {
  const pods = await rows<z.infer<typeof PodList>>(`${url}/api/v1/pods`);
  const blocks = await rows<z.infer<typeof BlockList>>(`${url}/api/v1/blocks`);
  return {
    pods: Object.fromEntries(
      pods.map(({ namespace, name, uid, node, ips, phase }) => [
        `${namespace}/${name}`,
        podFact({ uid, node, ip: ips[0], phase }),
      ]),
    ),
    blocks: Object.fromEntries(
      blocks.map(({ name, used, node }) => [name, `${used} of ${node ?? "nobody"}`]),
    ),
  };
}

/** What is there and not known, or known otherwise; and what is known and not there. */
export function compareFacts(
  truth: Facets,
  answers: Facets,
): { readonly lost: string[]; readonly phantom: string[] } {
  const kinds = ["pods", "blocks"] as const;
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

interface Stored {
  readonly metadata: { readonly namespace?: string; readonly name: string; readonly uid: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly affinity?: string;
    readonly allocations?: readonly (number | null)[];
  };
  readonly status?: { readonly podIP?: string; readonly phase?: string };
}

async function everything(url: string): Promise<readonly Stored[]> {
  const items: Stored[] = [];
  for (let next = ""; ;) {
    const answer = await fetch(
      `${url}?limit=500${next === "" ? "" : `&continue=${encodeURIComponent(next)}`}`,
    );
    if (answer.status !== 200) throw new Error(`the API server answers ${answer.status} to ${url}`);
    const page = (await answer.json()) as { items: Stored[]; metadata: { continue?: string } };
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
    const answer = await fetch(`${url}?limit=500&offset=${next}`);
    if (answer.status !== 200) throw new Error(`Poolboard answers ${answer.status} to ${url}`);
    const page = (await answer.json()) as List;
    items.push(...(page.items ?? []));
    next = page.next;
  }
  return items;
}

function podFact(pod: {
  readonly uid: string;
  readonly node: string | null | undefined;
  readonly ip: string | undefined;
  readonly phase: string | undefined;
}): string {
  return [pod.uid, pod.node ?? "nowhere", pod.ip ?? "no address", pod.phase ?? ""].join(" ");
}
