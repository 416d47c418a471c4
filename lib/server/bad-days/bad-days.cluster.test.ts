import { writeFile } from "node:fs/promises";
import path from "node:path";
import { onTestFinished, test } from "vitest";
import { record, text } from "../../calico/reading.ts";
import { openCluster } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { createObject, removeObject } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { otherAuthority, otherServer } from "../../kube/testing/certificates.ts";
import { temporaryFolder, writeKubeconfig } from "../../kube/testing/fixtures.ts";
import { skewedClock } from "../../kube/testing/hurried-clock.ts";
import { authorityRotated, tokenReplaced } from "./access-stories.ts";
import { definitionReplaced } from "./definition-story.ts";
import { base64 } from "./embedded-site.ts";
import { brokenMidList, startsUnderResets } from "./first-sync-story.ts";
import { isHealthy, noControlPlane, realSite, realWorld } from "./real-site.ts";
import { networkStories, serverStories, writeStories } from "./stories.ts";
import { until } from "./until.ts";
import { isCurrent } from "./world.ts";

const MINUTE = 60_000;
const accounts: ResourceRef = { group: "", version: "v1", plural: "serviceaccounts", namespaced: true };
const bindings: ResourceRef = {
  group: "rbac.authorization.k8s.io",
  version: "v1",
  plural: "clusterrolebindings",
  namespaced: false,
};

test.each(Object.entries({ ...networkStories, ...writeStories }))(
  "%s",
  async (_, story) => {
    await story(await realWorld());
  },
  3 * MINUTE,
);

for (const [name, story] of Object.entries(serverStories)) {
  test(name, { timeout: 3 * MINUTE }, async ({ skip }) => {
    const site = await realSite();
    skip(site.hands === null, noControlPlane);
    await story(await realWorld({}, site));
  });
}

test("connections break in the middle of the first lists: starting until all of it is there", async () => {
  await startsUnderResets(await realWorld({ prepare: brokenMidList }));
});

test("the server's authority is replaced: said so, live with the new one", async ({ skip }) => {
  const site = await realSite();
  const { plane, direct, mode } = site;
  skip(plane === null, noControlPlane);
  const world = await realWorld({}, site);
  const files = { cert: path.join(world.folder, "tls.crt"), key: path.join(world.folder, "tls.key") };
  await writeFile(files.cert, otherServer.cert);
  await writeFile(files.key, otherServer.key);
  onTestFinished(async () => {
    await plane?.restartApiServer();
    await isHealthy(direct, mode);
  });
  await authorityRotated(world, async () => {
    await plane?.restartApiServer({ "--tls-cert-file": files.cert, "--tls-private-key-file": files.key });
    await isHealthy(direct, mode);
    const { cluster, user } = site.kubeconfig(world.proxy.port);
    return { cluster: { ...cluster, "certificate-authority-data": base64(otherAuthority) }, user };
  });
});

test("the token is replaced in its file, in time and too late", { timeout: 2 * MINUTE }, async () => {
  const site = await realSite();
  const { direct } = site;
  const folder = await temporaryFolder();
  const file = path.join(folder, "token");
  const name = `poolboard-bad-days-${Math.random().toString(36).slice(2, 8)}`;
  const account = { resource: accounts, namespace: "default", name };
  const issue = async () => {
    await createObject(
      direct,
      { resource: accounts, namespace: "default" },
      {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name },
      },
    );
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const answer = record(await createObject(direct, { ...account, subresource: "token" }, request));
    return text(record(answer.status).token) ?? "";
  };
  onTestFinished(async () => {
    await removeObject(direct, account).catch(() => {});
    await removeObject(direct, { resource: bindings, name }).catch(() => {});
  });
  await createObject(
    direct,
    { resource: bindings },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", namespace: "default", name }],
    },
  );
  let token = await issue();
  await writeFile(file, token);
  const { cluster } = site.kubeconfig(site.address.port);
  const world = await realWorld({ access: (from) => ({ ...from, user: { tokenFile: file } }) }, site);
  await tokenReplaced(world, file, async () => {
    const worthless = await openCluster({
      kubeconfig: await writeKubeconfig(path.join(folder, "old"), cluster, { token }),
    });
    // A token dies with its account, as soon as the server has forgotten that it knew it.
    await removeObject(direct, account);
    await until(() =>
      worthless.request({ method: "GET", path: "/version" }).then(
        () => false,
        (error: unknown) => error instanceof ApiError && error.status === 401,
      ),
    );
    await worthless.close();
    token = await issue();
    return token;
  });
});

test("the definition of a kind is deleted and created again", { timeout: 3 * MINUTE }, async ({ skip }) => {
  const site = await realSite();
  skip(site.plane === null, noControlPlane);
  await definitionReplaced(await realWorld({}, site));
});

test.each([
  ["ahead of", 7_200_000],
  ["behind", -7_200_000],
])("our clock is two hours %s the server's: no matter", async (_, aheadMs) => {
  const world = await realWorld({ clock: skewedClock(aheadMs) });
  await isCurrent(world);
  world.proxy.cut();
  await isCurrent(world);
});
