import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page, Request } from "@playwright/test";
import { navItems } from "../components/shell/nav.ts";
import { routes } from "../lib/contract/routes.ts";
import { startEmbeddedCluster } from "../lib/sim/cluster.ts";
import { capture } from "./capture-runs.ts";
import { expect, Program, temporaryFolder, watched } from "./fixtures.ts";

/** One per place where a kubeconfig keeps what nobody else may see. */
const secrets = {
  argument: "canary-argument-71aa",
  environment: "canary-environment-c04e",
  stderr: "canary-stderr-9d12",
  bearer: "canary-bearer-token-5b7e",
};

/** A credential plugin that answers with the token and says more than it should. */
const plugin = (token: string) => `
process.stderr.write(${JSON.stringify(secrets.stderr)} + "\\n");
process.stdout.write(JSON.stringify({
  apiVersion: "client.authentication.k8s.io/v1",
  kind: "ExecCredential",
  status: { token: ${JSON.stringify(token)} },
}));
`;

/** A token that the API server knows. */
async function issueToken(server: string): Promise<string> {
  const accounts = `${server}/api/v1/namespaces/default/serviceaccounts`;
  const post = (url: string, body: object) =>
    fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  await post(accounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "viewer" } });
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  const answer = (await (await post(`${accounts}/viewer/token`, request)).json()) as {
    status: { token: string };
  };
  return answer.status.token;
}

async function kubeconfigFor(server: string, folder: string, token: string): Promise<string> {
  await writeFile(join(folder, "plugin.mjs"), plugin(token));
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: [join(folder, "plugin.mjs"), secrets.argument],
    env: [{ name: "PLUGIN_SECRET", value: secrets.environment }],
    interactiveMode: "Never",
  };
  const file = join(folder, "kubeconfig");
  await writeFile(
    file,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "guarded",
      contexts: [{ name: "guarded", context: { cluster: "guarded", user: "guarded" } }],
      clusters: [{ name: "guarded", cluster: { server } }],
      users: [{ name: "guarded", user: { exec } }],
    }),
  );
  return file;
}

const samples: Readonly<Record<string, string>> = {
  name: "external-pool",
  ip: "10.64.0.64",
  id: "no-such-entry",
};
const gets = routes
  .filter(({ method, path }) => method === "get" && path !== "/api/v1/events")
  .map(({ path }) => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => samples[name] ?? "x"));
const pages = [
  ...navItems.map(({ href }) => href),
  ...["map", "blocks", "addresses", "settings", "yaml", "events", "holds"].map(
    (tab) => `/pools/external-pool?tab=${tab}`,
  ),
  "/pools/no-such-pool",
];

/** Everything that a page asks for and is answered with, until it is asked for. */
class Traffic {
  readonly origins = new Set<string>();
  readonly #texts: Promise<string>[] = [];

  constructor(page: Page) {
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      // What the page made itself is no request.
      if (protocol !== "data:" && protocol !== "blob:") this.origins.add(origin);
    });
    // Not when the answer begins: of one that a navigation cuts off nobody may ever be told how it ended.
    page.on("requestfinished", (request) => void this.#texts.push(textOf(request).catch(() => "")));
  }

  async text(): Promise<string> {
    return (await Promise.all(this.#texts)).join("\n");
  }
}

/** "": a stream, or no longer there. */
async function textOf(request: Request): Promise<string> {
  const response = await request.response();
  const isStream = response?.headers()["content-type"]?.startsWith("text/event-stream");
  return response && !isStream ? response.text() : "";
}

async function allFiles(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const bytes = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")));
  return bytes.join("\n");
}

function expectNoSecret(token: string, where: string, text: string): void {
  for (const [kind, secret] of Object.entries({ ...secrets, token })) {
    for (const spelling of [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)]) {
      expect(text.includes(spelling), `the ${kind} in ${where}`).toBe(false);
    }
  }
}

watched(
  "no secret leaves the server, and no request leaves the page's own origin",
  async ({ page, context }) => {
    watched.setTimeout(180_000);
    const folder = await temporaryFolder();
    const data = await temporaryFolder();
    const pictures = await temporaryFolder();
    const cluster = await startEmbeddedCluster({ scenario: "tutorial-done" });
    const server = /server: "([^"]+)"/.exec(cluster.kubeconfig)?.[1] ?? "";
    const token = await issueToken(server);
    const kubeconfig = await kubeconfigFor(server, folder, token);
    const program = new Program("start.ts", ["--port", "0", "--kubeconfig", kubeconfig], {
      POOLBOARD_TOKEN: secrets.bearer,
      POOLBOARD_DATA: data,
    });
    try {
      const link = new URL(await program.firstLine());
      const traffic = new Traffic(page);
      await page.goto(link.href);
      const answers: string[] = [];
      const ask = async (path: string, init: RequestInit = {}) => {
        const headers = { Authorization: `Bearer ${secrets.bearer}`, "Content-Type": "application/json" };
        const response = await fetch(`${link.origin}${path}`, { ...init, headers });
        answers.push(JSON.stringify([...response.headers]), await response.text());
      };
      const lookAround = async () => {
        for (const path of pages) {
          await page.goto(`${link.origin}${path}`);
          await expect(page.getByRole("banner")).toContainText("Live");
        }
        for (const path of gets) await ask(path);
      };
      // The plugin was run, or there is nothing that could leak.
      await expect(page.getByRole("main")).toContainText("external-pool");
      await lookAround();
      await ask("/api/v1/pools", { method: "POST", body: "{" });
      await ask("/api/v1/pools/external-pool", {
        method: "PATCH",
        body: JSON.stringify({ uid: secrets.bearer.length.toString(), resourceVersion: "1", disabled: true }),
      });
      const out = join(pictures, "run");
      const captured = await capture("--kubeconfig", kubeconfig, "--views", "overview", "--out", out);
      expect(captured).toMatchObject({ code: 0 });

      await cluster.api.refuseConnections();
      await ask("/api/v1/pools/external-pool/yaml");
      await ask("/api/v1/pools/external-pool/impact?action=disable");
      await page.goto(`${link.origin}/pools/external-pool?tab=yaml`, { waitUntil: "load" });
      await expect(page.getByRole("main").getByRole("alert")).toBeVisible();

      expect([...traffic.origins]).toEqual([link.origin]);
      const stored = await context.storageState();
      const sent = await traffic.text();
      expect(sent).toContain('"external-pool"');
      expectNoSecret(token, "what a page was sent", sent);
      expectNoSecret(
        token,
        "the page and its storage",
        (await page.content()) + JSON.stringify(stored.origins),
      );
      expectNoSecret(token, "an answer of the API", answers.join("\n"));
      expectNoSecret(token, "the log", program.log);
      expectNoSecret(token, "what the capture said", captured.stdout + captured.lines.join("\n"));
      expectNoSecret(token, "a picture", await allFiles(pictures));
      expectNoSecret(token, "what is kept across restarts", await allFiles(data));
    } finally {
      await program.stop();
      await cluster.close();
      for (const each of [folder, data, pictures]) await rm(each, { recursive: true, force: true });
    }
  },
);
