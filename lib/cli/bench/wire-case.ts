import { get } from "node:http";
import { decodePoolMap, encodePoolMap, type PoolMap } from "../../contract/pool-map.ts";
import { encoded } from "../../server/encoded.ts";
import type { BenchCase, BenchContext } from "./case.ts";
import { mapOf, patchOf, seeded } from "./map-data.ts";
import type { Measurement } from "./measure.ts";

const large = 262_144;
/** Requests for one map at once. */
const requests = 500;
const atOnce = 20;

/**
 * What a block map is on the wire: as sent, beside the fewest bytes that its numbers take one by one (their Shannon entropy), and
 * what a change of it is beside the whole.
 */
export const wireCase: BenchCase = {
  name: "wire",
  summary: "bytes of a block map as it is sent, beside the entropy of its data, and of its changes beside it",
  async run(context) {
    context.tell("bytes of block maps");
    return [...(await generated()), ...(await served(context))];
  },
};

/** Every block claimed and each as full as chance has it: there is nothing that a compressor could find. */
function claimedMap(): PoolMap {
  const random = seeded(large);
  const draw = () => 1 + Math.floor(((random() + random() + random()) / 3) * 65);
  return { ...mapOf(large), used: Uint8Array.from({ length: large }, draw) };
}

/** A /8 of /26 blocks, encoded and compressed as the product's answers are. */
async function generated(): Promise<Measurement[]> {
  const map = claimedMap();
  const body = encodePoolMap(map);
  const whole = (await encoded(body).gzip()).length;
  const name = `map of ${large.toLocaleString("en-US")} blocks`;
  const changes = [Math.floor(large / 100), 1].map(async (count): Promise<Measurement> => {
    const patch = encoded(patchOf(map, 2, count));
    // Short ones are sent as they are.
    const sent = Math.min(patch.body.length, (await patch.gzip()).length);
    return {
      name: `${name}: what follows when ${count.toLocaleString("en-US")} changed`,
      value: sent,
      against: whole,
      peer: "whole",
      unit: "bytes",
      target: { ratio: count === 1 ? 1 / 100 : 1 / 10 },
    };
  });
  return [
    {
      name: `${name}: as sent`,
      value: whole,
      against: entropyBytes(map),
      peer: "entropy",
      unit: "bytes",
      target: { ratio: 1.15 },
    },
    { name: `${name}: before it is compressed`, value: body.length, against: null, unit: "bytes" },
    ...(await Promise.all(changes)),
  ];
}

/** The largest pool of the cluster, over HTTP. */
async function served({ product: start, short }: BenchContext): Promise<Measurement[]> {
  const product = await start();
  const { items } = await product.get<{ items: { name: string; blocks: { possible: string } }[] }>("pools");
  const [pool] = items.toSorted((one, other) => Number(other.blocks.possible) - Number(one.blocks.possible));
  if (!pool) throw new Error("the cluster has no pool");
  const url = `${product.url}/api/v1/pools/${encodeURIComponent(pool.name)}/map`;
  const plain = await fetched(url, {});
  const map = decodePoolMap(new Uint8Array(plain.body).buffer);
  const gzip = { "accept-encoding": "gzip" };
  const first = await fetched(url, gzip);
  const before = (await product.vitals()).cpuMs;
  const tags = new Set<string>();
  for (let sent = 0; sent < requests; sent += atOnce) {
    const answers = await Promise.all(Array.from({ length: atOnce }, () => fetched(url, gzip)));
    for (const { etag } of answers) tags.add(etag);
  }
  const cpuMs = (await product.vitals()).cpuMs - before;
  const known = await fetched(url, { ...gzip, "if-none-match": first.etag });
  const name = `map of the pool with ${map.header.rows.toLocaleString("en-US")} blocks`;
  return [
    {
      name: `${name}: as sent`,
      value: first.body.length,
      against: entropyBytes(map),
      peer: "entropy",
      unit: "bytes",
      // The header's few hundred bytes count where there is little else.
      target: { ratio: short ? 1.5 : 1.15 },
    },
    {
      name: `${requests} requests for it: different answers`,
      value: tags.size,
      against: null,
      unit: "count",
      target: { value: 1 },
    },
    { name: "… processor time of the server for each", value: cpuMs / requests, against: null, unit: "ms" },
    {
      name: "… bytes to who has it already",
      value: known.status === 304 ? known.body.length : first.body.length,
      against: first.body.length,
      unit: "bytes",
      target: { value: 0 },
    },
  ];
}

/** Of the columns that are sent, each number by itself. */
function entropyBytes({ used, flags }: PoolMap): number {
  return [used, flags].reduce((sum, column) => sum + entropyOf(column), 0);
}

/** Bytes that the numbers take when each is written in as many bits as its frequency allows. */
function entropyOf(column: Uint8Array | Uint16Array): number {
  const counts = new Map<number, number>();
  for (const value of column) counts.set(value, (counts.get(value) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / column.length);
  return bits / 8;
}

interface Answer {
  readonly status: number;
  readonly etag: string;
  /** As it came: `fetch` would decompress it. */
  readonly body: Buffer;
}

function fetched(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          etag: response.headers.etag ?? "",
          body: Buffer.concat(chunks),
        }),
      );
    }).on("error", reject);
  });
}
