import { type TunnelType, tunnelHandle } from "./attribute-kind.ts";
import type { Block } from "./block.ts";
import { cidrContains, formatCidr } from "./cidr.ts";
import { compareNames } from "./cidr-name.ts";
import type { Nanoseconds } from "./go-time.ts";
import { blockAround } from "./host-order.ts";
import { type ImpactNode, readSelector } from "./impact-nodes.ts";
import { TunnelBlocks } from "./impact-tunnel-blocks.ts";
import { type Planned, sourceOf, withDoubts } from "./impact-tunnel-doubts.ts";
import { isKept, poolWith, readAddress, type TunnelWish, wishOf } from "./impact-tunnel-wish.ts";
import type { Pool } from "./pool.ts";
import { matches, type Selector } from "./selector.ts";
import type { Affinity, Handle, IpamConfig, IpamWrite, Reservation } from "./snapshot.ts";
import {
  planTunnels,
  type TunnelAddresses,
  type TunnelCarrier,
  tunnelPass,
  type TunnelPlan,
} from "./tunnels.ts";

/** What the tunnel address allocator looks at besides pools and nodes; it is read only as far as it is needed. */
export interface TunnelIpam {
  /** By the block's canonical CIDR. */
  readonly block: (cidr: string) => Block | null;
  readonly affinities: (node: string) => readonly Affinity[];
  readonly config: IpamConfig | null;
  readonly reservations: readonly Reservation[];
  /** FelixConfiguration wireguardHostEncryptionEnabled. */
  readonly hostEncryption: boolean;
  readonly now: Nanoseconds;
}

/** What a change of the pools makes of one tunnel address. */
export interface TunnelMove {
  readonly node: string;
  readonly type: TunnelType;
  /** Held before; null: none. */
  readonly from: string | null;
  /** Where the next one is asked for, in order; empty: no pool wants that tunnel on that node. */
  readonly candidates: readonly Pool[];
  /** Where the next one lies; null: there is none, or it was not reckoned. */
  readonly pool: Pool | null;
  /** The next address; null: there is none, or whichever is free then. */
  readonly to: string | null;
  /** Why `pool` may be another one. */
  readonly doubt: "race" | "many" | null;
  /** Calico's text for a pass that fails: the address is given back, and the node goes on naming it. */
  readonly error: string | null;
}

const NOTHING: TunnelIpam = {
  block: () => null,
  affinities: () => [],
  config: null,
  reservations: [],
  hostEncryption: false,
  now: 0n,
};

/** Nodes whose next addresses are planned; of the rest only the pools are told. */
const PLANNED_NODES = 150;
/** The same bound where pools are nearly full and searched block by block. */
const LOOK_UPS = 20_000;

/** A node that has to look for another address, or to give one up. */
interface Turn extends TunnelWish {
  readonly node: ImpactNode;
  /** Nothing would happen without the change. */
  readonly isSettled: boolean;
}

/**
 * The tunnel addresses of a cluster while its pools change, by the model of Calico's own allocator. Nodes pass in name order, each
 * on what those before it left.
 */
export class TunnelWorld {
  readonly #ipam: TunnelIpam;
  readonly #planned: number;
  readonly #nodes: readonly ImpactNode[];
  readonly #labels: ReadonlyMap<string, ImpactNode["labels"]>;
  readonly #addresses = new Map<string, TunnelAddresses>();
  readonly #claims = new Map<string, readonly Affinity[]>();
  readonly #blocks: TunnelBlocks;
  readonly #selectors = new Map<string, Selector | null>();

  /** `ipam` null: it cannot be read, and moves are told by pool alone. */
  constructor(nodes: readonly ImpactNode[], ipam: TunnelIpam | null) {
    this.#ipam = ipam ?? NOTHING;
    this.#planned = ipam === null ? 0 : PLANNED_NODES;
    this.#nodes = nodes.toSorted((a, b) => compareNames(a.name, b.name));
    this.#labels = new Map(nodes.map(({ name, labels }) => [name, labels]));
    this.#blocks = new TunnelBlocks(this.#ipam.block);
  }

