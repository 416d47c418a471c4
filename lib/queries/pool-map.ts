import { queryOptions } from "@tanstack/react-query";
import { decodeAddressMap } from "../contract/address-map.ts";
import { decodePoolMap, type MapColumn, type PoolMap } from "../contract/pool-map.ts";
import { decodePoolMapPatch, isPoolMapPatch, patchPoolMap } from "../contract/pool-map-patch.ts";
import { getBytes, query } from "./http.ts";
import { localProblem } from "./problem-error.ts";

const pathOf = (name: string) => `/api/v1/pools/${encodeURIComponent(name)}/map`;

/** Both are kept by the browser, by ETag. Whoever has a map asks for what has changed: 166 kB of 262,144 blocks come once. */
export const poolMapQueries = {
  /** The block map of a pool, with these columns beyond `used` and `flags`. */
  map: (name: string, columns: readonly MapColumn[] = []) =>
    queryOptions({
      queryKey: ["pools", "map", name, columns.join(",")] as const,
      queryFn: async ({ signal, client, queryKey }) => {
        const before = client.getQueryData<PoolMap>(queryKey);
        const asked = query({ with: columns.join(","), since: before?.header.state });
        const bytes = await getBytes(`${pathOf(name)}${asked}`, signal);
        return decoded("block map", (answer) => following(before, answer), bytes);
      },
      structuralSharing: false,
    }),
  /** Each address of a part of the pool; `cidr` has at most 65,536. */
  addresses: (name: string, cidr: string) =>
    queryOptions({
      queryKey: ["pools", "map", name, "addresses", cidr] as const,
      queryFn: async ({ signal }) => {
        return decoded(
          "address map",
          decodeAddressMap,
          await getBytes(`${pathOf(name)}${query({ addresses: cidr })}`, signal),
        );
      },
      structuralSharing: false,
    }),
};

/** The map that the answer makes of the one before; the same one where nothing has changed, which then is not drawn again. */
function following(before: PoolMap | undefined, answer: ArrayBuffer): PoolMap {
  if (!isPoolMapPatch(answer)) return decodePoolMap(answer);
  if (!before) throw new RangeError("a patch came, and nothing to apply it to");
  const patch = decodePoolMapPatch(answer);
  const { state, unknown } = patch.header;
  const isSame =
    state === before.header.state && JSON.stringify(unknown) === JSON.stringify(before.header.unknown);
  return isSame ? before : patchPoolMap(before, patch);
}

function decoded<Answer>(what: string, decode: (bytes: ArrayBuffer) => Answer, bytes: ArrayBuffer): Answer {
  try {
    return decode(bytes);
  } catch (error) {
    throw localProblem("unreadable", `The ${what} cannot be read`, String(error));
  }
}
