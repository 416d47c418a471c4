import type { WriteQuery } from "../../contract/common.ts";
import type { PoolDelete, PoolDeleteResult } from "../../contract/pools.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import { describeAttribute } from "../../ipam/attribute-kind.ts";
import { addressAt, cidrContains } from "../../ipam/cidr.ts";
import { mergePatch, removeObject } from "../../kube/objects.ts";
import { get } from "../../kube/request.ts";
import { invalidFields, ProblemError } from "../problem.ts";
import type { Call } from "../respond.ts";
import { caughtUp, checkOwner, checkSeen, freshPool, poolAttempt, writeFailed } from "./fresh-pool.ts";
import { kubeProblem } from "./kube-problem.ts";
import { type PoolBlocks, readPoolBlocks, releasePoolAffinities } from "./release-affinities.ts";
import { poolResource } from "./resources.ts";

type DeleteCall = Call<{ name: string }, WriteQuery, PoolDelete>;
type Step = PoolDeleteResult["steps"][number];

/** Calico waits as long between disabling a pool and taking its blocks back, so that no block is claimed meanwhile. */
const WAIT_MS = 500;

/**
 * Deletes a pool in Calico's own order: disable, wait, release the claims on its blocks, delete the object.
 * Before anything is written it must be the pool and version that the person saw, its name typed, not the operator's, and
 * no address of it in use; otherwise ProblemError 404, 409 `conflict`, `managed` or `in-use`, 422. From then on the steps tell
 * what was done and where it ended.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/ippool.go Delete
 */
export async function deletePool(call: DeleteCall): Promise<PoolDeleteResult> {
  const { params, query, body, inventory, config, audit } = call;
  const { name } = params;
  const { connection } = config;
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
  checkSeen(inventory, row, body);
  checkOwner(row);
  const blocks = await readBlocks(call, row);
  checkUnused(row, blocks);

  const run = new Run(dryRun);
  let revision = row.revision;
  await run.step("check", async () => `No address of ${name} is in use.`);
  await run.step("disable", async () => {
    if (row.pool.disabled) return "It is disabled already.";
    if (dryRun) return "It will be disabled, so that no more addresses are given out.";
    const patch = { metadata: { uid: row.uid, resourceVersion: revision }, spec: { disabled: true } };
    const answer = await mergePatch(connection, { resource: poolResource, name }, patch);
    revision = String(get(get(answer, "metadata"), "resourceVersion"));
    run.wrote = true;
    return "No more addresses are given out.";
  });
  await run.step("wait", async () => {
    if (!dryRun) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    return `${WAIT_MS} ms, so that requests under way see that it is disabled.`;
  });
  await run.step("releaseAffinities", async () => {
    if (dryRun) return `${blocks.blocks.length} empty blocks will be deleted.`;
    const now = await readPoolBlocks(connection, row.pool.cidr);
    checkUnused(row, now);
    run.wrote ||= now.blocks.length > 0;
    const released = await releasePoolAffinities(connection, row.pool.cidr);
    return `${released} empty blocks were deleted.`;
  });
  await run.step("delete", async () => {
    const ref = { resource: poolResource, name };
    const answer = await removeObject(connection, ref, { uid: row.uid, resourceVersion: revision, dryRun });
    if (dryRun) return "The pool will be deleted.";
    run.wrote = true;
    if (get(get(answer, "metadata"), "deletionTimestamp") !== undefined)
      return "It goes once its finalizers let it.";
    await caughtUp(() => isGone(inventory, row), "gone");
    return "The pool is deleted.";
  });

  // As long as nothing was written the refusal is an ordinary one.
  if (run.failure && !run.wrote) {
    throw await writeFailed(run.failure, inventory, connection, poolAttempt("delete", name), name);
  }
  if (run.failure) audit.outcome = "incomplete";
  return { steps: run.steps };
}

function isGone(inventory: Inventory, row: PoolRow): "gone" | null {
  return inventory.space.pools.get("", row.name)?.uid === row.uid ? null : "gone";
}

async function readBlocks({ config }: DeleteCall, { pool }: PoolRow): Promise<PoolBlocks> {
  return readPoolBlocks(config.connection, pool.cidr).catch((error: unknown) => {
    throw kubeProblem(error, { ...poolAttempt("list", pool.name), what: "list of blocks" });
  });
}

/** Throws ProblemError `in-use` when anything but empty blocks lies in the pool. */
function checkUnused({ name, pool }: PoolRow, { blocks, odd }: PoolBlocks): void {
  const counts = new Map<string, number>();
  for (const block of blocks) {
    block.allocations.forEach((index, ordinal) => {
      if (index === null || !cidrContains(pool.cidr, addressAt(block.cidr, ordinal))) return;
      const attribute = block.attributes[index];
      const kind = attribute ? (describeAttribute(attribute).kind ?? "cooling") : "other";
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    });
  }
  const held = [...counts].map(([kind, count]) => `${count} ${kind}`);
  if (held.length > 0) {
    const detail = `Addresses of ${name} are still in use: ${held.join(", ")}. Disable it, and let what uses them go first.`;
    throw new ProblemError("in-use", detail);
  }
  const first = odd[0];
  if (first) throw new ProblemError("in-use", `The block ${first.name} cannot be judged: ${first.oddity}.`);
}

/** The steps in their order. After one that failed, the others are told as skipped. */
class Run {
  readonly steps: Step[] = [];
  readonly #dryRun: boolean;
  failure: unknown = null;
  /** Something in the cluster has changed. */
  wrote = false;

  constructor(dryRun: boolean) {
    this.#dryRun = dryRun;
  }

  async step(name: Step["name"], work: () => Promise<string>): Promise<void> {
    if (this.failure) {
      this.steps.push({
        name,
        outcome: "skipped",
        detail: "Not tried, because the step before did not succeed.",
      });
      return;
    }
    try {
      const detail = await work();
      this.steps.push({ name, outcome: this.#dryRun && name !== "check" ? "planned" : "done", detail });
    } catch (error) {
      this.failure = error;
      const problem = kubeProblem(error, poolAttempt("delete", ""));
      const unknown = problem instanceof ProblemError && problem.code === "outcome-unknown";
      const detail = error instanceof Error ? error.message : "it failed";
      this.steps.push({ name, outcome: unknown ? "unknown" : "failed", detail });
      this.wrote ||= unknown;
    }
  }
}
