import http from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isObject, listAt, objectAt, textAt } from "../store/json.ts";
import { type Answer, pod, TestCluster } from "./testing.ts";

let cluster: TestCluster;
const pods = "/api/v1/namespaces/default/pods";

beforeAll(async () => {
  cluster = await TestCluster.start();
  for (const index of Array.from({ length: 10 }, (_, at) => at)) {
    await cluster.post(pods, {
      ...pod(`p${index}`, { nodeName: index % 2 === 0 ? "even" : "odd" }),
      metadata: { name: `p${index}`, labels: { app: index < 5 ? "low" : "high", [`n${index}`]: "" } },
    });
  }
});

afterAll(() => cluster.server.close());

function names(answer: Answer): string[] {
  return listAt(answer.body, "items")
    .filter(isObject)
    .map((item) => textAt(objectAt(item, "metadata"), "name"));
}

const meta = (answer: Answer, key: string): unknown => objectAt(answer.body, "metadata")[key];

test("items of a built-in kind carry no kind of their own, the list does", async () => {
  const list = await cluster.get(pods);
  expect(list.body).toMatchObject({ kind: "PodList", apiVersion: "v1" });
  expect(Object.keys(listAt(list.body, "items")[0] ?? {})).toEqual(["metadata", "spec", "status"]);
  expect(meta(list, "resourceVersion")).toBe(String(cluster.server.store.revision));
  const pools = await cluster.get("/apis/crd.projectcalico.org/v1/ippools");
  expect(pools.body).toMatchObject({ kind: "IPPoolList", items: [] });
});

test("pages show one moment, whatever happens in between", async () => {
  const first = await cluster.get(`${pods}?limit=4`);
  expect(names(first)).toEqual(["p0", "p1", "p2", "p3"]);
  expect(meta(first, "remainingItemCount")).toBe(6);
  await cluster.post(pods, pod("p31"));
  await cluster.post(pods, pod("zz"));
  await cluster.remove(`${pods}/p5`, { gracePeriodSeconds: 0 });
  const token = encodeURIComponent(String(meta(first, "continue")));
  const second = await cluster.get(`${pods}?limit=4&continue=${token}`);
  expect(names(second)).toEqual(["p4", "p5", "p6", "p7"]);
  expect(meta(second, "resourceVersion")).toBe(meta(first, "resourceVersion"));
  const rest = encodeURIComponent(String(meta(second, "continue")));
  const third = await cluster.get(`${pods}?limit=4&continue=${rest}`);
  expect(names(third)).toEqual(["p8", "p9"]);
  expect(meta(third, "continue")).toBeUndefined();
  await cluster.remove(`${pods}/p31`);
  await cluster.remove(`${pods}/zz`);
  await cluster.post(pods, {
    ...pod("p5", { nodeName: "odd" }),
    metadata: { name: "p5", labels: { app: "high", n5: "" } },
  });
});

test("a page asked for too late says so, and gives a token that goes on in today's data", async () => {
  const first = await cluster.get(`${pods}?limit=9`);
  cluster.server.compact();
  await cluster.post("/api/v1/namespaces", { metadata: { name: "later" } });
  const token = encodeURIComponent(String(meta(first, "continue")));
  const late = await cluster.get(`${pods}?limit=9&continue=${token}`);
  expect(late.status).toBe(410);
  expect(late.body).toMatchObject({ reason: "Expired", code: 410 });
  const again = encodeURIComponent(String(meta(late, "continue")));
  expect(names(await cluster.get(`${pods}?limit=9&continue=${again}`))).toEqual(["p9"]);
  expect((await cluster.get(`${pods}?continue=nonsense`)).status).toBe(400);
});

