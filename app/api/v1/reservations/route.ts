import { WriteQuery } from "@/lib/contract/common.ts";
import { ReservationQuery } from "@/lib/contract/reservations.ts";
import { listReservations } from "@/lib/server/read/reservations.ts";
import { reading } from "@/lib/server/reading.ts";
import { endpoint, route } from "@/lib/server/respond.ts";
import { createReservations, ReservationCreateBody } from "@/lib/server/write/reservations-create.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: ReservationQuery,
    read: ({ inventory, query }) => listReservations(inventory, query),
  }),
  POST: endpoint({
    query: WriteQuery,
    body: ReservationCreateBody,
    action: "reservations.write",
    handle: async (call) => Response.json(await createReservations(call)),
  }),
});
