import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ipamShowTable, ipamShowText } from "../format/ipam-show.ts";
import { cidrSet } from "../ipam/cidr-set.ts";
import { utilization } from "../ipam/utilization.ts";
import { type ClusterConnection, openCluster } from "../kube/connection.ts";
import { IpamReader } from "./agents/ipam-reader.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "./cluster.ts";
import { resources } from "./controllers/resources.ts";
import type { Pod } from "./kube-objects.ts";
import { hasKubectl, Kubectl } from "./testing/kubectl.ts";
import {
  deploymentsYaml,
  externalBlocks,
  internalBlocks,
  ipamShowBlocks,
  poolsYaml,
} from "./testing/tutorial.ts";
import { Watched } from "./testing/watched.ts";

/** The text of `calicoctl ipam show`, as v3.32 prints it. */
async function ipamShow(connection: ClusterConnection, blocks = false): Promise<string> {
  const reader = new IpamReader(connection);
  const snapshot = await reader.everything(null, await reader.pools(), []);
  const reserved = cidrSet(snapshot.reservations.flatMap(({ cidrs }) => cidrs));
  return ipamShowText(
    ipamShowTable(utilization(snapshot.pools, snapshot.blocks.values(), reserved), "v3.32", blocks),
  );
}

test("tutorial-done prints the tutorial's table, and stays so while agents and controllers look at it", async () => {
  const cluster = await startEmbeddedCluster({ scenario: "tutorial-done" });
  const connection = await openCluster({ server: cluster.api.url });
  try {
    const before = cluster.api.store.revision;
    expect(await ipamShow(connection, true)).toBe(ipamShowBlocks);
    expect(cluster.api.store.revision).toBe(before);
  } finally {
    await connection.close();
    await cluster.close();
  }
});

