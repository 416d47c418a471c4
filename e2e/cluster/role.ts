import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runLabel } from "../../lib/cli/test-cluster/run.ts";
import type { PolicyRule } from "../../lib/server/roles.ts";
import { Program, temporaryFolder } from "../fixtures.ts";
import type { Product } from "./fixtures.ts";

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string }[];
}

/** Poolboard started by a service account with these rules and no other. */
export class RoleProduct {
  /** Where it answers, with the one-time code. */
  readonly link: string;
  readonly #product: Product;
  readonly #name: string;
  readonly #program: Program;
  readonly #folder: string;

  private constructor(product: Product, name: string, folder: string, program: Program, link: string) {
    this.#product = product;
    this.#name = name;
    this.#folder = folder;
    this.#program = program;
    this.link = link;
  }

  static async start(product: Product, role: string, rules: readonly PolicyRule[]): Promise<RoleProduct> {
    const name = `${product.run.id}-${role}`;
    const namespace = `${product.run.id}-roles`;
    await product.namespace(namespace);
    await product.apply(`${name}.json`, {
      apiVersion: "v1",
      kind: "List",
      items: account(name, namespace, product.run.id, rules),
    });
    const token = await product.kubectl("create", "token", name, "-n", namespace);
    const config = JSON.parse(
      await product.kubectl("config", "view", "--raw", "--minify", "-o", "json"),
    ) as Kubeconfig;
    const folder = await temporaryFolder();
    const file = join(folder, "kubeconfig");
    const context = { cluster: config.clusters[0]?.name, user: name };
    const own = {
      ...config,
      users: [{ name, user: { token: token.trim() } }],
      contexts: [{ name, context }],
      "current-context": name,
    };
    await writeFile(file, JSON.stringify(own), { mode: 0o600 });
    const program = new Program("start.ts", ["--port", "0", "--kubeconfig", file]);
    return new RoleProduct(product, name, folder, program, await program.firstLine());
  }

  async stop(): Promise<void> {
    await this.#program.stop();
    await rm(this.#folder, { recursive: true, force: true });
    for (const kind of ["clusterrolebinding", "clusterrole"]) {
      await this.#product.kubectl("delete", kind, this.#name, "--ignore-not-found");
    }
  }
}

function account(name: string, namespace: string, run: string, rules: readonly PolicyRule[]): object[] {
  const metadata = { name, labels: { [runLabel]: run } };
  const rbac = "rbac.authorization.k8s.io";
  const apiVersion = `${rbac}/v1`;
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { ...metadata, namespace } },
    {
      apiVersion,
      kind: "ClusterRole",
      metadata,
      rules: rules.map(({ purpose: _purpose, ...rule }) => rule),
    },
    {
      apiVersion,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  ];
}
