import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { productFlags } from "./product-flags.mjs";

const folder = mkdtempSync(join(tmpdir(), "poolboard-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the start command to its end; one that gets as far as starting something has failed its test. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "start.ts"), ...args], {
      env: {
        ...process.env,
        KUBECONFIG: "",
        POOLBOARD_TOKEN: "",
        ALLOW_ANONYMOUS_VIEW: "",
        HOME: folder,
        ...env,
      },
    });
    const out = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (out.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (out.stderr += chunk.toString()));
    child.on("exit", (code) => resolve({ code, ...out }));
  });
}

const proxy = { POOLBOARD_PROXY_PEERS: "10.0.0.7", POOLBOARD_PROXY_SECRET: "0123456789abcdef" };
const file = join(folder, "kubeconfig");
writeFileSync(file, "not: a kubeconfig\n");

test.each<[string, string[], Record<string, string>, RegExp]>([
  ["an unknown flag", ["--prot", "1"], {}, /unknown flag --prot/],
  ["an argument", ["tutorial"], {}, /unexpected argument "tutorial"/],
  ["a port that is none", ["--port", "http"], {}, /--port is a number/],
  ["a missing kubeconfig", ["--kubeconfig", "/nowhere/config"], {}, /no file \/nowhere\/config/],
  ["a context without a kubeconfig", ["--context", "prod"], {}, /no file .*\.kube\/config/],
  [
    "a scenario on a real cluster",
    ["--kubeconfig", file, "--scenario", "tutorial"],
    {},
    /--scenario is for the embedded/,
  ],
  ["another address without a cluster", ["--host", "0.0.0.0"], {}, /lets other machines in/],
  ["another address without a token", ["--host", "0.0.0.0", "--kubeconfig", file], {}, /POOLBOARD_TOKEN/],
  ["a cluster named twice", ["--in-cluster", "--kubeconfig", file], {}, /leave out --kubeconfig/],
  ["a scenario in the cluster", ["--in-cluster", "--scenario", "busy"], {}, /--scenario is for the embedded/],
  [
    "in the cluster, open to nobody",
    ["--in-cluster"],
    {},
    /--auth oidc or proxy, .*POOLBOARD_TOKEN, or ALLOW_ANONYMOUS_VIEW=1/,
  ],
  ["a login to the embedded cluster", ["--auth", "oidc"], {}, /nobody logs in to the embedded cluster/],
  ["the same by the environment", [], { POOLBOARD_AUTH: "oidc" }, /nobody logs in to the embedded cluster/],
  ["another way to log in", ["--in-cluster", "--auth", "saml"], {}, /no way to log in called "saml"/],
  [
    "a login where everybody may look",
    ["--in-cluster", "--auth", "oidc"],
    { ALLOW_ANONYMOUS_VIEW: "1" },
    /leave out one of the two/,
  ],
  ["a proxy from nowhere", ["--in-cluster", "--auth", "proxy"], {}, /POOLBOARD_PROXY_PEERS/],
  [
    "a proxy from anywhere",
    ["--in-cluster", "--auth", "proxy"],
    { POOLBOARD_PROXY_PEERS: "0.0.0.0/0" },
    /0\.0\.0\.0\/0 is everybody/,
  ],
  [
    "a proxy by name",
    ["--in-cluster", "--auth", "proxy"],
    { POOLBOARD_PROXY_PEERS: "ingress.example" },
    /"ingress.example" is no address/,
  ],
  [
    "a proxy without a secret",
    ["--in-cluster", "--auth", "proxy"],
    { POOLBOARD_PROXY_PEERS: "10.0.0.7" },
    /POOLBOARD_PROXY_SECRET/,
  ],
  [
    "a proxy whose secret is easy to guess",
    ["--in-cluster", "--auth", "proxy"],
    { POOLBOARD_PROXY_PEERS: "10.0.0.7", POOLBOARD_PROXY_SECRET: "secret" },
    /16 characters or more/,
  ],
  [
    "a header with underscores",
    ["--in-cluster", "--auth", "proxy"],
    { ...proxy, POOLBOARD_PROXY_USER_HEADER: "X_Remote_User" },
    /POOLBOARD_PROXY_USER_HEADER: "X_Remote_User" cannot be used/,
  ],
  [
    "a header that says something else",
    ["--in-cluster", "--auth", "proxy"],
    { ...proxy, POOLBOARD_PROXY_GROUPS_HEADER: "Authorization" },
    /POOLBOARD_PROXY_GROUPS_HEADER: "Authorization" cannot be used/,
  ],
  [
    "one header for both",
    ["--in-cluster", "--auth", "proxy"],
    { ...proxy, POOLBOARD_PROXY_GROUPS_HEADER: "x-remote-user" },
    /are the same; name two headers/,
  ],
  [
    "a key that is easy to guess",
    ["--in-cluster", "--auth", "oidc"],
    { POOLBOARD_SESSION_KEY: "secret" },
    /POOLBOARD_SESSION_KEY is too short/,
  ],
  ["thresholds the wrong way round", [], { POOLBOARD_THRESHOLDS: "90,75" }, /POOLBOARD_THRESHOLDS.+75,90/],
  ["a token that is easy to guess", [], { POOLBOARD_TOKEN: "secret" }, /too short/],
])("%s: one line, exit code 2", async (_, args, env, message) => {
  const { code, stdout, stderr } = await start(args, env);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("a taken port: one line, exit code 2", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  const { code, stderr } = await start(["--port", port]);
  server.close();
  expect(code).toBe(2);
  expect(stderr.trim()).toBe(`npm start: port ${port} is taken; choose another with --port`);
});

test("--help lists the flags", async () => {
  const { code, stdout } = await start(["--help"]);
  expect(code).toBe(0);
  for (const flag of [
    "--port",
    "--host",
    "--scenario",
    "--kubeconfig",
    "--context",
    "--in-cluster",
    "--auth",
    "POOLBOARD_PROXY_PEERS",
    "--read-only",
  ]) {
    expect(stdout).toContain(flag);
  }
});

test("the image starts Node as `npm start` does", () => {
  const image = readFileSync(join(import.meta.dirname, "..", "..", "Dockerfile"), "utf8");
  const flags = productFlags.map((flag) => `"${flag}", `).join("");
  expect(image).toContain(`ENTRYPOINT ["/nodejs/bin/node", ${flags}"lib/cli/start.ts"]`);
});
