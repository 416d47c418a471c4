import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fault } from "../lib/sim/api/faults.ts";
import type { ApiServer } from "../lib/sim/api/server.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "../lib/sim/cluster.ts";
import { Program, temporaryFolder, watched } from "./fixtures.ts";

/** A cluster whose API server, in this process, misbehaves on request, with Poolboard beside it. */
class FaultyCluster {
  readonly api: ApiServer;
  readonly #cluster: EmbeddedCluster;
  readonly #folder: string;
  #poolboard: Program | null = null;
  #home: { readonly url: string; readonly cookie: string } | null = null;

  private constructor(cluster: EmbeddedCluster, folder: string) {
    this.api = cluster.api;
    this.#cluster = cluster;
    this.#folder = folder;
  }

  static async start(scenario: string, nodes: number | null): Promise<FaultyCluster> {
    const folder = await temporaryFolder();
    const cluster = await startEmbeddedCluster({ scenario, ...(nodes === null ? {} : { nodes }) });
    await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig);
    return new FaultyCluster(cluster, folder);
  }

  /** Where Poolboard answers, and the cookie of somebody who came by its link; starts it when it is asked for first. */
  async home(): Promise<{ readonly url: string; readonly cookie: string }> {
    if (this.#home) return this.#home;
    this.#poolboard = new Program("start.ts", [
      "--port",
      "0",
      "--kubeconfig",
      join(this.#folder, "kubeconfig"),
    ]);
    const link = await this.#poolboard.firstLine();
    const { headers } = await fetch(link, { redirect: "manual" });
    this.#home = { url: new URL(link).origin, cookie: headers.get("set-cookie") ?? "" };
    return this.#home;
  }

  async stop(): Promise<void> {
    await this.#poolboard?.stop();
    await this.#cluster.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface WorkerFixtures {
  /** What `faulty` starts with. */
  readonly faultyScenario: string;
  /** Of the scenario `large`; thirty pods each. */
  readonly faultyNodes: number | null;
  /** What goes wrong from the start on. */
  readonly faultyFaults: readonly Partial<Fault>[];
  /** Poolboard starts while the API server refuses connections. */
  readonly faultyFromTheStart: boolean;
  readonly faulty: FaultyCluster;
}

/** `faulty` is one cluster for all tests of a file, in their order; `page` is logged in to its Poolboard. */
export const test = watched.extend<object, WorkerFixtures>({
  faultyScenario: ["tutorial-done", { scope: "worker", option: true }],
  faultyNodes: [null, { scope: "worker", option: true }],
  faultyFaults: [[], { scope: "worker", option: true }],
  faultyFromTheStart: [false, { scope: "worker", option: true }],
  faulty: [
    async ({ faultyScenario, faultyNodes, faultyFaults, faultyFromTheStart }, use) => {
      const faulty = await FaultyCluster.start(faultyScenario, faultyNodes);
      for (const fault of faultyFaults) faulty.api.faults.add(fault);
      // Not in a hook: Playwright asks for the base URL, and with it for Poolboard, before the first one.
      if (faultyFromTheStart) await faulty.api.refuseConnections();
      await use(faulty);
      await faulty.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ faulty }, use) => use((await faulty.home()).url),
  context: async ({ context, faulty }, use) => {
    const { url, cookie } = await faulty.home();
    const [name = "", value = ""] = cookie.split(";")[0]?.split("=") ?? [];
    await context.addCookies([{ name, value, url }]);
    await use(context);
  },
});
