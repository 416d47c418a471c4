import { ActivityId, ActivityUndo } from "@/lib/contract/activity.ts";
import { WriteQuery } from "@/lib/contract/common.ts";
import { undoActivity } from "@/lib/server/activity/undo.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: endpoint({
    params: ActivityId,
    query: WriteQuery,
    body: ActivityUndo,
    handle: async (call) => Response.json(await undoActivity(call)),
  }),
});
