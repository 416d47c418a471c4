import { encodePoolMapPatch } from "../../contract/pool-map-patch.ts";
import type { PoolMap } from "../../contract/pool-map.ts";

/** Numbers between 0 and 1 that are the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** Half of the blocks claimed, in runs, as nodes claim them. */
export function mapOf(count: number): PoolMap {
  const random = seeded(count);
  const used = new Uint8Array(count);
  for (let row = 0; row < count; row += 1) {
    const run = 1 + Math.floor(random() * 16);
    if (random() < 0.5)
      for (let at = row; at < row + run && at < count; at += 1) used[at] = 1 + Math.floor(random() * 65);
    row += run;
  }
  return {
    header: {
      version: "bench.1",
      state: "bench.1",
      pool: "bench",
      cidr: `10.0.0.0/${26 - Math.log2(count)}`,
      blockSize: 26,
      capacity: 64,
      possible: String(count),
      rows: count,
      nodes: null,
      namespaces: null,
      columns: [],
    },
    slot: null,
    used,
    flags: new Uint8Array(count),
    node: null,
    namespace: null,
    claimed: null,
    lent: null,
  };
}

/** Other figures in some blocks of the map, as the server answers to `since`. `number`: of the state that it leads to. */
export function patchOf(map: PoolMap, number: number, count: number): Uint8Array<ArrayBuffer> {
  const random = seeded(number);
  const used = map.used.slice();
  const rows = new Set<number>();
  while (rows.size < count) rows.add(Math.floor(random() * map.header.rows));
  for (const row of rows) used[row] = 1 + ((used[row] ?? 0) % 65);
  const state = `bench.${number}`;
  return encodePoolMapPatch(
    { version: state, state, since: map.header.state, nodes: null, namespaces: null },
    Uint32Array.from(rows).sort(),
    { ...map, used },
  );
}
