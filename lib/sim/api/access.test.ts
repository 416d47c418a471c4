import { afterAll, beforeAll, expect, test } from "vitest";
import { objectAt } from "../store/json.ts";
import type { User } from "./access.ts";
import { ipPool, TestCluster } from "./testing.ts";

const pools = "/apis/crd.projectcalico.org/v1/ippools";

let cluster: TestCluster;
const reader: User = { name: "reader", groups: ["system:authenticated"] };
beforeAll(async () => {
  cluster = await TestCluster.start({
    tokens: { secret: reader },
    policy: (user, access) =>
      user.name !== "reader" ||
      (["get", "list", "watch"].includes(access.verb) && access.resource !== "pods"),
  });
  await cluster.post(pools, ipPool("p", { cidr: "10.0.0.0/16" }));
});
afterAll(() => cluster.server.close());
const as = { Authorization: "Bearer secret" };

test.each<[string, string, string]>([
  [
    "GET",
    "/api/v1/pods",
    'pods is forbidden: User "reader" cannot list resource "pods" in API group "" at the cluster scope',
  ],
  [
    "GET",
    "/api/v1/namespaces/default/pods?watch=true",
    'pods is forbidden: User "reader" cannot watch resource "pods" in API group "" in the namespace "default"',
  ],
  [
    "GET",
    "/api/v1/namespaces/default/pods/a",
    'pods "a" is forbidden: User "reader" cannot get resource "pods" in API group "" in the namespace "default"',
  ],
  [
    "DELETE",
    `${pools}/p`,
    'ippools.crd.projectcalico.org "p" is forbidden: User "reader" cannot delete resource "ippools" in API group "crd.projectcalico.org" at the cluster scope',
  ],
  [
    "POST",
    pools,
    'ippools.crd.projectcalico.org is forbidden: User "reader" cannot create resource "ippools" in API group "crd.projectcalico.org" at the cluster scope',
  ],
  [
    "PATCH",
    "/api/v1/namespaces/default/pods/a/status",
    'pods "a" is forbidden: User "reader" cannot patch resource "pods/status" in API group "" in the namespace "default"',
  ],
])("%s %s", async (method, path, message) => {
  const answer = await cluster.call(method, path, method === "GET" ? undefined : {}, as);
  expect(answer).toMatchObject({ status: 403, body: { reason: "Forbidden", message, code: 403 } });
});

test("what is allowed, and everybody else", async () => {
  expect(await cluster.get(pools, as)).toMatchObject({ status: 200 });
  expect(await cluster.get("/api/v1/pods")).toMatchObject({ status: 200 });
  expect(await cluster.get("/api/v1/pods", { "Impersonate-User": "reader" })).toMatchObject({
    status: 403,
  });
});

test("access reviews answer as the requests themselves would be", async () => {
  const ask = async (resource: string, verb: string): Promise<unknown> => {
    const spec = { resourceAttributes: { resource, verb, namespace: "default" } };
    const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    return objectAt((await cluster.call("POST", reviews, { spec }, as)).body, "status")["allowed"];
  };
  expect(await ask("pods", "list")).toBe(false);
  expect(await ask("nodes", "list")).toBe(true);
  const subject = { user: "reader", resourceAttributes: { resource: "pods", verb: "list" } };
  const review = await cluster.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    spec: subject,
  });
  expect(review).toMatchObject({ status: 201, body: { status: { allowed: false } } });
});

test("a review of all rules lists what the policy allows, kind by kind", async () => {
  const rules = async (headers?: typeof as): Promise<unknown> => {
    const reviews = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    const answer = await cluster.call("POST", reviews, { spec: { namespace: "default" } }, headers);
    return objectAt(answer.body, "status")["resourceRules"];
  };
  const reading = ["get", "list", "watch"];
  expect(await rules(as)).toEqual(
    expect.arrayContaining([
      { verbs: reading, apiGroups: [""], resources: ["nodes"] },
      { verbs: reading, apiGroups: ["crd.projectcalico.org"], resources: ["ippools"] },
    ]),
  );
  expect(JSON.stringify(await rules(as))).not.toContain('"pods"');
  expect(await rules()).toEqual([{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }]);
});

test("nobody speaks for somebody else unasked", async () => {
  const refused = await cluster.get(pools, { ...as, "Impersonate-User": "jane" });
  expect(refused).toMatchObject({
    status: 403,
    body: {
      message:
        'users "jane" is forbidden: User "reader" cannot impersonate resource "users" in API group "" at the cluster scope',
    },
  });
});