  /**
   * A pass of every node after a change of the pools: what happens because of it, and would not have happened otherwise. One step a
   * node that is planned.
   */
  *pass(before: readonly Pool[], after: readonly Pool[]): Generator<void, TunnelMove[]> {
    this.#blocks.begin();
    const wishes = new Map<string, TunnelWish>();
    const selectors = [...new Set([...before, ...after].map(({ nodeSelector }) => nodeSelector))];
    const due: Turn[] = [];
    for (const node of this.#nodes) {
      let kind = `${node.wireguard[4]} ${node.wireguard[6]} `;
      for (const text of selectors) kind += this.#matches(text, node) ? "1" : "0";
      let wish = wishes.get(kind);
      if (wish === undefined) wishes.set(kind, (wish = wishOf(this.#carrier(node), before, after)));
      const turn = this.#turn(node, wish);
      if (turn !== null) due.push(turn);
    }
    const planned: Planned[] = [];
    const rough: TunnelMove[] = [];
    for (const [at, turn] of due.entries()) {
      if (at < this.#planned && this.#blocks.lookedUp < LOOK_UPS) {
        planned.push(...this.#plan(turn, before, after));
        yield;
      } else rough.push(...this.#roughly(turn));
    }
    return [...withDoubts(planned, this.#blocks, rough.length === 0), ...rough];
  }

  /** What the node's annotations hold. */
  addresses({ name, tunnels }: ImpactNode): TunnelAddresses {
    let held = this.#addresses.get(name);
    if (held === undefined) {
      held = Object.fromEntries(tunnels.map(({ type, ip }) => [type, ip]));
      this.#addresses.set(name, held);
    }
    return held;
  }

  /** Null: the change concerns no tunnel address of the node. */
  #turn(node: ImpactNode, wish: TunnelWish): Turn | null {
    if (wish.changed.length === 0) return null;
    const held = this.addresses(node);
    if (wish.changed.every((type) => isKept(held[type], wish.is.get(type)))) return null;
    const isSettled = tunnelPass.every(({ type }) => isKept(held[type], wish.was.get(type)));
    return { ...wish, node, isSettled };
  }

  #carrier(node: ImpactNode): TunnelCarrier {
    const { wireguard } = node;
    return {
      selects: ({ nodeSelector }) => this.#matches(nodeSelector, node),
      wireguardKeys: ([4, 6] as const).filter((family) => wireguard[family]),
      hostEncryption: this.#ipam.hostEncryption,
    };
  }

  #matches(text: string, { labels }: ImpactNode): boolean {
    let selector = this.#selectors.get(text);
    if (selector === undefined) this.#selectors.set(text, (selector = readSelector(text)));
    return selector !== null && matches(selector, labels);
  }

  #plan(turn: Turn, before: readonly Pool[], after: readonly Pool[]): Planned[] {
    const { node } = turn;
    const held = this.addresses(node);
    const owned = this.#claimsOf(node).map(({ cidr }) => cidr);
    this.#blocks.turn(node.name);
    const otherwise = turn.isSettled ? held : this.#pass(node, before, before).addresses;
    const plan = this.#pass(node, after, before);
    this.#commit(node, plan);
    return tunnelPass.flatMap(({ type }): Planned[] => {
      const candidates = turn.is.get(type) ?? [];
      const wanted = turn.was.get(type);
      const from = held[type] ?? null;
      const move = { node: node.name, type, from, candidates, doubt: null };
      if (plan.error !== null) {
        if (isKept(held[type], candidates) || !turn.changed.includes(type)) return [];
        return [{ ...move, pool: null, to: null, error: plan.error, source: null }];
      }
      const [to = null, without = null] = [plan.addresses[type], otherwise[type]];
      if (to === without || (from === null && without !== null && !runsCalico(node))) return [];
      const pool = to === null ? null : poolWith(candidates, to);
      const isTaken = to !== null && to !== from && without !== null && without !== from;
      if (isTaken && poolWith(wanted ?? [], without)?.name === pool?.name) return [];
      return [{ ...move, pool, to, error: null, source: sourceOf(plan, owned, to) }];
    });
  }

  /** By the pools alone. An address that is not known counts as the one before; it is gone where no pool wants one. */
  #roughly({ node, was, is, changed }: Turn): TunnelMove[] {
    const held = this.addresses(node);
    const isGone = (type: TunnelType) => changed.includes(type) && is.get(type)?.length === 0;
    const left = Object.entries(held).filter(([type]) => !isGone(type as TunnelType));
    this.#addresses.set(node.name, Object.fromEntries(left));
    return changed.flatMap((type): TunnelMove[] => {
      const candidates = is.get(type) ?? [];
      if (isKept(held[type], candidates)) return [];
      if (held[type] === undefined && was.get(type)?.length && !runsCalico(node)) return [];
      const [only = null] = candidates.length === 1 ? candidates : [];
      const from = held[type] ?? null;
      const doubt = candidates.length > 0 ? ("many" as const) : null;
      return [{ node: node.name, type, from, candidates, pool: only, to: null, doubt, error: null }];
    });
  }

  /** One pass of the node's allocator; `known`: pools by which its blocks are found. */
  #pass(node: ImpactNode, pools: readonly Pool[], known: readonly Pool[]): TunnelPlan {
    const { config, reservations, now } = this.#ipam;
    const affinities = this.#claimsOf(node);
    const handles = this.#handles(node, known);
    const { wireguardKeys, hostEncryption = false } = this.#carrier(node);
    return planTunnels(
      { pools, config, reservations, affinities, blocks: this.#blocks, handles },
      {
        node: node.name,
        nodeLabels: (name) => this.#labels.get(name) ?? null,
        addresses: this.addresses(node),
        wireguardKeys,
        hostEncryption,
        now,
      },
    );
  }

  #claimsOf({ name }: ImpactNode): readonly Affinity[] {
    return this.#claims.get(name) ?? this.#ipam.affinities(name);
  }

  /** Handles of the addresses that the node names, as their blocks imply them. */
  #handles(node: ImpactNode, pools: readonly Pool[]): ReadonlyMap<string, Handle> {
    const handles = new Map<string, Handle>();
    for (const { type } of tunnelPass) {
      const id = tunnelHandle(type, node.name);
      const key = this.#blockWith(node, this.addresses(node)[type], pools, id);
      if (key !== null) handles.set(id, { id, blocks: new Map([[key, 1]]), deleted: false, revision: null });
    }
    return handles;
  }

