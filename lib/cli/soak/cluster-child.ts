import { setTimeout as delay } from "node:timers/promises";
import { startApiServer } from "../../sim/api/server.ts";
import { Churn } from "../../sim/churn/churn.ts";
import { kubeconfigText, writeTemporaryKubeconfig } from "../../sim/kubeconfig-file.ts";
import { large } from "../../sim/scenarios/large.ts";
import { SeededRandom } from "../../sim/scenarios/seeded-random.ts";
import type { JsonObject } from "../../sim/store/json.ts";
import { answerAsked } from "../bench/child.ts";
import { soakFaults } from "./soak-fault.ts";

/**
 * A program: the embedded cluster of a soak, with so many nodes (first argument) and everything random from a seed (second).
 * Prints the path of its kubeconfig.
 */

const calicoVersion = "v3.32.1";
const canaryMs = 500;
/** A real etcd forgets what is older than five minutes; lists that are half read end with it. */
const compactionMs = 60_000;

const [nodes = "500", seed = "soak"] = process.argv.slice(2);
const api = await startApiServer({ calicoVersion });
// A scenario's objects are JSON by construction.
api.seed(
  large({
    now: Date.now(),
    calicoVersion,
    nodes: Number(nodes),
  }) as Iterable<unknown> as Iterable<JsonObject>,
);
const churn = new Churn(api.store, "crd-v1", seed);
const random = new SeededRandom(`${seed} faults`);

/** The first block of the first node holds a tunnel's address, so it stays; its time of claim says when it was written. */
const canary = api.store.collection("ipamblocks.crd.projectcalico.org").list()[0]?.object.metadata.name ?? "";
const timers: NodeJS.Timeout[] = [];

/** First pages of lists, by resource, and what is kept up to date: lists of anything else are for one page's sake. */
const lists = new Map<string, number>();
const watched = new Set<string>();
const take = api.faults.take.bind(api.faults);
api.faults.take = (request) => {
  const { verb, type, query } = request;
  if (verb === "watch") watched.add(type.plural);
  // A list of one object only asks whether the server is still the same; that of a pool's events is for its page.
  const isFirst = verb === "list" && !query.has("continue") && query.get("limit") !== "1";
  if (isFirst && !query.get("fieldSelector")?.includes("involvedObject"))
    lists.set(type.plural, (lists.get(type.plural) ?? 0) + 1);
  return take(request);
};

const kubeconfig = await writeTemporaryKubeconfig(kubeconfigText(api.url, "soak"));

answerAsked(
  async ({ what, pods, blocks, name }) => {
    switch (what) {
      case "churn":
        churn.start({ pods: Number(pods), blocks: Number(blocks) });
        timers.push(
          setInterval(() => churn.blocks.reclaim(canary, new Date().toISOString(), Date.now()), canaryMs),
          setInterval(() => api.compact(), compactionMs),
        );
        return { canary, url: api.url };
      case "strike": {
        const fault = soakFaults.find((each) => each.name === name);
        await fault?.strike(api, random);
        return null;
      }
      case "calm":
        return api.faults.clear();
      case "stop":
        for (const timer of timers) clearInterval(timer);
        churn.stop();
        // The last of the timers' writes are seen before those that finish what is half done.
        await delay(50);
        return churn.settle(Date.now());
      case "counts":
        return {
          writes: churn.writes,
          lists: Object.fromEntries([...lists].filter(([resource]) => watched.has(resource))),
          heapBytes: process.memoryUsage().heapUsed,
        };
      default:
        throw new Error(`there is nothing called ${String(what)}`);
    }
  },
  async () => {
    await api.close();
    await kubeconfig.remove();
  },
);
process.stdout.write(`${kubeconfig.file}\n`);
