import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { objectAt, textAt } from "../store/json.ts";
import { deployment, ipPool, pod, TestCluster } from "./testing.ts";

let cluster: TestCluster;
let turn = 0;
/** A namespace of each test's own. */
let pods = "";
let deployments = "";
const pools = "/apis/crd.projectcalico.org/v1/ippools";
const modified =
  "the object has been modified; please apply your changes to the latest version and try again";

beforeAll(async () => {
  cluster = await TestCluster.start();
});

beforeEach(async () => {
  turn += 1;
  await cluster.post("/api/v1/namespaces", { metadata: { name: `n${turn}` } });
  pods = `/api/v1/namespaces/n${turn}/pods`;
  deployments = `/apis/apps/v1/namespaces/n${turn}/deployments`;
});

afterAll(() => cluster.server.close());

test("a new object gets identity, version, time and defaults; a second of its name is refused", async () => {
  const created = await cluster.post(pods, pod("a"));
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    kind: "Pod",
    metadata: {
      name: "a",
      namespace: `n${turn}`,
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      generation: 1,
    },
    spec: {
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      schedulerName: "default-scheduler",
      terminationGracePeriodSeconds: 30,
      serviceAccountName: "default",
      containers: [{ name: "main", imagePullPolicy: "IfNotPresent", terminationMessagePolicy: "File" }],
      tolerations: [{ key: "node.kubernetes.io/not-ready" }, { key: "node.kubernetes.io/unreachable" }],
    },
    status: { phase: "Pending", qosClass: "BestEffort" },
  });
  expect(await cluster.post(pods, pod("a"))).toMatchObject({
    status: 409,
    body: { reason: "AlreadyExists", message: 'pods "a" already exists' },
  });
});

test("generateName makes names that differ", async () => {
  const one = await cluster.post(pods, { ...pod(""), metadata: { generateName: "web-" } });
  const two = await cluster.post(pods, { ...pod(""), metadata: { generateName: "web-" } });
  const names = [one, two].map(({ body }) => textAt(objectAt(body, "metadata"), "name"));
  expect(names[0]).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  expect(names[0]).not.toBe(names[1]);
});

test("an update under an old version is a conflict and changes nothing", async () => {
  const { body: first } = await cluster.post(deployments, deployment("web"));
  const { body: second } = await cluster.patch(`${deployments}/web`, { spec: { replicas: 4 } });
  expect(second).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 4 } });
  expect(await cluster.put(`${deployments}/web`, first)).toMatchObject({
    status: 409,
    body: {
      reason: "Conflict",
      message: `Operation cannot be fulfilled on deployments.apps "web": ${modified}`,
      details: { name: "web", group: "apps", kind: "deployments" },
    },
  });
  expect((await cluster.get(`${deployments}/web`)).body).toMatchObject({ spec: { replicas: 4 } });
});

test("a patch may carry a version or an identity it insists on", async () => {
  const { body } = await cluster.post(pods, pod("a"));
  const { resourceVersion = "" } = objectAt(body, "metadata");
  const labels = { x: "y" };
  expect(await cluster.patch(`${pods}/a`, { metadata: { labels, resourceVersion } })).toMatchObject({
    status: 200,
  });
  expect(
    await cluster.patch(`${pods}/a`, { metadata: { labels: { x: "z" }, resourceVersion } }),
  ).toMatchObject({
    status: 409,
    body: { reason: "Conflict" },
  });
  expect(await cluster.patch(`${pods}/a`, { metadata: { uid: "other" } })).toMatchObject({
    status: 422,
    body: { message: expect.stringMatching(/metadata.uid: Invalid value: "other": field is immutable/) },
  });
});

test("an update that changes nothing keeps its version", async () => {
  const { body } = await cluster.post(pods, pod("a"));
  const again = await cluster.put(`${pods}/a`, body);
  expect(objectAt(again.body, "metadata")["resourceVersion"]).toBe(
    objectAt(body, "metadata")["resourceVersion"],
  );
});

