import { describe, expect, test } from "vitest";
import {
  affinityObject,
  blockObject,
  calicoObject,
  inventoryOf,
  namespaceObject,
  nodeObject,
  podObject,
  poolObject,
  sandboxEvent,
} from "../../inventory/testing.ts";
import { podFailure } from "./pod-failure.ts";

/** Two small pools; node n1 has both blocks of `full` and is at its limit of two. */
function failing(text: string, { pod: annotations = {}, windows = false, message = text } = {}) {
  const holders = Array.from({ length: 4 }, () => ({ pod: "web/old", node: "n1" }));
  const inventory = inventoryOf({
    pools: [
      poolObject("full", "10.64.0.0/29", { blockSize: 30 }),
      poolObject("off", "10.65.0.0/24", { blockSize: 30, disabled: true }),
      poolObject("manual", "10.66.0.0/24", { blockSize: 30, assignmentMode: "Manual" }),
      poolObject("lb", "10.67.0.0/24", {
        blockSize: 30,
        allowedUses: ["LoadBalancer"],
        nodeSelector: "zone == 'b'",
      }),
    ],
    blocks: [
      blockObject("10.64.0.0/30", { node: "n1", holders }),
      blockObject("10.64.0.4/30", { node: "n1", holders }),
    ],
    affinities: [affinityObject("n1", "10.64.0.0/30"), affinityObject("n1", "10.64.0.4/30")],
    ipamConfig: [
      calicoObject("IPAMConfig", "default", {
        strictAffinity: true,
        autoAllocateBlocks: true,
        maxBlocksPerHost: 2,
      }),
    ],
    nodes: [nodeObject("n1", windows ? { "kubernetes.io/os": "windows" } : {})],
    namespaces: [namespaceObject("web")],
    pods: [podObject("web/new", { annotations })],
    sandboxFailures: [{ ...sandboxEvent("web/new", text), ...(message === text ? {} : { message }) }],
  });
  const pod = inventory.pods.table.get("web", "new");
  const failure = pod && podFailure(inventory, pod);
  if (!failure) throw new Error("the pod does not fail");
  return failure;
}

const none = "failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses";
const pools = (raw: string) => ({ pod: { "cni.projectcalico.org/ipv4pools": raw } });
const ipAddrs = "cni.projectcalico.org/ipAddrs";

type Row = [text: string, code: string, cause: RegExp, options?: Parameters<typeof failing>[1]];

