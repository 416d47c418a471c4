import type { RawObject, ScenarioOptions } from "./builder.ts";
import { addEvent } from "./failing-pods.ts";
import { addOddBlocks, addOddPools, hostile } from "./odd-ipam.ts";
import { addSystem, roundRobin, storyCluster, workersOf } from "./story-cluster.ts";
import { addPod, templateOf } from "./pods.ts";
import { addDeployment } from "./workloads.ts";

/** Namespaces with pool annotations of every broken kind; some are called like members that every object inherits. */
const namespaces: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["constructor", {}],
  ["prototype", { "cni.projectcalico.org/ipv4pools": '["good"]' }],
  ["not-json", { "cni.projectcalico.org/ipv4pools": "good" }],
  ["python-json", { "cni.projectcalico.org/ipv4pools": "['good']" }],
  ["json-text", { "cni.projectcalico.org/ipv4pools": '"good"' }],
  ["json-numbers", { "cni.projectcalico.org/ipv4pools": "[1, 2]" }],
  ["empty-list", { "cni.projectcalico.org/ipv4pools": "[]" }],
  ["dangling", { "cni.projectcalico.org/ipv4pools": '["no-such-pool"]' }],
  ["part-of-a-pool", { "cni.projectcalico.org/ipv4pools": '["10.60.0.0/20"]' }],
  ["wrong-family", { "cni.projectcalico.org/ipv4pools": '["shouting-ipv6"]' }],
  ["odd-families", { "cni.projectcalico.org/ipFamilies": '["IPv5"]' }],
  ["hostile", { "cni.projectcalico.org/ipv4pools": hostile.html, note: hostile.rightToLeft }],
];

/** Everything that a cluster should not contain, and sooner or later does. One healthy pool keeps it running. */
export function oddObjects(options: ScenarioOptions): Iterable<RawObject> {
  const builder = storyCluster("odd-objects", options, { prefix: "odd", nodes: 3 });
  builder.pool("good", { cidr: "10.60.0.0/16", vxlanMode: "CrossSubnet", natOutgoing: true });
  const workers = workersOf(builder);
  addSystem(builder, ["good"]);
  addOddPools(builder);
  addOddBlocks(builder, workers[0] ?? "");
  for (const [name, annotations] of namespaces) builder.namespace(name, { annotations });
  addDeployment(builder, {
    namespace: "prototype",
    name: "healthy",
    image: "nginx",
    places: roundRobin(workers, 6),
    ageSeconds: 3_600,
  });
  addOddNodes(builder);
  addOddPods(builder, workers);
  return builder.objects();
}

type Builder = ReturnType<typeof storyCluster>;

function addOddNodes(builder: Builder): void {
  const meta = (name: string, annotations: Readonly<Record<string, string>> = {}) =>
    builder.meta(name, { annotations });
  const node = { apiVersion: "v1", kind: "Node" };
  const down = { type: "Ready", status: "Unknown", reason: "NodeStatusUnknown", message: hostile.html };
  builder.add({
    ...node,
    metadata: meta("node-without-addresses"),
    spec: {},
    status: { conditions: [down] },
  });
  builder.add({
    ...node,
    metadata: meta("node-with-odd-annotations", {
      "projectcalico.org/IPv4Address": "not an address",
      "projectcalico.org/IPv4VXLANTunnelAddr": "10.60.999.1",
      "projectcalico.org/labels": "{not json",
    }),
    spec: { unschedulable: true },
    status: { conditions: [down], addresses: [{ type: "InternalIP", address: "999.1.1.1" }] },
  });
  builder.add({
    ...node,
    metadata: meta(`${"long-".repeat(45)}name.example`),
    status: { conditions: [down], addresses: [] },
  });
}

function addOddPods(builder: Builder, [first = "", second = ""]: readonly string[]): void {
  const template = templateOf({ name: "odd", image: "registry.example/odd:1" });
  const waiting = (namespace: string, name: string, annotations?: Readonly<Record<string, string>>) =>
    addPod(builder, {
      namespace,
      name,
      node: first,
      template,
      ips: null,
      ageSeconds: 600,
      ...(annotations ? { annotations } : {}),
    });
  for (const [name] of namespaces.slice(2)) waiting(name, "waits");
  waiting("constructor", "exact-nonsense", { "cni.projectcalico.org/ipAddrs": '["10.60.1"]' });
  waiting("constructor", "exact-outside", { "cni.projectcalico.org/ipAddrs": '["10.250.0.1"]' });

  const base = (name: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: builder.meta(name, { namespace: "constructor", ageSeconds: 7_200 }),
    spec: { ...template.spec, nodeName: second },
  });
  builder.add({ ...base("running-without-address"), status: { phase: "Running" } });
  builder.add({ ...base("no-status"), spec: { ...template.spec, schedulerName: "nobody" } });
  builder.add({
    ...base("address-is-no-address"),
    status: { phase: "Running", podIP: hostile.html, podIPs: [{ ip: hostile.html }, {}, null] },
  });
  for (const name of ["twin-a", "twin-b"]) {
    builder.add({
      ...base(name),
      status: { phase: "Running", podIP: "10.60.200.5", podIPs: [{ ip: "10.60.200.5" }] },
    });
  }
  builder.add({
    ...base("finished"),
    status: { phase: "Succeeded", podIP: "10.60.200.6", podIPs: [{ ip: "10.60.200.6" }] },
  });
  builder.add({
    ...base("unheard-of-phase"),
    status: { phase: "Dreaming", conditions: null, containerStatuses: null },
  });
  builder.add({
    ...base("no-node"),
    spec: { containers: [], schedulerName: "nobody" },
    status: { phase: "Pending" },
  });

  const about = {
    apiVersion: "v1",
    kind: "Pod",
    namespace: "constructor",
    name: "never-existed",
    uid: builder.random.uuid(),
  };
  const source = { component: "kubelet", host: hostile.html };
  const common = {
    about,
    type: "Warning" as const,
    reason: "FailedCreatePodSandBox",
    source,
    count: 3,
    firstAgo: 900,
    lastAgo: 60,
  };
  addEvent(builder, {
    ...common,
    message: `plugin type="calico" failed (add): ${hostile.html} ${hostile.control}`,
  });
  addEvent(builder, { ...common, message: "" });
}
