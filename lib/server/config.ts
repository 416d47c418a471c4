import { createHash } from "node:crypto";
import type { BlockList } from "node:net";
import { homedir, networkInterfaces } from "node:os";
import { delimiter, join } from "node:path";
import { parseThresholds, type Thresholds } from "../format/level.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import type { Auth } from "./auth.ts";
import { shared } from "./shared.ts";

/** How this server was started. Set once by the start command, read by everything else. */
export interface ServerConfig {
  /**
   * `embedded`: our own cluster, nobody logs in. `local`: a kubeconfig; a one-time link or the bearer token lets in.
   * `inCluster`: the pod's service account; the bearer token lets in, and with `anonymousView` everybody who only looks.
   * With `auth` people come under their own names to either of the last two.
   */
  readonly mode: "embedded" | "local" | "inCluster";
  readonly connection: ClusterConnection;
  readonly readOnly: boolean;
  /** Whoever reaches this server may look, without a login. Only together with `readOnly`. */
  readonly anonymousView: boolean;
  /** Host headers that are ours, lower case, with the port unless it is 80. */
  readonly hosts: ReadonlySet<string>;
  /** SHA-256 of POOLBOARD_TOKEN; null: no token was given, no bearer is accepted. */
  readonly tokenHash: Buffer | null;
  /** From which use a pool warns and alarms; the usual ones when absent. */
  readonly thresholds?: Thresholds;
  /** How people log in under their own names; absent: they do not. */
  readonly auth?: Auth;
  /** Proxies in front of this server, whose X-Forwarded-For and X-Forwarded-Proto are believed. */
  readonly proxies?: BlockList;
}

const slot = () => shared<{ config: ServerConfig | null }>("config", () => ({ config: null }));

export function setServerConfig(config: ServerConfig): void {
  slot().config = config;
}

/** Null: nobody configured this process (a bare `next start`); every guarded route then answers 503. */
export function serverConfig(): ServerConfig | null {
  return slot().config;
}

/** What the environment may say. The only place that reads it, the programs in lib/cli apart. */
export interface Settings {
  readonly token: string | null;
  /** More names under which this server is reached (a tunnel, a proxy): "name" or "name:port". */
  readonly hosts: readonly string[];
  /** What `--context` looks into when no kubeconfig is named: the first file of KUBECONFIG. */
  readonly defaultKubeconfig: string | null;
  /** READ_ONLY=1, as good as the flag. */
  readonly readOnly: boolean;
  /** ALLOW_ANONYMOUS_VIEW=1. */
  readonly anonymousView: boolean;
  /** POOLBOARD_DATA: the folder that activity is kept in; null: none was named. */
  readonly data: string | null;
  /** Where programs of this user keep what they want to find again. */
  readonly stateHome: string;
  /** POOLBOARD_THRESHOLDS, `75,90`; null: it is not two percentages. */
  readonly thresholds: Thresholds | null;
  /** How people log in, unread: `readAuth` makes sense of it. */
  readonly auth: {
    /** POOLBOARD_AUTH. */
    readonly how: string | null;
    /** POOLBOARD_PROXY_PEERS: addresses and CIDRs. */
    readonly proxyPeers: readonly string[];
    readonly proxySecret: string | null;
    readonly userHeader: string;
    readonly groupsHeader: string;
    readonly sessionKey: string | null;
  };
}

export function readSettings(env: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const list = (name: string) =>
    (env[name] ?? "")
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
  return {
    token: env["POOLBOARD_TOKEN"] || null,
    hosts: list("POOLBOARD_HOSTS").map((host) => host.toLowerCase()),
    defaultKubeconfig: env["KUBECONFIG"]?.split(delimiter).find((file) => file !== "") ?? null,
    readOnly: env["READ_ONLY"] === "1",
    anonymousView: env["ALLOW_ANONYMOUS_VIEW"] === "1",
    data: env["POOLBOARD_DATA"] || null,
    stateHome: env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"),
    thresholds: parseThresholds(env["POOLBOARD_THRESHOLDS"] ?? ""),
    auth: {
      how: env["POOLBOARD_AUTH"] || null,
      proxyPeers: list("POOLBOARD_PROXY_PEERS"),
      proxySecret: env["POOLBOARD_PROXY_SECRET"] || null,
      userHeader: env["POOLBOARD_PROXY_USER_HEADER"] || "X-Remote-User",
      groupsHeader: env["POOLBOARD_PROXY_GROUPS_HEADER"] || "X-Remote-Group",
      sessionKey: env["POOLBOARD_SESSION_KEY"] || null,
    },
  };
}

export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

const loopback = ["localhost", "127.0.0.1", "[::1]"];
const isWildcard = (host: string) => host === "0.0.0.0" || host === "::";

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/**
 * The Host headers of a server that listens on `host`:`port`. A wildcard address is reached by every address of this
 * machine, but by no name except those in `extra`: a name is what DNS rebinding needs.
 */
export function ownHosts(host: string, port: number, extra: readonly string[]): ReadonlySet<string> {
  const bracketed = (address: string) => (address.includes(":") ? `[${address}]` : address.toLowerCase());
  const names = new Set(loopback);
  if (isWildcard(host)) {
    for (const addresses of Object.values(networkInterfaces())) {
      for (const { address } of addresses ?? []) names.add(bracketed(address));
    }
  } else names.add(bracketed(host));
  const hosts = [...names].flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  return new Set([...hosts, ...extra]);
}
