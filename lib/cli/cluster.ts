import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { openCluster } from "../kube/connection.ts";
import { ApiError, KubeconfigError, UnreachableError } from "../kube/errors.ts";
import { log as serverLog } from "../server/log.ts";
import { AgentsRefused, checkForAgents } from "../sim/agents/safety.ts";
import { startNodeAgents } from "../sim/agents/run.ts";
import { ChurnError, type ChurnRates } from "../sim/churn/churn.ts";
import { sharedInformers } from "../sim/controllers/informer.ts";
import { startEmbeddedCluster } from "../sim/cluster.ts";
import {
  KubeconfigFileError,
  checkKubeconfigFile,
  writeKubeconfigFile,
  writeTemporaryKubeconfig,
} from "../sim/kubeconfig-file.ts";
import { scenarios } from "../sim/scenarios/registry.ts";
import { JournalError } from "../sim/store/journal.ts";
import { type FlagValues, parsePort, runCommand, UsageError } from "./args.ts";

const width = Math.max(...scenarios.map(({ name }) => name.length));

const command = {
  name: "npm run cluster",
  summary:
    "Starts the embedded cluster and prints the path of a kubeconfig for it when it is ready. SIGTERM ends it.",
  flags: {
    scenario: { value: "NAME", help: "what it starts with (tutorial), see below" },
    nodes: { value: "N", help: "nodes of the scenario large, with thirty pods each (5000)" },
    churn: {
      value: "PODS,BLOCKS",
      help: "change so many pods and blocks a second, in place of all that happens by itself; for large and busy",
    },
    port: { value: "N", help: "where the API server listens on 127.0.0.1 (any free port)" },
    "write-kubeconfig": {
      value: "FILE",
      help: "write the kubeconfig there, never over somebody else's file (a temporary file)",
    },
    data: {
      value: "FILE",
      help: "keep the cluster in FILE across restarts; a FILE that holds one is taken as it is (in memory)",
    },
    "calico-version": {
      value: "V",
      help: "the Calico version that it claims and whose schema rules it applies (v3.32.1)",
    },
    "agents-only": {
      help: "run only the node agents, on the cluster of --kubeconfig, whose nodes must have no kubelets",
    },
    kubeconfig: { value: "FILE", help: "the cluster for --agents-only" },
  },
  notes: ["Scenarios:", ...scenarios.map(({ name, story }) => `  ${name.padEnd(width)}  ${story}`)],
} as const;

type Values = FlagValues<typeof command.flags>;

const log = serverLog.child({}, { level: "warn" });

await runCommand(command, process.argv.slice(2), async (values) => {
  const stop = values["agents-only"] ? await runAgents(values) : await runCluster(values);
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    // Nothing may keep the process longer than that, whatever hangs.
    setTimeout(() => process.exit(0), 5_000).unref();
    void stop().finally(() => process.exit(0));
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
  process.once("disconnect", end);
  process.channel?.unref();
});

