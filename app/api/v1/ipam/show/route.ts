import { IpamShowQuery } from "@/lib/contract/ipam-show.ts";
import { printIpamShow, readIpamShow } from "@/lib/server/read/ipam-show.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

const mediaTypes = { text: "text/plain; charset=utf-8", csv: "text/csv; charset=utf-8" } as const;

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: IpamShowQuery,
    handle({ inventory, query: { format = "json", layout, ...query } }) {
      const options = { blocks: query.blocks === "true", layout };
      if (format === "json") return Response.json(readIpamShow(inventory, options));
      return new Response(printIpamShow(inventory, { ...options, format }), {
        headers: { "Content-Type": mediaTypes[format] },
      });
    },
  }),
});
