import { expect, test } from "vitest";
import { detectCalico, type DetectionFacts } from "./detect.ts";

const bare: DetectionFacts = {
  groups: ["apps", "crd.projectcalico.org"],
  v3Resources: null,
  apiService: "absent",
  installation: "absent",
  clusterInformation: { spec: { calicoVersion: "v3.32.1" } },
  daemonSet: "absent",
  calicoConfig: "absent",
  migrationPhase: null,
  use: null,
};
const installation = (cni: string, ipam?: string): DetectionFacts["installation"] => ({
  spec: { cni: { type: cni, ...(ipam === undefined ? {} : { ipam: { type: ipam } }) } },
  status: { calicoVersion: "v3.33.0" },
});
const daemonSet = (env: object, image = "docker.io/calico/node:v3.31.7"): DetectionFacts["daemonSet"] => ({
  spec: {
    template: {
      spec: { containers: [{ image, env: Object.entries(env).map(([name, value]) => ({ name, value })) }] },
    },
  },
});
const config = (type: string): DetectionFacts["calicoConfig"] => ({
  data: {
    cni_network_config: `{"plugins":[{"type":"calico","mtu":__CNI_MTU__,"ipam":{"type":"${type}"},"policy":{"type":"k8s"}}]}`,
  },
});

const found: readonly [string, Partial<DetectionFacts>, string][] = [
  [
    "an operator install",
    { installation: installation("Calico", "Calico") },
    "Installation default: spec.cni.type Calico, spec.cni.ipam.type Calico",
  ],
  [
    "an Installation that leaves IPAM to its default",
    { installation: installation("Calico") },
    "Installation default: spec.cni.type Calico, spec.cni.ipam.type Calico",
  ],
  [
    "the computed Installation wins",
    {
      installation: {
        spec: { cni: { type: "AmazonVPC" } },
        status: { computed: { cni: { type: "Calico" } } },
      },
    },
    "Installation default: status.computed.cni.type Calico, status.computed.cni.ipam.type Calico",
  ],
  [
    "a manifest install",
    { daemonSet: daemonSet({}), calicoConfig: config("calico-ipam") },
    "ConfigMap kube-system/calico-config: ipam.type calico-ipam",
  ],
  [
    "custom packaging with blocks in use",
    { daemonSet: daemonSet({}), use: { blocks: 3, podsInBlocks: 9, podsElsewhere: 1 } },
    "3 IPAM blocks; 9 pods have an address in one, 1 have not",
  ],
  [
    "nothing readable but the API",
    { installation: "unreadable", daemonSet: "unreadable", calicoConfig: "unreadable" },
    "Calico's API is served; no Installation, CNI configuration or pod address says which IPAM is at work",
  ],
];

test.each(found)("%s is Calico IPAM", (_name, facts, detectedBy) => {
  expect(detectCalico({ ...bare, ...facts })).toMatchObject({
    detected: true,
    cni: "Calico",
    ipam: "Calico",
    detectedBy,
    stopReason: null,
  });
});

