import { AddressError, parseAddress } from "../ipam/address.ts";
import type { TunnelType } from "../ipam/attribute-kind.ts";
import { type BlockCounts, countBlock } from "../ipam/block-count.ts";
import { emptyCidrSet } from "../ipam/cidr-set.ts";
import { cidrContains, firstAddress } from "../ipam/cidr.ts";
import {
  type Impact,
  type ImpactAction,
  type ImpactInput,
  type ImpactStatement,
  type Known,
  poolImpact,
} from "../ipam/impact.ts";
import type { PoolFields } from "../ipam/impact-change.ts";
import type { Pool } from "../ipam/pool.ts";
import { planTunnels, type TunnelAddresses } from "../ipam/tunnels.ts";
import type { Replay } from "./replay.ts";
import { publishedKeys, tunnelAddresses } from "./tunnel-annotations.ts";
import type { Step } from "./step.ts";
import { readPool } from "./stored.ts";

/** A change of a pool in a recording, and what the product would have said before. */
export interface Forecast {
  readonly name: string;
  readonly action: ImpactAction;
  readonly impact: Impact;
  /** What `disabled` becomes; null: it stays. */
  readonly turnsTo: boolean | null;
  /** Conditions and presence of the pools before. */
  readonly pools: readonly Pool[];
  /** What each node's annotations would hold after its next pass, had nothing changed. */
  readonly otherwise: ReadonlyMap<string, TunnelAddresses>;
  readonly held: ReadonlyMap<string, TunnelAddresses>;
}

/** Null: the step changes no pool. A pool that is made is one that was there, disabled and judged by nobody, and is enabled. */
export function forecast(replay: Replay, step: Step): Forecast | null {
  if ("error" in step && step.error !== undefined) return null;
  const { pools } = replay.snapshot;
  const stored = (name: string) => pools.find((pool) => pool.name === name);
  const isRaw = step.op === "deleteRaw" || step.op === "deleteObject";
  if ((step.op === "create" || step.op === "createObject") && step.kind === "IPPool")
    return foresee(replay, made(replay, step.name, readPool(step.name, step.spec)), "enable");
  if (step.op === "createRaw")
    return foresee(replay, made(replay, step.name, readPool(step.name, step.spec)), "enable");
  if (step.op === "patch") {
    const pool = stored(step.name);
    return pool ? foresee(replay, { pool, pools }, ...actionOf(step.spec)) : null;
  }
  if (step.op === "replace" && step.kind === "IPPool") {
    const pool = stored(step.name);
    return pool ? foresee(replay, { pool, pools }, "update", fieldsOf(readPool(step.name, step.spec))) : null;
  }
  if (step.op !== "delete" && !isRaw) return null;
  const pool = stored(step.name);
  const isPool = step.op !== "deleteObject" || step.kind.startsWith("ippool.");
  return pool && isPool ? foresee(replay, { pool, pools, isRaw }, "delete") : null;
}

interface Subject {
  readonly pool: Pool;
  readonly pools: readonly Pool[];
  /** Deleted at the API server, not by calicoctl, which disables it first. */
  readonly isRaw?: boolean;
}

function made(replay: Replay, name: string, read: Pool): Subject {
  const createdAt = "2026-08-23T00:00:00Z";
  const pool = { ...read, name, createdAt, disabled: true };
  return { pool, pools: [...replay.snapshot.pools, pool] };
}

/** All that can be changed of a pool, as a document says it. */
function fieldsOf(pool: Pool): PoolFields {
  const { disabled, natOutgoing, ipipMode, vxlanMode, disableBGPExport } = pool;
  const { nodeSelector, namespaceSelector, allowedUses, assignmentMode } = pool;
  const path = { disabled, natOutgoing, ipipMode, vxlanMode, disableBGPExport };
  return { ...path, nodeSelector, namespaceSelector, allowedUses, assignmentMode };
}

function actionOf(spec: PoolFields): [ImpactAction, PoolFields?] {
  const fields = Object.keys(spec);
  if (fields.length === 1 && spec.disabled !== undefined) return [spec.disabled ? "disable" : "enable"];
  return ["update", spec];
}

function foresee(replay: Replay, subject: Subject, action: ImpactAction, spec?: PoolFields): Forecast {
  const input = { ...inputOf(replay, subject), action };
  const held = new Map(
    [...replay.nodes].map(([name, { annotations }]) => [name, tunnelAddresses(annotations)]),
  );
  return {
    name: subject.pool.name,
    action,
    impact: poolImpact(spec === undefined ? input : { ...input, spec }),
    turnsTo: action === "disable" || action === "enable" ? action === "disable" : turned(subject.pool, spec),
    pools: replay.snapshot.pools,
    otherwise: new Map([...held].map(([node, addresses]) => [node, nextPass(replay, node, addresses)])),
    held,
  };
}

function turned(pool: Pool, spec: PoolFields | undefined): boolean | null {
  return spec?.disabled === undefined || spec.disabled === pool.disabled ? null : spec.disabled;
}

function nextPass(replay: Replay, node: string, addresses: TunnelAddresses): TunnelAddresses {
  const { annotations = {} } = replay.nodes.get(node) ?? {};
  return planTunnels(replay.snapshot, {
    node,
    nodeLabels: (name) => replay.nodes.get(name)?.labels ?? null,
    addresses,
    wireguardKeys: publishedKeys(annotations),
    now: replay.now,
  }).addresses;
}

