import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { type CalicoKind, type ServedKind, servedKind, typeOf } from "../../lib/calico/dialect.ts";
import { type ClusterRun, currentRun, runLabel } from "../../lib/cli/test-cluster/run.ts";
import { complaintsOf, expect, kubectl, Program, temporaryFolder, watched } from "../fixtures.ts";

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** An answer of our own API: status, headers, and the body as text. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Poolboard as a user would start it on that cluster, and kubectl beside it. */
export class Product {
  readonly run: ClusterRun;
  readonly url: string;
  readonly #program: Program;
  readonly #folder: string;
  readonly #kubeconfig: string;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(run: ClusterRun, url: string, program: Program, folder: string, token: string) {
    this.run = run;
    this.url = url;
    this.#program = program;
    this.#folder = folder;
    this.#headers = { authorization: `Bearer ${token}` };
    this.#kubeconfig = process.env["KUBECONFIG"] ?? "";
  }

  /** Answers the one-time link too. */
  static async start(): Promise<{ product: Product; link: string }> {
    const run = currentRun();
    const token = randomBytes(24).toString("hex");
    process.env["POOLBOARD_TOKEN"] = token;
    const program = new Program("start.ts", ["--port", "0", "--kubeconfig", process.env["KUBECONFIG"] ?? ""]);
    const link = await program.firstLine();
    const folder = await temporaryFolder();
    return { product: new Product(run, new URL(link).origin, program, folder, token), link };
  }

  kubectl(...args: string[]): Promise<string> {
    return kubectl(this.#kubeconfig, this.#folder, args);
  }

  /** Objects as kubectl reads them. */
  async objects<T>(kind: string, ...args: string[]): Promise<readonly T[]> {
    const text = await this.kubectl("get", kind, "-o", "json", ...args);
    return (JSON.parse(text) as { items: T[] }).items;
  }

  served(kind: CalicoKind): ServedKind {
    return servedKind(this.run.mode, kind);
  }

  typeOf(kind: CalicoKind): { readonly apiVersion: string; readonly kind: string } {
    return typeOf(this.run.mode, kind);
  }

  /** What kubectl calls one of Calico's kinds here. */
  kind(kind: CalicoKind): string {
    const { plural, group } = this.served(kind);
    return `${plural}.${group}`;
  }

  /** Whether the API server takes the object, asked without Poolboard and without writing. */
  async dryRun(manifest: object): Promise<boolean> {
    const path = join(this.#folder, "dry-run.json");
    await writeFile(path, JSON.stringify(manifest));
    return this.kubectl("create", "--dry-run=server", "-f", path).then(
      () => true,
      () => false,
    );
  }

  async apply(name: string, manifest: object | string): Promise<void> {
    const path = join(this.#folder, name);
    await writeFile(path, typeof manifest === "string" ? manifest : JSON.stringify(manifest));
    await this.kubectl("create", "-f", path);
  }

  /** Makes a namespace of the run unless it is there. */
  async namespace(name: string): Promise<void> {
    if ((await this.kubectl("get", "namespace", name, "--ignore-not-found", "-o", "name")) !== "") return;
    const metadata = { name, labels: { [runLabel]: this.run.id } };
    await this.apply(`${name}.json`, { apiVersion: "v1", kind: "Namespace", metadata });
  }

  /** A pool as a manifest in the version that the cluster serves. */
  pool(name: string, spec: object): object {
    return { ...this.typeOf("IPPool"), metadata: { name }, spec };
  }

  /** Makes the reservation `<id>-<name>` unless it is there, and answers its name. */
  async reserve(name: string, reservedCIDRs: readonly string[]): Promise<string> {
    const full = `${this.run.id}-${name}`;
    const there = await this.kubectl(
      "get",
      this.kind("IPReservation"),
      full,
      "--ignore-not-found",
      "-o",
      "name",
    );
    const manifest = { ...this.typeOf("IPReservation"), metadata: { name: full }, spec: { reservedCIDRs } };
    if (there === "") await this.apply(`reservation-${name}.json`, manifest);
    return full;
  }

  /** As a script asks, with the server's token. */
  async ask(path: string, init: { method?: string; body?: unknown } = {}): Promise<Answer> {
    const headers = {
      ...this.#headers,
      ...(init.body === undefined ? {} : { "content-type": "application/json" }),
    };
    const response = await fetch(`${this.url}${path}`, {
      method: init.method ?? "GET",
      headers,
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** A stream of ours, read as long as it is wanted. */
  async stream(path: string): Promise<{ readonly text: () => string; readonly end: () => void }> {
    const ending = new AbortController();
    const { signal } = ending;
    const response = await fetch(`${this.url}${path}`, { headers: this.#headers, signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const read = async () => {
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
        text += part.value;
    };
    read().catch(() => undefined);
    return { text: () => text, end: () => ending.abort() };
  }

  async get<T>(path: string): Promise<T> {
    const { status, text } = await this.ask(path);
    expect(status, text).toBe(200);
    return JSON.parse(text) as T;
  }

  async stop(): Promise<void> {
    await this.#program.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface WorkerFixtures {
  readonly product: Product;
  readonly loggedIn: State;
  readonly started: { readonly product: Product; readonly link: string };
}

/** `product` serves all claims of a worker; `page` and `otherPage` are logged in there. */
export const test = watched.extend<{ otherPage: Page }, WorkerFixtures>({
  started: [
    // Playwright wants the pattern although nothing is taken from it.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const started = await Product.start();
      await use(started);
      await started.product.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  product: [async ({ started }, use) => use(started.product), { scope: "worker" }],
  loggedIn: [
    async ({ browser, started }, use) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(started.link);
      await use(await context.storageState());
      await context.close();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ product }, use) => {
    currentRun();
    await use(product.url);
  },
  storageState: async ({ loggedIn }, use) => use(loggedIn),
  otherPage: async ({ browser, baseURL, loggedIn }, use) => {
    const context = await browser.newContext({ storageState: loggedIn, ...(baseURL ? { baseURL } : {}) });
    const complaints = complaintsOf(context);
    await use(await context.newPage());
    await context.close();
    expect(complaints, "errors in the other console").toEqual([]);
  },
});

/** Tells the report a fact that differs between clusters; `what` is its row in the compatibility table. */
export function saw(what: string, value: string): void {
  test.info().annotations.push({ type: `saw ${what}`, description: value });
}

export { expect };
