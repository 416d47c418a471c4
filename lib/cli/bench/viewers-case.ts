import { get } from "node:http";
import { chromium } from "playwright-core";
import { findBrowser } from "../browser.ts";
import type { BenchCase, BenchContext } from "./case.ts";
import { type Asked, askedForReaders } from "./cluster-door.ts";
import type { Product } from "./cluster-product.ts";
import type { Measurement } from "./measure.ts";

/** Requests that are under way at the same time: as many as a browser or two would send. */
const atOnce = 16;

/** What the buttons of the pages need. */
const permissions = 10;

/** A page asks for nothing new for so long: it has what it wants. */
const quietMs = 700;

/**
 * What viewers cost the API server: nothing. One browser opens every main page, and what it asks is asked again by hundreds
 * of viewers, each with a stream of its own. Left out are tabs that show an object as it is stored, and its Events: these are
 * read when they are asked for.
 */
export const viewersCase: BenchCase = {
  name: "viewers",
  summary: "what 500 viewers and a second server ask the API server, counted between the two",
  async run(context) {
    const { short, tell } = context;
    const viewers = short ? 50 : 500;
    const product = await context.product();
    const start = performance.now();
    const idle = await product.asked();
    tell("one browser on every main page");
    const paths = await recorded(product, short);
    const seen = await product.asked();
    tell(`${viewers} viewers with a stream each ask what it asked: ${paths.length} requests`);
    const streams = Array.from({ length: viewers }, () => openStream(`${product.url}/api/v1/events`));
    await Promise.all(streams.map(({ opened }) => opened));
    await askAll(product, paths, viewers);
    const served = await product.asked();
    const minutes = (performance.now() - start) / 60_000;
    for (const { close } of streams) close();
    tellMore(seen, served, tell);
    return [
      ...added("one browser on every main page", idle, seen),
      ...added(`${viewers} viewers: ${paths.length * viewers} requests and ${viewers} streams`, seen, served),
      {
        name: "reviews of what the server may do, for all of them",
        value: askedForReaders(served).reviews - askedForReaders(idle).reviews,
        against: null,
        unit: "count",
        // Each is kept for a minute.
        target: { value: permissions * Math.ceil(minutes + 1) },
      },
      ...(await secondServer(context, product)),
    ];
  },
};

function added(who: string, before: Asked, after: Asked): Measurement[] {
  const [one, other] = [askedForReaders(before), askedForReaders(after)];
  const nothing = { against: null, target: { value: 0 } };
  return [
    { name: `${who}: requests`, value: other.requests - one.requests, unit: "count", ...nothing },
    { name: "… bytes", value: other.bytes - one.bytes, unit: "bytes", ...nothing },
    {
      name: "… watches",
      value: Math.max(0, after.openWatches - before.openWatches),
      unit: "count",
      ...nothing,
    },
  ];
}

function tellMore(before: Asked, after: Asked, tell: BenchContext["tell"]): void {
  for (const [name, { requests, bytes }] of Object.entries(after.paths)) {
    const { requests: known, bytes: read } = before.paths[name] ?? { requests: 0, bytes: 0 };
    if (requests > known)
      tell(`asked of the API server meanwhile, ${requests - known} times, ${bytes - read} bytes: ${name}`);
  }
}

/** It reads and watches for itself, as much as the first one did, and the first one asks nothing for it. */
async function secondServer({ startProduct, tell }: BenchContext, first: Product): Promise<Measurement[]> {
  tell("a second server on the same cluster");
  const before = await first.asked();
  const second = await startProduct();
  try {
    const [one, other] = [first.ready.asked, second.ready.asked];
    const after = await first.asked();
    tellMore(before, after, tell);
    return [
      ...added("a second server, of the first one", before, after),
      {
        name: "… its own bytes, against the first one's",
        value: askedForReaders(other).bytes,
        against: askedForReaders(one).bytes,
        unit: "bytes",
        // Objects come and go between the two.
        target: { ratio: 1.02 },
      },
      {
        name: "… its own watches, against the first one's",
        value: other.openWatches,
        against: one.openWatches,
        unit: "count",
        target: { ratio: 1 },
      },
    ];
  } finally {
    await second.end();
  }
}

/** Opens every main page once and notes what each asks the server; the streams are opened otherwise. */
async function recorded({ url, get: read }: Product, short: boolean): Promise<readonly string[]> {
  const { items } = await read<{ items: { name: string }[] }>("pools");
  const pool = `/pools/${encodeURIComponent(items[0]?.name ?? "")}`;
  const few = ["/", "/pools", pool, "/addresses", "/pods"];
  const rest = ["/ipam", "/namespaces", "/nodes", "/path", "/choose", "/activity"];
  const tabs = [`${pool}?tab=blocks`, `${pool}?tab=addresses`];
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({ executablePath, args: [...args], env: { ...env } });
  try {
    const page = await browser.newPage();
    const paths: string[] = [];
    let latest = performance.now();
    page.on("request", (request) => {
      const { origin, pathname, search } = new URL(request.url());
      if (origin !== url || request.method() !== "GET" || !pathname.startsWith("/api/v1/")) return;
      latest = performance.now();
      if (pathname !== "/api/v1/events") paths.push(`${pathname.slice("/api/v1/".length)}${search}`);
    });
    for (const path of short ? few : [...few, ...tabs, ...rest]) {
      await page.goto(`${url}${path}`, { waitUntil: "load" });
      latest = performance.now();
      while (performance.now() - latest < quietMs) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (paths.length === 0) throw new Error("the pages asked for nothing: they did not load");
    // Several pages ask for the same: somebody who goes through them all has it already.
    return [...new Set(paths)];
  } finally {
    await browser.close();
  }
}

async function askAll(product: Product, paths: readonly string[], viewers: number): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let at = next++; at < paths.length * viewers; at = next++)
      await product.take(paths[at % paths.length] ?? "");
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** A reader of the change stream; opened with its first frame. */
function openStream(url: string): { readonly opened: Promise<void>; readonly close: () => void } {
  const request = get(url, { agent: false });
  const opened = new Promise<void>((resolve, reject) => {
    request.on("error", reject);
    request.once("response", (response) => {
      if (response.statusCode !== 200) reject(new Error(`the stream answers ${response.statusCode ?? 0}`));
      response.once("data", () => resolve());
      response.on("error", () => undefined);
    });
  });
  return { opened, close: () => request.destroy() };
}