function inputOf(replay: Replay, { pool, pools, isRaw = false }: Subject): Omit<ImpactInput, "action"> {
  const { snapshot, hasController } = replay;
  const { blocks, affinities, config, reservations } = snapshot;
  const know = <T>(value: T): Known<T> => ({ known: true, value });
  const inside = [...blocks.values()].filter((block) => cidrContains(pool.cidr, firstAddress(block.cidr)));
  const counts = inside.map((block) => countBlock(block, emptyCidrSet));
  const sum = (of: (count: BlockCounts) => number) =>
    counts.reduce((total, count) => total + BigInt(of(count)), 0n);
  return {
    pool,
    pools,
    namespaces: know(
      [...replay.namespaces].map(([name, labels]) => ({
        name,
        labels,
        annotations: { 4: null, 6: null },
        pods: 0,
      })),
    ),
    pinnedPods: know([]),
    templates: know([]),
    nodes: know(
      [...replay.nodes].map(([name, { labels, annotations }]) => {
        const keys = publishedKeys(annotations);
        const tunnels = Object.entries(tunnelAddresses(annotations)) as [TunnelType, string][];
        return {
          name,
          labels,
          tunnels: tunnels.map(([type, ip]) => ({ type, ip })),
          // Calico's programs ran for every node of a recording.
          bgpAddress: { 4: "0.0.0.0/0", 6: null },
          wireguard: { 4: keys.includes(4), 6: keys.includes(6) },
        };
      }),
    ),
    ipam: know({
      block: (cidr) => blocks.get(cidr) ?? null,
      affinities: (node) => affinities.filter(({ owner }) => owner.type === "host" && owner.name === node),
      config,
      reservations,
      hostEncryption: false,
      now: replay.now,
    }),
    felix: know({ ipipRoutes: "Felix", hasMtu: false }),
    use: know({
      inUse: sum(({ inUse }) => inUse),
      pods: sum(({ byKind }) => byKind.pod),
      tunnels: sum(({ byKind }) => byKind.tunnel),
      blocks: BigInt(inside.length),
    }),
    origins: { known: false, reason: "pods have no annotations here" },
    room: know(new Map()),
    managedBy: { kind: "none", name: null },
    hasController,
    isHeldWhileUsed: isRaw && hasController && pool.allocatable?.status === "True",
    cniPools: { 4: [], 6: [] },
    asked: true,
  };
}

/** A tunnel address as it was foretold: where it lies, and which one it is where that was said. */
export interface Foretold {
  readonly pool: string | null;
  readonly address: string | null;
}

/** What the statements say of a node's tunnel address; null: nothing, so that it is as it would be otherwise. */
export function foretold({ impact }: Forecast, node: string, type: TunnelType): Foretold | null {
  const statement = impact.statements.find(
    ({ subject, detail }) => subject.kind === "Node" && subject.name === node && typeIn(detail) === type,
  );
  if (statement === undefined) return null;
  if (statement.kind === "removed") return { pool: null, address: null };
  const [, pool = "", address = null] = /^([^ ]+)(?: \((.+)\))?$/.exec(statement.to ?? "") ?? [];
  return { pool, address };
}

/** The text of a pass that was foretold to fail on the node; null: none was. */
export function foretoldError({ impact }: Forecast, node: string): string | null {
  const found = impact.statements.find(
    ({ kind, subject, detail }) =>
      (kind === "removed" || kind === "unchanged") &&
      subject.kind === "Node" &&
      subject.name === node &&
      /(no other is found|tunnel address) \(/.test(detail),
  );
  return found === undefined ? null : (/ \((.*)\)(?:: its |: tunl0|: w|$)/s.exec(found.detail)?.[1] ?? null);
}

const words: Readonly<Record<string, TunnelType>> = {
  "IPIP tunnel": "ipipTunnelAddress",
  "VXLAN tunnel": "vxlanTunnelAddress",
  "VXLAN IPv6 tunnel": "vxlanV6TunnelAddress",
  "WireGuard tunnel": "wireguardTunnelAddress",
  "WireGuard IPv6 tunnel": "wireguardV6TunnelAddress",
};

function typeIn(detail: string): TunnelType | null {
  const found = /(?:IPIP|VXLAN|WireGuard)(?: IPv6)? tunnel/.exec(detail)?.[0];
  return (found === undefined ? null : words[found]) ?? null;
}

/** Pools that give addresses after the change, by name; as the statements have it. */
export function foretoldStates({
  name,
  action,
  impact,
  pools,
  turnsTo,
}: Forecast): ReadonlyMap<string, string> {
  const states = new Map(
    pools.flatMap(({ name: pool, allocatable }) =>
      allocatable === null ? [] : [[pool, allocatable.reason] as const],
    ),
  );
  const told = (pool: string): ImpactStatement | undefined =>
    impact.statements.find(
      ({ kind, subject, to }) => kind === "poolState" && subject.name === pool && to !== undefined,
    );
  if (turnsTo !== null) states.set(name, turnsTo ? "PoolDisabled" : "OK");
  if (impact.statements.some(({ detail }) => detail.startsWith("is being deleted, and goes")))
    states.delete(name);
  if (action === "delete" && told(name) === undefined) states.delete(name);
  const isHeld = action === "delete" && told(name) !== undefined;
  for (const pool of [name, ...states.keys()]) {
    const statement = told(pool);
    // That no node is eligible is our judgement; Calico has no condition for it.
    if (statement?.to === undefined || statement.to === "NoEligibleNode") continue;
    if (pool === name || !isHeld) states.set(pool, statement.to);
  }
  return states;
}

/** The name of the pool around an address; null: none. */
export function poolAround(pools: readonly Pool[], address: string): string | null {
  try {
    const parsed = parseAddress(address);
    return pools.find(({ cidr }) => cidrContains(cidr, parsed))?.name ?? null;
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}
