import type { IpamShow } from "../../contract/ipam-show.ts";
import type { Pool } from "../../contract/pools.ts";

/** What the program shaped like calicoctl counts of everything; addresses as decimal text. */
export interface Counted {
  readonly groups: readonly {
    readonly pool: (CountedFigures & { readonly name: string }) | null;
    readonly blocks: readonly CountedFigures[];
  }[];
  /** All of them: IPv6 blocks outside every pool are in no group. */
  readonly blocks: number;
  readonly nodes: number;
  readonly namespaces: number;
  readonly pods: number;
}
interface CountedFigures {
  readonly cidr: string;
  readonly total: string;
  readonly inUse: string;
  readonly reserved: string;
  readonly free: string;
}

/** What Poolboard answers of the same. */
export interface Answered {
  readonly pools: readonly Pick<Pool, "name" | "cidr" | "usage" | "blocks">[];
  /** With blocks, in the layout that knows reservations. */
  readonly show: Pick<IpamShow, "rows">;
  readonly totals: Readonly<Record<"blocks" | "nodes" | "namespaces" | "pods", number | null>>;
}

/** Everything of it, asked of Poolboard. */
export async function readAnswers(get: <T>(path: string) => Promise<T>): Promise<Answered> {
  const total = async (list: string) => (await get<{ total: number | null }>(`${list}?limit=1`)).total;
  return {
    pools: (await get<{ items: Answered["pools"] }>("pools?limit=500")).items,
    show: await get<Answered["show"]>("ipam/show?blocks=true&layout=v3.33"),
    totals: {
      blocks: await total("blocks"),
      nodes: await total("nodes"),
      namespaces: await total("namespaces"),
      pods: await total("pods"),
    },
  };
}

/** Figure by figure, each named; `compared` says how many, so that none can be equal by being left out. */
export function compareAnswers(
  counted: Counted,
  answered: Answered,
): { readonly compared: number; readonly differences: readonly string[] } {
  const differences: string[] = [];
  let compared = 0;
  const same = (what: string, ours: unknown, theirs: unknown) => {
    compared += 1;
    if (ours !== theirs)
      differences.push(`${what}: Poolboard says ${String(ours)}, counted are ${String(theirs)}`);
  };
  for (const { pool, blocks } of counted.groups) {
    if (pool === null) continue;
    const ours = answered.pools.find(({ name }) => name === pool.name);
    same(`pool ${pool.name} capacity`, ours?.usage.capacity, pool.total);
    same(`pool ${pool.name} in use`, ours?.usage.inUse, pool.inUse);
    same(`pool ${pool.name} reserved`, ours?.usage.reserved, pool.reserved);
    same(`pool ${pool.name} free`, ours?.usage.free, pool.free);
    same(`pool ${pool.name} blocks`, ours?.blocks.claimed, String(blocks.length));
  }
  const pools = counted.groups.filter(({ pool }) => pool !== null).length;
  same("pools", answered.pools.length, pools);

  const rows = counted.groups.flatMap(({ pool, blocks }) => [
    ...(pool === null ? [] : [{ grouping: "IP Pool", ...pool }]),
    ...blocks.map((block) => ({ grouping: "Block", ...block })),
  ]);
  same("rows of ipam show", answered.show.rows.length, rows.length);
  for (const [at, row] of rows.entries()) {
    const ours = answered.show.rows[at];
    for (const key of ["grouping", "cidr", "total", "inUse", "reserved", "free"] as const)
      same(`ipam show ${row.cidr} ${key}`, ours?.[key], row[key]);
  }
  same("blocks", answered.totals.blocks, counted.blocks);
  same("nodes", answered.totals.nodes, counted.nodes);
  same("namespaces", answered.totals.namespaces, counted.namespaces);
  same("pods", answered.totals.pods, counted.pods);
  return { compared, differences };
}
