import type { Inventory } from "../inventory/inventory.ts";
import { KindStates } from "../inventory/kind-states.ts";
import { type Kind, kinds } from "../inventory/kinds.ts";
import { PodBook } from "../inventory/pod-book.ts";
import { currentInventory } from "../inventory/registry.ts";
import { shareInventory, type SharedInventory } from "../inventory/share.ts";
import { Slices } from "../inventory/slices.ts";
import type { AccessQuestion } from "../kube/access-review.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import type { ServerConfig } from "./config.ts";
import type { Caller } from "./identity/caller.ts";
import { Recent } from "../inventory/recent.ts";
import { identify } from "./identity.ts";
import { reviewerOf } from "./permission.ts";
import { ProblemError } from "./problem.ts";
import { shared } from "./shared.ts";
import { SinceTold } from "./since-told.ts";

/** What everybody has read is shown to one person only as far as the API server lets them list it. */

/** Different sets of kinds that people may not list, at one time; one is a copy of all the rest. */
const MOST_SHARES = 6;

const shares = () => shared("sightShares", () => new WeakMap<Inventory, Recent<SharedInventory>>());

/** Do people come under their own names? Then the server's own right to read says nothing about theirs. */
function isReviewed({ identity }: Caller): boolean {
  return identity.how === "oidc" || identity.how === "proxy";
}

/**
 * The inventory as the caller may see it: the whole one where nobody logs in under a name and for those who may list everything;
 * else one without the kinds that they may not. Throws ProblemError 502 when the API server could not be asked.
 */
export async function sightOf(caller: Caller, inventory: Inventory): Promise<Inventory> {
  if (!isReviewed(caller)) return inventory;
  const sources = kinds.flatMap((kind) => inventory.states.source(kind) ?? []);
  // Nothing has been read: there is nothing to keep from anybody.
  if (sources.length === 0) return inventory;
  const allowed = await Promise.all(kinds.map((kind) => mayList(caller.connection, inventory, kind)));
  const withheld = kinds.filter((_kind, index) => !allowed[index]);
  if (withheld.length === 0) return inventory;
  const share = shareWithout(inventory, withheld);
  await share.filled;
  return share.inventory;
}

/**
 * For streams. Throws ProblemError 503 until everything is being read whose listing is reviewed: of what comes later, nobody
 * would have asked whether the caller may see it.
 */
export function requireSettledSight(caller: Caller, { states }: Inventory): void {
  if (!isReviewed(caller) || kinds.every((kind) => states.source(kind) !== undefined)) return;
  throw new ProblemError("starting", "What you may see is not known before the cluster is being read.", {
    headers: { "Retry-After": "1" },
  });
}

/** Would the request be let in now, and be shown the same inventory? What cannot be asked counts as no. */
export async function isSeen(request: Request, config: ServerConfig, sight: Inventory): Promise<boolean> {
  try {
    const inventory = currentInventory();
    return inventory !== null && (await sightOf(await identify(request, config), inventory)) === sight;
  } catch {
    return false;
  }
}

async function mayList(
  connection: ClusterConnection,
  { states }: Inventory,
  kind: Kind,
  namespace?: string,
): Promise<boolean> {
  const source = states.source(kind);
  if (!source) return false;
  return isAllowed(connection, {
    verb: "list",
    resource: source.resource,
    ...(namespace === undefined ? {} : { namespace }),
  });
}

async function isAllowed(connection: ClusterConnection, question: AccessQuestion): Promise<boolean> {
  const { allowed, known, reason } = await reviewerOf(connection).ask(question);
  if (known) return allowed;
  if (reason !== null) refuseSpeaking(reason);
  throw new ProblemError("upstream", `What you may see could not be asked: ${reason ?? "no answer"}.`);
}

/**
 * Throws 403 where the API server's words say that we may not speak for this person, or not as a member of that group.
 * Source: kubernetes apiserver pkg/endpoints/filters/impersonation.go
 */
function refuseSpeaking(reason: string): void {
  const found = /\b(users|groups) ("(?:[^"\\]|\\.)*") is forbidden: .* cannot impersonate resource/.exec(
    reason,
  );
  if (!found) return;
  const [, resource = "", quoted = ""] = found;
  const name = quoted.slice(1, -1).replaceAll(/\\(["\\])/g, "$1");
  const whom = resource === "users" ? `the person ${name}` : `members of the group ${name}`;
  throw new ProblemError(
    "forbidden",
    `The cluster does not let Poolboard speak for ${whom}. Whoever installed it adds ${name} to --${resource} of "npm run manifests".`,
    { permission: { verb: "impersonate", group: "", resource, name } },
  );
}

function shareWithout(inventory: Inventory, withheld: readonly Kind[]): SharedInventory {
  const known = shares().get(inventory) ?? new Recent<SharedInventory>(MOST_SHARES);
  shares().set(inventory, known);
  const key = withheld.join();
  const share = known.get(key);
  if (share) return share;
  const made = shareInventory(inventory, new Set(withheld));
  known.set(key, made)?.stop();
  return made;
}

/**
 * For the list of pods of one namespace: who may list them there but not everywhere sees those, and of the rest what `sight`
 * shows. It is true of that namespace only, so nothing else may be asked of it.
 */
export async function sightOfPods(
  caller: Caller,
  inventory: Inventory,
  sight: Inventory,
  namespace: string,
): Promise<Inventory> {
  if (sight === inventory || sight.states.knows("pods") || !inventory.states.knows("pods")) return sight;
  if (!(await mayList(caller.connection, inventory, "pods", namespace))) return sight;
  const mayListEvents = await mayList(caller.connection, inventory, "sandboxFailures", namespace);
  let copies = podCopies.get(sight);
  if (!copies) podCopies.set(sight, (copies = new SinceTold(inventory, MOST_COPIES)));
  return copies.ask(`${namespace} ${mayListEvents}`, null, () =>
    withPodsOf(namespace, inventory, sight, mayListEvents),
  );
}

/** Namespaces whose pods are copied, of one sight, until the next news. */
const MOST_COPIES = 4;
const podCopies = new WeakMap<Inventory, SinceTold<Inventory>>();

async function withPodsOf(
  namespace: string,
  inventory: Inventory,
  sight: Inventory,
  mayListEvents: boolean,
): Promise<Inventory> {
  const pods = new PodBook(sight.changes, sight.clock, sight.space, sight.interner);
  const slices = new Slices();
  for (const row of inventory.pods.table.group(namespace)) {
    pods.table.put(row);
    if (slices.isOver) await slices.next();
  }
  if (mayListEvents) pods.failureOf = (pod) => inventory.pods.failureOf(pod);
  const shown: readonly Kind[] = mayListEvents ? ["pods", "sandboxFailures"] : ["pods"];
  const withheld = kinds.filter((kind) => !sight.states.knows(kind) && !shown.includes(kind));
  const states = new KindStates(() => sight.clock.now(), inventory.states, new Set(withheld));
  return Object.create(sight, { pods: { value: pods }, states: { value: states } }) as Inventory;
}
