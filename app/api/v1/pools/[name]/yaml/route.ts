import { readPoolYaml } from "@/lib/server/read/pool-yaml.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    params: Named,
    handle: async ({ inventory, connection, params }) =>
      new Response(await readPoolYaml(inventory, connection, params.name), {
        headers: { "Content-Type": "text/yaml; charset=utf-8" },
      }),
  }),
});
