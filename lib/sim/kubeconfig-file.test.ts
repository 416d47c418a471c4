import { mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { isOurs, KubeconfigFileError, kubeconfigText, writeKubeconfigFile } from "./kubeconfig-file.ts";

const text = kubeconfigText("http://127.0.0.1:4000", "embedded-tutorial");
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "poolboard-kubeconfig-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("it is a kubeconfig with one context", () => {
  expect(parse(text)).toEqual({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "embedded-tutorial", cluster: { server: "http://127.0.0.1:4000" } }],
    users: [{ name: "embedded-tutorial", user: {} }],
    contexts: [
      { name: "embedded-tutorial", context: { cluster: "embedded-tutorial", user: "embedded-tutorial" } },
    ],
    "current-context": "embedded-tutorial",
  });
});

test.each([
  ["as written", text, true],
  ["for another port", kubeconfigText("http://127.0.0.1:5", "embedded-busy"), true],
  ["with a context added by hand", `${text}# mine\n`, false],
  ["with a user", text.replace("user: {}", "user: {token: secret}"), false],
  ["somebody else's", "apiVersion: v1\nkind: Config\n", false],
  ["empty", "", false],
])("a file %s is ours: %s", (_, content, ours) => {
  expect(isOurs(content)).toBe(ours);
});

test("written for its owner alone, and again over itself", async () => {
  const file = join(folder, "config");
  await writeKubeconfigFile(file, text);
  const other = kubeconfigText("http://127.0.0.1:4001", "embedded-busy");
  await writeKubeconfigFile(file, other);
  expect(await readFile(file, "utf8")).toBe(other);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("never over a file of somebody else's, a folder or a link; never into a folder that is not there", async () => {
  const mine = join(folder, "mine");
  await writeFile(mine, "precious");
  await symlink(mine, join(folder, "link"));
  for (const file of [mine, folder, join(folder, "link"), join(folder, "nowhere", "config")]) {
    await expect(writeKubeconfigFile(file, text), file).rejects.toThrow(KubeconfigFileError);
  }
  expect(await readFile(mine, "utf8")).toBe("precious");
});
