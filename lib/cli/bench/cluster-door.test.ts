import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubeconfigText } from "../../sim/kubeconfig-file.ts";
import { Doors, askedForReaders } from "./cluster-door.ts";

let folder = "";
let api: Server;
let kubeconfig = "";
const seen: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "poolboard-door-"));
  api = createServer((request, response) => {
    seen.push(`${request.method ?? ""} ${request.url ?? ""}`);
    response.setHeader("Content-Type", "application/json");
    response.write("{}");
    // A watch stays open.
    if (!request.url?.includes("watch=true")) response.end();
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const { port } = api.address() as AddressInfo;
  kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, kubeconfigText(`http://127.0.0.1:${port}`, "test"));
});
afterAll(async () => {
  api.closeAllConnections();
  api.close();
  await rm(folder, { recursive: true });
});

test("each door counts its own client to the byte, watches among them, and lets no write through", async () => {
  const doors = await Doors.start({ kubeconfig });
  const [one, other] = [await doors.open(), await doors.open()];
  for (const page of ["", "?continue=x"])
    expect(await (await fetch(`${one.url}/api/v1/pods${page}`)).text()).toBe("{}");
  const watch = await fetch(`${one.url}/api/v1/pods?watch=true`);
  const reader = watch.body?.getReader();
  const first = await reader?.read();
  expect(Buffer.from(first?.value ?? []).toString()).toBe("{}");
  const review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  expect((await fetch(`${other.url}${review}`, { method: "POST", body: "{}" })).status).toBe(200);
  for (const method of ["POST", "PATCH", "DELETE"])
    expect((await fetch(`${other.url}/api/v1/namespaces/a`, { method })).status).toBe(405);
  expect(await one.asked()).toEqual({
    requests: 3,
    bytes: 6,
    openWatches: 1,
    paths: {
      "GET /api/v1/pods": { requests: 2, bytes: 4 },
      "WATCH /api/v1/pods": { requests: 1, bytes: 2 },
    },
  });
  expect(await other.asked()).toMatchObject({ requests: 4, openWatches: 0 });
  await reader?.cancel();
  await expect.poll(async () => (await one.asked()).openWatches).toBe(0);
  await doors.end();
  expect(seen.filter((line) => !line.startsWith("GET "))).toEqual([`POST ${review}`]);
});

test("what is asked by the clock is told from what is asked for somebody", () => {
  const once = { requests: 1, bytes: 10 };
  const paths = Object.fromEntries(
    [
      "GET /version",
      "GET /apis",
      "GET /apis/crd.projectcalico.org/v1",
      "GET /apis/operator.tigera.io/v1/installations/default",
      "WATCH /api/v1/pods",
      "GET /api/v1/pods",
      "GET /apis/crd.projectcalico.org/v1/ippools/big",
      "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    ].map((name) => [name, once]),
  );
  const asked = { requests: 8, bytes: 80, openWatches: 1, paths };
  expect(askedForReaders(asked)).toEqual({ requests: 2, bytes: 20, reviews: 1 });
});

test("a cluster that does not answer is one line", async () => {
  const file = join(folder, "nobody");
  await writeFile(file, kubeconfigText("http://127.0.0.1:9", "nobody"));
  await expect(Doors.start({ kubeconfig: file })).rejects.toThrow("the API server refuses connections");
});
