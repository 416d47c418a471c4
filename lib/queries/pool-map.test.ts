import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { decodePoolMap, encodePoolMap, type PoolMap } from "../contract/pool-map.ts";
import { encodePoolMapPatch } from "../contract/pool-map-patch.ts";
import { poolMapQueries } from "./pool-map.ts";
import { ProblemError } from "./problem-error.ts";

/** One map in its states, as a server answers for it. */
class MapServer {
  /** What was asked, without the path. */
  readonly asked: string[] = [];
  reachable = true;
  private readonly states: PoolMap[] = [];

  /** The map is so from now on. `forget`: as a server that has started anew, or whose rows have other numbers. */
  set(map: PoolMap, { forget = false } = {}): void {
    if (forget) this.states.length = 0;
    this.states.push(map);
  }

  answer(url: string): Response {
    if (!this.reachable) throw new TypeError("fetch failed");
    const { search, searchParams } = new URL(url, "http://localhost");
    this.asked.push(search);
    const map = this.states.at(-1);
    if (!map) throw new Error("there is no map");
    const before = this.states.find(({ header }) => header.state === searchParams.get("since"));
    if (!before) return new Response(encodePoolMap(map));
    const rows = Array.from({ length: map.header.rows }, (_unused, row) => row);
    const changed = Uint32Array.from(rows.filter((row) => before.used[row] !== map.used[row]));
    const { version, state } = map.header;
    const header = { version, state, since: before.header.state, nodes: null, namespaces: null };
    return new Response(encodePoolMapPatch(header, changed, map));
  }
}

function mapOf(state: string, used: readonly number[], more: Partial<PoolMap["header"]> = {}): PoolMap {
  return {
    header: {
      version: state,
      state,
      pool: "p",
      cidr: "10.0.0.0/24",
      blockSize: 26,
      capacity: 64,
      possible: String(used.length),
      rows: used.length,
      nodes: null,
      namespaces: null,
      columns: [],
      ...more,
    },
    slot: null,
    used: Uint8Array.from(used),
    flags: new Uint8Array(used.length),
    node: null,
    namespace: null,
    claimed: null,
    lent: null,
  };
}

let server = new MapServer();
let client = new QueryClient();

beforeEach(() => {
  server = new MapServer();
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  vi.stubGlobal("fetch", (url: string) => Promise.resolve().then(() => server.answer(url)));
});
afterEach(() => {
  vi.unstubAllGlobals();
  client.clear();
});

const look = () => client.fetchQuery({ ...poolMapQueries.map("p"), staleTime: 0 });

/** Without how its columns lay in the bytes. */
const content = (map: PoolMap) => ({ ...map, header: { ...map.header, columns: [] } });
const whole = (map: PoolMap) => content(decodePoolMap(encodePoolMap(map).buffer));

test("the whole map comes once, then what has changed; what has not is the same map", async () => {
  server.set(mapOf("a.1", [0, 1, 2, 3]));
  await look();
  const next = mapOf("a.2", [0, 9, 2, 3]);
  server.set(next);
  const after = await look();
  expect(content(after)).toEqual(whole(next));
  expect(await look()).toBe(after);
  expect(server.asked).toEqual(["", "?since=a.1", "?since=a.2"]);
});

test("a lost connection keeps what is shown, and all that was missed comes as one patch", async () => {
  server.set(mapOf("a.1", [0, 1, 2, 3]));
  const before = await look();
  server.reachable = false;
  await expect(look()).rejects.toThrow(ProblemError);
  expect(client.getQueryData(poolMapQueries.map("p").queryKey)).toBe(before);
  server.set(mapOf("a.2", [5, 1, 2, 3]));
  const last = mapOf("a.3", [5, 1, 7, 3]);
  server.set(last);
  server.reachable = true;
  expect(content(await look())).toEqual(whole(last));
  expect(server.asked.at(-1)).toBe("?since=a.1");
});

test.each<[string, PoolMap, PoolMap]>([
  ["a server that has started anew", mapOf("a.1", [0, 1, 2, 3]), mapOf("b.1", [4, 1, 2, 3])],
  [
    "a pool that is larger now",
    mapOf("a.1", [0, 1]),
    mapOf("c.1", [0, 1, 2, 3], { cidr: "10.0.0.0/23", possible: "8" }),
  ],
  [
    "a block more in a huge pool, of which only claimed blocks have rows",
    { ...mapOf("a.1", [1, 2], { cidr: "fd00::/48", blockSize: 122 }), slot: [7n, 2n ** 70n] },
    { ...mapOf("d.1", [1, 5, 2], { cidr: "fd00::/48", blockSize: 122 }), slot: [7n, 9n, 2n ** 70n] },
  ],
])("%s answers with the whole map, from which patches go on", async (_what, before, after) => {
  server.set(before);
  await look();
  server.set(after, { forget: true });
  expect(content(await look())).toEqual(whole(after));
  const changed = { ...after, header: { ...after.header, state: "e.1" }, used: after.used.map(() => 1) };
  server.set(changed);
  expect(content(await look())).toEqual(whole(changed));
  expect(server.asked).toEqual(["", "?since=a.1", `?since=${after.header.state}`]);
});

test("of a huge pool a patch brings the counts, its rows stay those that they were", async () => {
  const before = { ...mapOf("a.1", [1, 2], { cidr: "fd00::/48" }), slot: [7n, 2n ** 70n] };
  server.set(before);
  await look();
  const after = { ...mapOf("a.2", [1, 3], { cidr: "fd00::/48" }), slot: before.slot };
  server.set(after);
  expect(content(await look())).toEqual(whole(after));
  expect(server.asked).toEqual(["", "?since=a.1"]);
});
