import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json } from "../store/json.ts";
import { objectAt } from "../store/json.ts";
import { type Answer, ipPool, pod, TestCluster } from "./testing.ts";

const pools = "/apis/crd.projectcalico.org/v1/ippools";
const pods = "/api/v1/namespaces/default/pods";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
  await cluster.post(pools, ipPool("a", { cidr: "10.1.0.0/20" }));
  await cluster.post(pods, pod("a"));
});
afterAll(() => cluster.server.close());

const merge = { "Content-Type": "application/merge-patch+json" };

/** Answers of kube-apiserver v1.36.3. */
test.each<[what: string, ask: () => Promise<Answer>, status: number, message: string]>([
  [
    "a dry run that is not understood",
    () => cluster.post(`${pools}?dryRun=Some`, ipPool("b", { cidr: "10.2.0.0/20" })),
    422,
    'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
  ],
  [
    "the same for a patch",
    () => cluster.call("PATCH", `${pools}/a?dryRun=none`, { spec: { disabled: true } }, merge),
    422,
    'PatchOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["none"]: supported values: "All"',
  ],
  [
    "the same for a deletion",
    () => cluster.remove(`${pools}/a`, { dryRun: ["Some"] }),
    422,
    'DeleteOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
  ],
  [
    "an unknown field validation",
    () => cluster.post(`${pools}?fieldValidation=Sometimes`, ipPool("b", { cidr: "10.2.0.0/20" })),
    422,
    'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Sometimes": supported values: "", "Ignore", "Strict", "Warn"',
  ],
  [
    "an unknown propagation",
    () => cluster.remove(`${pools}/a`, { propagationPolicy: "Sideways" }),
    422,
    'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Sideways": supported values: "Foreground", "Background", "Orphan", "nil"',
  ],
  [
    "a custom object replaced without a version",
    () => cluster.put(`${pools}/a`, ipPool("a", { cidr: "10.1.0.0/20" })),
    422,
    'ippools.crd.projectcalico.org "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  ],
  [
    "an object under another name",
    () => cluster.put(`${pools}/other`, ipPool("a", { cidr: "10.1.0.0/20" })),
    400,
    "the name of the object (a) does not match the name on the URL (other)",
  ],
  [
    "a patch that is not JSON",
    () => cluster.call("PATCH", `${pods}/a`, "nope", merge),
    400,
    "error decoding patch: invalid character 'o' in literal null (expecting 'u')",
  ],
  [
    "a body that ends too early",
    () => cluster.post(pools, '{"apiVersion":'),
    400,
    `the object provided is unrecognized (must be of type IPPool): couldn't get version/kind; json parse error: unexpected end of JSON input ({"apiVersion":)`,
  ],
  [
    "no body",
    () => cluster.post(pools, ""),
    400,
    "the object provided is unrecognized (must be of type IPPool): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
  ],
  [
    "an event away from its object",
    () =>
      cluster.post("/api/v1/namespaces/kube-system/events", {
        metadata: { name: "e" },
        involvedObject: { kind: "Pod", name: "a", namespace: "default" },
      }),
    422,
    'Event "e" is invalid: involvedObject.namespace: Invalid value: "default": does not match event.namespace',
  ],
])("%s is refused, and nothing is written", async (_what, ask, status, message) => {
  const before = cluster.server.store.revision;
  expect(await ask()).toMatchObject({ status, body: { kind: "Status", message } });
  expect(cluster.server.store.revision).toBe(before);
});

test("a built-in object may be replaced without a version", async () => {
  const { body } = await cluster.get(`${pods}/a`);
  const { resourceVersion: _version, ...metadata } = objectAt(body, "metadata");
  const replacement: Json = { ...body, metadata: { ...metadata, labels: { b: "c" } } };
  expect(await cluster.put(`${pods}/a`, replacement)).toMatchObject({
    status: 200,
    body: { metadata: { labels: { b: "c" } } },
  });
});