test("dry runs answer as if, and store nothing", async () => {
  const before = cluster.server.store.revision;
  expect(await cluster.post(`${pods}?dryRun=All`, pod("a"))).toMatchObject({
    status: 201,
    body: { kind: "Pod" },
  });
  expect(await cluster.get(`${pods}/a`)).toMatchObject({ status: 404 });
  await cluster.post(pods, pod("b"));
  const between = cluster.server.store.revision;
  expect(await cluster.patch(`${pods}/b?dryRun=All`, { metadata: { labels: { a: "b" } } })).toMatchObject({
    body: { metadata: { labels: { a: "b" } } },
  });
  expect(await cluster.remove(`${pods}/b?dryRun=All`)).toMatchObject({ status: 200 });
  expect(await cluster.post(`${pools}?dryRun=All`, ipPool("bad", { cidr: "ten" }))).toMatchObject({
    status: 422,
  });
  expect(cluster.server.store.revision).toBe(between);
  expect(between).toBeGreaterThan(before);
  expect(objectAt((await cluster.get(`${pods}/b`)).body, "metadata")["labels"]).toBeUndefined();
});

test("unknown and doubled fields: refused, warned about, or dropped", async () => {
  const text =
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","bar":1},"spec":{"foo":1,"foo":2,"containers":[{"name":"c","image":"i","zoo":1}]}}';
  expect(await cluster.post(`${pods}?fieldValidation=Strict`, text)).toMatchObject({
    status: 400,
    body: {
      message:
        'Pod in version "v1" cannot be handled as a Pod: strict decoding error: duplicate field "spec.foo", unknown field "metadata.bar", unknown field "spec.foo", unknown field "spec.containers[0].zoo"',
    },
  });
  const warned = await cluster.post(pods, text);
  expect(warned.status).toBe(201);
  expect(warned.headers.get("warning")).toContain('299 - "unknown field \\"metadata.bar\\""');
  expect(objectAt(warned.body, "spec")).not.toHaveProperty("foo");
  const refused = await cluster.post(pools, ipPool("warned", { cidr: "10.0.0.0/24", ipipMode: { a: 1 } }));
  expect(refused.headers.get("warning")).toBe('299 - "unknown field \\"spec.ipipMode.a\\""');
  expect(refused.body).toMatchObject({
    details: {
      causes: [
        { field: "spec.ipipMode", reason: "FieldValueTypeInvalid" },
        { field: "spec.ipipMode", reason: "FieldValueNotSupported" },
        { field: "<nil>" },
      ],
    },
  });
  const ignored = await cluster.patch(`${pods}/a?fieldValidation=Ignore`, { spec: { foo: 1 } });
  expect(ignored.headers.get("warning")).toBeNull();
});

test.each([
  ["not JSON", "{x", 400, /^the object provided is unrecognized \(must be of type Pod\)/],
  ["a list", [], 400, /^the object provided is unrecognized/],
  [
    "another kind",
    { apiVersion: "v1", kind: "Namespace" },
    400,
    /^Namespace in version "v1" cannot be handled as a Pod/,
  ],
  [
    "another version",
    { apiVersion: "v2", kind: "Pod" },
    400,
    "the API version in the data (v2) does not match the expected API version (v1)",
  ],
  [
    "a wrong type",
    { ...pod("a"), spec: { containers: { a: 1 } } },
    400,
    'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
  ],
  [
    "no name",
    pod(""),
    422,
    'Pod "" is invalid: metadata.name: Required value: name or generateName is required',
  ],
  ["no containers", { metadata: { name: "a" } }, 422, 'Pod "a" is invalid: spec.containers: Required value'],
  [
    "a bad name",
    pod("Big_"),
    422,
    /^Pod "Big_" is invalid: metadata.name: Invalid value: "Big_": a lowercase RFC 1123 subdomain must/,
  ],
  [
    "a bad label",
    { ...pod("a"), metadata: { name: "a", labels: { "a b": "c" } } },
    422,
    /metadata.labels: Invalid value: "a b": name part must consist of/,
  ],
])("a body that is %s", async (_what, body, status, message) => {
  const answer = await cluster.post(pods, body);
  expect(answer.status).toBe(status);
  expect(textAt(answer.body, "message")).toMatch(message);
  expect(answer.body).toMatchObject({ kind: "Status", status: "Failure", code: status });
});

test("causes are listed by field", async () => {
  const answer = await cluster.post(pods, { metadata: {} });
  expect(answer.body).toMatchObject({
    details: {
      kind: "Pod",
      causes: [
        { reason: "FieldValueRequired", field: "metadata.name" },
        { reason: "FieldValueRequired", field: "spec.containers" },
      ],
    },
  });
});

