import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createSecureContext } from "node:tls";
import type { Cluster, User } from "@kubernetes/client-node";
import { parse, YAMLParseError } from "yaml";
import { KubeconfigError } from "./errors.ts";
import type { ExecPlugin } from "./exec-plugin.ts";

/** Where a cluster's address and credentials come from. */
export type ClusterSource =
  | { readonly kubeconfig: string; readonly context?: string }
  | { readonly inCluster: true }
  /** A server known without a kubeconfig: the embedded cluster's own controllers speak to it so. */
  | { readonly server: string; readonly token?: string };

export interface TlsMaterial {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly servername: string | null;
  readonly insecure: boolean;
}

/** Everything needed to talk to one cluster as one user. Holds secrets: never log it, never send it on. */
export interface ClusterAccess {
  readonly context: string;
  readonly server: URL;
  readonly proxy: URL | null;
  readonly tls: TlsMaterial;
  /** Authorization and impersonation headers that do not come from a plugin. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly exec: ExecPlugin | null;
  /** A hint for the day the server says 401, or null. */
  readonly loginHint: string | null;
}

/**
 * Reads the source afresh, files included. Only the chosen context must be right: kubectl does not mind the others either.
 * Throws KubeconfigError with one line and a remedy; no message quotes the file's contents.
 */
export async function readClusterAccess(source: ClusterSource): Promise<ClusterAccess> {
  if ("server" in source) return plainAccess(source);
  // Loading the client takes half a second; whoever only needs the types does not pay for it.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if ("inCluster" in source) {
    config.loadFromCluster();
    const cluster = config.getCurrentCluster();
    if (cluster === null || cluster.server.includes("undefined")) {
      throw new KubeconfigError(
        "not running in a pod (KUBERNETES_SERVICE_HOST is not set): name a kubeconfig with --kubeconfig FILE",
      );
    }
    const user = config.getCurrentUser();
    const tokenFile = String(user?.authProvider?.config?.tokenFile);
    return toAccess("in-cluster", cluster, user, { tokenFile }, path.dirname(tokenFile));
  }

  const file = source.kubeconfig;
  const raw = parseYaml(file, await readText(file, "kubeconfig"));
  // JSON is YAML: the client's own parser would quote the file in its errors, and it does not hand out `tokenFile`.
  config.loadFromString(JSON.stringify(raw), { onInvalidEntry: "filter" });
  const folder = path.dirname(path.resolve(file));
  config.makePathsAbsolute(folder);

  const context = source.context ?? config.getCurrentContext();
  const known = config.getContexts().map((each) => each.name);
  if (typeof context !== "string" || context === "") {
    throw new KubeconfigError(`${file} names no current context: choose one with --context (${list(known)})`);
  }
  const chosen = config.getContextObject(context);
  if (chosen === null) {
    throw new KubeconfigError(`${file} has no context "${context}": choose one of ${list(known)}`);
  }
  const cluster = config.getCluster(chosen.cluster);
  if (cluster === null) {
    throw new KubeconfigError(
      `${file}: context "${context}" points to cluster "${chosen.cluster}", which is missing or has no server: add it or choose another --context`,
    );
  }
  const user = config.getUser(chosen.user);
  return toAccess(context, cluster, user, rawUser(raw["users"], chosen.user), folder);
}

function plainAccess({ server, token }: { readonly server: string; readonly token?: string }): ClusterAccess {
  return {
    context: "embedded",
    server: parseServer(server, "the embedded cluster"),
    proxy: null,
    tls: { ca: null, cert: null, key: null, servername: null, insecure: false },
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    exec: null,
    loginHint: null,
  };
}

async function toAccess(
  context: string,
  cluster: Cluster,
  user: User | null,
  raw: Readonly<Record<string, unknown>>,
  folder: string,
): Promise<ClusterAccess> {
  const where = `context "${context}"`;
  const server = parseServer(cluster.server, where);
  if (user?.authProvider && user.authProvider.name !== "tokenFile" && user.authProvider.name !== "oidc") {
    throw new KubeconfigError(
      `${where} uses the retired auth-provider "${user.authProvider.name}": use an exec plugin`,
    );
  }
  const tls: TlsMaterial = {
    ca: await pem(cluster.caFile, cluster.caData, "certificate-authority", where),
    cert: await pem(user?.certFile, user?.certData, "client-certificate", where),
    key: await pem(user?.keyFile, user?.keyData, "client-key", where),
    servername: cluster.tlsServerName ?? null,
    insecure: cluster.skipTLSVerify,
  };
  checkTls(tls, where);
  return {
    context,
    server,
    proxy: cluster.proxyUrl === undefined ? null : parseProxy(cluster.proxyUrl, where),
    tls,
    headers: { ...(await authorization(user, raw, folder)), ...impersonation(raw) },
    exec: user?.exec ? parseExec(user.exec, cluster, folder, where) : null,
    loginHint:
      user?.authProvider?.name === "oidc"
        ? 'the kubeconfig uses the retired auth-provider "oidc", whose token cannot be renewed: use an exec plugin such as kubelogin'
        : null,
  };
}

