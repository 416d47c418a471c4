import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePoolMap, encodePoolMap, type PoolMap } from "./pool-map.ts";
import { differing } from "./pool-map-differing.ts";
import { decodePoolMapPatch, encodePoolMapPatch, patchPoolMap } from "./pool-map-patch.ts";

const rows = 24;

interface State {
  readonly used: readonly number[];
  readonly flags: readonly number[];
  readonly node: readonly number[];
}

/** Counts, flags of one byte or two, and numbers of nodes of two bytes or four. */
const states: fc.Arbitrary<readonly State[]> = fc.array(
  fc.record({
    used: fc.array(fc.nat(2), { minLength: rows, maxLength: rows }),
    flags: fc.array(fc.constantFrom(0, 0, 8, 255, 256), { minLength: rows, maxLength: rows }),
    node: fc.array(fc.constantFrom(0, 1, 2), { minLength: rows, maxLength: rows }),
  }),
  { minLength: 2, maxLength: 6 },
);

function mapOf({ used, flags, node }: State, number: number): PoolMap {
  const isWide = flags.some((each) => each > 255);
  return {
    header: {
      version: `a.${number}`,
      state: `s.${number}`,
      pool: "p",
      cidr: "10.0.0.0/24",
      blockSize: 29,
      capacity: 8,
      possible: "32",
      rows,
      nodes: Array.from({ length: number + 2 }, (_unused, at) => `n${at}`),
      namespaces: null,
      columns: [],
    },
    slot: null,
    used: Uint8Array.from(used),
    flags: isWide ? Uint16Array.from(flags) : Uint8Array.from(flags),
    node: number % 3 === 2 ? Uint32Array.from(node) : Uint16Array.from(node),
    namespace: null,
    claimed: null,
    lent: null,
  };
}

/** What the server answers to who has `before`: the rows that differ, and perhaps more. */
function patched(before: PoolMap, after: PoolMap, more: ReadonlySet<number>): PoolMap {
  const isOther = (row: number) =>
    before.used[row] !== after.used[row] ||
    before.flags[row] !== after.flags[row] ||
    before.node?.[row] !== after.node?.[row];
  const changed = Array.from({ length: rows }, (_unused, row) => row).filter(
    (row) => more.has(row) || isOther(row),
  );
  const { version, state, nodes } = after.header;
  const since = before.header.state;
  const names = nodes?.slice(before.header.nodes?.length) ?? null;
  const bytes = encodePoolMapPatch(
    { version, state, since, nodes: names, namespaces: null },
    Uint32Array.from(changed),
    after,
  );
  return patchPoolMap(before, decodePoolMapPatch(bytes.buffer));
}

test("a map after a chain of patches is the map loaded whole, and each column knows where it differs", () => {
  fc.assert(
    fc.property(states, fc.array(fc.nat(rows - 1)), (chain, more) => {
      let map = decodePoolMap(encodePoolMap(mapOf(chain[0] ?? { used: [], flags: [], node: [] }, 0)).buffer);
      chain.forEach((state, number) => {
        const whole = decodePoolMap(encodePoolMap(mapOf(state, number)).buffer);
        const next = number === 0 ? map : patched(map, whole, new Set(more));
        expect({ ...next, header: { ...next.header, columns: [] } }).toEqual({
          ...whole,
          header: { ...whole.header, columns: [] },
        });
        for (const column of ["used", "flags", "node"] as const) {
          const [one, other] = [map[column], next[column]];
          if (!one || !other) throw new Error("a column is not there");
          const found = Array.from({ length: rows }, (_unused, row) => row).filter(
            (row) => one[row] !== other[row],
          );
          expect([...differing(one, other)]).toEqual(found);
        }
        map = next;
      });
    }),
  );
});
