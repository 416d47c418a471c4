import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { KubeconfigError } from "./errors.ts";
import { readClusterAccess } from "./kubeconfig.ts";
import { authority, firstClient, secondClient } from "./testing/certificates.ts";
import { temporaryFolder, writeKubeconfig } from "./testing/fixtures.ts";

const server = "https://10.0.0.1:6443";
const base64 = (text: string) => Buffer.from(text).toString("base64");

async function refusal(
  config: string | { cluster: object; user?: object },
  context?: string,
): Promise<string> {
  const file = path.join(await temporaryFolder(), "config");
  if (typeof config === "string") await writeFile(file, config);
  else await writeKubeconfig(file, config.cluster, config.user);
  const error = await readClusterAccess({ kubeconfig: file, context }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(KubeconfigError);
  const { message } = error as KubeconfigError;
  expect(message).not.toContain("\n");
  expect(message).not.toContain("canary");
  return message.replaceAll(path.dirname(file), "DIR");
}

describe("refuses in one line with a remedy", () => {
  test("a file that does not exist", async () => {
    const error = readClusterAccess({ kubeconfig: "/nowhere/config" });
    await expect(error).rejects.toThrow(
      "kubeconfig: /nowhere/config does not exist: check the path and its permissions",
    );
  });

  test("a folder", async () => {
    await expect(readClusterAccess({ kubeconfig: await temporaryFolder() })).rejects.toThrow(
      /cannot be read \(EISDIR\)/,
    );
  });

  test.each<[string, string, string]>([
    [
      "bad YAML, without quoting it",
      "users:\n- token: canary\n  x: [",
      "DIR/config is not valid YAML (line 3): correct it or name another file",
    ],
    [
      "an alias bomb",
      "a: &a [canary]\nb: [*a, *a]",
      "DIR/config is not valid YAML: correct it or name another file",
    ],
    ["no mapping", "canary", "DIR/config is not a kubeconfig: name another file with --kubeconfig"],
    ["an empty file", "", "DIR/config is not a kubeconfig: name another file with --kubeconfig"],
    [
      "no contexts",
      "clusters: []",
      "DIR/config names no current context: choose one with --context (it has none)",
    ],
    [
      "odd sections",
      "clusters: 7\ncontexts: {}\nusers: x",
      "DIR/config names no current context: choose one with --context (it has none)",
    ],
    [
      "a context without its cluster",
      "contexts: [{name: a, context: {cluster: c, user: u}}]\ncurrent-context: a\nclusters: [{name: c}]",
      'DIR/config: context "a" points to cluster "c", which is missing or has no server: add it or choose another --context',
    ],
  ])("%s", async (_name, text, message) => expect(await refusal(text)).toBe(message));

  test("a context that does not exist", async () => {
    expect(await refusal({ cluster: { server } }, "prod")).toBe(
      'DIR/config has no context "prod": choose one of test',
    );
  });

  test.each<[string, object, object, RegExp]>([
    [
      "an address that is none",
      { server: "10.0.0.1:6443" },
      {},
      /the server address is not an https address/,
    ],
    [
      "a password in the address",
      { server: "https://u:canary@10.0.0.1" },
      {},
      /the server address is not an https address/,
    ],
    [
      "plain http to elsewhere",
      { server: "http://10.0.0.1:8080" },
      {},
      /plain http to 10.0.0.1:8080 would send credentials in the clear: use https/,
    ],
    [
      "plain http to a name that only begins like loopback",
      { server: "http://127.0.0.1.evil.test" },
      {},
      /plain http/,
    ],
    [
      "a proxy that is none",
      { server, "proxy-url": "socks5://x" },
      {},
      /proxy-url must be an http or https address/,
    ],
    [
      "an authority that is no certificate",
      { server, "certificate-authority-data": base64("canary") },
      {},
      /certificate-authority is not a PEM certificate/,
    ],
    [
      "an authority that is missing",
      { server, "certificate-authority": "gone.crt" },
      {},
      /certificate-authority of context "test": .*gone.crt does not exist/,
    ],
    [
      "a certificate without its key",
      { server },
      { "client-certificate-data": base64(firstClient.cert) },
      /must come together/,
    ],
    [
      "a certificate with another key",
      { server },
      { "client-certificate-data": base64(firstClient.cert), "client-key-data": base64(secondClient.key) },
      /do not belong together: renew them/,
    ],
    [
      "an unreadable certificate",
      { server },
      { "client-certificate-data": base64("canary"), "client-key-data": base64("canary") },
      /client certificate or its key cannot be read/,
    ],
    ["a token file that is missing", { server }, { tokenFile: "gone" }, /token file: .*gone does not exist/],
    [
      "a retired auth provider",
      { server },
      { "auth-provider": { name: "gcp" } },
      /retired auth-provider "gcp": use an exec plugin/,
    ],
    [
      "a plugin without a command",
      { server },
      { exec: { apiVersion: "v1" } },
      /exec needs apiVersion and command/,
    ],
    [
      "a plugin that wants a terminal",
      { server },
      { exec: { apiVersion: "v1", command: "x", interactiveMode: "Always" } },
      /wants a terminal/,
    ],
  ])("%s", async (_name, cluster, user, message) =>
    expect(await refusal({ cluster, user })).toMatch(message),
  );

  test("not being in a pod", async () => {
    vi.stubEnv("KUBERNETES_SERVICE_HOST", undefined);
    await expect(readClusterAccess({ inCluster: true })).rejects.toThrow(/not running in a pod/);
  });
});

afterEach(() => vi.unstubAllEnvs());

describe("reads", () => {
  test("the chosen context, with files relative to the kubeconfig", async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, "pki"));
    await writeFile(path.join(folder, "pki/ca.crt"), authority);
    await writeFile(path.join(folder, "pki/c.crt"), firstClient.cert);
    await writeFile(path.join(folder, "pki/c.key"), firstClient.key);
    await writeFile(path.join(folder, "config"), CONFIG);
    const access = await readClusterAccess({ kubeconfig: path.join(folder, "config"), context: "b" });
    expect(access).toMatchObject({
      context: "b",
      server: new URL("https://[fd00::1]:6443/"),
      tls: { ca: authority, ...firstClient, servername: "api.test", insecure: false },
      headers: {},
      exec: null,
    });
  });

  test("although other entries are broken", async () => {
    const broken = `${CONFIG}\n`
      .replace("clusters:", "clusters:\n- name: half")
      .replace("users:", "users:\n- {}");
    const file = path.join(await temporaryFolder(), "config");
    await writeFile(file, broken);
    expect(await readClusterAccess({ kubeconfig: file })).toMatchObject({
      context: "a",
      headers: { authorization: "Bearer t" },
    });
  });

  test.each<[string, object, object]>([
    ["a token", { token: "t\n" }, { authorization: "Bearer t" }],
    [
      "a name and a password",
      { username: "jane", password: "pä:ss" },
      { authorization: `Basic ${base64("jane:pä:ss")}` },
    ],
    [
      "an id token of the retired oidc provider",
      { "auth-provider": { name: "oidc", config: { "id-token": "i" } } },
      { authorization: "Bearer i" },
    ],
    [
      "impersonation",
      { token: "t", as: "jane", "as-uid": "7", "as-groups": ["a", "b"] },
      {
        authorization: "Bearer t",
        "impersonate-user": "jane",
        "impersonate-uid": "7",
        "impersonate-group": ["a", "b"],
      },
    ],
    ["nothing", {}, {}],
  ])("%s", async (_name, user, headers) => {
    const file = await writeKubeconfig(
      path.join(await temporaryFolder(), "config"),
      { server: "http://localhost:1" },
      user,
    );
    expect((await readClusterAccess({ kubeconfig: file })).headers).toEqual(headers);
  });

  test("an exec plugin, its path relative to the kubeconfig", async () => {
    const folder = await temporaryFolder();
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "./bin/login",
      args: ["--for", 7],
      env: [{ name: "A", value: "b" }],
      installHint: "install it",
      provideClusterInfo: true,
    };
    const ca = base64(authority);
    const file = await writeKubeconfig(
      path.join(folder, "config"),
      { server, "certificate-authority-data": ca },
      { exec },
    );
    expect((await readClusterAccess({ kubeconfig: file })).exec).toEqual({
      apiVersion: exec.apiVersion,
      command: path.join(folder, "bin/login"),
      args: ["--for", "7"],
      env: new Map([["A", "b"]]),
      installHint: "install it",
      cluster: { server, "certificate-authority-data": ca },
    });
  });
});

const CONFIG = `
current-context: a
contexts:
- {name: a, context: {cluster: one, user: token}}
- {name: b, context: {cluster: two, user: files}}
clusters:
- name: one
  cluster: {server: "http://127.0.0.1:8080"}
- name: two
  cluster:
    server: https://[fd00::1]:6443/
    certificate-authority: pki/ca.crt
    tls-server-name: api.test
users:
- name: token
  user: {token: t}
- name: files
  user: {client-certificate: pki/c.crt, client-key: pki/c.key}
`;
