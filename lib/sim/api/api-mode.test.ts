import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { TestCluster } from "./testing.ts";

const groups = {
  "crd-v1": [200, 404],
  "native-v3": [404, 200],
  "aggregated-v3": [200, 200],
} as const;

test.each(["crd-v1", "native-v3", "aggregated-v3"] as const)(
  "a kept cluster goes on serving Calico's kinds as before: %s",
  async (apiMode) => {
    const folder = await mkdtemp(path.join(tmpdir(), "poolboard-mode-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const data = path.join(folder, "cluster");
    const served = async (cluster: TestCluster) => [
      (await cluster.get("/apis/crd.projectcalico.org/v1/ippools")).status,
      (await cluster.get("/apis/projectcalico.org/v3/ippools")).status,
    ];
    const first = await TestCluster.start({ apiMode, data });
    expect(await served(first)).toEqual(groups[apiMode]);
    await first.server.close();
    const other = apiMode === "crd-v1" ? "native-v3" : "crd-v1";
    const again = await TestCluster.start({ apiMode: other, data });
    expect(again.server.apiMode).toBe(apiMode);
    expect(await served(again)).toEqual(groups[apiMode]);
    await again.server.close();
  },
);

test("Calico's API server cannot be taken down where there is none", async () => {
  const cluster = await TestCluster.start({ apiMode: "native-v3", faultEndpoint: true });
  expect(await cluster.post("/faults", { aggregatedDown: true })).toMatchObject({ status: 400 });
  expect((await cluster.get("/apis/projectcalico.org/v3/ippools")).status).toBe(200);
  await cluster.server.close();
});
