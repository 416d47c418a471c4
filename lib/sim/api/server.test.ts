import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { type JsonObject, listAt } from "../store/json.ts";
import { ipPool, pod, TestCluster } from "./testing.ts";

const pools = "/apis/crd.projectcalico.org/v1/ippools";

test("seeded objects are there as they are, with an identity", async () => {
  const cluster = await TestCluster.start();
  const odd: JsonObject = { ...ipPool("odd", { cidr: "nonsense", surprise: true }) };
  cluster.server.seed([odd, pod("p"), { apiVersion: "v1", kind: "Namespace", metadata: { name: "seeded" } }]);
  expect((await cluster.get(`${pools}/odd`)).body).toMatchObject({
    spec: { cidr: "nonsense", surprise: true },
  });
  await vi.waitFor(async () =>
    expect(await cluster.get("/api/v1/namespaces/seeded/serviceaccounts/default")).toMatchObject({
      status: 200,
    }),
  );
  expect(() => cluster.server.seed([{ ...pod("q"), metadata: { name: "q", labels: { a: 1 } } }])).toThrow(
    "Pod q: no cluster could hold it",
  );
  expect(() => cluster.server.seed([{ apiVersion: "v9", kind: "Ghost", metadata: { name: "x" } }])).toThrow(
    "v9 Ghost is not served",
  );
  await cluster.server.close();
});

test("no Calico at all", async () => {
  const cluster = await TestCluster.start({ calicoVersion: null });
  expect(await cluster.get("/apis/crd.projectcalico.org/v1")).toMatchObject({ status: 404 });
  await cluster.server.close();
  await expect(TestCluster.start({ calicoVersion: "latest" })).rejects.toThrow(RangeError);
});

test("killed without warning, a cluster comes back as it was told to clients", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cluster-"));
  const data = path.join(folder, "data");
  const program = `
    import { startApiServer } from ${JSON.stringify(path.join(import.meta.dirname, "server.ts"))};
    console.log((await startApiServer({ data: ${JSON.stringify(data)} })).url);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  const told: unknown[] = [];
  for (let index = 0; index < 50; index++) {
    const response = await fetch(url + pools, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(ipPool(`p${index}`, { cidr: `10.${index}.0.0/16` })),
    });
    told.push(await response.json());
  }
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  const cluster = await TestCluster.start({ data });
  expect(cluster.server.restored).toBe(true);
  const found = listAt((await cluster.get(pools)).body, "items");
  expect(found).toHaveLength(50);
  expect(found).toEqual(expect.arrayContaining(told));
  await cluster.server.close();
  fs.rmSync(folder, { recursive: true });
});
