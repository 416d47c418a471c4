import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { openStreams } from "../../server/streams.ts";
import { answerAsked } from "../bench/child.ts";
import { endProduct, serveProduct } from "../bench/served-product.ts";
import { loopResolutionMs, type Vitals } from "./sample.ts";

/**
 * A program: the product on the kubeconfig in its first argument, with a look at itself. To be started with `--expose-gc`. Prints
 * its address.
 */

const loop = monitorEventLoopDelay({ resolution: loopResolutionMs });
loop.enable();
/** After a collection: its own pause is none of the product's stalls. */
const settleMs = 50;

const say = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

async function look(): Promise<Vitals> {
  const resources = process.getActiveResourcesInfo();
  const timers = resources.filter((name) => name === "Timeout").length;
  const { user, system } = process.cpuUsage();
  const stalls = { p99Ms: beyond(loop.percentile(99)), longestMs: beyond(loop.max) };
  const rssBytes = process.memoryUsage.rss();
  globalThis.gc?.();
  const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
  await delay(settleMs);
  loop.reset();
  return {
    ...stalls,
    timers,
    handles: resources.length - timers,
    cpuMs: (user + system) / 1000,
    streams: openStreams(),
    rssBytes,
    heapBytes: heapUsed,
    heapTakenBytes: heapTotal,
    externalBytes: external - arrayBuffers,
    bufferBytes: arrayBuffers,
  };
}

function beyond(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - loopResolutionMs);
}

answerAsked(look, endProduct);
say(`${await serveProduct(process.argv[2] ?? "", { readOnly: false })}\n`);
