import { queryOptions } from "@tanstack/react-query";
import { decodeAddressMap } from "../contract/address-map.ts";
import { decodePoolMap, type MapColumn } from "../contract/pool-map.ts";
import { getBytes } from "./http.ts";
import { localProblem } from "./problem-error.ts";

const pathOf = (name: string) => `/api/v1/pools/${encodeURIComponent(name)}/map`;

/** Both are kept by the browser, by ETag. Columns are replaced whole: comparing them would cost more than drawing them. */
export const poolMapQueries = {
  /** The block map of a pool, with these columns beyond `used` and `flags`. */
  map: (name: string, columns: readonly MapColumn[] = []) =>
    queryOptions({
      queryKey: ["pools", "map", name, columns.join(",")] as const,
      queryFn: async ({ signal }) => {
        const query = columns.length > 0 ? `?with=${columns.join(",")}` : "";
        return decoded("block map", decodePoolMap, await getBytes(`${pathOf(name)}${query}`, signal));
      },
      structuralSharing: false,
    }),
  /** Each address of a part of the pool; `cidr` has at most 65,536. */
  addresses: (name: string, cidr: string) =>
    queryOptions({
      queryKey: ["pools", "map", name, "addresses", cidr] as const,
      queryFn: async ({ signal }) => {
        const query = `?addresses=${encodeURIComponent(cidr)}`;
        return decoded("address map", decodeAddressMap, await getBytes(`${pathOf(name)}${query}`, signal));
      },
      structuralSharing: false,
    }),
};

function decoded<Answer>(what: string, decode: (bytes: ArrayBuffer) => Answer, bytes: ArrayBuffer): Answer {
  try {
    return decode(bytes);
  } catch (error) {
    throw localProblem("unreadable", `The ${what} cannot be read`, String(error));
  }
}
