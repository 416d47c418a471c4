import { record, text } from "../../calico/reading.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { getObject, listAll } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { followWatch } from "../../kube/watch.ts";
import type { WatchEvent } from "../../kube/watch-event.ts";
import { until } from "./until.ts";

/** What marks a change by kubectl: its number. Each is another text, so each is a change. */
export const markKey = "poolboard.test/round";

export interface Contest {
  /** Where two servers of ours answer, and the bearer token of both. */
  readonly servers: readonly [string, string];
  readonly token: string;
  /** To the API server, to look on. */
  readonly direct: ClusterConnection;
  readonly pools: ResourceRef;
  readonly pool: string;
  readonly rounds: number;
  /** Sets `spec.disabled` and the mark, without asking what is there. */
  kubectl(disabled: boolean, mark: string): Promise<void>;
}

/** One click on one of our servers. */
interface Click {
  readonly server: number;
  readonly disabled: boolean;
  /** The version that the person saw. */
  readonly seen: string;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Version {
  readonly revision: string;
  readonly disabled: boolean;
  readonly mark: string;
  /** Counts changes of the spec alone; null where the server does not say. */
  readonly generation: number | null;
}

export interface ContestResult {
  /** What is not as it must be, in words; empty when all is well. */
  readonly wrong: readonly string[];
  readonly accepted: number;
  readonly refused: number;
  readonly byKubectl: number;
}

/**
 * Two of our servers and kubectl turn one pool on and off at the same time, each after what it sees. Afterwards every version
 * that the pool ever had is explained by exactly one of them.
 */
export async function contend(contest: Contest): Promise<ContestResult> {
  const { direct, pools, pool, rounds, kubectl } = contest;
  const { items, resourceVersion } = await listAll(direct, pools);
  const history = items.filter((raw) => record(record(raw).metadata).name === pool).map(versionOf);
  const looking = new AbortController();
  let isWatching = true;
  const watched = lookOn(contest, resourceVersion, history, looking.signal).finally(() => {
    isWatching = false;
  });
  const clicks: Click[] = [];
  const marks = new Map<string, boolean>();
  for (let round = 0; round < rounds; round += 1) {
    const mark = String(round);
    const disabled = round % 2 === 0;
    marks.set(mark, disabled);
    const done = await Promise.all([click(contest, 0), click(contest, 1), kubectl(disabled, mark)]);
    clicks.push(done[0], done[1]);
  }
  const last = versionOf(await getObject(direct, { resource: pools, name: pool })).revision;
  await until(() => !isWatching || history.at(-1)?.revision === last);
  looking.abort();
  await watched;
  return judge(history, clicks, marks);
}

/** Looks at the pool as the page does, and clicks on its switch. */
async function click({ servers, token, pool }: Contest, server: 0 | 1): Promise<Click> {
  const url = `${servers[server]}/api/v1/pools/${pool}`;
  const authorization = `Bearer ${token}`;
  const seen = record(await (await fetch(url, { headers: { authorization } })).json());
  const disabled = seen["disabled"] !== true;
  const answer = await fetch(url, {
    method: "PATCH",
    headers: {
      authorization,
      origin: servers[server],
      "content-type": "application/json",
      "x-requested-by": "poolboard",
    },
    body: JSON.stringify({ uid: seen["uid"], resourceVersion: seen["resourceVersion"], disabled }),
  });
  const body = record(await answer.json());
  return { server, disabled, seen: String(seen["resourceVersion"]), status: answer.status, body };
}

async function lookOn(
  { direct, pools, pool }: Contest,
  resourceVersion: string,
  history: Version[],
  signal: AbortSignal,
): Promise<void> {
  const sink = {
    opened() {},
    heard() {},
    event(event: WatchEvent) {
      if (event.type === "ERROR") throw event.error ?? new Error("the watch ended with an error");
      if (!("raw" in event) || event.identity.key !== pool) return;
      history.push(versionOf(event.raw));
    },
  };
  const watch = { resource: pools, resourceVersion, timeoutSeconds: 3_600, kind: "IPPool", signal };
  try {
    await followWatch(direct, watch, sink);
  } catch (error) {
    if (!signal.aborted) throw error;
    return;
  }
  throw new Error("the watch ended before the contest did");
}

function versionOf(raw: unknown): Version {
  const { metadata, spec } = record(raw);
  const { resourceVersion, annotations, generation } = record(metadata);
  return {
    revision: text(resourceVersion) ?? "",
    disabled: record(spec).disabled === true,
    mark: text(record(annotations)[markKey]) ?? "",
    generation: typeof generation === "number" ? generation : null,
  };
}

function judge(
  history: readonly Version[],
  clicks: readonly Click[],
  marks: ReadonlyMap<string, boolean>,
): ContestResult {
  const wrong: string[] = [];
  const accepted = clicks.filter(wasWritten);
  const unexplained = new Set(accepted);
  let byKubectl = 0;
  for (const [at, version] of history.entries()) {
    const before = history[at - 1];
    if (before === undefined) continue;
    const said = `${before.revision} → ${version.revision} (disabled: ${version.disabled})`;
    if (version.mark !== before.mark) {
      byKubectl += 1;
      if (marks.get(version.mark) !== version.disabled)
        wrong.push(`${said}: kubectl asked for something else`);
      continue;
    }
    // Calico's pool controller has its say after every change, on the status and the finalizers.
    if (version.generation !== null && version.generation === before.generation) continue;
    const causes = accepted.filter(({ seen }) => seen === before.revision);
    const [cause] = causes;
    if (causes.length !== 1 || cause === undefined) {
      wrong.push(`${said}: ${causes.length} accepted clicks`);
      continue;
    }
    if (cause.disabled !== version.disabled) wrong.push(`${said}: asked was ${cause.disabled}`);
    unexplained.delete(cause);
  }
  for (const { seen, status } of unexplained)
    wrong.push(`accepted (${status}) on ${seen}, and nothing was written`);
  const refused = clicks.filter((one) => !wasWritten(one));
  for (const one of refused) {
    const problem = whyUnexplained(one);
    if (problem !== null) wrong.push(problem);
  }
  if (byKubectl !== marks.size)
    wrong.push(`kubectl wrote ${marks.size} times and ${byKubectl} are in the history`);
  return { wrong, accepted: accepted.length, refused: refused.length, byKubectl };
}

/** Somebody may have changed it back before it was read again: then the answer says that too. */
function wasWritten({ status, body }: Click): boolean {
  return status === 200 || (status === 409 && /was written, and something else/.test(String(body["detail"])));
}

/** A refusal says that somebody was faster, and what stands there now; null when it does. */
function whyUnexplained({ status, body, seen }: Click): string | null {
  const current = record(body["current"]);
  const isExplained =
    status === 409 &&
    body["code"] === "conflict" &&
    typeof body["detail"] === "string" &&
    typeof current["disabled"] === "boolean" &&
    current["resourceVersion"] !== seen;
  return isExplained
    ? null
    : `refused on ${seen} without a reason: ${status} ${JSON.stringify(body).slice(0, 300)}`;
}
