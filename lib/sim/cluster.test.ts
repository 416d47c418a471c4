import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openCluster } from "../kube/connection.ts";
import { getObject } from "../kube/objects.ts";
import { get } from "../kube/request.ts";
import { startEmbeddedCluster } from "./cluster.ts";

const namespaces = { group: "", version: "v1", plural: "namespaces", namespaced: false };

async function uidOf(name: string, data?: string): Promise<unknown> {
  const options = { controllers: false, churn: false, ...(data === undefined ? {} : { data }) };
  const cluster = await startEmbeddedCluster(options);
  const connection = await openCluster({ server: cluster.api.url });
  try {
    return get(get(await getObject(connection, { resource: namespaces, name }), "metadata"), "uid");
  } finally {
    await connection.close();
    await cluster.close();
  }
}

test("each embedded cluster is one of its own, made of the same objects; one that is kept stays itself", async () => {
  const folder = await mkdtemp(join(tmpdir(), "poolboard-cluster-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const kept = join(folder, "cluster");
  const uids = [await uidOf("kube-system"), await uidOf("kube-system"), await uidOf("kube-system", kept)];
  expect(new Set(uids).size).toBe(3);
  expect(await uidOf("kube-system", kept)).toBe(uids[2]);
  expect(await uidOf("default")).toBe(await uidOf("default"));
});