const stopped: readonly [string, Partial<DetectionFacts>, string | null, string | null, RegExp][] = [
  ["no Calico", { groups: ["apps"] }, null, null, /^Calico's API is not served here/],
  [
    "Amazon's CNI",
    { groups: ["apps"], installation: installation("AmazonVPC") },
    "AmazonVPC",
    "AmazonVPC",
    /gives address management to AmazonVPC\. IP pools/,
  ],
  [
    "host-local by Installation",
    { installation: installation("Calico", "HostLocal") },
    "Calico",
    "HostLocal",
    /gives address management to HostLocal/,
  ],
  [
    "GKE's default",
    { installation: installation("GKE") },
    "GKE",
    "HostLocal",
    /gives address management to HostLocal/,
  ],
  [
    "pod CIDRs of the nodes",
    { daemonSet: daemonSet({ USE_POD_CIDR: "true" }) },
    "Calico",
    "HostLocal",
    /USE_POD_CIDR/,
  ],
  [
    "host-local by configuration",
    { daemonSet: daemonSet({}), calicoConfig: config("host-local") },
    "Calico",
    "HostLocal",
    /IPAM plugin host-local/,
  ],
  ["CRDs without Calico", {}, null, null, /no DaemonSet calico-node/],
  [
    "pods outside every block",
    { daemonSet: daemonSet({}), use: { blocks: 0, podsInBlocks: 0, podsElsewhere: 5 } },
    "Calico",
    null,
    /no IPAM block holds/,
  ],
  [
    "an etcd datastore",
    { groups: ["projectcalico.org"], v3Resources: ["ippools"] },
    "Calico",
    null,
    /etcd of its own/,
  ],
];

test.each(stopped)("%s stops", (_name, facts, cni, ipam, reason) => {
  const detection = detectCalico({ ...bare, ...facts });
  expect(detection).toMatchObject({ detected: false, cni, ipam });
  expect(detection.stopReason).toMatch(reason);
});

const both = ["projectcalico.org", "crd.projectcalico.org"];
const native = ["ippools", "ipamblocks"];
const modes: readonly [string, Partial<DetectionFacts>, string | null][] = [
  ["v1 CRDs", {}, "crd-v1"],
  ["Calico's API server", { groups: both, v3Resources: ["ippools"] }, "aggregated-v3"],
  ["Calico's API server down", { groups: both, v3Resources: null }, "aggregated-v3"],
  ["v3 CRDs", { groups: ["projectcalico.org"], v3Resources: native }, "native-v3"],
  ["both CRDs", { groups: both, v3Resources: native }, "crd-v1"],
  ["both CRDs, migrating", { groups: both, v3Resources: native, migrationPhase: "Migrating" }, "crd-v1"],
  ["both CRDs, migrated", { groups: both, v3Resources: native, migrationPhase: "Converged" }, "native-v3"],
  [
    "both CRDs, told to use v1",
    {
      groups: both,
      v3Resources: native,
      migrationPhase: "Complete",
      daemonSet: daemonSet({ CALICO_API_GROUP: "crd.projectcalico.org/v1" }),
    },
    "crd-v1",
  ],
  [
    "both CRDs, told to use v3",
    { groups: both, v3Resources: native, daemonSet: daemonSet({ CALICO_API_GROUP: "ProjectCalico.org/V3" }) },
    "native-v3",
  ],
  ["neither", { groups: [] }, null],
];

test.each(modes)("API mode of %s", (_name, facts, mode) => {
  expect(detectCalico({ ...bare, ...facts }).apiMode).toBe(mode);
});

test("the version comes from the best place that knows it", () => {
  expect(detectCalico({ ...bare, installation: installation("Calico") }).version).toBe("v3.33.0");
  expect(detectCalico(bare).version).toBe("v3.32.1");
  expect(detectCalico({ ...bare, clusterInformation: "unreadable", daemonSet: daemonSet({}) }).version).toBe(
    "v3.31.7",
  );
  expect(
    detectCalico({ ...bare, clusterInformation: {}, daemonSet: daemonSet({}, "mirror/node@sha256:1") })
      .version,
  ).toBeNull();
});

const apiService = (spec: object, available = true): DetectionFacts["apiService"] => ({
  spec,
  status: {
    conditions: [{ type: "Available", status: available ? "True" : "False", message: "no endpoints" }],
  },
});
const behindService = { service: { namespace: "calico-system", name: "calico-api" } };
const notes: readonly [string, Partial<DetectionFacts>, string | null, RegExp][] = [
  ["one API", {}, "crd-v1", /pod address says which IPAM is at work$/],
  [
    "both CRDs",
    { groups: both, v3Resources: native },
    "crd-v1",
    /v1 is used, because nothing says otherwise/,
  ],
  [
    "both CRDs, calico-node unreadable",
    { groups: both, v3Resources: native, daemonSet: "unreadable" },
    "crd-v1",
    /may not be read/,
  ],
  [
    "both CRDs, migrating",
    { groups: both, v3Resources: native, migrationPhase: "Migrating" },
    "crd-v1",
    /v1 is used, because DatastoreMigration v1-to-v3 is Migrating/,
  ],
  [
    "both CRDs, migrated",
    { groups: both, v3Resources: native, migrationPhase: "Complete" },
    "native-v3",
    /projectcalico\.org\/v3 is used, because DatastoreMigration v1-to-v3 is Complete/,
  ],
  [
    "Calico's API server down",
    { groups: both, v3Resources: null, apiService: apiService(behindService, false) },
    "aggregated-v3",
    /does not answer: no endpoints/,
  ],
  [
    "v3 CRDs without that of blocks",
    { groups: ["projectcalico.org"], v3Resources: ["ippools"], apiService: apiService({}) },
    "native-v3",
    /the CRD ipamblocks is missing/,
  ],
  [
    "half of the v3 CRDs beside those of v1",
    { groups: both, v3Resources: ["ippools"], apiService: apiService({}) },
    "crd-v1",
    /crd\.projectcalico\.org\/v1 is used/,
  ],
  [
    "Calico's API server, as its APIService says",
    { groups: both, v3Resources: ["ippools"], apiService: apiService(behindService) },
    "aggregated-v3",
    /pod address says which IPAM is at work$/,
  ],
];

test.each(notes)("%s: which is used is said, and why", (_name, facts, mode, words) => {
  const detection = detectCalico({ ...bare, daemonSet: daemonSet({}), ...facts });
  expect(detection.apiMode).toBe(mode);
  expect(detection.detectedBy).toMatch(words);
});