  /** The block in which the address has the handle; null: none that can be found. */
  #blockWith(
    node: ImpactNode,
    text: string | undefined,
    pools: readonly Pool[],
    handle: string,
  ): string | null {
    const address = text === undefined ? null : readAddress(text);
    if (address === null) return null;
    const around = [
      ...this.#claimsOf(node).map(({ cidr }) => cidr),
      ...pools.filter(({ cidr }) => cidrContains(cidr, address)).map((pool) => blockAround(pool, address)),
    ];
    const keys = around.filter((cidr) => cidrContains(cidr, address)).map(formatCidr);
    const holds = (block: Block | undefined) => block?.attributes.some((entry) => entry.handle === handle);
    return keys.find((key) => holds(this.#blocks.get(key))) ?? null;
  }

  #commit(node: ImpactNode, { writes, addresses }: TunnelPlan): void {
    const claims = new Map(this.#claimsOf(node).map((row) => [formatCidr(row.cidr), row]));
    for (const write of writes) {
      if (write.kind === "block") this.#blocks.write(write);
      else if (write.kind === "affinity") applyClaim(claims, node.name, write);
    }
    this.#claims.set(node.name, [...claims.values()]);
    this.#addresses.set(node.name, addresses);
  }
}

/** A node that should have had an address all along and has none either waits for its next pass, or calico-node is not there. */
function runsCalico({ bgpAddress }: ImpactNode): boolean {
  return bgpAddress[4] !== null || bgpAddress[6] !== null;
}

function applyClaim(
  claims: Map<string, Affinity>,
  node: string,
  { op, affinity }: Extract<IpamWrite, { kind: "affinity" }>,
): void {
  if (affinity.owner.name !== node) return;
  const key = formatCidr(affinity.cidr);
  if (op === "delete") claims.delete(key);
  else claims.set(key, affinity);
}
