import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { Clock } from "../clock.ts";
import { openCluster, type ClusterConnection } from "../connection.ts";
import type { KubeLog } from "../log.ts";
import type { ResourceRef } from "../paths.ts";
import { FaultServer } from "./fault-server.ts";

export const pods: ResourceRef = { group: "", version: "v1", plural: "pods", namespaced: true };
export const namespaces: ResourceRef = { group: "", version: "v1", plural: "namespaces", namespaced: false };

/** A folder that is gone when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "poolboard-kube-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a kubeconfig with one context, "test". JSON is YAML. */
export async function writeKubeconfig(file: string, cluster: object, user: object = {}): Promise<string> {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test-cluster", cluster }],
    users: [{ name: "test-user", user }],
    contexts: [{ name: "test", context: { cluster: "test-cluster", user: "test-user" } }],
    "current-context": "test",
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** A fault server, stopped when the test ends. */
export async function startServer(options?: Parameters<typeof FaultServer.start>[0]): Promise<FaultServer> {
  const server = await FaultServer.start(options);
  onTestFinished(() => server.stop());
  return server;
}

/** What a call rejects with, or null when it does not. */
export async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => error,
  );
}

/** A connection to a test server, closed when the test ends. */
export async function connect(
  server: { readonly url: string },
  options: { clock?: Clock; log?: KubeLog; cluster?: object; user?: object } = {},
): Promise<ClusterConnection> {
  const folder = await temporaryFolder();
  const cluster = { server: server.url, ...options.cluster };
  const kubeconfig = await writeKubeconfig(path.join(folder, "config"), cluster, options.user);
  const connection = await openCluster({ kubeconfig }, options);
  onTestFinished(() => connection.close());
  return connection;
}

/** A pod as lists and watches show it. */
export function pod(
  name: string,
  resourceVersion: string | number,
  more: { uid?: string; node?: string } = {},
) {
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: {
      namespace: "default",
      name,
      uid: more.uid ?? `uid-${name}`,
      resourceVersion: String(resourceVersion),
    },
    spec: { nodeName: more.node ?? "n1" },
  };
}

export function podList(items: readonly unknown[], resourceVersion: string | number, metadata: object = {}) {
  return {
    kind: "PodList",
    apiVersion: "v1",
    metadata: { resourceVersion: String(resourceVersion), ...metadata },
    items,
  };
}
