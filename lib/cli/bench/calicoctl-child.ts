import { CoreV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import type { RawHandle, RawNode, RawPod, RawService } from "./calicoctl-check.ts";
import { printCheck } from "./calicoctl-check.ts";
import {
  countGroups,
  type Layout,
  printShow,
  type RawBlock,
  type RawPool,
  type RawReservation,
} from "./calicoctl-count.ts";

/**
 * A program shaped like calicoctl: the same requests (pages of 500, whole objects), the same computations, the same text on
 * stdout, with the client that Kubernetes has for Node. `show` is `ipam show --show-blocks`, `check` is `ipam check`, and
 * `count` prints what there is of everything as JSON, for the comparison of answers. The time it reports on the channel
 * leaves out the start of Node.
 */

const [what = "", kubeconfig = "", layout = "v3.33"] = process.argv.slice(2);
const config = new KubeConfig();
config.loadFromFile(kubeconfig);
// The door is plain HTTP on loopback, which the client lets pass in this case only.
config.clusters = config.clusters.map((cluster) => ({ ...cluster, skipTLSVerify: true }));
const custom = config.makeApiClient(CustomObjectsApi);
const core = config.makeApiClient(CoreV1Api);
const start = performance.now();

interface Page<T> {
  readonly items: readonly T[];
  readonly metadata?: { readonly continue?: string; readonly _continue?: string };
}

/** The typed client calls the field `_continue`, the untyped one leaves it as it comes. */
async function all<T>(read: (page: { limit: number; _continue?: string }) => Promise<unknown>): Promise<T[]> {
  const found: T[] = [];
  for (let next: string | undefined = ""; next !== undefined;) {
    const page = (await read({ limit: 500, ...(next === "" ? {} : { _continue: next }) })) as Page<T>;
    for (const item of page.items) found.push(item);
    next = page.metadata?.["_continue"] || page.metadata?.continue || undefined;
  }
  return found;
}

const v1 = { group: "crd.projectcalico.org", version: "v1" };
const v3 = { group: "projectcalico.org", version: "v3" };
/** Calico's kinds are CRDs of either group. */
const group = await custom.getAPIResources(v1).then(
  ({ resources }) => (resources.some(({ name }) => name === "ipamblocks") ? v1 : v3),
  () => v3,
);
const calico = <T>(plural: string) =>
  all<T>((page) => custom.listClusterCustomObject({ ...group, plural, ...page }));
const nodes = () => all<RawNode>((page) => core.listNode(page));
const pods = () => all<RawPod>((page) => core.listPodForAllNamespaces(page));

async function counted() {
  const [pools, reservations, blocks] = [
    await calico<RawPool>("ippools"),
    await calico<RawReservation>("ipreservations"),
    await calico<RawBlock>("ipamblocks"),
  ];
  return { groups: countGroups(pools, blocks, reservations), blocks: blocks.length };
}

/** Null: there is none, or it gives load balancers no addresses. */
async function services(): Promise<RawService[] | null> {
  const settings = (await custom
    .getClusterCustomObject({ ...group, plural: "kubecontrollersconfigurations", name: "default" })
    .catch(() => null)) as { spec?: { controllers?: { loadBalancer?: unknown } } } | null;
  if (!settings?.spec?.controllers?.loadBalancer) return null;
  return all<RawService>((page) => core.listServiceForAllNamespaces(page));
}

async function check(): Promise<string> {
  return printCheck({
    blocks: await calico<RawBlock>("ipamblocks"),
    pools: await calico<RawPool>("ippools"),
    nodes: await nodes(),
    services: await services(),
    pods: await pods(),
    handles: await calico<RawHandle>("ipamhandles"),
  });
}

async function count(): Promise<string> {
  const found = {
    ...(await counted()),
    nodes: (await nodes()).length,
    namespaces: (await all((page) => core.listNamespace(page))).length,
    pods: (await pods()).length,
  };
  // Addresses are counted in numbers of any size.
  return JSON.stringify(found, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

const text =
  what === "show"
    ? printShow((await counted()).groups, layout as Layout, true)
    : what === "check"
      ? await check()
      : await count();
const milliseconds = performance.now() - start;
process.stdout.write(text, () => {
  process.send?.({ milliseconds, peakRssBytes: process.resourceUsage().maxRSS * 1024 });
  process.disconnect?.();
});
