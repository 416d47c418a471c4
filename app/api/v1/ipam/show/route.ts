import { IpamShowQuery } from "@/lib/contract/ipam-show.ts";
import { printIpamShow, readIpamShow } from "@/lib/server/read/ipam-show.ts";
import { reading, TextAnswer } from "@/lib/server/reading.ts";
import { route } from "@/lib/server/respond.ts";

const mediaTypes = { text: "text/plain; charset=utf-8", csv: "text/csv; charset=utf-8" } as const;

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: IpamShowQuery,
    read({ inventory, query: { format = "json", layout, ...query } }) {
      const options = { blocks: query.blocks === "true", layout };
      if (format === "json") return readIpamShow(inventory, options);
      return new TextAnswer(printIpamShow(inventory, { ...options, format }), mediaTypes[format]);
    },
  }),
});
