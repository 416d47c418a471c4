import type * as z from "zod/mini";
import type {
  Reservation,
  ReservationCreateResults,
  ReservationDelete,
  ReservationDocument,
} from "../contract/reservations.ts";
import { query, sendJson } from "./http.ts";
import { type Filter, windowed } from "./lists.ts";
import { shape } from "./schemas.ts";

export const reservationQueries = {
  /** `filter`: q, sort. */
  list: (filter: Filter) =>
    windowed("reservations", "/api/v1/reservations", shape("ReservationList"), filter),
};

/** Creates the reservations of a manifest, document by document. */
export function createReservations(
  manifest: string,
  { dryRun, onError }: { dryRun: boolean; onError: "stop" | "continue" },
): Promise<ReservationCreateResults> {
  const path = `/api/v1/reservations${query({ dryRun: dryRun || null })}`;
  return sendJson("POST", path, { manifest, onError }, shape("ReservationCreateResults"));
}

/** Creates one reservation from its document; the answer holds one result. */
export function createReservation(
  document: z.infer<typeof ReservationDocument>,
  dryRun = false,
): Promise<ReservationCreateResults> {
  const path = `/api/v1/reservations${query({ dryRun: dryRun || null })}`;
  return sendJson("POST", path, document, shape("ReservationCreateResults"));
}

/** Deletes a reservation; answers with what was deleted. */
export function deleteReservation(
  name: string,
  body: ReservationDelete,
  dryRun = false,
): Promise<Reservation> {
  const path = `/api/v1/reservations/${encodeURIComponent(name)}${query({ dryRun: dryRun || null })}`;
  return sendJson("DELETE", path, body, shape("Reservation"));
}
