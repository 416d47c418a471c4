import type { RawRecord } from "../../calico/reading.ts";
import { type ReservationRow, reservationRow } from "../../inventory/affinity-row.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { isUnreadable } from "../../inventory/unreadable.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { getObject } from "../../kube/objects.ts";
import { permissionOf } from "../permission.ts";
import { ProblemError } from "../problem.ts";
import { requireReady } from "../read/ready.ts";
import { type Attempt, kubeProblem } from "./kube-problem.ts";

export function reservationAttempt(inventory: Inventory, verb: string, name: string): Attempt {
  return {
    what: `reservation ${name}`,
    permission: permissionOf(verb, calicoResource(inventory, "IPReservation")),
    writes: verb !== "get",
  };
}

/** The row of a raw reservation that the API server answered with. Throws ProblemError when it cannot be read as one. */
export function reservationFrom(raw: unknown): ReservationRow {
  const row = reservationRow(raw as RawRecord);
  if (!row || isUnreadable(row))
    throw new ProblemError("upstream", "The stored reservation cannot be read as one.");
  return row;
}

/** Reads the reservation from the API server, not from the inventory. Throws ProblemError 404 when there is none. */
export async function freshReservation(
  inventory: Inventory,
  connection: ClusterConnection,
  name: string,
): Promise<ReservationRow> {
  requireReady(inventory);
  const ref = { resource: calicoResource(inventory, "IPReservation"), name };
  const raw = await getObject(connection, ref).catch((error: unknown) => {
    throw kubeProblem(error, reservationAttempt(inventory, "get", name));
  });
  return reservationFrom(raw);
}