async function authorization(
  user: User | null,
  raw: Readonly<Record<string, unknown>>,
  folder: string,
): Promise<Record<string, string>> {
  const tokenFile = raw["tokenFile"];
  if (typeof tokenFile === "string" && tokenFile !== "") {
    const token = (await readText(path.resolve(folder, tokenFile), "token file")).trim();
    return { authorization: `Bearer ${token}` };
  }
  const idToken: unknown = user?.authProvider?.config?.["id-token"];
  const token = user?.token ?? (typeof idToken === "string" ? idToken : null);
  if (token) return { authorization: `Bearer ${token.trim()}` };
  if (user?.username) {
    const pair = Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64");
    return { authorization: `Basic ${pair}` };
  }
  return {};
}

function impersonation(raw: Readonly<Record<string, unknown>>): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  if (typeof raw["as"] === "string") headers["impersonate-user"] = raw["as"];
  if (typeof raw["as-uid"] === "string") headers["impersonate-uid"] = raw["as-uid"];
  if (Array.isArray(raw["as-groups"])) headers["impersonate-group"] = raw["as-groups"].map(String);
  return headers;
}

function parseExec(
  exec: Readonly<Record<string, unknown>>,
  cluster: Cluster,
  folder: string,
  where: string,
): ExecPlugin {
  const { apiVersion, command } = exec;
  if (typeof command !== "string" || command === "" || typeof apiVersion !== "string") {
    throw new KubeconfigError(
      `${where}: users[].user.exec needs apiVersion and command: correct the kubeconfig`,
    );
  }
  if (exec["interactiveMode"] === "Always") {
    throw new KubeconfigError(
      `${where}: the credential plugin ${command} wants a terminal, which a server has not: use one with interactiveMode IfAvailable or Never`,
    );
  }
  const pairs = Array.isArray(exec["env"]) ? exec["env"] : [];
  const handedOver = {
    server: cluster.server,
    ...(cluster.tlsServerName ? { "tls-server-name": cluster.tlsServerName } : {}),
    ...(cluster.skipTLSVerify ? { "insecure-skip-tls-verify": true } : {}),
    ...(cluster.caData ? { "certificate-authority-data": cluster.caData } : {}),
  };
  return {
    apiVersion,
    // As kubectl: a path is relative to the kubeconfig, a bare name is looked up in PATH.
    command: command.includes("/") ? path.resolve(folder, command) : command,
    args: Array.isArray(exec["args"]) ? exec["args"].map(String) : [],
    env: new Map(pairs.map((pair) => [String(pair?.name), String(pair?.value)])),
    installHint: typeof exec["installHint"] === "string" ? exec["installHint"] : null,
    cluster: exec["provideClusterInfo"] === true ? handedOver : null,
  };
}

function parseServer(text: string, where: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:") || url.username !== "") {
    throw new KubeconfigError(
      `${where}: the server address is not an https address: correct clusters[].cluster.server`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new KubeconfigError(
      `${where}: plain http to ${url.host} would send credentials in the clear: use https`,
    );
  }
  return url;
}

function parseProxy(text: string, where: string): URL {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new KubeconfigError(`${where}: proxy-url must be an http or https address: correct the kubeconfig`);
  }
  return new URL(text);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

async function pem(
  file: string | undefined,
  data: string | undefined,
  what: string,
  where: string,
): Promise<string | null> {
  if (typeof data === "string" && data !== "") return Buffer.from(data, "base64").toString();
  return typeof file === "string" && file !== "" ? readText(file, `${what} of ${where}`) : null;
}

function checkTls(tls: TlsMaterial, where: string): void {
  if ((tls.cert === null) !== (tls.key === null)) {
    throw new KubeconfigError(
      `${where}: client-certificate and client-key must come together: correct the kubeconfig`,
    );
  }
  try {
    // createSecureContext ignores a CA that is no certificate, and every connection would then fail.
    if (tls.ca !== null) void new X509Certificate(tls.ca);
  } catch {
    throw new KubeconfigError(
      `${where}: the certificate-authority is not a PEM certificate: correct or renew it`,
    );
  }
  try {
    createSecureContext({ cert: tls.cert ?? undefined, key: tls.key ?? undefined });
  } catch {
    throw new KubeconfigError(
      `${where}: the client certificate or its key cannot be read, or they do not belong together: renew them`,
    );
  }
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    const reason =
      code === "ENOENT"
        ? "does not exist"
        : code === "EACCES"
          ? "may not be read"
          : `cannot be read (${String(code)})`;
    throw new KubeconfigError(`${what}: ${file} ${reason}: check the path and its permissions`);
  }
}

function parseYaml(file: string, text: string): Record<string, unknown> {
  try {
    const parsed: unknown = parse(text, { maxAliasCount: 0, prettyErrors: true });
    if (isRecord(parsed)) return parsed;
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    const place = line === undefined ? "" : ` (line ${line})`;
    throw new KubeconfigError(`${file} is not valid YAML${place}: correct it or name another file`);
  }
  throw new KubeconfigError(`${file} is not a kubeconfig: name another file with --kubeconfig`);
}

function rawUser(users: unknown, name: string): Readonly<Record<string, unknown>> {
  const found: unknown = Array.isArray(users) ? users.find((each) => each?.name === name)?.user : null;
  return isRecord(found) ? found : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "it has none" : names.slice(0, 10).join(", ");
}
