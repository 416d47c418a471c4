import { ActivityId } from "@/lib/contract/activity.ts";
import { readActivity } from "@/lib/server/activity/list.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    params: ActivityId,
    handle: ({ inventory, params }) => Response.json(readActivity(inventory, params.id)),
  }),
});