test.each([
  ["app=low", ["p0", "p1", "p2", "p3", "p4"]],
  ["app==low,n3", ["p3"]],
  ["app!=low", ["p5", "p6", "p7", "p8", "p9"]],
  ["app in (low,high),!n0,n1", ["p1"]],
  ["app notin (low)", ["p5", "p6", "p7", "p8", "p9"]],
  ["nosuch notin (a)", ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"]],
  ["n7=", ["p7"]],
  ["nosuch", []],
])("label selector %s", async (selector, expected) => {
  expect(names(await cluster.get(`${pods}?labelSelector=${encodeURIComponent(selector)}`))).toEqual(expected);
});

test.each([
  ["metadata.name=p3", ["p3"]],
  ["metadata.name=nosuch", []],
  ["spec.nodeName=odd,metadata.name!=p1", ["p3", "p5", "p7", "p9"]],
  ["status.phase=Running", []],
  ["status.phase!=Running,spec.nodeName==even", ["p0", "p2", "p4", "p6", "p8"]],
])("field selector %s", async (selector, expected) => {
  expect(names(await cluster.get(`${pods}?fieldSelector=${encodeURIComponent(selector)}`))).toEqual(expected);
});

test.each([
  ["labelSelector=a in b", 400, "unable to parse requirement: found 'b' expected: '('"],
  [
    "labelSelector=a foo b",
    400,
    "unable to parse requirement: found 'foo', expected: in, notin, =, ==, !=, gt, lt",
  ],
  ["labelSelector=a,", 400, "found '', expected: identifier after ','"],
  ["labelSelector=!", 400, "unable to parse requirement: found '', expected: identifier"],
  ["fieldSelector=a", 400, "invalid selector: 'a'; can't understand 'a'"],
  ["fieldSelector=spec.foo=a", 400, "field label not supported: spec.foo"],
  ["limit=x", 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
  ["resourceVersion=99999999", 504, /^Timeout: Too large resource version: 99999999, current: \d+$/],
  [
    "resourceVersion=5&resourceVersionMatch=Exact",
    410,
    "The resourceVersion for the provided list is too old.",
  ],
  [
    "resourceVersionMatch=Exact",
    422,
    /resourceVersionMatch is forbidden unless resourceVersion is provided$/,
  ],
])("%s is refused in the API server's words", async (query, status, message) => {
  const path = query.replaceAll(" ", "%20").replaceAll("!", "%21");
  const answer = await cluster.get(`${pods}?${path}`);
  expect(answer.status).toBe(status);
  expect(textAt(answer.body, "message")).toMatch(message);
});

test("events are found by the object they are about", async () => {
  const event = (name: string, about: string, type: string) => ({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name },
    involvedObject: { kind: "Pod", name: about, namespace: "default", uid: `uid-${about}` },
    reason: "FailedCreatePodSandBox",
    type,
  });
  await cluster.post("/api/v1/namespaces/default/events", event("e1", "p1", "Warning"));
  await cluster.post("/api/v1/namespaces/default/events", event("e2", "p1", "Normal"));
  await cluster.post("/api/v1/namespaces/default/events", event("e3", "p2", "Warning"));
  const find = async (selector: string) =>
    names(await cluster.get(`/api/v1/events?fieldSelector=${encodeURIComponent(selector)}`));
  expect(await find("involvedObject.name=p1")).toEqual(["e1", "e2"]);
  expect(await find("involvedObject.name=p1,type=Warning,reason=FailedCreatePodSandBox")).toEqual(["e1"]);
  expect(await find("involvedObject.uid=uid-p2")).toEqual(["e3"]);
});

/** Sends the path without resolving its dots, as fetch would. */
function asWritten(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(cluster.server.url);
    const request = http.get({ hostname, port, path }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve(text));
    });
    request.on("error", reject);
  });
}

test("what is no path, no method and no format of this API", async () => {
  expect(await cluster.get("/api/v1/foos")).toMatchObject({
    status: 404,
    body: { message: "the server could not find the requested resource" },
  });
  expect(await cluster.get("/apis/nosuch/v1/foos")).toMatchObject({
    status: 404,
    body: { text: "404 page not found\n" },
  });
  expect(await cluster.get("/apis/crd.projectcalico.org/v1/tiers")).toMatchObject({ status: 404 });
  expect(await asWritten("/api/v1/namespaces/%2e%2e")).toContain('namespaces \\"..\\" not found');
  expect(await asWritten("/api/v1/namespaces/default/../kube-system")).toContain("NotFound");
  expect(await cluster.get("/api/v1/namespaces/%zz")).toMatchObject({ status: 400 });
  expect(await cluster.put("/api/v1/pods", {})).toMatchObject({
    status: 405,
    body: { reason: "MethodNotAllowed" },
  });
  expect(await cluster.get(pods, { Accept: "text/plain" })).toMatchObject({
    status: 406,
    body: { reason: "NotAcceptable" },
  });
  const protobufFirst = { Accept: "application/vnd.kubernetes.protobuf, application/json" };
  expect(await cluster.get(pods, protobufFirst)).toMatchObject({ status: 200, body: { kind: "PodList" } });
});
