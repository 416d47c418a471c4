import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../../store/json.ts";
import { isObject, listAt, objectAt } from "../../store/json.ts";
import { pod, TestCluster } from "../testing.ts";

const pods = "/api/v1/namespaces/default/pods";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
});
afterAll(() => cluster.server.close());

const rfc1123 =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const container = { name: "c", image: "nginx" };

/** As kube-apiserver v1.36.3 words them. */
test.each<[what: string, spec: JsonObject, causes: JsonObject[]]>([
  [
    "a container's name",
    { containers: [{ ...container, name: "A_b" }] },
    [{ field: "spec.containers[0].name", message: `Invalid value: "A_b": ${rfc1123}` }],
  ],
  [
    "two containers of one name",
    { containers: [container, container] },
    [{ field: "spec.containers[1].name", message: 'Duplicate value: "c"' }],
  ],
  [
    "no image",
    { containers: [{ name: "c" }] },
    [{ field: "spec.containers[0].image", message: "Required value" }],
  ],
  [
    "the restart policy",
    { containers: [container], restartPolicy: "Sometimes" },
    [
      {
        field: "spec.restartPolicy",
        message: 'Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
      },
    ],
  ],
  [
    "ports",
    { containers: [{ ...container, ports: [{ containerPort: 0 }, { containerPort: 70_000 }] }] },
    [
      { field: "spec.containers[0].ports[0].containerPort", message: "Required value" },
      {
        field: "spec.containers[0].ports[1].containerPort",
        message: "Invalid value: 70000: must be between 1 and 65535, inclusive",
      },
    ],
  ],
  [
    "the node's name",
    { containers: [container], nodeName: "Not/ok" },
    [
      {
        field: "spec.nodeName",
        message: expect.stringMatching(/^Invalid value: "Not\/ok": a lowercase RFC 1123/),
      },
    ],
  ],
])("a pod is refused for %s", async (_what, spec, causes) => {
  expect(await cluster.post(pods, { metadata: { name: "bad" }, spec })).toMatchObject({
    status: 422,
    body: { reason: "Invalid", details: { causes } },
  });
});

test("a pod written back as it was read is no change, in whatever order its fields come", async () => {
  const { body } = await cluster.post(pods, pod("again"));
  const spec = Object.fromEntries(Object.entries(objectAt(body, "spec")).toReversed());
  const containers = listAt(spec, "containers")
    .filter(isObject)
    .map((one) => Object.fromEntries(Object.entries(one).toReversed()));
  const metadata = { ...objectAt(body, "metadata"), labels: { a: "b" } };
  expect(
    await cluster.put(`${pods}/again`, { ...body, metadata, spec: { ...spec, containers } }),
  ).toMatchObject({
    status: 200,
    body: { metadata: { labels: { a: "b" } } },
  });
});

test("only a binding sets the node of a pod that exists", async () => {
  await cluster.post(pods, pod("unbound"));
  expect(await cluster.patch(`${pods}/unbound`, { spec: { nodeName: "n1" } }, "strategic")).toMatchObject({
    status: 422,
    body: { message: expect.stringMatching(/spec: Forbidden: pod updates may not change fields other than/) },
  });
  const binding = { metadata: { name: "unbound" }, target: { kind: "Node", name: "n1" } };
  expect(await cluster.post(`${pods}/unbound/binding`, binding)).toMatchObject({ status: 201 });
  expect((await cluster.get(`${pods}/unbound`)).body).toMatchObject({ spec: { nodeName: "n1" } });
});

test("what a pod limits it requests; a template says only what it was told", async () => {
  const containers = [{ ...container, resources: { limits: { cpu: "1" } } }];
  const made = await cluster.post(pods, { metadata: { name: "limited" }, spec: { containers } });
  expect(made.body).toMatchObject({ spec: { containers: [{ resources: { requests: { cpu: "1" } } }] } });
  const labels = { app: "limited" };
  const { body } = await cluster.post("/apis/apps/v1/namespaces/default/deployments", {
    metadata: { name: "limited" },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  });
  const template = objectAt(objectAt(objectAt(body, "spec"), "template"), "spec");
  expect(template["containers"]).toMatchObject([{ resources: { limits: { cpu: "1" } } }]);
  expect(JSON.stringify(template)).not.toContain("requests");
});
