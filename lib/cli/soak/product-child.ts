import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { stopInventory } from "../../inventory/registry.ts";
import { openCluster } from "../../kube/connection.ts";
import { ownHosts, setServerConfig } from "../../server/config.ts";
import { endActivity, openActivity } from "../../server/activity/life.ts";
import { log } from "../../server/log.ts";
import { openStreams } from "../../server/streams.ts";
import { answerAsked } from "../bench/child.ts";
import { ensureBuilt } from "../build.ts";
import { Web } from "../web.ts";
import { loopResolutionMs, type Vitals } from "./sample.ts";

/**
 * A program: what `start.ts` does, on the kubeconfig in its first argument, where nobody has to log in (one person may not have
 * a hundred streams), and with a look at itself. To be started with `--expose-gc`. Prints its address.
 */

const loop = monitorEventLoopDelay({ resolution: loopResolutionMs });
loop.enable();
/** After a collection: its own pause is none of the product's stalls. */
const settleMs = 50;

const say = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
const host = "127.0.0.1";
const web = new Web();

async function look(): Promise<Vitals> {
  const resources = process.getActiveResourcesInfo();
  const timers = resources.filter((name) => name === "Timeout").length;
  const { user, system } = process.cpuUsage();
  const stalls = { p99Ms: beyond(loop.percentile(99)), longestMs: beyond(loop.max) };
  const rssBytes = process.memoryUsage.rss();
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
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
    externalBytes: external - arrayBuffers,
    bufferBytes: arrayBuffers,
  };
}

function beyond(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - loopResolutionMs);
}

answerAsked(look, async () => {
  await web.end();
  await endActivity();
  await stopInventory();
});

const port = await web.listen(0, host);
const build = await ensureBuilt();
const connection = await openCluster({ kubeconfig: process.argv[2] ?? "" }, { log });
setServerConfig({
  mode: "embedded",
  connection,
  readOnly: false,
  anonymousView: false,
  hosts: ownHosts(host, port, []),
  tokenHash: null,
});
openActivity(null, null);
await web.serve(build);
say(`http://${host}:${port}\n`);
