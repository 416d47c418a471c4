import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { openCluster } from "../../kube/connection.ts";
import { authority, server as serverCertificate } from "../../kube/testing/certificates.ts";
import { hurriedClock } from "../../kube/testing/hurried-clock.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../sim/cluster.ts";
import { clientHand } from "./hand.ts";
import { startWorld, type Site, type World, type WorldOptions } from "./world.ts";

/** Minutes pass in seconds; bounds leave the machine its own time. */
const FACTOR = 20;
const SLACK = 4;

export interface EmbeddedSite extends Site {
  readonly cluster: () => EmbeddedCluster;
}

/** The embedded cluster after the tutorial, where nothing happens by itself. With `tls` the proxy speaks https for it. */
export async function embeddedSite(options: { tls?: boolean } = {}): Promise<EmbeddedSite> {
  const folder = await mkdtemp(path.join(tmpdir(), "poolboard-embedded-"));
  const data = path.join(folder, "data");
  const start = (port: number) =>
    startEmbeddedCluster({ scenario: "tutorial-done", controllers: false, churn: false, data, port });
  let cluster = await start(0);
  const { port } = new URL(cluster.api.url);
  onTestFinished(async () => {
    await cluster.close();
    await rm(folder, { recursive: true, force: true });
  });
  const whileClosed = async (work: () => Promise<void>) => {
    await cluster.close();
    await work();
    cluster = await start(Number(port));
  };
  const tls = options.tls === true;
  const direct = await openCluster({ server: cluster.api.url });
  return {
    cluster: () => cluster,
    address: { host: "127.0.0.1", port: Number(port) },
    direct,
    hand: clientHand(direct),
    ...(tls ? { certificate: serverCertificate } : {}),
    kubeconfig: (proxyPort) => ({
      cluster: tls
        ? { server: `https://127.0.0.1:${proxyPort}`, "certificate-authority-data": base64(authority) }
        : { server: `http://127.0.0.1:${proxyPort}` },
      user: {},
    }),
    hands: {
      crash: () => cluster.api.refuseConnections(),
      start: () => cluster.api.acceptConnections(),
      forgetHistory: async () => {
        await cluster.api.refuseConnections();
        cluster.api.compact();
        await cluster.api.acceptConnections();
      },
      keepCopy: () => whileClosed(() => cp(data, `${data}.copy`)),
      goBack: () => whileClosed(() => cp(`${data}.copy`, data)),
    },
  };
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

export async function embeddedWorld(
  options: WorldOptions = {},
  site: EmbeddedSite | null = null,
): Promise<World> {
  const clock = options.clock ?? hurriedClock(FACTOR);
  return startWorld(site ?? (await embeddedSite()), "crd-v1", { slack: SLACK, ...options, clock });
}
