import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiMode } from "../../calico/dialect.ts";
import { discover } from "../../inventory/discover.ts";
import { feedsOf } from "../../inventory/feeds.ts";
import { openCluster } from "../../kube/connection.ts";
import { objectPath } from "../../kube/paths.ts";
import { PROTOBUF } from "../../kube/protobuf.ts";
import { kubeconfigText } from "../../sim/kubeconfig-file.ts";
import type { BenchCase, BenchContext } from "./case.ts";
import { Child } from "./child.ts";
import { median, type Measurement } from "./measure.ts";
import type { ListRequest } from "./sync-replay.ts";
import type { SyncCost, SyncTask } from "./sync-subject.ts";

const PAGE = 500;

type Encoding = "json" | "protobuf";

export const syncCase: BenchCase = {
  name: "sync",
  summary:
    "cold cache: every list of the cluster, beside a typed client that keeps its objects and a drain of the bytes",
  run: measureSync,
};

async function measureSync(context: BenchContext): Promise<Measurement[]> {
  const door = await (await context.cluster()).door();
  const connection = await openCluster({ kubeconfig: door.kubeconfig });
  const mode = (await discover(connection)).apiMode;
  await connection.close();
  if (mode === null) throw new Error("the cluster does not serve Calico's kinds");
  const folder = await mkdtemp(join(tmpdir(), "poolboard-sync-"));
  const replay = new Child(join(import.meta.dirname, "sync-replay.ts"), [door.url]);
  try {
    context.tell("recording the pages of every list");
    await recordAll(replay, mode);
    return await compare(context, await Subjects.of(replay, folder, mode));
  } finally {
    await replay.end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** In both encodings; the typed client asks for the same pages. */
async function recordAll(replay: Child, mode: ApiMode): Promise<void> {
  for (const [, { resource, fieldSelector, pageSize = PAGE }] of feedsOf(mode)) {
    const list: ListRequest = { path: objectPath({ resource }), fieldSelector, limit: pageSize };
    await replay.ask({ what: "record", list, encoding: "json" });
    await replay.ask({ what: "record", list, encoding: "protobuf" });
  }
}

/** Starts a process for each run, so that nobody inherits anybody's heap. */
class Subjects {
  readonly hasProtobuf: boolean;
  readonly #replay: Child;
  readonly #mode: ApiMode;
  readonly #ports: Readonly<Record<Encoding, number>>;
  readonly #lists: Readonly<Record<Encoding, readonly string[]>>;
  readonly #kubeconfigs: Readonly<Record<Encoding, string>>;

  private constructor(
    replay: Child,
    mode: ApiMode,
    parts: {
      ports: Record<Encoding, number>;
      lists: Record<Encoding, string[]>;
      types: string[];
      kubeconfigs: Record<Encoding, string>;
    },
  ) {
    this.#replay = replay;
    this.#mode = mode;
    this.#ports = parts.ports;
    this.#lists = parts.lists;
    this.#kubeconfigs = parts.kubeconfigs;
    this.hasProtobuf = parts.types.some((type) => type.startsWith(PROTOBUF));
  }

  static async of(replay: Child, folder: string, mode: ApiMode): Promise<Subjects> {
    const ports = await replay.ask<Record<Encoding, number>>({ what: "ports" });
    const lists = await replay.ask<Record<Encoding, string[]>>({ what: "lists" });
    const types = await replay.ask<string[]>({ what: "types" });
    const kubeconfigs = { json: join(folder, "json"), protobuf: join(folder, "protobuf") };
    for (const encoding of ["json", "protobuf"] as const)
      await writeFile(kubeconfigs[encoding], kubeconfigText(`http://127.0.0.1:${ports[encoding]}`, "replay"));
    return new Subjects(replay, mode, { ports, lists, types, kubeconfigs });
  }

  async run(as: SyncTask["as"], encoding: Encoding): Promise<SyncCost & { requests: number; bytes: number }> {
    const task: SyncTask = {
      as,
      mode: this.#mode,
      kubeconfig: this.#kubeconfigs[encoding],
      url: `http://127.0.0.1:${this.#ports[encoding]}`,
      lists: as === "drain" ? this.#byKind(encoding) : [],
      accept: encoding === "json" ? "application/json" : `${PROTOBUF}, application/json`,
    };
    await this.#replay.ask({ what: "counts" });
    const child = new Child(join(import.meta.dirname, "sync-subject.ts"), [JSON.stringify(task)]);
    const cost = JSON.parse(await child.output()) as SyncCost;
    return { ...cost, ...(await this.#replay.ask<{ requests: number; bytes: number }>({ what: "counts" })) };
  }

  /** Pages of one list come one after the other. */
  #byKind(encoding: Encoding): string[][] {
    const pages = Map.groupBy(this.#lists[encoding], (url) => new URL(url, "http://localhost").pathname);
    return [...pages.values()];
  }
}

type Run = SyncCost & { requests: number; bytes: number };

async function compare({ runs, short, tell }: BenchContext, subjects: Subjects): Promise<Measurement[]> {
  const ours: Encoding[] = subjects.hasProtobuf ? ["protobuf", "json"] : ["json"];
  const poolboard: Record<Encoding, Run[]> = { protobuf: [], json: [] };
  const drain: Record<Encoding, Run[]> = { protobuf: [], json: [] };
  const typed: Run[] = [];
  const idle: Run[] = [];
  for (let run = 1; run <= runs; run += 1) {
    tell(`cold cache, run ${run} of ${runs}`);
    for (const encoding of ours) {
      poolboard[encoding].push(await subjects.run("poolboard", encoding));
      drain[encoding].push(await subjects.run("drain", encoding));
    }
    typed.push(await subjects.run("typed", "json"));
    idle.push(await subjects.run("idle", "json"));
  }
  const known = [...poolboard.json, ...typed].map(({ objects }) => objects);
  if (new Set(known).size > 1)
    throw new Error(`the clients do not know the same: ${known.join(", ")} objects`);
  return [
    ...ours.flatMap((encoding) => costs(encoding, poolboard[encoding], drain[encoding], typed, short)),
    figure("longest stall of an idle process", idle, ({ longestStallMs }) => longestStallMs, "ms"),
  ];
}

/** The ratios are meant for 150,000 pods: with a tenth of them half of the time is spent on code that is not warm yet. */
function costs(
  encoding: Encoding,
  ours: readonly Run[],
  drain: readonly Run[],
  typed: readonly Run[],
  short: boolean,
) {
  const name = encoding === "json" ? "JSON only" : "protobuf";
  const targets: Partial<Record<"typed" | "drain" | "stall", Measurement["target"]>> = short
    ? { stall: { value: 50 } }
    : encoding === "json"
      ? { typed: { ratio: 1 / 4 }, stall: { value: 50 } }
      : { typed: { ratio: 1 / 20 }, drain: { ratio: 3 }, stall: { ratio: 1 / 20, value: 50 } };
  const against = (peer: string, runs: readonly Run[], pick: (run: Run) => number) => ({
    against: median(runs.map(pick)),
    peer,
  });
  const ms = (run: Run) => run.ms;
  const stall = (run: Run) => run.longestStallMs;
  const rss = (run: Run) => run.peakRssBytes;
  return [
    { ...figure(`cold cache, ${name}`, ours, ms, "ms", targets.typed), ...against("typed", typed, ms) },
    { ...figure(`cold cache, ${name}`, ours, ms, "ms", targets.drain), ...against("drain", drain, ms) },
    {
      ...figure(`longest stall, ${name}`, ours, stall, "ms", targets.stall),
      ...against("typed", typed, stall),
    },
    { ...figure(`peak RSS without Next, ${name}`, ours, rss, "bytes"), ...against("typed", typed, rss) },
    figure(`requests for it, ${name}`, ours, ({ requests }) => requests, "count"),
    {
      ...figure(`bytes for it, ${name}`, ours, ({ bytes }) => bytes, "bytes"),
      ...against("typed", typed, ({ bytes }) => bytes),
    },
  ] satisfies Measurement[];
}

function figure(
  name: string,
  runs: readonly Run[],
  pick: (run: Run) => number,
  unit: Measurement["unit"],
  target?: Measurement["target"],
): Measurement {
  return { name, value: median(runs.map(pick)), against: null, unit, ...(target ? { target } : {}) };
}
