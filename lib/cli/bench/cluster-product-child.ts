import { monitorEventLoopDelay } from "node:perf_hooks";
import { answerAsked } from "./child.ts";
import { PushYardstick } from "./push-yardstick.ts";
import { endProduct, serveProduct } from "./served-product.ts";

/**
 * A program: the product on the kubeconfig in its first argument, with a look at its own event loop. Prints its address.
 */

const RESOLUTION_MS = 5;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

const say = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
let yardstick: PushYardstick | null = null;
answerAsked(async ({ what }) => {
  if (what !== "vitals") return (yardstick ??= new PushYardstick()).answer(what);
  const { user, system } = process.cpuUsage();
  const beyond = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const vitals = {
    rssBytes: process.memoryUsage.rss(),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    cpuMs: (user + system) / 1000,
    longestStallMs: beyond(delay.max),
    stallP99Ms: beyond(delay.percentile(99)),
  };
  delay.reset();
  return vitals;
}, endProduct);

say(`${await serveProduct(process.argv[2] ?? "", { readOnly: true })}\n`);
