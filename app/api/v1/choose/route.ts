import { ChoiceQuery } from "@/lib/contract/choice.ts";
import { readChoice } from "@/lib/server/read/choose.ts";
import { reading } from "@/lib/server/reading.ts";
import { route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: ChoiceQuery,
    read: ({ inventory, query }) => readChoice(inventory, query),
  }),
});
