import { ImpactQuery } from "@/lib/contract/impact.ts";
import { readPoolImpact } from "@/lib/server/read/pool-impact.ts";
import { impactChange } from "@/lib/server/read/pool-impact-spec.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    params: Named,
    query: ImpactQuery,
    handle: async ({ inventory, connection, params: { name }, query }) => {
      const change = impactChange(inventory, name, query);
      return Response.json(await readPoolImpact(inventory, name, query.action, connection, change));
    },
  }),
});
