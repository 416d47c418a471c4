import { monitorEventLoopDelay } from "node:perf_hooks";
import { stopInventory } from "../../inventory/registry.ts";
import { openCluster } from "../../kube/connection.ts";
import { ownHosts, setServerConfig } from "../../server/config.ts";
import { endActivity, openActivity } from "../../server/activity/life.ts";
import { log } from "../../server/log.ts";
import { ensureBuilt } from "../build.ts";
import { Web } from "../web.ts";
import { answerAsked } from "./child.ts";
import { PushYardstick } from "./push-yardstick.ts";

/**
 * A program: what `start.ts` does, on the kubeconfig in its first argument, where nobody has to log in (500 viewers have one
 * login only), and with a look at its own event loop. Prints its address.
 */

const RESOLUTION_MS = 5;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

const say = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
const host = "127.0.0.1";
const web = new Web();
let yardstick: PushYardstick | null = null;
answerAsked(
  async ({ what }) => {
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
  },
  async () => {
    await web.end();
    await endActivity();
    await stopInventory();
  },
);

const port = await web.listen(0, host);
const build = await ensureBuilt();
const connection = await openCluster({ kubeconfig: process.argv[2] ?? "" }, { log });
setServerConfig({
  mode: "embedded",
  connection,
  readOnly: true,
  anonymousView: false,
  hosts: ownHosts(host, port, []),
  tokenHash: null,
});
openActivity(null, null);
await web.serve(build);
say(`http://${host}:${port}\n`);
