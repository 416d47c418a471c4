import { WriteQuery } from "@/lib/contract/common.ts";
import { NamespacePatch } from "@/lib/contract/namespaces.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";
import { patchNamespace } from "@/lib/server/write/namespace-patch.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  PATCH: endpoint({
    params: Named,
    query: WriteQuery,
    body: NamespacePatch,
    action: "namespaces.update",
    handle: async (call) => Response.json(await patchNamespace(call)),
  }),
});
