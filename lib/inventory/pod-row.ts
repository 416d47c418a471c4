import { list, type RawRecord, record, text } from "../calico/reading.ts";
import { type Address, formatAddress, parseAddress } from "../ipam/address.ts";
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
  /** Raw annotation values; null when absent or empty. */
  readonly pools4: string | null;
  readonly pools6: string | null;
}

const noIps: readonly PodIp[] = Object.freeze([]);

/** Namespaces, nodes and phases go through the interner: 150,000 pods name a few thousand of them. */
export function podRow(raw: RawRecord, interner: Interner): PodRow | null {
  const known = identity(raw);
  if (!known) return null;
  const metadata = record(raw.metadata);
  const spec = record(raw.spec);
  const status = record(raw.status);
  const annotations = record(metadata.annotations);
  const node = text(spec.nodeName);
  const phase = text(status.phase) ?? "Unknown";
  const finished = isFinished(phase, text(metadata.deletionTimestamp) !== null, annotations);
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
    ips: finished ? noIps : podIps(status, annotations),
    createdAt: seconds(metadata.creationTimestamp),
    pools4: text(annotations["cni.projectcalico.org/ipv4pools"]),
    pools6: text(annotations["cni.projectcalico.org/ipv6pools"]),
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
    one.pools4 === other.pools4 &&
    one.pools6 === other.pools6 &&
    one.ips.length === other.ips.length &&
    one.ips.every((ip, index) => ip === other.ips[index])
  );
}

/** Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/conversion/conversion.go IsFinished */
function isFinished(phase: string, deleting: boolean, annotations: RawRecord): boolean {
  if (phase === "Succeeded" || phase === "Failed" || phase === "Completed") return true;
  if (!deleting) return false;
  return annotations["cni.projectcalico.org/podIP"] === "" || annotations["vpc.amazonaws.com/pod-ips"] === "";
}

/** In Calico's reading order. Source: projectcalico/calico@87c1590 …/conversion/conversion.go getPodIPs */
function podIps(status: RawRecord, annotations: RawRecord): readonly PodIp[] {
  const listed = list(status.podIPs).map((entry) => text(record(entry).ip));
  const texts = [
    listed,
    [text(status.podIP)],
    split(annotations["cni.projectcalico.org/podIPs"]),
    split(annotations["cni.projectcalico.org/podIP"]),
    split(annotations["vpc.amazonaws.com/pod-ips"]),
  ];
  for (const candidates of texts) {
    const found = candidates.filter((ip): ip is string => ip !== null);
    if (found.length > 0) return found.map(packIp);
  }
  return noIps;
}

/** Annotations hold addresses with their mask, comma-separated. */
function split(value: unknown): readonly (string | null)[] {
  return (text(value) ?? "").split(",").map((part) => text(part.trim().split("/")[0]));
}

function packIp(ip: string): PodIp {
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
