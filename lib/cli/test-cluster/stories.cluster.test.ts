import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../kube/clock.ts";
import { type ClusterConnection, openCluster } from "../../kube/connection.ts";
import { Comparison } from "../../recordings/compare.ts";
import { startNodeAgents } from "../../sim/agents/run.ts";
import { sharedInformers } from "../../sim/controllers/informer.ts";
import { storedIn } from "../../sim/storage-mode.ts";
import { HttpReplay } from "../../sim/testing/http-replay.ts";
import { currentRun, runLabel } from "./run.ts";
import { readStory, stories, storyCidrs } from "./stories.ts";
import { putNodesAside, sweep } from "./sweep.ts";

/** They hold objects that the schema of v3.33 refuses: a selected pool that is for tunnels too, a bare address as a CIDR. */
const refusedByNewSchema: readonly string[] = ["exhausted", "pools-order", "reserved"];

const run = currentRun();
const mode = storedIn(run.mode);
const ledger = { id: run.id, cidrs: storyCidrs(), kubelets: run.kubelets };
/** The agents' own clock: a story's waits are turns of it, and nobody waits. */
let offset = 0;
const clock = { now: () => Date.now() + offset, after: systemClock.after };

describe("a recorded story, played through the API server by our node agents, ends in Calico's own objects", () => {
  let connection: ClusterConnection;
  beforeAll(async () => {
    connection = await openCluster({ kubeconfig: process.env["KUBECONFIG"] ?? "" }, { clock });
  });
  afterAll(() => connection.close());

  test.for(stories)("%s", async (name, { skip }) => {
    currentRun();
    const recording = readStory(name);
    const needsCooldown = recording.mode === "crd-v1-next" && !run.coolsDown;
    const isRefused = refusedByNewSchema.includes(name) && run.coolsDown;
    const why =
      run.noStories ??
      (needsCooldown
        ? "the story `limits` needs a schema with ipCooldownSeconds, which that of v3.32 lacks"
        : null) ??
      (isRefused
        ? "the schema of v3.33 refuses objects of the stories exhausted, pools-order and reserved"
        : null);
    if (why !== null) skip(why);
    offset = 0;
    const result = new Comparison();
    await putNodesAside(connection);
    const agents = startNodeAgents(connection, sharedInformers(connection), { mode, retryMs: 3_600_000 });
    try {
      await agents.ready;
      const replay = await HttpReplay.start(connection, result, (milliseconds) => (offset += milliseconds), {
        mode,
        labels: { [runLabel]: run.id },
      });
      try {
        for (const [at, step] of recording.steps.entries())
          await replay.play(step, `${name} step ${at} ${step.op}`);
      } finally {
        await replay.stop();
      }
    } finally {
      await agents.stop();
      await sweep(connection, run.mode, ledger, { kubelets: false, close: false });
    }
    expect(result.differences.slice(0, 5).join("\n")).toBe("");
    expect(result.compared).toBeGreaterThan(100);
  });
});
