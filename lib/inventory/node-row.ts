import { type CalicoNode, readNode } from "../calico/node.ts";
import { list, type RawRecord, record } from "../calico/reading.ts";
import { identity, seconds } from "./raw.ts";
import type { Row } from "./table.ts";

/** What we keep of a node. */
export interface NodeRow extends Row, CalicoNode {
  readonly ready: boolean;
  /** Seconds since 1970; 0 when unknown. */
  readonly createdAt: number;
}

export function nodeRow(raw: RawRecord): NodeRow | null {
  const known = identity(raw);
  if (!known) return null;
  const conditions = list(record(raw.status).conditions).map(record);
  return {
    ...readNode(raw),
    ...known,
    namespace: "",
    ready: conditions.some((one) => one.type === "Ready" && one.status === "True"),
    createdAt: seconds(record(raw.metadata).creationTimestamp),
    gone: false,
  };
}

/** Nothing that we show or reckon with differs: a heartbeat. */
export function sameNode(one: NodeRow, other: NodeRow): boolean {
  return one.uid === other.uid && facts(one) === facts(other);
}

export function sameLabels(one: NodeRow, other: NodeRow): boolean {
  return JSON.stringify(one.labels) === JSON.stringify(other.labels);
}

function facts({ ready, labels, addresses, bgpAddress, wireguard, tunnels }: NodeRow): string {
  return JSON.stringify([ready, labels, addresses, bgpAddress, wireguard, tunnels]);
}
