import { existsSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { delimiter, resolve } from "node:path";
import { type ApiMode, typeOf } from "../../calico/dialect.ts";
import { list, record, text } from "../../calico/reading.ts";
import { discover } from "../../inventory/discover.ts";
import { type ClusterConnection, openCluster } from "../../kube/connection.ts";
import { ApiError, CredentialError, KubeconfigError, UnreachableError } from "../../kube/errors.ts";
import { createObject, mergePatch } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { nodeWithKubelet } from "../../sim/agents/safety.ts";
import { UsageError } from "../args.ts";
import { chooseCidrs } from "./free-cidrs.ts";
import { listServed } from "./list-served.ts";
import { calicoRef, type ClusterRun, core, idPrefix } from "./run.ts";

export interface Target {
  readonly kubeconfig: string;
  readonly connection: ClusterConnection;
  readonly mode: ApiMode;
}

/**
 * The cluster that KUBECONFIG names.
 * @throws UsageError when there is none, it does not answer, or its pods do not get their addresses from Calico IPAM
 */
export async function openTarget(variable: string | undefined): Promise<Target> {
  const files = (variable ?? "").split(delimiter).filter((file) => file !== "");
  const [file] = files;
  if (file === undefined)
    throw new UsageError(
      "KUBECONFIG is not set; set it to the kubeconfig of a cluster that may be tested on",
    );
  if (files.length > 1) throw new UsageError("KUBECONFIG names several files; set it to one");
  if (!existsSync(file))
    throw new UsageError(`there is no file ${file}; set KUBECONFIG to one that is there`);
  const kubeconfig = resolve(file);
  let connection: ClusterConnection | null = null;
  try {
    connection = await openCluster({ kubeconfig });
    const found = await discover(connection);
    if (found.detected && found.apiMode !== null) return { kubeconfig, connection, mode: found.apiMode };
    throw new UsageError(
      `not a Calico IPAM cluster (${found.detectedBy}); use one whose pods get their addresses from it`,
    );
  } catch (error) {
    await connection?.close();
    if (error instanceof UnreachableError || error instanceof CredentialError)
      throw new UsageError(`the cluster of ${file} cannot be reached (${error.message}); is it running?`);
    if (error instanceof ApiError)
      throw new UsageError(`the cluster refuses: ${error.message}; use a kubeconfig of an administrator`);
    if (error instanceof KubeconfigError) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws UsageError without kubectl */
export function requireKubectl(): void {
  if (spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).status !== 0)
    throw new UsageError("kubectl is not on the PATH; install it, the claims compare with what it reads");
}

/**
 * Decides what the run may use.
 * @throws UsageError when pools and networks leave no free range, or no node takes pods
 */
export async function planRun({ connection, mode }: Target): Promise<ClusterRun> {
  const all = (resource: ResourceRef) => listServed(connection, resource);
  const [pools, blocks, reservations, configs, nodes, services, serviceCidrs, pods, kubelet] =
    await Promise.all([
      all(calicoRef(mode, "IPPool")),
      all(calicoRef(mode, "IPAMBlock")),
      all(calicoRef(mode, "IPReservation")),
      all(calicoRef(mode, "IPAMConfiguration")),
      all(core.nodes),
      all(core.services),
      all(core.serviceCidrs),
      all(core.pods),
      nodeWithKubelet(connection),
    ]);
  const specs = (items: readonly Record<string, unknown>[]) => items.map((item) => record(item.spec));
  const taken = [
    ...[...specs(pools), ...specs(blocks)].map((spec) => text(spec.cidr)),
    ...specs(reservations).flatMap((spec) => list(spec.reservedCIDRs).map(text)),
    ...specs(nodes).flatMap((spec) => [text(spec.podCIDR), ...list(spec.podCIDRs).map(text)]),
    ...nodes.flatMap((node) => list(record(node.status).addresses).map((each) => text(record(each).address))),
    ...specs(services).flatMap((spec) => list(spec.clusterIPs).map(text)),
    ...specs(serviceCidrs).flatMap((spec) => list(spec.cidrs).map(text)),
    ...pods.map((pod) => text(record(pod.status).podIP)),
  ].filter((each) => each !== null);
  const cidrs = chooseCidrs(taken);
  if (cidrs === null) {
    const names = pools.map((pool) => `${text(record(pool.metadata).name)} ${text(record(pool.spec).cidr)}`);
    throw new UsageError(
      `pools are in the way: no /16 of the private ranges is free (${names.join(", ") || "other networks take them"}); use a cluster with room`,
    );
  }
  const usable = nodes.filter(takesPods).map((node) => text(record(node.metadata).name) ?? "");
  if (usable.length === 0)
    throw new UsageError("no node is ready and takes pods; make one ready and try again");
  return {
    id: idPrefix + randomText(5),
    pid: process.pid,
    mode,
    kubelets: kubelet !== null,
    nodes: usable.sort(),
    cidrs,
    image: pauseImage(nodes),
    coolsDown: await takesCooldown(connection, mode, configs.length > 0),
    noStories: storiesRefused(mode, kubelet, {
      pools: pools.length,
      reservations: reservations.length,
      blocks: blocks.length,
      "IPAM configuration": configs.length,
    }),
  };
}

function takesPods(node: Record<string, unknown>): boolean {
  const spec = record(node.spec);
  const repels = list(spec.taints).some((taint) => text(record(taint).effect)?.startsWith("No"));
  const isReady = list(record(node.status).conditions).some(
    (each) => record(each).type === "Ready" && record(each).status === "True",
  );
  return isReady && !repels && spec.unschedulable !== true;
}

/** The image of every pod's sandbox is on each node already; nothing has to be pulled. */
function pauseImage(nodes: readonly Record<string, unknown>[]): string {
  const names = nodes.flatMap((node) =>
    list(record(node.status).images).flatMap((image) => list(record(image).names).map(text)),
  );
  return names.find((name) => name !== null && /\/pause:[\w.-]+$/.test(name)) ?? "registry.k8s.io/pause:3.10";
}

/** Whether the installed schema knows `ipCooldownSeconds`; asked by a dry run. */
async function takesCooldown(
  connection: ClusterConnection,
  mode: ApiMode,
  isThere: boolean,
): Promise<boolean> {
  const resource = calicoRef(mode, "IPAMConfiguration");
  const spec = { strictAffinity: false, autoAllocateBlocks: true, ipCooldownSeconds: 20 };
  const body = { ...typeOf(mode, "IPAMConfiguration"), metadata: { name: "default" }, spec };
  try {
    if (isThere) await mergePatch(connection, { resource, name: "default" }, { spec }, { dryRun: true });
    else await createObject(connection, { resource }, body, { dryRun: true });
    return true;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 400 || error.status === 422)) return false;
    throw error;
  }
}

/** The stories bring nodes of their own and compare every block there is, so nothing else may hold or give addresses. */
function storiesRefused(
  mode: ApiMode,
  kubelet: string | null,
  counts: Readonly<Record<string, number>>,
): string | null {
  if (kubelet !== null) return "the nodes have kubelets, and the stories bring nodes of their own";
  if (mode !== "crd-v1") return "the stories were recorded on crd.projectcalico.org/v1";
  const others = Object.entries(counts).filter(([, count]) => count > 0);
  if (others.length === 0) return null;
  const held = others.map(([what, count]) => `${count} ${what}`).join(", ");
  return `the cluster holds ${held} of others, and the stories compare all there are`;
}

function randomText(length: number): string {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  return Array.from({ length }, () => letters[Math.floor(Math.random() * letters.length)]).join("");
}
