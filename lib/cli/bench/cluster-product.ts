import { join } from "node:path";
import { Pool } from "undici";
import { productFlags } from "../product-flags.mjs";
import { Child } from "./child.ts";
import type { Asked, Door } from "./cluster-door.ts";

/** How the server process is. */
interface Vitals {
  readonly rssBytes: number;
  readonly peakRssBytes: number;
  /** Processor time since the process started, all threads. */
  readonly cpuMs: number;
  /** Delay of the event loop since the last time it was asked, with what is waited for between two looks (5 ms) taken off. */
  readonly longestStallMs: number;
  readonly stallP99Ms: number;
}

/** The built product at work on a cluster: nobody logs in, as on the embedded one, and nothing is written. */
export interface Product {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process until pools and blocks are answered, and until pods are; how it was then. */
  readonly ready: {
    readonly blocksMs: number;
    readonly podsMs: number;
    readonly asked: Asked;
    readonly vitals: Vitals;
  };
  /** What it has asked the API server so far. */
  asked(): Promise<Asked>;
  vitals(): Promise<Vitals>;
  /** Reads `/api/v1/…`; throws on any status but 200. */
  get<T>(path: string): Promise<T>;
  /** Reads the same as bytes, over a connection that stays open, and takes the time until the last one is there. */
  take(path: string): Promise<{ readonly body: Buffer; readonly milliseconds: number }>;
  end(): Promise<void>;
}

/** Waits until pods are there: everything is live then. Rejects when the process ends before, or after five minutes. */
export async function startProduct(door: Door): Promise<Product> {
  const start = performance.now();
  const program = join(import.meta.dirname, "cluster-product-child.ts");
  const child = new Child(program, [door.kubeconfig], {}, productFlags);
  const since = () => performance.now() - start;
  const origin = await child.firstLine();
  const url = `${origin}/api/v1/`;
  let blocksMs = 0;
  try {
    for (;;) {
      if (since() > 300_000) throw new Error("Poolboard has not read the cluster after five minutes");
      if (blocksMs === 0 && (await total(`${url}blocks?limit=1`)) !== null) blocksMs = since();
      if (blocksMs > 0 && (await total(`${url}pods?limit=1`)) !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch (error) {
    await child.end();
    throw error;
  }
  const podsMs = since();
  const sockets = new Pool(origin);
  return {
    url: origin,
    pid: child.process.pid ?? 0,
    ready: {
      blocksMs,
      podsMs,
      asked: await door.asked(),
      vitals: await child.ask<Vitals>({ what: "vitals" }),
    },
    asked: () => door.asked(),
    vitals: () => child.ask<Vitals>({ what: "vitals" }),
    get: async <T>(path: string) => {
      const answer = await fetch(`${url}${path}`);
      if (answer.status !== 200) throw new Error(`GET ${path} answers ${answer.status}`);
      return (await answer.json()) as T;
    },
    take: async (path: string) => {
      const begin = performance.now();
      const answer = await sockets.request({ method: "GET", path: `/api/v1/${path}` });
      const body = Buffer.from(await answer.body.arrayBuffer());
      if (answer.statusCode !== 200) throw new Error(`GET ${path} answers ${answer.statusCode}`);
      return { body, milliseconds: performance.now() - begin };
    },
    end: async () => {
      await sockets.destroy();
      await child.end();
    },
  };
}

/** Of a list; null while it is not known. */
async function total(url: string): Promise<number | null> {
  const answer = await fetch(url);
  const body = (await answer.json()) as { total?: number | null };
  if (answer.status === 200) return body.total ?? null;
  if (answer.status === 503) return null;
  throw new Error(`${url} answers ${answer.status}: ${JSON.stringify(body)}`);
}
