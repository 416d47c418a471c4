import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { inCluster, operatorRole, viewerRole } from "../../cli/manifests/objects.ts";
import { list, record } from "../../calico/reading.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { createObject, removeObject } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { get } from "../../kube/request.ts";
import { writeKubeconfig } from "../../kube/testing/fixtures.ts";
import { loggedWriters } from "../bad-days/audit-log.ts";
import { startServer } from "../bad-days/own-server.ts";
import { realSite } from "../bad-days/real-site.ts";
import { untilStill } from "../bad-days/still.ts";
import { freeCidr, poolObject, resourceOf } from "../bad-days/world.ts";

/** People under their own names on a real API server: its RBAC, its impersonation, its tokens. */

const secret = "a secret of this test's proxy";
const rbac = (plural: string): ResourceRef => ({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  plural,
  namespaced: false,
});
const core = (plural: string, namespaced: boolean): ResourceRef => ({
  group: "",
  version: "v1",
  plural,
  namespaced,
});

interface Made {
  readonly direct: ClusterConnection;
  readonly id: string;
  readonly namespace: string;
  readonly pool: string;
  readonly mode: string;
  make(resource: ResourceRef, object: object): Promise<void>;
}

async function makeSite(): Promise<Made> {
  const { direct, mode } = await realSite();
  onTestFinished(() => direct.close());
  const id = `people-${Math.random().toString(36).slice(2, 8)}`;
  const make = async (resource: ResourceRef, object: object) => {
    const { name, namespace } = (object as { metadata: { name: string; namespace?: string } }).metadata;
    const at = { resource, ...(namespace === undefined ? {} : { namespace }) };
    await createObject(direct, at, object);
    onTestFinished(() =>
      removeObject(direct, { ...at, name }).then(
        () => {},
        () => {},
      ),
    );
  };
  await make(core("namespaces", false), { apiVersion: "v1", kind: "Namespace", metadata: { name: id } });
  const pools = resourceOf(mode, "IPPool");
  await make(pools, poolObject(mode, id, await freeCidr(direct, pools)));
  return { direct, id, namespace: id, pool: id, mode, make };
}

/** Binds a role of ours, under a name of its own, to a person. */
async function allow({ make, id }: Made, who: string, rules: unknown, subject: object): Promise<void> {
  const name = `${id}-${who}`;
  const plain = list(rules).map((rule) => {
    const { purpose: _purpose, ...rest } = record(rule);
    return rest;
  });
  const apiVersion = "rbac.authorization.k8s.io/v1";
  await make(rbac("clusterroles"), { apiVersion, kind: "ClusterRole", metadata: { name }, rules: plain });
  await make(rbac("clusterrolebindings"), {
    apiVersion,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [subject],
  });
}

const person = (name: string) => ({ kind: "User", apiGroup: "rbac.authorization.k8s.io", name });
const account = ({ namespace }: Made, name: string) => ({ kind: "ServiceAccount", name, namespace });

/** A service account and a token of it, as `kubectl create token` gets one. */
async function accountToken(made: Made, name: string): Promise<string> {
  const { direct, namespace } = made;
  await made.make(core("serviceaccounts", true), {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, namespace },
  });
  const answer = await direct.request({
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } },
  });
  return String(get(get(answer, "status"), "token"));
}

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "poolboard-people-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A kubeconfig with this token and nothing else, for the cluster that KUBECONFIG names. */
async function kubeconfigWith(token: string): Promise<string> {
  const folder = temporaryFolder();
  const file = process.env["KUBECONFIG"] ?? "";
  const config = record(parse(readFileSync(file, "utf8")));
  const [first] = list(config["clusters"]);
  const cluster = { ...record(record(first)["cluster"]) };
  const authority = cluster["certificate-authority"];
  if (typeof authority === "string") {
    cluster["certificate-authority"] = path.resolve(path.dirname(file), authority);
  }
  return writeKubeconfig(path.join(folder, "config"), cluster, { token });
}

type Send = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: Record<string, unknown> }>;

