import type { BenchCase, BenchContext } from "./case.ts";
import { type Door, askedForReaders } from "./cluster-door.ts";
import type { Product } from "./cluster-product.ts";
import { median, type Measurement } from "./measure.ts";
import { type Run, runCalicoctl, runKubectl } from "./peers.ts";

const readsARun = 20;
const MEGABYTE = 1024 * 1024;

/** What Poolboard answers, what somebody without it would run for the same, and what each cost run by run. */
interface Pair {
  readonly name: string;
  readonly paths: readonly string[];
  readonly peer: string;
  readonly run: (door: Door) => Promise<Run | null>;
  /** Of a big cluster only one run: it takes a minute. */
  readonly once?: boolean;
  readonly target?: Measurement["target"];
}

/** The peer reads everything again each time; Poolboard has it. Nothing is answered from anywhere but the inventory. */
export const warmCase: BenchCase = {
  name: "warm",
  summary: "what is in memory, over HTTP, beside calicoctl-shaped and kubectl reads of the same cluster",
  async run(context) {
    const product = await context.product();
    const measured: Measurement[] = [];
    for (const pair of await pairsFor(context, product))
      measured.push(...(await measure(pair, context, product)));
    const { peakRssBytes } = await product.vitals();
    const { blocksMs, podsMs, vitals } = product.ready;
    return [
      ...measured,
      {
        name: "server memory with Next, when pods are read",
        value: vitals.rssBytes,
        against: null,
        unit: "bytes",
        target: { value: 500 * MEGABYTE },
      },
      { name: "the most it ever held", value: peakRssBytes, against: null, unit: "bytes" },
      { name: "process start → pools and blocks", value: blocksMs, against: null, unit: "ms" },
      { name: "process start → pods", value: podsMs, against: null, unit: "ms" },
    ];
  },
};

async function pairsFor({ short }: BenchContext, product: Product): Promise<readonly Pair[]> {
  const { layout } = await product.get<{ layout: string }>("ipam/show");
  const { items } = await product.get<{ items: { name: string }[] }>("pools");
  const maps = items.map(({ name }) => `pools/${encodeURIComponent(name)}/map`);
  return [
    {
      name: "use of all pools and blocks, as a table",
      paths: ["ipam/show?blocks=true&format=text"],
      peer: "ipam show --show-blocks",
      run: (door) => runCalicoctl("show", door, layout),
      // A small cluster is read in little more than the time of its requests.
      target: { ratio: short ? 1 / 30 : 1 / 500 },
    },
    {
      name: "the same as maps of all pools",
      paths: maps,
      peer: "kubectl get ippools,ipamblocks",
      run: (door) => runKubectl(["get", "ippools,ipamblocks", "-o", "json"], door),
    },
    {
      name: "the first page of all pods",
      paths: ["pods?limit=200"],
      peer: "kubectl get pods -A -o wide",
      run: (door) => runKubectl(["get", "pods", "-A", "-o", "wide"], door),
      once: true,
    },
    ...(short
      ? []
      : [
          {
            name: "the maps, marked where an address may have leaked",
            paths: maps,
            peer: "ipam check",
            run: (door: Door) => runCalicoctl("check", door),
            once: true,
          },
        ]),
  ];
}

async function measure(
  { name, paths, peer, run, once, target }: Pair,
  { runs, tell, cluster }: BenchContext,
  product: Product,
): Promise<Measurement[]> {
  tell(`${name}, beside ${peer}`);
  const door = await (await cluster()).door();
  const warm: number[] = [];
  const theirs: Run[] = [];
  let [requests, bytes] = [0, 0];
  const readOnce = async () => {
    let milliseconds = 0;
    for (const path of paths) milliseconds += (await product.take(path)).milliseconds;
    return milliseconds;
  };
  await readOnce();
  for (let at = 0; at < (once ? 1 : runs); at += 1) {
    const found = await run(door);
    if (found === null) {
      return [{ name: `${name}: skipped, there is no kubectl here`, value: 0, against: null, unit: "count" }];
    }
    theirs.push(found);
    const before = askedForReaders(await product.asked());
    for (let read = 0; read < readsARun; read += 1) warm.push(await readOnce());
    const after = askedForReaders(await product.asked());
    requests += after.requests - before.requests;
    bytes += after.bytes - before.bytes;
  }
  const of = (key: "milliseconds" | "peakRssBytes" | "requests" | "bytes") =>
    median(theirs.map((each) => each[key]));
  return [
    {
      name,
      value: median(warm),
      against: of("milliseconds"),
      peer,
      unit: "ms",
      ...(target === undefined ? {} : { target }),
    },
    {
      name: "… requests to the API server",
      value: requests,
      against: of("requests"),
      unit: "count",
      target: { value: 0 },
    },
    { name: "… bytes from it", value: bytes, against: of("bytes"), unit: "bytes", target: { value: 0 } },
    {
      name: "… memory of the whole server, and of the peer",
      value: (await product.vitals()).rssBytes,
      against: of("peakRssBytes"),
      unit: "bytes",
    },
  ];
}
