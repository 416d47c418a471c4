import { hasPoolController } from "../../calico/dialect.ts";
import type { WriteQuery } from "../../contract/common.ts";
import type { PoolDelete, PoolDeleteResult } from "../../contract/pools.ts";
import { apiModeOf } from "../../inventory/calico-resource.ts";
import { isGuarded, type PoolRow } from "../../inventory/pool-row.ts";
import { describeAttribute } from "../../ipam/attribute-kind.ts";
import { addressAt, cidrContains } from "../../ipam/cidr.ts";
import { requireRelease } from "../permission.ts";
import { invalidFields, ProblemError } from "../problem.ts";
import { poolFields } from "../activity/pool-fields.ts";
import { poolBaseline } from "../activity/pool-watches.ts";
import type { Call } from "../respond.ts";
import { checkOwner, checkSeen, freshPool, freshPools, poolAttempt, writeFailed } from "./fresh-pool.ts";
import { kubeProblem } from "./kube-problem.ts";
import { DeleteRun } from "./pool-delete-run.ts";
import { type Deletion, procedureFor } from "./pool-delete-steps.ts";
import { type PoolBlocks, type PoolRange, readPoolBlocks } from "./release-affinities.ts";

type DeleteCall = Call<{ name: string }, WriteQuery, PoolDelete>;

/**
 * Deletes a pool so that none of its blocks is left behind; what has to be done for that depends on how the cluster serves pools.
 * Before anything is written it must be the pool and version that the person saw, its name typed, not the operator's, and no
 * address of it in use, unless Calico's pool controller holds it until none is; otherwise ProblemError 404, 409 `conflict`, `managed` or `in-use`, 422. From then on the steps tell
 * what was done and where it ended.
 */
export async function deletePool(call: DeleteCall): Promise<PoolDeleteResult> {
  const { params, query, body, inventory, connection, audit } = call;
  const { name } = params;
  const dryRun = query.dryRun === "true";
  Object.assign(audit, {
    kind: "IPPool",
    name,
    uid: body.uid,
    resourceVersionBefore: body.resourceVersion,
    dryRun,
  });

  if (body.confirm !== name)
    throw invalidFields([{ field: "confirm", message: `must be the pool's name, ${name}` }]);
  const row = await freshPool(inventory, connection, name);
  audit.from = poolFields(row.pool);
  checkSeen(inventory, row, body);
  checkOwner(row, body.overrideOwner);
  // Calico's pool controller lets nobody lose an address: it holds the pool until the last is given back.
  const isHeld = hasPoolController(apiModeOf(inventory)) && isGuarded(row);
  const range = await rangeOf(call, row, isHeld);
  const blocks = await readPoolBlocks(connection, range).catch((error: unknown) => {
    throw kubeProblem(error, { ...poolAttempt(inventory, "list", name), what: "list of blocks" });
  });
  const held = heldAddresses(row, blocks);
  if (!isHeld) checkUnused(row, blocks);
  if (!isHeld && hasPoolController(range.mode)) await requireRelease(connection, range.mode);

  const run = new DeleteRun(dryRun);
  await run.step("check", async () =>
    held === ""
      ? `No address of ${name} is in use.`
      : `Addresses are in use: ${held}. The pool stays at Terminating until they are given back.`,
  );
  const deletion: Deletion = {
    inventory,
    connection,
    row,
    range,
    blocks,
    checkUnused: (now) => checkUnused(row, now),
  };
  if (!dryRun) audit.baseline = poolBaseline(row.pool.name, row.pool);
  await procedureFor(deletion)(run, deletion);

  // As long as nothing was written the refusal is an ordinary one.
  if (run.failure && !run.wrote) {
    throw await writeFailed(run.failure, inventory, connection, poolAttempt(inventory, "delete", name), name);
  }
  if (run.failure) {
    audit.outcome = run.steps.some(({ outcome }) => outcome === "unknown") ? "unknown" : "failed";
  }
  return { terminating: run.terminating, steps: run.steps };
}

/** Where Calico lets overlapping pools be, we leave the blocks under another pool to that one; its controller waits for them all. */
async function rangeOf(
  { inventory, connection }: DeleteCall,
  { name, pool }: PoolRow,
  isHeld: boolean,
): Promise<PoolRange> {
  const mode = apiModeOf(inventory);
  if (isHeld || !hasPoolController(mode)) return { mode, cidr: pool.cidr, others: [] };
  const pools = await freshPools(inventory, connection);
  const others = pools.filter((other) => other.name !== name && !other.deleting);
  return { mode, cidr: pool.cidr, others: others.map(({ cidr }) => cidr) };
}

/** One and many; what has no plural is said the same of both. */
const heldWords: Readonly<Record<string, readonly [string, string]>> = {
  pod: ["pod", "pods"],
  tunnel: ["tunnel", "tunnels"],
  loadBalancer: ["LoadBalancer Service", "LoadBalancer Services"],
  vm: ["virtual machine", "virtual machines"],
  windows: ["kept by Windows", "kept by Windows"],
};

/** "12 pods, 1 tunnel"; empty when none is in use. */
function heldAddresses({ pool }: PoolRow, { blocks }: PoolBlocks): string {
  const counts = new Map<string, number>();
  for (const block of blocks) {
    block.allocations.forEach((index, ordinal) => {
      if (index === null || !cidrContains(pool.cidr, addressAt(block.cidr, ordinal))) return;
      const attribute = block.attributes[index];
      const kind = attribute ? (describeAttribute(attribute).kind ?? "cooling") : "other";
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    });
  }
  return [...counts]
    .map(([kind, count]) => `${count} ${heldWords[kind]?.[count === 1 ? 0 : 1] ?? kind}`)
    .join(", ");
}

/** Throws ProblemError `in-use` when anything but empty blocks lies in the pool. */
function checkUnused(row: PoolRow, blocks: PoolBlocks): void {
  const held = heldAddresses(row, blocks);
  if (held !== "") {
    const detail = `Addresses of ${row.name} are still in use: ${held}. Disable it, and let what uses them go first.`;
    throw new ProblemError("in-use", detail);
  }
  const first = blocks.odd[0];
  if (first) throw new ProblemError("in-use", `The block ${first.name} cannot be judged: ${first.oddity}.`);
}
