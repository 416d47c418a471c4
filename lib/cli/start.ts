import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { currentInventory, stopInventory } from "../inventory/registry.ts";
import { openCluster } from "../kube/connection.ts";
import { KubeconfigError } from "../kube/errors.ts";
import type { ClusterSource } from "../kube/kubeconfig.ts";
import { AuthSettingError, type AuthSettings, readAuth } from "../server/auth.ts";
import { endActivity, openActivity } from "../server/activity/life.ts";
import {
  hashSecret,
  isLoopback,
  ownHosts,
  readSettings,
  setServerConfig,
  type Settings,
} from "../server/config.ts";
import { newLoginCode } from "../server/identity/link.ts";
import { log } from "../server/log.ts";
import { parsePort, runCommand, UsageError, type FlagValues } from "./args.ts";
import { ensureBuilt } from "./build.ts";
import { endChild } from "./end-child.ts";
import { Web } from "./web.ts";

const flags = {
  port: { value: "N", help: "where to listen (3000)" },
  host: {
    value: "ADDRESS",
    help: "what to listen on (127.0.0.1); any other needs a kubeconfig, and POOLBOARD_TOKEN or --auth",
  },
  scenario: { value: "NAME", help: "what the embedded cluster starts with (tutorial)" },
  kubeconfig: { value: "FILE", help: "look at the cluster that FILE names instead of the embedded one" },
  context: { value: "NAME", help: "use this context of --kubeconfig, or of the default kubeconfig" },
  "in-cluster": {
    help: "look at the cluster that this runs in, with the pod's service account; read-only without --auth",
  },
  auth: {
    value: "HOW",
    help: "people come under their own names: oidc, with their token of the cluster; proxy, by the word of a trusted proxy",
  },
  data: {
    value: "DIR",
    help: "keep activity in this folder (a real cluster: ~/.local/state/poolboard; otherwise in memory)",
  },
  "read-only": { help: "refuse every write" },
} as const;

const command = {
  name: "npm start",
  summary:
    "Starts Poolboard and prints its link, on the embedded cluster unless a kubeconfig or context is named.",
  flags,
  notes: [
    "POOLBOARD_TOKEN   what scripts send as Authorization: Bearer (16 characters or more)",
    "POOLBOARD_HOSTS   more names under which people reach this server, separated by commas",
    "POOLBOARD_DATA    as --data",
    "POOLBOARD_THRESHOLDS=75,90   the use in per cent from which a pool warns and alarms",
    "READ_ONLY=1       as --read-only",
    "ALLOW_ANONYMOUS_VIEW=1   with --in-cluster: whoever reaches this server may look",
    "POOLBOARD_AUTH    as --auth",
    "POOLBOARD_SESSION_KEY   with oidc: 32 random characters or more, the same for all replicas",
    "POOLBOARD_PROXY_PEERS   addresses and CIDRs of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed",
    "POOLBOARD_PROXY_SECRET   with proxy: what it sends as X-Poolboard-Proxy-Secret (16 characters or more)",
    "POOLBOARD_PROXY_USER_HEADER, POOLBOARD_PROXY_GROUPS_HEADER   X-Remote-User, and X-Remote-Group once for each group",
  ],
};

interface Options {
  readonly port: number;
  readonly host: string;
  readonly scenario: string | null;
  /** Null: the embedded cluster. */
  readonly cluster: Exclude<ClusterSource, { server: string }> | null;
  readonly readOnly: boolean;
  readonly login: AuthSettings;
}

function readLogin(settings: Settings, flag: string | undefined): AuthSettings {
  try {
    return readAuth(settings.auth, flag);
  } catch (error) {
    throw error instanceof AuthSettingError ? new UsageError(error.message) : error;
  }
}

function readOptions(values: FlagValues<typeof flags>, settings: Settings): Options {
  const { context, scenario = null, host = "127.0.0.1" } = values;
  const named = values.kubeconfig !== undefined || context !== undefined;
  const inCluster = values["in-cluster"] === true;
  const kubeconfig = values.kubeconfig ?? settings.defaultKubeconfig ?? join(homedir(), ".kube", "config");
  if ((named || inCluster) && scenario !== null) {
    throw new UsageError(
      "--scenario is for the embedded cluster; leave it out, or --kubeconfig, --context and --in-cluster",
    );
  }
  if (named && inCluster) {
    throw new UsageError("--in-cluster needs no kubeconfig; leave out --kubeconfig and --context, or it");
  }
  if (named && !existsSync(kubeconfig)) {
    throw new UsageError(`there is no file ${kubeconfig}; name one that is there with --kubeconfig`);
  }
  if (settings.token !== null && settings.token.length < 16) {
    throw new UsageError("POOLBOARD_TOKEN is too short to be a secret; use 16 characters or more");
  }
  if (settings.thresholds === null) {
    throw new UsageError("POOLBOARD_THRESHOLDS is not two percentages; write the lower one first: 75,90");
  }
  const login = readLogin(settings, values.auth);
  const people = login.auth !== null;
  if (people && !named && !inCluster) {
    throw new UsageError(
      "nobody logs in to the embedded cluster; leave out --auth and POOLBOARD_AUTH, or name a real one with --kubeconfig",
    );
  }
  if (people && settings.anonymousView) {
    throw new UsageError(
      "ALLOW_ANONYMOUS_VIEW=1 lets everybody look, --auth only those who log in; leave out one of the two",
    );
  }
  // Nobody writes with the pod's own rights.
  if (inCluster && !people && settings.token === null && !settings.anonymousView) {
    throw new UsageError(
      "--in-cluster needs --auth oidc or proxy, or for looking only a POOLBOARD_TOKEN, or ALLOW_ANONYMOUS_VIEW=1 to let everybody look who reaches it",
    );
  }
  if (!inCluster && !isLoopback(host) && !(named && (settings.token !== null || people))) {
    throw new UsageError(
      `--host ${host} lets other machines in; that needs --kubeconfig or --context, and a POOLBOARD_TOKEN or --auth`,
    );
  }
  return {
    port: parsePort("port", values.port ?? "3000"),
    host,
    scenario,
    cluster: inCluster
      ? { inCluster }
      : named
        ? { kubeconfig, ...(context === undefined ? {} : { context }) }
        : null,
    readOnly: (inCluster && !people) || values["read-only"] === true || settings.readOnly,
    login,
  };
}