/** Every text of Calico's IPAM and CNI plugins that reaches the event of a pod, and the number or name behind it. */
const catalogue: Row[] = [
  // Automatic assignment: libcalico-go/lib/ipam
  ["cannot find a qualified ippool", "no-pool-enabled", /No IPv6 pool is enabled\. 4 pools exist/],
  [
    "cannot find a qualified ippool",
    "blocks-too-small",
    /at least 8 addresses \(\/29\)\. 3 pools have smaller ones/,
    {
      windows: true,
    },
  ],
  [
    "the given pool (10.65.0.0/24) does not exist, or is not enabled",
    "pool-disabled",
    /off is disabled.*256 of its addresses are free/s,
    pools('["off"]'),
  ],
  [
    "the given pool (10.99.0.0/24) does not exist, or is not enabled",
    "pool-missing",
    /10\.99\.0\.0\/24/,
    pools('["10.99.0.0/24"]'),
  ],
  [
    "no configured Calico pools for node n1",
    "no-pool-selected",
    /Of 3 enabled pools 1 must be asked for by name \(assignmentMode Manual\), 2 select other/,
  ],
  [
    "cannot find a qualified ippool, no pools match the required use (Workload)",
    "no-pool-for-workloads",
    /2 of 3 enabled pools have it/,
  ],
  [
    "cannot allocate new block due to per host block limit",
    "block-limit",
    /n1 holds 2 of the 2 blocks that a node may have/,
  ],
  [
    "failed to find or claim a block",
    "no-new-blocks",
    /n1 holds 2 blocks in the pools that it may use and all are full.*autoAllocateBlocks false/,
  ],
  [
    `${none}; No more free affine blocks and strict affinity enabled`,
    "strict-affinity",
    /full has no block to claim and no free address/,
  ],
  [
    `${none}; No IPs available in pools: [10.64.0.0/29]`,
    "pool-full",
    /full has no address left: 0 of 8 are free/,
  ],
  [
    `${none}; No IPs available in pools: [10.64.0.0/29 10.66.0.0/24]; HostReservedAttr: windows-reserved-ipam-handle`,
    "pool-full",
    /full has no address left.*256 of 256 are free now/s,
  ],
  [
    `${none.replaceAll("IPv4", "IPv6")}; No IPs available in pools: [fd00::/64]`,
    "pool-full",
    /fd00::\/64 has no address left/,
  ],
  [
    `${none}; Failed to assign IPs in newly allocated block`,
    "block-write-failed",
    /could not write the block/,
  ],
  [none, "block-write-failed", /could not write the block/],
  [
    "Block '10.64.0.0/30' has 0 free ips which is less than 1 ips required.",
    "block-filled",
    /10\.64\.0\.0\/30 filled up/,
  ],
  ["Max retries hit - excessive concurrent IPAM requests", "busy", /lost 100 times/],
  ["global strict affinity should not be false for Windows node", "windows-affinity", /n1 runs Windows/],
  [
    "failed to look up reserved IPs: connection is unauthorized: ipreservations is forbidden",
    "reservations-unreadable",
    /is forbidden/,
  ],
  ['resource does not exist: Node(n1) with error: nodes "n1" not found', "node-missing", /no node n1/],
  ["Datastore returned malformed node object", "node-malformed", /Node object of n1/],
  // Exact address: libcalico-go/lib/ipam AssignIP
  ["The provided IP address is not in a configured pool\n", "ip-outside-pools", /lies in no enabled pool/],
  [
    'IP address 10.67.0.7 is in IP pool "lb", which is not allowed for use "Workload" (allowedUses: [LoadBalancer])',
    "ip-wrong-use",
    /10\.67\.0\.7.*lb holds it/,
  ],
  [
    "resource already exists: 10.64.0.3 with error: Address already assigned in block",
    "ip-taken",
    /10\.64\.0\.3/,
  ],
  ["Block host affinity does not match", "ip-other-node", /strictAffinity keeps n1/],
  [
    "Attempt to assign from block 10.64.0.0/30 with no affinity",
    "ip-no-owner",
    /10\.64\.0\.0\/30, which no node owns/,
  ],
  ["10.64.0.0/30 already claimed by host:n2", "block-claimed", /n2 claimed 10\.64\.0\.0\/30/],
  // KubeVirt
  [
    "live migration target pod is not allowed when KubeVirtVMAddressPersistence is disabled",
    "vm-persistence",
    /kubeVirtVMAddressPersistence Enabled/,
  ],
  ["migration target pod but no IP allocated to VM handle vm-1", "vm-handle", /no address to take over/],
  [
    "handle vm-1 already has 1 allocation(s), cannot allocate more (maxAlloc=1)",
    "vm-handle",
    /holds 1 addresses already/,
  ],
  [
    "handle vm-1 has 2 IPs allocated but requires 1 (concurrent operation in progress)",
    "vm-handle",
    /holds 2 addresses already/,
  ],
  // Plugin level, before IPAM
  ["Calico is currently not ready to process requests", "datastore-locked", /datastoreReady false/],
  [
    "error getting ClusterInformation: connection is unauthorized: Unauthorized",
    "api-unreachable",
    /n1 does not reach the API server: connection is unauthorized/,
  ],
  [
    'error getting ClusterInformation: resource does not exist: ClusterInformation(default) with error: clusterinformations.crd.projectcalico.org "default" not found',
    "no-cluster-information",
    /ClusterInformation default is missing/,
  ],
  [
    "stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/",
    "calico-node-missing",
    /calico-node does not run on n1/,
  ],
  [
    "failed to load netconf: unexpected end of JSON input",
    "netconf",
    /of n1 cannot be read: unexpected end of JSON input/,
  ],
  // Before allocation
  [
    "invalid character 'p' looking for beginning of value",
    "annotation-not-json",
    /\["full"\].*The annotation is on pod new/s,
    pools("pool-a"),
  ],
  [
    "json: cannot unmarshal number into Go value of type string",
    "annotation-not-json",
    /on pod new/,
    pools("[1]"),
  ],
  [
    'error parsing pool "nope": invalid CIDR address: nope',
    "annotation-unknown-pool",
    /No pool is named nope/,
    pools('["nope"]'),
  ],
  [
    `"fd00:10:64::" isn't a IPv4 address`,
    "annotation-wrong-family",
    /ipv6pools/,
    pools('["fd00:10:64::/64"]'),
  ],
  [`"10.64.0.0" isn't a IPv6 address`, "annotation-wrong-family", /ipv4pools/],
  ["error parsing ipFamilies: IPv4", "ip-families", /JSON list/],
  [
    "can't have both annotations: 'ipAddrs' and 'ipAddrsNoIpam' in use at the same time",
    "ip-annotations",
    /Pod new carries both/,
  ],
  [
    "ipAddrs is not compatible with configured IPAM: host-local",
    "ip-annotations",
    /configured for host-local/,
  ],
  [
    "ipAddrsNoIpam is not compatible with configured IPAM: host-local",
    "ip-annotations",
    /configured for host-local/,
  ],
  ["requested feature is not enabled: ip_addrs_no_ipam", "feature-off", /ip_addrs_no_ipam/],
  ["requested feature is not enabled: floating_ips", "feature-off", /floating_ips/],
  [
    `failed to parse IPs x for annotation "${ipAddrs}": failed to parse 'x' as JSON: invalid character 'x' looking for beginning of value`,
    "ip-annotations",
    /ipAddrs of pod new is not a JSON list/,
  ],
  [`annotation "${ipAddrs}" specified but empty`, "ip-annotations", /names no address/],
  ["invalid IP format: 10.64.0", "ip-annotations", /Pod new asks for 10\.64\.0, which is not an address/],
  [
    `cannot have more than one IPv4 address for "${ipAddrs}" annotation`,
    "ip-annotations",
    /more than one IPv4 address/,
  ],
  [
    `cannot have more than one IPv6 address for "${ipAddrs}" annotation`,
    "ip-annotations",
    /more than one IPv6 address/,
  ],
  [
    'failed to get namespace web: namespaces "web" is forbidden',
    "namespace-unreadable",
    /n1 cannot read namespace web/,
  ],
];

