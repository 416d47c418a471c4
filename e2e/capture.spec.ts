import { readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Manifest } from "../lib/capture/manifest.ts";
import { sha256 } from "../lib/capture/manifest.ts";
import { capture, contents } from "./capture-runs.ts";
import { expect, type Page, temporaryFolder, test } from "./fixtures.ts";

// Each run starts a cluster, a server and a browser of its own, which a busy machine takes its time for.
test.describe.configure({ timeout: 180_000 });

let folder = "";
test.beforeAll(async () => {
  folder = await temporaryFolder();
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

const manifestIn = (files: ReadonlyMap<string, Buffer>) =>
  JSON.parse(String(files.get("manifest.json"))) as Manifest;

test("two runs on one state are the same to the byte", async () => {
  const args = ["--scenario", "busy", "--views", "overview,map", "--pools", "batch-pool", "--reproducible"];
  const both = await Promise.all(
    ["one", "other"].map((name) => capture(...args, "--out", join(folder, name))),
  );
  for (const { code, stdout, lines } of both) {
    expect({ code, lines }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^2 pictures of embedded-busy: .*index\.html\n$/);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^1 of 2: overview-light-1440x\d+\.png$/);
  }
  const [one, other] = [await contents(join(folder, "one")), await contents(join(folder, "other"))];
  expect([...one.keys()]).toEqual([...other.keys()]);
  for (const [name, bytes] of one) expect(other.get(name)?.equals(bytes), name).toBe(true);

  const { files, ...occasion } = manifestIn(one);
  expect(occasion).toMatchObject({
    cluster: "embedded-busy",
    context: "embedded-busy",
    reproducible: true,
    dataAgeSeconds: 0,
    version: "0.1.0",
    calicoVersion: "v3.32.1",
  });
  for (const { file, view, pool, theme, width, height, sha256: sum } of files) {
    expect(file).toBe([view, ...(pool === null ? [] : [pool]), theme, `${width}x${height}.png`].join("-"));
    expect(sha256(one.get(file) ?? Buffer.of())).toBe(sum);
  }
  expect(files.map(({ path }) => path)).toContain("/pools/batch-pool?tab=map&layout=address");
});

test("without a standing clock two runs differ in what tells the time, and in nothing else", async ({
  page,
}) => {
  const args = ["--scenario", "nearly-full", "--views", "overview"];
  for (const name of ["now", "later"]) {
    expect(await capture(...args, "--out", join(folder, name))).toMatchObject({ code: 0 });
  }
  const [now, later] = [await contents(join(folder, "now")), await contents(join(folder, "later"))];
  expect([...now.keys()]).toEqual([...later.keys()]);
  for (const { file, height } of manifestIn(now).files) {
    const rows = await differingRows(page, now.get(file), later.get(file));
    expect(rows.length, file).toBeGreaterThan(0);
    // The stamp is the last 48 pixels.
    expect(Math.min(...rows), file).toBeGreaterThanOrEqual(height - 49);
  }
  const { time, dataAgeSeconds: _age, files, ...rest } = manifestIn(now);
  expect(manifestIn(later)).toMatchObject({
    ...rest,
    files: files.map(({ sha256: _sum, ...picture }) => picture),
  });
  expect(manifestIn(later).time > time).toBe(true);
});

/** The rows of pixels in which two pictures of one size differ. */
async function differingRows(page: Page, one?: Buffer, other?: Buffer): Promise<readonly number[]> {
  return page.evaluate(
    async (sources) => {
      const [first, second] = await Promise.all(
        sources.map(async (source) => {
          const bytes = Uint8Array.from(atob(source), (character) => character.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes]));
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
          context?.drawImage(bitmap, 0, 0);
          return context?.getImageData(0, 0, bitmap.width, bitmap.height);
        }),
      );
      if (!first || !second || first.width !== second.width || first.height !== second.height) return [-1];
      const row = first.width * 4;
      return Array.from({ length: first.height }, (_, y) => y).filter((y) =>
        first.data.subarray(y * row, (y + 1) * row).some((value, at) => value !== second.data[y * row + at]),
      );
    },
    [one?.toString("base64") ?? "", other?.toString("base64") ?? ""],
  );
}

/** A kubeconfig whose cluster refuses connections. */
async function deadCluster(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const path = join(folder, "dead");
  await writeFile(
    path,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "u", user: { token: "t" } }],
      contexts: [{ name: "dead", context: { cluster: "c", user: "u" } }],
      "current-context": "dead",
    }),
  );
  return path;
}

const refusals: readonly (readonly [string, () => Promise<readonly string[]>, number, RegExp])[] = [
  [
    "an unknown pool",
    async () => ["--scenario", "tutorial", "--pools", "nope"],
    2,
    /there is no pool "nope"; choose from default-ipv4-ippool$/,
  ],
  [
    "nobody at the address",
    async () => ["--url", "http://127.0.0.1:9"],
    3,
    /http:\/\/127\.0\.0\.1:9 does not answer; start Poolboard there/,
  ],
  [
    "a cluster that is down",
    async () => ["--kubeconfig", await deadCluster()],
    3,
    /cannot be read: the API server refuses connections; see that it runs/,
  ],
  [
    "another IPAM",
    async () => ["--scenario", "not-calico"],
    3,
    /get their addresses from HostLocal, not from Calico IPAM; name a cluster/,
  ],
];

// At the same time: most of it is waiting for a cluster that will not answer.
test("what goes wrong is one line that says what to do, and an exit code", async () => {
  await Promise.all(
    refusals.map(async ([name, args, exitCode, message]) => {
      const path = join(folder, name.replaceAll(" ", "-"));
      const { code, stdout, lines } = await capture(...(await args()), "--out", path);
      expect.soft({ code, stdout, lines }, name).toEqual({
        code: exitCode,
        stdout: "",
        lines: [expect.stringMatching(message)],
      });
      expect.soft(await readdir(path), name).toEqual([]);
    }),
  );
});
