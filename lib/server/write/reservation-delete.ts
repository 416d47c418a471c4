import type { WriteQuery } from "../../contract/common.ts";
import type { Reservation, ReservationDelete } from "../../contract/reservations.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import { removeObject } from "../../kube/objects.ts";
import { invalidFields, ProblemError } from "../problem.ts";
import { toReservation } from "../read/reservations.ts";
import type { Call } from "../respond.ts";
import { caughtUp, requireFresh } from "./fresh-pool.ts";
import { freshReservation, reservationAttempt } from "./fresh-reservation.ts";
import { isApiError, kubeProblem } from "./kube-problem.ts";

type DeleteCall = Call<{ name: string }, WriteQuery, ReservationDelete>;

/**
 * Deletes a reservation, if it is the one and the version that the person saw. Answers with what was
 * deleted: its addresses may be given out from then on. Throws ProblemError: 404, 409 `conflict` (with what stands there now),
 * 422, 504 `outcome-unknown`.
 */
export async function deleteReservation(call: DeleteCall): Promise<Reservation> {
  const { params, query, body, inventory, connection, audit } = call;
  const { name } = params;
  const { uid, resourceVersion } = body;
  const dryRun = query.dryRun === "true";
  Object.assign(audit, { kind: "IPReservation", name, uid, resourceVersionBefore: resourceVersion, dryRun });
  if (body.confirm !== undefined && body.confirm !== name)
    throw invalidFields([{ field: "confirm", message: `must be the reservation's name, ${name}` }]);
  requireFresh(inventory);
  const row = await freshReservation(inventory, connection, name);
  const before = toReservation(inventory, row);
  audit.from = { cidrs: before.cidrs };
  if (row.uid !== uid || row.revision !== resourceVersion) {
    const detail = `The reservation ${name} has been changed since you looked at it.`;
    throw new ProblemError("conflict", detail, { current: before });
  }
  const ref = { resource: calicoResource(inventory, "IPReservation"), name };
  await removeObject(connection, ref, { uid, resourceVersion, dryRun }).catch(async (error: unknown) => {
    throw await notDeleted(call, error);
  });
  const seen = () => (inventory.space.reservations.get("", name)?.uid === uid ? null : "gone");
  if (!dryRun) await caughtUp(seen, "gone");
  return before;
}

/** The refusal, with what stands there now where that matters. */
async function notDeleted({ params, inventory, connection }: DeleteCall, error: unknown): Promise<unknown> {
  const { name } = params;
  const problem =
    isApiError(error) && error.status === 409
      ? new ProblemError("conflict", `Somebody else changed the reservation ${name} at the same moment.`)
      : kubeProblem(error, reservationAttempt(inventory, "delete", name));
  if (!(problem instanceof ProblemError)) return problem;
  if (problem.code !== "conflict" && problem.code !== "outcome-unknown") return problem;
  const now = await freshReservation(inventory, connection, name).catch(() => null);
  const current = now ? { current: toReservation(inventory, now) } : {};
  return new ProblemError(problem.code, problem.message, { ...problem.extras, ...current });
}
