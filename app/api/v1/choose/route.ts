import { ChoiceQuery } from "@/lib/contract/choice.ts";
import { readChoice } from "@/lib/server/read/choose.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: ChoiceQuery,
    handle: ({ inventory, query }) => Response.json(readChoice(inventory, query)),
  }),
});
