import { type Address, AddressError, parseAddress } from "./address.ts";
import type { TunnelType } from "./attribute-kind.ts";
import { isEnabled } from "./candidate-pools.ts";
import { type Cidr, cidrContains } from "./cidr.ts";
import type { Pool } from "./pool.ts";
import { type TunnelCarrier, tunnelPass, tunnelPools } from "./tunnels.ts";

/** Where nodes of a kind may have each tunnel address, before the change and after it. */
export interface TunnelWish {
  readonly was: ReadonlyMap<TunnelType, readonly Pool[]>;
  readonly is: ReadonlyMap<TunnelType, readonly Pool[]>;
  readonly changed: readonly TunnelType[];
}

export function wishOf(carrier: TunnelCarrier, before: readonly Pool[], after: readonly Pool[]): TunnelWish {
  const wants = (pools: readonly Pool[]) =>
    new Map(tunnelPass.map(({ type, family }) => [type, tunnelPools(pools, type, family, carrier)]));
  const [was, is] = [wants(before), wants(after)];
  const types = tunnelPass.map(({ type }) => type);
  return { was, is, changed: types.filter((type) => !samePools(was.get(type), is.get(type))) };
}

/** No address and no pool that wants one is a state that lasts, too. */
export function isKept(held: string | undefined, pools: readonly Pool[] = []): boolean {
  if (held === undefined) return pools.length === 0;
  return pools.some((pool) => isEnabled(pool) && isIn(pool.cidr, held));
}

function samePools(some: readonly Pool[] = [], others: readonly Pool[] = []): boolean {
  const texts = (pools: readonly Pool[]) => pools.map((pool) => `${pool.name} ${isEnabled(pool)}`).join();
  return texts(some) === texts(others);
}

export function poolWith(pools: readonly Pool[], ip: string): Pool | null {
  return pools.find(({ cidr }) => isIn(cidr, ip)) ?? null;
}

export function isIn(cidr: Cidr, ip: string | null): boolean {
  const address = ip === null ? null : readAddress(ip);
  return address !== null && cidrContains(cidr, address);
}

/** The same few thousand texts are asked for again and again. */
const parsed = new Map<string, Address | null>();
const MAX_PARSED = 20_000;

export function readAddress(text: string): Address | null {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  if (parsed.size >= MAX_PARSED) parsed.clear();
  const address = parseOrNull(text);
  parsed.set(text, address);
  return address;
}

function parseOrNull(text: string): Address | null {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}