async function runCluster(values: Values): Promise<() => Promise<void>> {
  if (values.kubeconfig !== undefined)
    throw new UsageError("--kubeconfig goes with --agents-only; the embedded cluster needs none");
  const { scenario = "tutorial", "calico-version": calicoVersion = "v3.32.1" } = values;
  if (!scenarios.some(({ name }) => name === scenario)) {
    throw new UsageError(
      `there is no scenario "${scenario}"; choose one of ${scenarios.map(({ name }) => name).join(", ")}`,
    );
  }
  if (!/^v\d+\.\d+\.\d+$/.test(calicoVersion)) {
    throw new UsageError(`--calico-version is written like v3.32.1, not "${calicoVersion}"`);
  }
  if (values.nodes !== undefined && scenario !== "large")
    throw new UsageError("--nodes is for the scenario large; add --scenario large, or leave it out");
  if (values.nodes !== undefined && !/^[1-9]\d{0,4}$/.test(values.nodes))
    throw new UsageError(`--nodes is a number from 1 to 99999, not "${values.nodes}"`);
  const nodes = values.nodes === undefined ? {} : { nodes: Number(values.nodes) };
  const churn = values.churn === undefined ? {} : { churn: parseRates(values.churn) };
  const port = parsePort("port", values.port ?? "0");
  const target = values["write-kubeconfig"] === undefined ? null : resolve(values["write-kubeconfig"]);
  if (target !== null) await usable(checkKubeconfigFile(target));
  const data = values.data === undefined ? {} : { data: resolve(values.data) };
  const cluster = await usable(
    startEmbeddedCluster({ scenario, calicoVersion, port, log, ...data, ...nodes, ...churn }),
  );
  if (values.scenario !== undefined && cluster.api.restored) {
    process.stderr.write(
      `${command.name}: ${values.data ?? ""} holds a cluster already; the scenario was not loaded again\n`,
    );
  }
  if (target !== null) await usable(writeKubeconfigFile(target, cluster.kubeconfig));
  const temporary = target === null ? await writeTemporaryKubeconfig(cluster.kubeconfig) : null;
  process.stdout.write(`${target ?? temporary?.file ?? ""}\n`);
  return async () => {
    await cluster.close();
    await temporary?.remove();
  };
}

function parseRates(text: string): ChurnRates {
  const [, pods, blocks] = /^(\d{1,5}),(\d{1,5})$/.exec(text) ?? [];
  if (pods === undefined || blocks === undefined)
    throw new UsageError(`--churn is two numbers of events a second, as in 500,500, not "${text}"`);
  return { pods: Number(pods), blocks: Number(blocks) };
}

async function runAgents(values: Values): Promise<() => Promise<void>> {
  const others = [
    "scenario",
    "nodes",
    "churn",
    "port",
    "write-kubeconfig",
    "data",
    "calico-version",
  ] as const;
  const wrong = others.find((flag) => values[flag] !== undefined);
  if (wrong !== undefined)
    throw new UsageError(`--${wrong} is for the embedded cluster; leave it out with --agents-only`);
  const kubeconfig = values.kubeconfig;
  if (kubeconfig === undefined)
    throw new UsageError("--agents-only needs to know the cluster; write --kubeconfig FILE");
  if (!existsSync(kubeconfig))
    throw new UsageError(`there is no file ${kubeconfig}; name one that is there with --kubeconfig`);
  const connection = await usable(openCluster({ kubeconfig }, { log }));
  const mode = await usable(checkForAgents(connection));
  const agents = startNodeAgents(connection, sharedInformers(connection), { mode });
  await agents.ready;
  process.stdout.write(`${resolve(kubeconfig)}\n`);
  return async () => {
    await agents.stop();
    await connection.close();
  };
}

/** What the person can mend becomes one line with exit code 2. */
async function usable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw usageOf(error) ?? error;
  }
}

function usageOf(error: unknown): UsageError | null {
  const known = [KubeconfigFileError, KubeconfigError, JournalError, AgentsRefused, ChurnError];
  if (known.some((type) => error instanceof type) && error instanceof Error)
    return new UsageError(error.message);
  if (error instanceof UnreachableError) return new UsageError(`${error.message}; is the cluster running?`);
  if (error instanceof ApiError)
    return new UsageError(`the cluster refuses: ${error.message}; use a kubeconfig that may`);
  const { code, port, path } = (error ?? {}) as { code?: unknown; port?: unknown; path?: unknown };
  if (code === "EADDRINUSE")
    return new UsageError(`port ${String(port)} is taken; choose another with --port, or 0 for any`);
  if (code === "EACCES" && port !== undefined)
    return new UsageError(`port ${String(port)} is not allowed here; choose one above 1023`);
  if (typeof code === "string" && path !== undefined)
    return new UsageError(`${String(path)} cannot be used (${code}); name another file`);
  return null;
}
