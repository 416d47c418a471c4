import type { Namespace } from "@/lib/contract/namespaces.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { sameCidr } from "@/lib/ipam/cidr.ts";
import { readCidr } from "../pools/pool-draft.ts";
import { formatCount } from "../ui/count.ts";
import type { Choice } from "./pool-choice.ts";

type Judged = Pick<Pool, "name" | "cidr" | "family" | "allowedUses" | "state" | "disabled">;

/** The pool that an entry means: by its CIDR when it is one, else by its name. */
export function poolOf<One extends Pick<Pool, "name" | "cidr">>(
  entry: string,
  pools: readonly One[],
): One | undefined {
  const wanted = readCidr(entry);
  if (wanted === null) return pools.find(({ name }) => name === entry);
  return pools.find(({ cidr: text }) => {
    const cidr = readCidr(text);
    return cidr !== null && sameCidr(cidr, wanted);
  });
}

/** What the choice means for pods, in sentences: what fails them first, and then nothing about the order. `pools` null: unknown. */
export function effectOf(
  { pods }: Pick<Namespace, "pods">,
  choice: Choice,
  pools: readonly Judged[] | null,
): string {
  const running = runningWords(pods);
  if (choice.ipv4.length + choice.ipv6.length === 0)
    return `${running} New pods take from any automatic pool that selects their node and namespace.`;
  const faults =
    pools === null ? [] : [...faultsOf(choice.ipv4, 4, pools), ...faultsOf(choice.ipv6, 6, pools)];
  if (faults.length > 0) return `${listed(faults)}, so new pods fail until that changes. ${running}`;
  const chosen = choice.ipv4.length > 0 ? choice.ipv4 : choice.ipv6;
  const [first, second] = chosen.filter((entry) => pools === null || givesToPods(entry, pools));
  const order =
    second === undefined
      ? `New pods take from ${first} only.`
      : `New pods take from ${second} when ${first} has no block left.`;
  const several = choice.ipv4.length + choice.ipv6.length > 1;
  return `${running} ${order} If ${several ? "one of them" : "it"} is disabled, new pods fail.`;
}

function runningWords(pods: number | null): string {
  if (pods === null) return "Pods that run keep their addresses.";
  if (pods === 0) return "No pod runs there now.";
  if (pods === 1) return "The pod that runs keeps its address.";
  return `The ${formatCount(pods)} pods that run keep their addresses.`;
}

/** Why Calico refuses the list of a family. One entry that cannot be used spoils the whole list. */
function faultsOf(chosen: readonly string[], family: 4 | 6, pools: readonly Judged[]): readonly string[] {
  const faults = chosen.flatMap((entry) => {
    const fault = faultOf(poolOf(entry, pools), family);
    return fault === null ? [] : [`${entry} ${fault}`];
  });
  if (faults.length > 0 || chosen.some((entry) => givesToPods(entry, pools))) return faults;
  return chosen.map((entry) => `${entry} gives no address to pods`);
}

function faultOf(pool: Judged | undefined, family: 4 | 6): string | null {
  if (pool === undefined) return "is no pool";
  if (pool.family !== family) return `is an IPv${pool.family} pool`;
  if (pool.state.reason === "Terminating") return "is being deleted";
  if (pool.disabled) return "is disabled";
  return pool.state.reason === "CIDROverlap" ? "overlaps another pool" : null;
}

function givesToPods(entry: string, pools: readonly Judged[]): boolean {
  return poolOf(entry, pools)?.allowedUses.includes("Workload") ?? false;
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length === 1 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
