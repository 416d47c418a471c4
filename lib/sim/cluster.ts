import { randomUUID } from "node:crypto";
import type { ApiMode } from "../calico/dialect.ts";
import { type Clock, sleep, systemClock } from "../kube/clock.ts";
import { openCluster } from "../kube/connection.ts";
import { silentLog, type KubeLog } from "../kube/log.ts";
import { type AgentOptions, startNodeAgents } from "./agents/run.ts";
import { admin, type Policy, type User } from "./api/access.ts";
import { type ApiServer, startApiServer } from "./api/server.ts";
import { sharedInformers } from "./controllers/informer.ts";
import { startPoolController } from "./controllers/pool-controller.ts";
import { Churn, type ChurnRates } from "./churn/churn.ts";
import { type Running, startControllers } from "./controllers/run.ts";
import { kubeconfigText } from "./kubeconfig-file.ts";
import { type JsonObject, objectAt, textAt } from "./store/json.ts";
import { startOperator } from "./operator/operator.ts";
import { findScenario, type Scenario } from "./scenarios/registry.ts";
import { storedIn } from "./storage-mode.ts";

export interface EmbeddedClusterOptions {
  /** Default "tutorial"; see scenarios/registry.ts. */
  readonly scenario?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Keeps the cluster across restarts; a file that holds one is taken as it is, without the scenario's objects. */
  readonly data?: string;
  /** How Calico's kinds are served; the scenario's own mode unless said. */
  readonly apiMode?: ApiMode;
  /** Default v3.32.1. */
  readonly calicoVersion?: string;
  /** Milliseconds since 1970 from which the scenario counts its ages back; now unless said. */
  readonly now?: number;
  /** Size of the scenario `large`; 5,000 unless said. */
  readonly nodes?: number;
  /**
   * False: nothing happens by itself, also in a scenario that is alive. Rates: pods are replaced so fast, and nobody else is at
   * work; what is older than 15 s is forgotten.
   */
  readonly churn?: boolean | ChurnRates;
  /** False: the API server and its objects, with neither controllers nor node agents. */
  readonly controllers?: boolean;
  readonly agents?: AgentOptions;
  /** Moved by hand in tests. */
  readonly clock?: Clock;
  readonly log?: KubeLog;
}

export interface EmbeddedCluster {
  readonly api: ApiServer;
  /** For whoever uses the cluster, as the text of a file. */
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
}

/** What the controllers and agents call themselves; a scenario's limits are for everybody else. */
const ownToken = "embedded-controllers";
const viewer: User = { name: "poolboard-viewer", groups: ["system:authenticated"] };

/**
 * Starts the embedded cluster: API server, scenario, controllers and node agents. Resolves when all of them have read the
 * cluster and work on it.
 * @throws RangeError for an unknown scenario or version; ChurnError where it has no pods to replace; JournalError, or Node's error for a taken port
 */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
  const {
    scenario: name = "tutorial",
    calicoVersion = "v3.32.1",
    clock = systemClock,
    log = silentLog,
  } = options;
  const scenario = findScenario(name);
  if (scenario === null) throw new RangeError(`there is no scenario "${name}"`);
  const apiMode = options.apiMode ?? scenario.apiMode ?? "crd-v1";
  const closing = new AbortController();
  const api = await startApiServer({
    calicoVersion,
    apiMode,
    clock: () => clock.now(),
    pause: (milliseconds) => sleep(clock, milliseconds, closing.signal),
    ...limits(scenario),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.data === undefined ? {} : { data: options.data }),
  });
  const mode = storedIn(api.apiMode);
  // A scenario's objects are JSON by construction: texts, numbers, bigints, lists and plain objects.
  if (!api.restored) {
    const made = scenario.objects({
      now: options.now ?? clock.now(),
      calicoVersion,
      mode,
      ...(options.nodes === undefined ? {} : { nodes: options.nodes }),
    });
    api.seed(ownCluster(made as Iterable<JsonObject>));
  }
  const connection = await openCluster({ server: api.url, token: ownToken }, { log, clock });
  const shared = sharedInformers(connection);
  const steady = typeof options.churn === "object" ? new Churn(api.store, mode) : null;
  const running: Running[] =
    options.controllers === false || steady !== null
      ? []
      : [
          startControllers(connection, shared),
          startNodeAgents(connection, shared, { ...options.agents, mode }),
          ...(mode === "native-v3" ? [startPoolController(connection)] : []),
          ...(scenario.operator === true ? [startOperator(connection, mode)] : []),
        ];
  await Promise.all(running.map(({ ready }) => ready));
  if (typeof options.churn === "object") steady?.start(options.churn);
  const isAlive = options.churn !== false && steady === null;
  const churning = isAlive ? scenario.churn?.(connection, closing.signal) : undefined;
  return {
    api,
    kubeconfig: kubeconfigText(api.url, `embedded-${name}`),
    close: async () => {
      closing.abort();
      steady?.stop();
      const stopped = Promise.all([churning, ...running.map((each) => each.stop())]);
      // What is half done is finished, unless the API server does not answer any more.
      const done = new AbortController();
      await Promise.race([stopped, sleep(systemClock, 2_000, done.signal)]);
      done.abort();
      await connection.close();
      await api.close();
    },
  };
}

/** A scenario is made the same each time, but no two clusters are one: by the uid of this namespace programs tell them apart. */
function* ownCluster(objects: Iterable<JsonObject>): Generator<JsonObject> {
  for (const object of objects) {
    const metadata = objectAt(object, "metadata");
    const isIt = object["kind"] === "Namespace" && textAt(metadata, "name") === "kube-system";
    yield isIt ? { ...object, metadata: { ...metadata, uid: randomUUID() } } : object;
  }
}

function limits(scenario: Scenario): { tokens: Record<string, User>; policy?: Policy; anonymous?: User } {
  const tokens = { [ownToken]: admin };
  const may = scenario.viewerMay;
  if (may === undefined) return { tokens };
  return { tokens, anonymous: viewer, policy: (user, access) => user === admin || may(access) };
}
