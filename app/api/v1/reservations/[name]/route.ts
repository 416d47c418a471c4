import { WriteQuery } from "@/lib/contract/common.ts";
import { ReservationDelete } from "@/lib/contract/reservations.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";
import { deleteReservation } from "@/lib/server/write/reservation-delete.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: endpoint({
    params: Named,
    query: WriteQuery,
    body: ReservationDelete,
    action: "reservations.write",
    handle: async (call) => Response.json(await deleteReservation(call)),
  }),
});