/** The longest that a cluster which may still answer holds up the link. */
const FIRST_SYNC_MS = 1_000;

/** What has to be ended with this process, in this order. */
const endings: (() => Promise<void>)[] = [];
let ending: Promise<void> | null = null;

/** Ends everything, then the process; later calls only wait. */
function end(exitCode: number): Promise<void> {
  ending ??= (async () => {
    // Nothing may keep the process longer than that, whatever hangs.
    setTimeout(() => process.exit(exitCode), 14_000).unref();
    for (const each of endings) {
      await each().catch((error: unknown) => log.warn({ err: error }, "could not end cleanly"));
    }
    process.exit(exitCode);
  })();
  return ending;
}

const say = process.stdout.write.bind(process.stdout);

await runCommand(command, process.argv.slice(2), async (values) => {
  // Next and whatever else prints: stdout carries the link and nothing else.
  process.stdout.write = process.stderr.write.bind(process.stderr);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void end(0));
  process.once("disconnect", () => void end(0));
  process.channel?.unref();

  const settings = readSettings();
  const options = readOptions(values, settings);
  const web = new Web();
  endings.push(() => web.end(), endActivity, stopInventory);
  const port = await web.listen(options.port, options.host);
  const [build, source] = await Promise.all([
    ensureBuilt(),
    options.cluster ?? startEmbedded(options.scenario),
  ]);
  const connection = await openCluster(source, { log }).catch((error: unknown) => {
    throw error instanceof KubeconfigError ? new UsageError(error.message) : error;
  });
  const { cluster } = options;
  const mode = cluster === null ? "embedded" : "inCluster" in cluster ? "inCluster" : "local";
  const { auth, proxies } = options.login;
  setServerConfig({
    mode,
    connection,
    readOnly: options.readOnly,
    anonymousView: mode === "inCluster" && settings.anonymousView,
    hosts: ownHosts(options.host, port, settings.hosts),
    tokenHash: settings.token === null ? null : hashSecret(settings.token),
    ...(settings.thresholds === null ? {} : { thresholds: settings.thresholds }),
    ...(auth === null ? {} : { auth }),
    ...(proxies === null ? {} : { proxies }),
  });
  openActivity(values.data ?? settings.data, mode === "local" ? settings.stateHome : null);
  await web.serve(build);
  await firstSync();
  const link = `http://${hostInLink(options.host)}:${port}`;
  say(mode === "local" && auth === null ? `${link}/login?code=${newLoginCode()}\n` : `${link}\n`);
});

/** A wildcard address is none that a browser can go to. */
function hostInLink(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/**
 * Waits for something to see, which takes a moment where the cluster answers. Where it does not, or has much to tell, the
 * pages say how far they are.
 */
async function firstSync(): Promise<void> {
  const deadline = performance.now() + FIRST_SYNC_MS;
  for (;;) {
    const phase = currentInventory()?.phase;
    const coming = phase?.status === "starting" && phase.trouble === null;
    if (!coming || performance.now() >= deadline) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Starts the embedded cluster as a child and returns where its kubeconfig is. The child ends with this process, however
 * that ends: it watches the channel between the two.
 */
async function startEmbedded(scenario: string | null): Promise<{ kubeconfig: string }> {
  const folder = mkdtempSync(join(tmpdir(), "poolboard-"));
  const kubeconfig = join(folder, "kubeconfig");
  const args = [
    "--port",
    "0",
    "--write-kubeconfig",
    kubeconfig,
    ...(scenario === null ? [] : ["--scenario", scenario]),
  ];
  const child = spawn(process.execPath, [join(import.meta.dirname, "cluster.ts"), ...args], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  endings.push(() => endChild(child));
  process.once("exit", () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await new Promise((resolve) => {
    child.stdout?.once("data", resolve);
    // It has said why on stderr. Without it there is nothing to look at any more.
    child.once("exit", (code) => void end(code || 1));
  });
  child.stdout?.resume();
  log.info({ kubeconfig }, "kubectl can use this kubeconfig on the embedded cluster");
  return { kubeconfig };
}