test("too large, and of a type nobody reads", async () => {
  const large = JSON.stringify({
    ...pod("a"),
    metadata: { name: "a", annotations: { x: "y".repeat(4 << 20) } },
  });
  expect(await cluster.post(pods, large)).toMatchObject({ status: 413 });
  expect(await cluster.call("POST", pods, "{}", { "Content-Type": "text/plain" })).toMatchObject({
    status: 415,
    body: {
      message:
        "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
    },
  });
});

test("status and the rest are written apart", async () => {
  await cluster.post(deployments, deployment("web"));
  const status = { replicas: 1, readyReplicas: 1 };
  await cluster.patch(`${deployments}/web`, { spec: { paused: true }, status });
  expect((await cluster.get(`${deployments}/web`)).body).toMatchObject({
    spec: { paused: true },
    status: {},
  });
  await cluster.patch(`${deployments}/web/status`, { spec: { paused: false }, status });
  const { body } = await cluster.get(`${deployments}/web/status`);
  expect(body).toMatchObject({ metadata: { generation: 2 }, spec: { paused: true }, status });
});

test("the CNI plugin's way: annotations through a pod's status", async () => {
  await cluster.post(pods, pod("a"));
  const annotations = { "cni.projectcalico.org/podIP": "10.64.0.1/32" };
  await cluster.patch(`${pods}/a/status`, { metadata: { annotations } }, "strategic");
  expect((await cluster.get(`${pods}/a`)).body).toMatchObject({ metadata: { annotations } });
});

test("a custom resource without a status subresource has none to write", async () => {
  await cluster.post(pools, ipPool("plain", { cidr: "10.1.0.0/16" }));
  expect(await cluster.patch(`${pools}/plain/status`, { status: {} })).toMatchObject({ status: 404 });
});

test("integers beyond 2^53 pass unchanged, in and out and through a patch", async () => {
  const blocks = "/apis/crd.projectcalico.org/v1/ipamblocks";
  const text =
    '{"apiVersion":"crd.projectcalico.org/v1","kind":"IPAMBlock","metadata":{"name":"b"},"spec":{"cidr":"10.0.0.0/30","allocations":[null,0,null,null],"unallocated":[0,2,3],"attributes":[{"handle_id":"h"}],"strictAffinity":false,"sequenceNumber":1787400005123456795,"sequenceNumberForAllocation":{"1":1787400005123456791}}}';
  await cluster.post(blocks, text);
  await cluster.patch(`${blocks}/b`, { spec: { deleted: true } });
  const raw = await (await fetch(`${cluster.server.url}${blocks}`)).text();
  expect(raw).toContain('"sequenceNumber":1787400005123456795');
  expect(raw).toContain('{"1":1787400005123456791}');
  expect(raw).toContain('"allocations":[null,0,null,null]');
  expect(raw).toContain('"deleted":true');
});

test("a pod's spec stays as it is, but for its image", async () => {
  await cluster.post(pods, pod("a"));
  const image = { spec: { containers: [{ name: "main", image: "nginx:2" }] } };
  expect(await cluster.patch(`${pods}/a`, image, "strategic")).toMatchObject({ status: 200 });
  expect(await cluster.patch(`${pods}/a`, { spec: { hostNetwork: true } })).toMatchObject({
    status: 422,
    body: { message: expect.stringMatching(/spec: Forbidden: pod updates may not change fields other than/) },
  });
});

test("selector and template must agree, and the selector stays", async () => {
  const wrong = deployment("web");
  objectAt(wrong, "spec")["selector"] = { matchLabels: { app: "other" } };
  expect(await cluster.post(deployments, wrong)).toMatchObject({
    status: 422,
    body: {
      message:
        'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    },
  });
});

test("names with __proto__ and constructor in them are data like any other", async () => {
  const maps = `/api/v1/namespaces/n${turn}/configmaps`;
  const text = '{"metadata":{"name":"constructor"},"data":{"__proto__":"x","toString":"y"}}';
  await cluster.post(maps, text);
  const merge = '{"data":{"__proto__":"z","constructor":"w"}}';
  await cluster.call("PATCH", `${maps}/constructor`, merge, {
    "Content-Type": "application/merge-patch+json",
  });
  const raw = await (await fetch(`${cluster.server.url}${maps}/constructor`)).text();
  expect(raw).toContain('"data":{"__proto__":"z","toString":"y","constructor":"w"}');
});