const exact = new Set([
  "ip-outside-pools",
  "ip-wrong-use",
  "ip-taken",
  "ip-other-node",
  "ip-no-owner",
  "block-claimed",
]);
/** Nothing that a person can do beyond what the cause says. */
const selfExplaining = new Set([
  "block-write-failed",
  "reservations-unreadable",
  "node-missing",
  "node-malformed",
  "ip-other-node",
  "ip-no-owner",
  "vm-persistence",
  "vm-handle",
  "api-unreachable",
  "no-cluster-information",
  "netconf",
  "ip-families",
  "ip-annotations",
  "feature-off",
  "namespace-unreadable",
]);

test.each<Row>(catalogue)("%s: %s", (text, code, cause, options) => {
  const failure = failing(text, options);
  expect(failure.code).toBe(code);
  expect(failure.cause).toMatch(cause);
  expect(failure.cause).not.toMatch(/[{}]|undefined|null/);
  expect(failure.message).toBe(text.trim());
  if (!selfExplaining.has(code)) expect(failure.fixes.length).toBeGreaterThan(0);
});

describe("behind the prefix of whatever runtime", () => {
  const start = "Failed to create pod sandbox: rpc error: code = Unknown desc = ";
  const crio = `${start}failed to create pod network sandbox k8s_new_web_0a1b_0(bd12): error adding pod web_new to CNI network "k8s-pod-network": `;
  const containerd = `${start}failed to setup network for sandbox "bdcc34a8": `;
  const plugin = 'plugin type="calico" failed (add): ';
  const prefixes = [
    `${containerd}${plugin}`,
    `(combined from similar events): ${containerd}${plugin}`,
    containerd,
    `${crio}${plugin}`,
    crio,
    `(combined from similar events): ${crio}`,
  ];
  test.each<Row>(catalogue)("%s: %s", (text, code, _cause, options) => {
    for (const prefix of prefixes) {
      expect(failing(text, { ...options, message: `${prefix}${text}` }).code).toBe(code);
      if (exact.has(code))
        expect(
          failing(text, { ...options, message: `${prefix}error getting IP from IPAM: ${text}` }).code,
        ).toBe(code);
    }
  });
});

test("what the pod itself asks for comes along, for whoever wants the choice explained", () => {
  expect(failing("cannot find a qualified ippool", pools('["off"]')).asks).toEqual({
    ipv4: '["off"]',
    ipv6: null,
  });
});
