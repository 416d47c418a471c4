import {
  exactAddressesAnnotation,
  isFinished,
  type PoolAnnotations,
  podIps,
  poolAnnotations,
} from "../calico/pod.ts";
import { type RawRecord, record, text } from "../calico/reading.ts";
import { type Address, formatAddress, parseAddress, parseV4 } from "../ipam/address.ts";
import type { Interner } from "./interner.ts";
import { identity, seconds } from "./raw.ts";
import type { Row } from "./table.ts";

/** An address as a pod row holds it: a number is IPv4, a bigint IPv6, a text what could not be read as an address. */
export type PodIp = number | bigint | string;

/** What we keep of a pod; about 250 bytes, of an object of several thousand. */
export interface PodRow extends Row {
  /** Null: not scheduled. */
  readonly node: string | null;
  readonly phase: string;
  readonly hostNetwork: boolean;
  /** Its addresses no longer count, as Calico judges it. */
  readonly finished: boolean;
  readonly evicted: boolean;
  readonly ips: readonly PodIp[];
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Null: the pod itself asks for no pools. */
  readonly annotations: PoolAnnotations | null;
  /** Raw text of the annotation by which it asks for exactly these addresses; pools are not looked for then. Null: it has none. */
  readonly ipAddrs: string | null;
}

const noIps: readonly PodIp[] = Object.freeze([]);

/** Namespaces, nodes and phases go through the interner: 150,000 pods name a few thousand of them. */
export function podRow(raw: RawRecord, interner: Interner): PodRow | null {
  const known = identity(raw);
  if (!known) return null;
  const metadata = record(raw.metadata);
  const spec = record(raw.spec);
  const status = record(raw.status);
  const annotations = poolAnnotations(metadata);
  const node = text(spec.nodeName);
  const phase = text(status.phase) ?? "Unknown";
  const finished = isFinished(raw);
  return {
    namespace: interner.share(known.namespace),
    name: known.name,
    uid: known.uid,
    revision: known.revision,
    node: node === null ? null : interner.share(node),
    phase: interner.share(phase),
    hostNetwork: spec.hostNetwork === true,
    finished,
    evicted: phase === "Failed" && status.reason === "Evicted",
    ips: finished ? noIps : podIps(raw).map(packIp),
    createdAt: seconds(metadata.creationTimestamp),
    annotations: annotations[4] === null && annotations[6] === null ? null : annotations,
    ipAddrs: exactAddressesAnnotation(metadata),
    gone: false,
  };
}

/** Nothing that we show differs: the event was about something else (a probe, a condition). */
export function samePod(one: PodRow, other: PodRow): boolean {
  return (
    one.uid === other.uid &&
    one.node === other.node &&
    one.phase === other.phase &&
    one.hostNetwork === other.hostNetwork &&
    one.finished === other.finished &&
    one.evicted === other.evicted &&
    one.annotations?.[4] === other.annotations?.[4] &&
    one.annotations?.[6] === other.annotations?.[6] &&
    one.ipAddrs === other.ipAddrs &&
    one.ips.length === other.ips.length &&
    one.ips.every((ip, index) => ip === other.ips[index])
  );
}

function packIp(ip: string): PodIp {
  const ipv4 = parseV4(ip);
  if (ipv4 !== null) return ipv4;
  try {
    const address = parseAddress(ip);
    return address.family === 4 ? Number(address.value) : address.value;
  } catch {
    return ip;
  }
}

/** The address, or null when the text was none. */
export function podAddress(ip: PodIp): Address | null {
  if (typeof ip === "number") return { family: 4, value: BigInt(ip) };
  return typeof ip === "bigint" ? { family: 6, value: ip } : null;
}

export function formatPodIp(ip: PodIp): string {
  const address = podAddress(ip);
  return address ? formatAddress(address) : String(ip);
}
