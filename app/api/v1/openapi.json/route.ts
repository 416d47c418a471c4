import { openApiDocument } from "@/lib/contract/openapi.ts";
import { endpoint, route } from "@/lib/server/respond.ts";
import { version } from "@/package.json";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({ handle: () => Response.json(openApiDocument(version)) }),
});