function sender(origin: string, headers: Readonly<Record<string, string>>): Send {
  return async (method, to, body) => {
    const response = await fetch(`${origin}/api/v1/${to}`, {
      method,
      headers: {
        ...headers,
        ...(body === undefined
          ? {}
          : { origin, "content-type": "application/json", "x-requested-by": "poolboard" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: record(await response.json()) };
  };
}

async function click(send: Send, pool: string, disabled: boolean, seen?: Record<string, unknown>) {
  const look = async () => (await send("GET", `pools/${pool}`)).body;
  const { uid, resourceVersion } = seen ?? (await untilStill(look));
  return send("PATCH", `pools/${pool}`, { uid, resourceVersion, disabled });
}

const withoutPods = (rules: unknown) =>
  list(rules).map((rule) => ({
    ...record(rule),
    resources: list(record(rule)["resources"]).filter((each) => each !== "pods"),
  }));

test(
  "through a trusted proxy: each sees and does what the API server lets them, under their own name",
  { timeout: 180_000 },
  async () => {
    const made = await makeSite();
    const { id, pool } = made;
    const [jane, joe, mia, eve] = ["jane", "joe", "mia", "eve"].map((name) => `${name}-${id}`) as [
      string,
      string,
      string,
      string,
    ];
    const token = await accountToken(made, "poolboard");
    await allow(made, "reader", viewerRole["rules"], account(made, "poolboard"));
    // The very role that the manifests print.
    const installed = inCluster({
      namespace: made.namespace,
      dataClaim: null,
      image: "poolboard",
      capture: null,
      login: {
        how: "proxy",
        hosts: [],
        proxyPeers: ["127.0.0.1"],
        proxyNamespace: null,
        users: [jane, joe, mia],
        groups: [`net-${id}`],
      },
    });
    const speaker = installed.find(({ metadata }) => metadata.name === "poolboard-speaker");
    await allow(made, "speaker", speaker?.["rules"], account(made, "poolboard"));
    await allow(made, "jane", operatorRole["rules"], person(jane));
    await allow(made, "joe", withoutPods(operatorRole["rules"]), person(joe));
    await allow(made, "mia", viewerRole["rules"], { ...person(`net-${id}`), kind: "Group" });
    const origin = await startServer(
      await kubeconfigWith(token),
      { POOLBOARD_AUTH: "proxy", POOLBOARD_PROXY_PEERS: "127.0.0.1", POOLBOARD_PROXY_SECRET: secret },
      ["--data", temporaryFolder()],
    );
    const as = (user: string, more: Readonly<Record<string, string>> = {}) =>
      sender(origin, { "x-poolboard-proxy-secret": secret, "x-remote-user": user, ...more });
    const [byJane, byJoe, byMia] = [as(jane), as(joe), as(mia, { "x-remote-group": `net-${id}` })];

    expect((await byJane("GET", "session")).body).toMatchObject({ user: jane, how: "proxy" });
    expect((await byMia("GET", "session")).body).toMatchObject({
      user: mia,
      can: { "pools.update": { allowed: false, permission: { verb: "patch", resource: "ippools" } } },
    });
    expect((await byJane("GET", "pods")).body["items"]).not.toBeNull();
    expect((await byJoe("GET", "pods")).body).toMatchObject({
      items: null,
      unknown: [{ permission: { verb: "list", group: "", resource: "pods" } }],
    });
    // Whom the account may not speak for is let in by the proxy, and by nobody else.
    expect(await as(eve)("GET", "pools")).toMatchObject({
      status: 403,
      body: { permission: { verb: "impersonate", resource: "users" } },
    });
    expect(await as(mia, { "x-remote-group": "elsewhere" })("GET", "pools")).toMatchObject({ status: 403 });
    expect(await as("system:admin")("GET", "pools")).toMatchObject({ status: 401 });
    expect(await sender(origin, { "x-remote-user": jane })("GET", "pools")).toMatchObject({ status: 401 });
    expect(await sender(origin, { authorization: `Bearer ${token}` })("GET", "pools")).toMatchObject({
      status: 401,
    });

    const seen = await untilStill(async () => (await byJane("GET", `pools/${pool}`)).body);
    expect(await click(byMia, pool, false)).toMatchObject({
      status: 403,
      body: { code: "forbidden", permission: { verb: "patch", resource: "ippools" } },
    });
    expect(await click(byJane, pool, false, seen)).toMatchObject({ status: 200, body: { disabled: false } });
    expect(await click(byJoe, pool, true)).toMatchObject({ status: 200, body: { disabled: true } });
    const written = loggedWriters(pool);
    if (written) {
      const user = `system:serviceaccount:${made.namespace}:poolboard`;
      expect(written).toEqual([
        { user, impersonated: jane },
        { user, impersonated: joe },
      ]);
    }
  },
);

test(
  "with a token of their own: the API server says who it is, and a cookie of it ends with the log-out",
  { timeout: 180_000 },
  async () => {
    const made = await makeSite();
    const { pool, namespace } = made;
    const reader = await accountToken(made, "poolboard");
    await allow(made, "reader", viewerRole["rules"], account(made, "poolboard"));
    const [jane, joe] = [await accountToken(made, "jane"), await accountToken(made, "joe")];
    await allow(made, "jane", operatorRole["rules"], account(made, "jane"));
    await allow(made, "joe", viewerRole["rules"], account(made, "joe"));
    const origin = await startServer(await kubeconfigWith(reader), { POOLBOARD_AUTH: "oidc" }, [
      "--data",
      temporaryFolder(),
    ]);
    const as = (token: string) => sender(origin, { authorization: `Bearer ${token}` });

    const user = `system:serviceaccount:${namespace}:jane`;
    expect((await as(jane)("GET", "session")).body).toMatchObject({ user, how: "oidc" });
    expect(await as(`${jane.slice(0, -4)}AAAA`)("GET", "session")).toMatchObject({
      status: 401,
      body: { login: "token" },
    });
    expect(await click(as(joe), pool, false)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await click(as(jane), pool, false)).toMatchObject({ status: 200 });
    const written = loggedWriters(pool);
    if (written) expect(written).toEqual([{ user, impersonated: undefined }]);

    const page = { origin, "content-type": "application/json", "x-requested-by": "poolboard" };
    const entered = await fetch(`${origin}/api/v1/login`, {
      method: "POST",
      headers: page,
      body: JSON.stringify({ token: jane }),
    });
    const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect([entered.status, await entered.json()]).toEqual([200, { user }]);
    const byCookie = sender(origin, { cookie });
    expect((await byCookie("GET", "session")).body).toMatchObject({ user, canLogOut: true });
    await byCookie("POST", "logout", {});
    expect((await byCookie("GET", "session")).status).toBe(401);
  },
);
