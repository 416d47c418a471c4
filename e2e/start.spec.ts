import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

const root = join(import.meta.dirname, "..");
const token = "a token for this test alone";

/** The start command, and all it has printed. */
class Started {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [join(root, "lib/cli/start.ts"), "--port", "0", ...args], {
      cwd: root,
      env: { ...process.env, ...env },
    });
    this.child.stdout?.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  async link(): Promise<URL> {
    await expect.poll(() => this.stdout, { timeout: 60_000 }).toContain("\n");
    return new URL(this.stdout.trim());
  }

  /** Milliseconds from the signal to the end, and the exit code. */
  async end(signal: NodeJS.Signals): Promise<{ code: number | null; took: number }> {
    const began = performance.now();
    const code = new Promise<number | null>((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    return { code: await code, took: performance.now() - began };
  }
}

test("the embedded cluster: one line, no kubeconfig of ours touched, a quick end with streams open", async () => {
  // Whoever reads this kubeconfig comes to a server that counts.
  let visits = 0;
  const canary = createServer((_request, response) => {
    visits += 1;
    response.end();
  });
  await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
  const address = canary.address();
  const port = typeof address === "object" ? address?.port : 0;
  const home = await mkdtemp(join(tmpdir(), "poolboard-home-"));
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "real",
    contexts: [{ name: "real", context: { cluster: "real", user: "real" } }],
    clusters: [{ name: "real", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "real", user: { token: "canary-secret" } }],
  };
  const file = join(home, "config");
  await writeFile(file, JSON.stringify(config));

  const started = new Started(["--scenario", "empty"], { HOME: home, KUBECONFIG: file });
  const { origin } = await started.link();
  const session = await fetch(`${origin}/api/v1/session`);
  expect(await session.json()).toMatchObject({ mode: "embedded", user: null });
  const stream = await fetch(`${origin}/api/v1/events`);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain("event: hello");

  const { code, took } = await started.end("SIGTERM");
  expect(code).toBe(0);
  expect(took).toBeLessThan(5_000);
  let rest = "";
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) rest += part.value;
  expect(rest).toContain("retry: ");
  expect(started.stdout.trim().split("\n")).toHaveLength(1);
  expect(visits).toBe(0);
  expect(started.stdout + started.stderr).not.toContain("canary-secret");
  canary.close();
  await rm(home, { recursive: true, force: true });
});

test("a kubeconfig: the link lets in once, scripts come with the token, read-only holds", async () => {
  const folder = await mkdtemp(join(tmpdir(), "poolboard-start-"));
  const kubeconfig = join(folder, "kubeconfig");
  const cluster = spawn(
    process.execPath,
    [join(root, "lib/cli/cluster.ts"), "--write-kubeconfig", kubeconfig],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  await new Promise((resolve) => cluster.stdout.once("data", resolve));
  const started = new Started(["--kubeconfig", kubeconfig, "--read-only"], { POOLBOARD_TOKEN: token });
  const link = await started.link();
  const pools = `${link.origin}/api/v1/pools`;

  expect((await fetch(pools)).status).toBe(401);
  const login = await fetch(link, { redirect: "manual" });
  expect([login.status, login.headers.get("location")]).toEqual([303, "/"]);
  const cookie = login.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
  // The link may be there before the cluster is read.
  const withCookie = () => fetch(pools, { headers: { Cookie: cookie.split(";", 1)[0] ?? "" } });
  await expect.poll(async () => (await withCookie()).status).toBe(200);
  expect((await fetch(link, { redirect: "manual" })).status).toBe(401);

  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  expect((await fetch(pools, { headers })).status).toBe(200);
  const write = await fetch(`${pools}/default-ipv4-ippool`, { method: "PATCH", headers, body: "{}" });
  expect(write.status).toBe(403);
  expect(await write.json()).toMatchObject({ code: "read-only" });

  expect((await started.end("SIGINT")).code).toBe(0);
  for (const secret of [token, link.searchParams.get("code") ?? "", cookie.split(/[=;]/)[1] ?? ""]) {
    expect(secret).not.toBe("");
    expect(started.stderr).not.toContain(secret);
  }
  cluster.kill("SIGTERM");
  await new Promise((resolve) => cluster.once("exit", resolve));
  await rm(folder, { recursive: true, force: true });
});

test("a cluster that never answers: the link comes all the same, and nobody's rights are guessed", async ({
  page,
}) => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : 0;
  const folder = await mkdtemp(join(tmpdir(), "poolboard-start-"));
  const kubeconfig = join(folder, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "silent",
    contexts: [{ name: "silent", context: { cluster: "silent", user: "me" } }],
    clusters: [{ name: "silent", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "me", user: {} }],
  };
  await writeFile(kubeconfig, JSON.stringify(config));

  const started = new Started(["--kubeconfig", kubeconfig], {});
  const link = await started.link();
  const ready = await fetch(`${link.origin}/readyz`);
  // No request to the cluster has run into its time limit yet.
  expect(started.stderr).not.toContain("did not answer");
  expect(ready.status).toBe(503);
  await page.goto(link.href);
  await expect(page.getByRole("main")).toContainText(/looking at the cluster|cannot be reached/);
  await expect(page.getByText("rights unknown")).toBeVisible();
  await expect(page.getByText("viewer")).toHaveCount(0);

  expect((await started.end("SIGINT")).code).toBe(0);
  silent.closeAllConnections();
  silent.close();
  await rm(folder, { recursive: true, force: true });
});
