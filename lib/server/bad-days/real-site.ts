import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { parse } from "yaml";
import type { ApiMode } from "../../calico/dialect.ts";
import { list, record, text } from "../../calico/reading.ts";
import { discover } from "../../inventory/discover.ts";
import { type ClusterConnection, openCluster } from "../../kube/connection.ts";
import { UnreachableError } from "../../kube/errors.ts";
import { listAll } from "../../kube/objects.ts";
import { otherAuthority } from "../../kube/testing/certificates.ts";
import { compactEtcd, ControlPlane } from "../../kube/testing/control-plane.ts";
import { writeKubeconfig } from "../../kube/testing/fixtures.ts";
import { base64 } from "./embedded-site.ts";
import { kubectlHand } from "./hand.ts";
import { until } from "./until.ts";
import {
  resourceOf,
  startWorld,
  type ServerHands,
  type Site,
  type World,
  type WorldOptions,
} from "./world.ts";

export interface RealSite extends Site {
  readonly mode: ApiMode;
  /** Null: the cluster's programs are not ours to stop. */
  readonly plane: ControlPlane | null;
}

/** What a test that needs a control plane of its own says when there is none. */
export const noControlPlane =
  "CONTROL_PLANE_DIR names no control plane whose API server and etcd may be killed; the API server is left alone";

/** The cluster that KUBECONFIG names. */
export async function realSite(): Promise<RealSite> {
  const folder = await mkdtemp(path.join(tmpdir(), "poolboard-real-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { server, cluster, user } = await readKubeconfig(process.env["KUBECONFIG"] ?? "");
  // A test may show another authority's certificate for a while: we go on to believe both.
  const both = text(cluster["certificate-authority-data"]);
  const ca =
    both === null ? {} : { "certificate-authority-data": base64(`${atob(both)}\n${otherAuthority}`) };
  const kubeconfig = await writeKubeconfig(path.join(folder, "direct"), { ...cluster, ...ca }, user);
  const direct = await openCluster({ kubeconfig });
  const plane = await ControlPlane.fromEnvironment();
  const { apiMode } = await discover(direct);
  if (apiMode === null) throw new Error("the cluster of KUBECONFIG does not use Calico IPAM");
  return {
    mode: apiMode,
    plane,
    direct,
    address: { host: server.hostname, port: Number(server.port || 443) },
    kubeconfig: (port) => ({
      cluster: { ...cluster, server: `https://127.0.0.1:${port}`, ...serverName(server.hostname) },
      user,
    }),
    hands: plane === null ? null : handsOn(plane, direct, apiMode),
    hand: kubectlHand(kubeconfig),
  };
}

/** The proxy has another address than the certificate: then the name that it was made for is said. */
function serverName(host: string): object {
  if (host === "127.0.0.1" || host === "localhost") return {};
  return { "tls-server-name": /^[\d.]+$|:/.test(host) ? "kubernetes" : host };
}

function handsOn(plane: ControlPlane, direct: ClusterConnection, mode: ApiMode): ServerHands {
  const healthy = () => isHealthy(direct, mode);
  return {
    crash: () => plane.signal("kube-apiserver", "SIGKILL"),
    start: async () => {
      await plane.start("kube-apiserver");
      await healthy();
    },
    forgetHistory: async () => {
      const etcd = process.env["ETCD_ENDPOINT"] ?? plane.etcd;
      if (etcd === null) throw new Error("ETCD_ENDPOINT is not set");
      await compactEtcd(etcd);
      // Its memory of what happened goes with it, so that watches from before really are answered 410.
      await plane.restartApiServer();
      await healthy();
    },
    keepCopy: async () => {
      await plane.keepCopy();
      await healthy();
    },
    goBack: async () => {
      await plane.goBack();
      await healthy();
    },
  };
}

/** Resolves when the API server says that it is ready and serves Calico's kinds. */
export async function isHealthy(direct: ClusterConnection, mode: ApiMode): Promise<void> {
  await until(async () => {
    // What answers is the word "ok", which is no JSON.
    const ready = await direct.request({ method: "GET", path: "/readyz" }).catch((error: unknown) => error);
    if (!(ready instanceof UnreachableError && ready.why === "notKubernetes")) return false;
    return listAll(direct, resourceOf(mode, "IPPool")).then(
      () => true,
      () => false,
    );
  });
}

/** The current context's cluster and user, with the files they name made absolute. */
async function readKubeconfig(file: string) {
  const config = record(parse(await readFile(file, "utf8")));
  const find = (kind: "contexts" | "clusters" | "users", name: unknown) =>
    list(config[kind])
      .map(record)
      .find((each) => each.name === name) ?? {};
  const context = record(find("contexts", config["current-context"])["context"]);
  const absolute = (entry: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(entry).map(([key, value]) =>
        ["certificate-authority", "client-certificate", "client-key", "tokenFile"].includes(key)
          ? [key, path.resolve(path.dirname(file), String(value))]
          : [key, value],
      ),
    );
  const cluster: Record<string, unknown> = absolute(record(find("clusters", context["cluster"])["cluster"]));
  const user = absolute(record(find("users", context["user"])["user"]));
  return { server: new URL(String(cluster["server"])), cluster, user };
}

export async function realWorld(options: WorldOptions = {}, site: RealSite | null = null): Promise<World> {
  const at = site ?? (await realSite());
  return startWorld(at, at.mode, options);
}
