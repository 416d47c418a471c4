import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Activity } from "../../contract/activity.ts";
import type { Pool } from "../../contract/pools.ts";
import type { Problem } from "../../contract/problem.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { createObject, removeObject } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { loggedWriters } from "../bad-days/audit-log.ts";
import { startServer } from "../bad-days/own-server.ts";
import { realSite } from "../bad-days/real-site.ts";
import { untilStill } from "../bad-days/still.ts";
import { until } from "../bad-days/until.ts";
import { freeCidr, poolObject, resourceOf } from "../bad-days/world.ts";

const SECRET = "what the proxy and we know";
const roles = {
  group: "rbac.authorization.k8s.io",
  version: "v1",
  plural: "clusterroles",
  namespaced: false,
};
const bindings = { ...roles, plural: "clusterrolebindings" };

/** Somebody whom the proxy in front has asked who they are. */
class Person {
  readonly name: string;
  readonly #origin: string;
  readonly #pool: string;

  constructor(name: string, origin: string, pool: string) {
    this.name = name;
    this.#origin = origin;
    this.#pool = pool;
  }

  async ask<Answer>(method: string, route: string, body?: object) {
    const response = await fetch(`${this.#origin}/api/v1${route}`, {
      method,
      headers: {
        "X-Poolboard-Proxy-Secret": SECRET,
        "X-Remote-User": this.name,
        "X-Remote-Group": "people",
        Origin: this.#origin,
        "X-Requested-By": "poolboard",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Answer & Problem;
    return { status: response.status, id: response.headers.get("x-request-id") ?? "", answer };
  }

  look(): Promise<Pool> {
    return untilStill(async () => (await this.ask<Pool>("GET", `/pools/${this.#pool}`)).answer);
  }

  change(seen: Pool, fields: Partial<Pool>) {
    const { uid, resourceVersion } = seen;
    return this.ask<Pool>("PATCH", `/pools/${this.#pool}`, { uid, resourceVersion, ...fields });
  }

  undo(id: string) {
    return this.ask<{ pool: Pool }>("POST", `/activity/${id}/undo`, {});
  }
}

test(
  "two people, one pool: a conflict, an undo after the other's change, both under their own names",
  { timeout: 180_000 },
  async () => {
    const { direct, mode } = await realSite();
    onTestFinished(() => direct.close());
    const pools = resourceOf(mode, "IPPool");
    const mark = Math.random().toString(36).slice(2, 8);
    const pool = `two-people-${mark}`;
    const cidr = await freeCidr(direct, pools);
    await createObject(direct, { resource: pools }, poolObject(mode, pool, cidr));
    onTestFinished(() => removeObject(direct, { resource: pools, name: pool }).then(() => {}));
    const [ana, li, guest] = [
      `ana-${mark}@example.org`,
      `li-${mark}@example.org`,
      `guest-${mark}@example.org`,
    ];
    await allow(direct, pools, `${pool}-look`, ["get", "list", "watch"], [ana, li, guest]);
    await allow(direct, pools, `${pool}-change`, ["patch"], [ana, li]);

    const origin = await behindProxy(process.env["KUBECONFIG"] ?? "");
    const [Ana, Li, Guest] = [ana, li, guest].map((name) => new Person(name, origin, pool)) as [
      Person,
      Person,
      Person,
    ];
    await until(async () => (await Ana.ask("GET", `/pools/${pool}`)).status === 200);

    // Both look; one is faster.
    const [seenByAna, seenByLi] = [await Ana.look(), await Li.look()];
    const first = await Ana.change(seenByAna, { disabled: false });
    expect(first).toMatchObject({ status: 200, answer: { disabled: false } });
    const late = await Li.change(seenByLi, { natOutgoing: true });
    expect(late).toMatchObject({
      status: 409,
      answer: { code: "conflict", current: { disabled: false, natOutgoing: false } },
    });

    // Mine on top of theirs.
    const second = await Li.change(await Li.look(), { natOutgoing: true });
    expect(second).toMatchObject({ status: 200, answer: { disabled: false, natOutgoing: true } });

    // The world has moved on, and who moved it is named.
    const tooLate = await Ana.undo(first.id);
    expect(tooLate).toMatchObject({ status: 409, answer: { code: "conflict" } });
    expect(tooLate.answer.detail).toContain(li);
    expect(await Ana.look()).toMatchObject({ disabled: false, natOutgoing: true });
    expect(await Li.undo(second.id)).toMatchObject({ status: 200, answer: { pool: { natOutgoing: false } } });
    expect(await Ana.undo(first.id)).toMatchObject({ status: 200, answer: { pool: { disabled: true } } });
    expect(await Ana.undo(first.id)).toMatchObject({ status: 409 });

    // Whoever may only look, is told what is missing, and by the cluster's own word.
    const denied = await Guest.change(await Guest.look(), { disabled: false });
    expect(denied).toMatchObject({
      status: 403,
      answer: { permission: { verb: "patch", resource: "ippools" } },
    });
    expect((await Guest.ask("GET", "/pods")).answer).toMatchObject({ items: null });

    const { answer } = await Ana.ask<{ items: Activity[] }>("GET", `/activity?object=${pool}&sort=at`);
    expect(answer.items.map(({ user, action, result }) => `${user} ${action} ${result}`)).toEqual([
      `${ana} enable done`,
      `${li} update conflict`,
      `${li} update done`,
      `${ana} undo conflict`,
      `${li} undo done`,
      `${ana} undo done`,
      `${ana} undo conflict`,
      `${guest} enable denied`,
    ]);
    expect(answer.items.every(({ how }) => how === "proxy")).toBe(true);
    // The API server's own record, where there is one to look into: each write was somebody's, and none the service's.
    const written = loggedWriters(pool);
    if (written) {
      expect(written.map(({ impersonated }) => impersonated)).toEqual([ana, li, li, ana]);
    }
  },
);

/** Gives people a right to pools. */
async function allow(
  direct: ClusterConnection,
  pools: ResourceRef,
  name: string,
  verbs: readonly string[],
  users: readonly string[],
): Promise<void> {
  const apiGroup = roles.group;
  await createObject(
    direct,
    { resource: roles },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: "ClusterRole",
      metadata: { name },
      rules: [{ apiGroups: [pools.group], resources: ["ippools"], verbs }],
    },
  );
  onTestFinished(() => removeObject(direct, { resource: roles, name }).then(() => {}));
  await createObject(
    direct,
    { resource: bindings },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup, kind: "ClusterRole", name },
      subjects: users.map((user) => ({ apiGroup, kind: "User", name: user })),
    },
  );
  onTestFinished(() => removeObject(direct, { resource: bindings, name }).then(() => {}));
}

/** Starts Poolboard behind a proxy, which this test plays. */
async function behindProxy(kubeconfig: string): Promise<string> {
  const data = await mkdtemp(path.join(tmpdir(), "poolboard-two-people-"));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  const env = { POOLBOARD_PROXY_PEERS: "127.0.0.1", POOLBOARD_PROXY_SECRET: SECRET };
  return startServer(kubeconfig, env, ["--auth", "proxy", "--data", data]);
}