describe.skipIf(!hasKubectl)("the tutorial by kubectl", { timeout: 60_000 }, () => {
  let cluster: EmbeddedCluster;
  let connection: ClusterConnection;
  let kubectl: Kubectl;
  let pods: Watched<Pod>;

  beforeAll(async () => {
    cluster = await startEmbeddedCluster({ scenario: "tutorial", agents: { retryMs: 300 } });
    connection = await openCluster({ server: cluster.api.url });
    kubectl = await Kubectl.on(cluster.kubeconfig);
    pods = await Watched.start<Pod>(connection, resources.pods);
  });

  afterAll(async () => {
    await pods.stop();
    await kubectl.end();
    await connection.close();
    await cluster.close();
  });

  /** Addresses of a namespace's pods by node, in order. */
  const addresses = async (namespace: string) => {
    const list = await kubectl.run(
      `get pods -n ${namespace} -o`,
      'jsonpath={range .items[*]}{.spec.nodeName} {.status.podIP}{"\\n"}{end}',
    );
    return list.trim().split("\n").sort();
  };
  const noneLeft = (namespace: string) =>
    pods.until(`no pod is left in ${namespace}`, (store) =>
      [...store.values()].some((pod) => pod.metadata.namespace === namespace) ? null : true,
    );
  /** The first three addresses of each node's block. */
  const sharing = (blocks: Readonly<Record<string, string>>) =>
    Object.entries(blocks).flatMap(([node, block]) =>
      [0, 1, 2].map((last) => `${node} ${block.replace(/0\/26$/, String(last))}`),
    );

  test("IPAM is Calico", async () => {
    const template = "{{.spec.cni.type}} {{.spec.cni.ipam.type}} {{.status.calicoVersion}}";
    expect(await kubectl.run("get installation default -o go-template --template", template)).toBe(
      "Calico Calico v3.32.1",
    );
    expect(await ipamShow(connection)).toContain("|     65536 | 36 (0%)    | 65500 (100%) |");
  });

  test("Steps 1 and 2: pools and namespaces", async () => {
    await kubectl.file("pools.yaml", poolsYaml("crd.projectcalico.org/v1"));
    await kubectl.run("create -f pools.yaml");
    for (const side of ["external", "internal"]) {
      await kubectl.run(`create namespace ${side}-ns`);
      await kubectl.run(`annotate namespace ${side}-ns`, `cni.projectcalico.org/ipv4pools=["${side}-pool"]`);
    }
    expect(await kubectl.run("get ippools -o name")).toBe(
      ["default-ipv4-ippool", "external-pool", "internal-pool"]
        .map((name) => `ippool.crd.projectcalico.org/${name}\n`)
        .join(""),
    );
  });

  test("Steps 3 to 5: nine pods in each, three blocks of three, where Calico puts them for these hosts", async () => {
    await kubectl.file("nginx-dp.yaml", deploymentsYaml);
    await kubectl.run("create -f nginx-dp.yaml");
    for (const side of ["external", "internal"])
      await kubectl.run(`rollout status deployment/nginx-deployment -n ${side}-ns --timeout=30s`);
    expect(await addresses("external-ns")).toEqual(sharing(externalBlocks));
    expect(await addresses("internal-ns")).toEqual(sharing(internalBlocks));
    const table = await ipamShow(connection);
    expect(table).toContain("| IP Pool  | 10.255.0.0/16 |     65536 | 36 (0%)    | 65500 (100%) |");
    expect(table).toContain("| IP Pool  | 10.64.0.0/20  |      4096 | 9 (0%)     | 4087 (100%)  |");
    expect(table).toContain("| IP Pool  | 10.64.16.0/20 |      4096 | 9 (0%)     | 4087 (100%)  |");
    const wide = await kubectl.run("get pods -n external-ns -o wide");
    expect(wide).toMatch(
      /nginx-deployment-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5} +1\/1 +Running +0 +\S+ +10\.64\.\d+\.\d +s666dan415[123]/,
    );
  });

  test("Step 6: a pod of a disabled pool's namespace fails with Calico's words, and runs once the pool is back", async () => {
    await kubectl.run("patch ippool external-pool --type=merge -p", '{"spec": {"disabled": true}}');
    await kubectl.run("run nginx --image=nginx -n external-ns");
    await kubectl.run(
      "wait pod/nginx -n external-ns --timeout=10s --for",
      "jsonpath={.status.containerStatuses[0].state.waiting.reason}=ContainerCreating",
    );
    const described = await kubectl.run("describe pods nginx -n external-ns");
    expect(described).toContain("the given pool (10.64.0.0/20) does not exist, or is not enabled");
    expect(described).toMatch(
      /Warning +FailedCreatePodSandBox .* kubelet +Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "[0-9a-f]{64}": plugin type="calico" failed \(add\): /,
    );
    await kubectl.run("patch ippool external-pool --type=merge -p", '{"spec": {"disabled": false}}');
    await kubectl.run("wait pod/nginx -n external-ns --for=condition=Ready --timeout=20s");
    expect(await kubectl.run("get pod nginx -n external-ns -o", "jsonpath={.status.podIP}")).toMatch(
      /^10\.64\.(9|15|10)\.3$/,
    );
  });

  test("scaling up and down", async () => {
    await kubectl.run("scale deployment/nginx-deployment -n internal-ns --replicas=12");
    await kubectl.run("rollout status deployment/nginx-deployment -n internal-ns --timeout=20s");
    expect(await addresses("internal-ns")).toHaveLength(12);
    await kubectl.run("scale deployment/nginx-deployment -n internal-ns --replicas=2");
    await pods.until("two are left", (store) =>
      [...store.values()].filter((pod) => pod.metadata.namespace === "internal-ns").length === 2
        ? true
        : null,
    );
    expect(await ipamShow(connection)).toContain(
      "| IP Pool  | 10.64.16.0/20 |      4096 | 2 (0%)     | 4094 (100%)  |",
    );
  });

  test("clean-up: addresses go back, blocks stay until their pool goes", async () => {
    await kubectl.run("delete -f nginx-dp.yaml");
    await noneLeft("internal-ns");
    await kubectl.run("delete namespace external-ns internal-ns --timeout=30s");
    expect(await ipamShow(connection, true)).toContain(
      "| Block    | 10.64.9.0/26      |        64 | 0 (0%)     | 64 (100%)    |",
    );
    await kubectl.run("delete -f pools.yaml");
    expect(await kubectl.run("get ippools -o name")).toBe(
      "ippool.crd.projectcalico.org/default-ipv4-ippool\n",
    );
    expect(
      await kubectl.run(
        "get nodes -o",
        "jsonpath={.items[*].metadata.annotations.projectcalico\\.org/IPv4VXLANTunnelAddr}",
      ),
    ).toBe("10.255.108.128 10.255.140.64 10.255.96.64 10.255.129.128");
  });
});
