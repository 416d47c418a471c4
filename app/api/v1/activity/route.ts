import { ActivityQuery } from "@/lib/contract/activity.ts";
import { activityCsv } from "@/lib/server/activity/csv.ts";
import { listActivity, wholeActivity } from "@/lib/server/activity/list.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: ActivityQuery,
    handle({ inventory, query }) {
      if (query.format !== "csv") return Response.json(listActivity(inventory, query));
      return new Response(activityCsv(wholeActivity(inventory, query)), {
        headers: {
          "Content-Type": "text/csv; charset=utf-8",
          "Content-Disposition": 'attachment; filename="activity.csv"',
        },
      });
    },
  }),
});
