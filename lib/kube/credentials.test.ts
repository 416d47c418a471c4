import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Clock } from "./clock.ts";
import { CredentialError } from "./errors.ts";
import { Reflector } from "./reflector.ts";
import type { RequestSpec } from "./request.ts";
import { FakeClock, until } from "./testing/fake-clock.ts";
import { connect, pods, startServer, temporaryFolder } from "./testing/fixtures.ts";

const look: RequestSpec = { method: "GET", path: "/api/v1/namespaces" };

/** A plugin that notes each of its runs, then does what `code` says (an expression statement in `run`, the run's number). */
async function withPlugin(code: string, clock: Clock = new FakeClock(), more: object = {}) {
  const folder = await temporaryFolder();
  const runs = path.join(folder, "runs");
  const script = path.join(folder, "plugin.mjs");
  await writeFile(runs, "");
  await writeFile(
    script,
    `import { appendFileSync, readFileSync } from "node:fs";
     appendFileSync(${JSON.stringify(runs)}, process.pid + " ");
     const run = readFileSync(${JSON.stringify(runs)}, "utf8").trim().split(" ").length;
     const give = (status) => console.log(JSON.stringify({ kind: "ExecCredential", apiVersion: "v1", status }));
     ${code}`,
  );
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: [script],
    ...more,
  };
  const server = await startServer();
  const connection = await connect(server, { clock, user: { exec } });
  return {
    server,
    connection,
    pids: async () => (await readFile(runs, "utf8")).trim().split(" ").filter(Boolean).map(Number),
    async ask(): Promise<string | undefined> {
      const answer = connection.request(look);
      const exchange = await Promise.race([server.next(), answer.then(() => null)]);
      exchange?.json({});
      await answer;
      return exchange?.headers.authorization;
    },
  };
}

describe("an exec plugin", () => {
  test("runs once for all that wait, and not again while its token is good", async () => {
    const { connection, server, pids, ask } = await withPlugin(`give({ token: "t" + run });`);
    const answers = Array.from({ length: 25 }, () => connection.request(look));
    for (let i = 0; i < 25; i += 1) {
      const exchange = await server.next();
      expect(exchange.headers.authorization).toBe("Bearer t1");
      exchange.json({});
    }
    await Promise.all(answers);
    expect(await ask()).toBe("Bearer t1");
    expect(await pids()).toHaveLength(1);
  });

  test("runs again 60 s before its token ends", async () => {
    const clock = new FakeClock();
    const until5 = new Date(clock.now() + 300_000).toISOString();
    const { ask } = await withPlugin(
      `give({ token: "t" + run, expirationTimestamp: run === 1 ? "${until5}" : undefined });`,
      clock,
    );
    expect(await ask()).toBe("Bearer t1");
    clock.advance(240_000);
    expect(await ask()).toBe("Bearer t1");
    clock.advance(1);
    expect(await ask()).toBe("Bearer t2");
  });

  test("that fails while the old token is still good does no harm", async () => {
    const clock = new FakeClock();
    const soon = new Date(clock.now() + 30_000).toISOString();
    const code = `run === 1 ? give({ token: "t1", expirationTimestamp: "${soon}" }) : process.exit(1);`;
    const { ask } = await withPlugin(code, clock);
    expect(await ask()).toBe("Bearer t1");
    expect(await ask()).toBe("Bearer t1");
    clock.advance(30_000);
    await expect(ask()).rejects.toThrow(CredentialError);
  });

  test("runs again after a 401, and the request is sent once more", async () => {
    const { connection, server } = await withPlugin(`give({ token: "t" + run });`);
    const answer = connection.request(look);
    (await server.next()).refuse(401, "Unauthorized");
    const again = await server.next();
    expect(again.headers.authorization).toBe("Bearer t2");
    again.json({ ok: true });
    expect(await answer).toEqual({ ok: true });
  });

  test("learns about the cluster, has its own variables and no terminal", async () => {
    const code = `
      const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      give({ token: [process.env.WHO, info.spec.interactive, info.spec.cluster.server, process.stdin.isTTY].join("|") });`;
    const more = { env: [{ name: "WHO", value: "me" }], provideClusterInfo: true };
    const { ask, server } = await withPlugin(code, undefined, more);
    expect(await ask()).toBe(`Bearer me|false|${server.url}|`);
  });

  test.each<[string, string, RegExp]>([
    [
      "exits with an error",
      `console.error("run login\\nsecond line"); process.exit(3);`,
      /ended with exit code 3: run login$/,
    ],
    [
      "leaks a token on stderr",
      `console.error("bad token ${"A1".repeat(30)}"); process.exit(1);`,
      /bad token \[removed\]$/,
    ],
    ["prints no JSON", `console.log("canary");`, /printed no JSON$/],
    ["prints something else", `console.log("{}");`, /printed neither a token nor a client certificate$/],
    ["gives an empty token", `give({ token: "" });`, /printed neither a token nor a client certificate$/],
    [
      "gives half a certificate",
      `give({ clientCertificateData: "x" });`,
      /printed neither a token nor a client certificate$/,
    ],
    [
      "prints without end",
      `setInterval(() => process.stdout.write("x".repeat(65536)), 1);`,
      /printed more than 1 MB$/,
    ],
  ])("that %s", async (_name, code, message) => {
    const { ask, server } = await withPlugin(code);
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect(String(error)).not.toContain("canary");
    expect(server.untaken).toBe(0);
  });

  test("that is not installed: says how to get it", async () => {
    const { ask } = await withPlugin("", undefined, {
      command: "no-such-plugin-anywhere",
      installHint: "brew install it\nplease",
    });
    await expect(ask()).rejects.toThrow(
      "the credential plugin no-such-plugin-anywhere is not installed (brew install it)",
    );
  });

  test("that hangs is killed after 30 s, with what it started", async () => {
    const clock = new FakeClock();
    const code = `
      import { spawn } from "node:child_process";
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      appendFileSync(${"process.argv[1]"}.replace("plugin.mjs", "runs"), child.pid + " ");
      setInterval(() => {}, 1000);`;
    const { ask, pids } = await withPlugin(code, clock);
    const asked = ask().catch((thrown: unknown) => thrown);
    let started: number[] = [];
    while (started.length < 2) started = await pids();
    clock.advance(30_000);
    expect(await asked).toMatchObject({ message: expect.stringMatching(/did not answer within 30 s$/) });
    await until(() => started.every((pid) => !isRunning(pid)));
  });

  test("that fails shows as an expired login, and does not stop the reflector", async () => {
    const clock = new FakeClock();
    const { connection, server } = await withPlugin(
      `run < 2 ? process.exit(9) : give({ token: "t" });`,
      clock,
    );
    const reflector = new Reflector({
      connection,
      resource: pods,
      project: (raw) => raw,
      onPut() {},
      onRemove() {},
    });
    onTestFinished(() => reflector.stop());
    reflector.start();
    await until(() => reflector.state.status === "loginExpired");
    await until(() => clock.pending().includes(30_000));
    clock.advance(30_000);
    expect((await server.next()).headers.authorization).toBe("Bearer t");
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
