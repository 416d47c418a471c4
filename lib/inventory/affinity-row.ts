import { parseAffinity } from "../calico/parse-affinity.ts";
import { parseReservation } from "../calico/parse-reservation.ts";
import { type RawRecord, record } from "../calico/reading.ts";
import type { Cidr } from "../ipam/cidr.ts";
import type { Affinity } from "../ipam/snapshot.ts";
import { identity, seconds } from "./raw.ts";
import type { Row } from "./table.ts";
import { unreadable, type UnreadableRow } from "./unreadable.ts";

/** A claim on a block. */
export interface AffinityRow extends Row {
  readonly affinity: Affinity;
}

/** An IPReservation. Entries that are no CIDR are left out, as Calico leaves them out. */
export interface ReservationRow extends Row {
  readonly cidrs: readonly Cidr[];
  /** Seconds since 1970; 0 when unknown. */
  readonly createdAt: number;
  readonly oddities: readonly string[];
}

/** Null for a claim that is being deleted. */
export function affinityRow(raw: RawRecord): AffinityRow | UnreadableRow | null {
  const known = identity(raw);
  if (!known) return null;
  const { value, oddities } = parseAffinity(raw);
  if (!value) return unreadable(known, oddities);
  return value.deleted ? null : { ...known, namespace: "", affinity: value, gone: false };
}

export function reservationRow(raw: RawRecord): ReservationRow | UnreadableRow | null {
  const known = identity(raw);
  if (!known) return null;
  const { value, oddities } = parseReservation(raw);
  if (!value) return unreadable(known, oddities);
  const createdAt = seconds(record(raw.metadata).creationTimestamp);
  return { ...known, namespace: "", cidrs: value.cidrs, createdAt, oddities, gone: false };
}
