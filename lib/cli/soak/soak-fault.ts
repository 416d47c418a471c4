import { setTimeout as delay } from "node:timers/promises";
import type { ApiServer } from "../../sim/api/server.ts";
import type { SeededRandom } from "../../sim/scenarios/seeded-random.ts";

/**
 * What is lost by a fault, each with its own goal: watches while the server is well, an answer that never comes on a
 * connection that stays open, the server, or nothing but time.
 */
export type Loss = "watch" | "halfOpen" | "server" | "time";

export interface SoakFault {
  readonly name: string;
  readonly loss: Loss;
  /** Makes it happen on the API server; resolves when that is well again. */
  strike(api: ApiServer, random: SeededRandom): Promise<void>;
}

/** No fault of the API server's: as many viewers again come at once, look, and leave. */
export const viewerStorm = { name: "viewer storm", loss: "time" } as const;

const atOnce = (name: string, strike: (api: ApiServer) => void, loss: Loss = "watch"): SoakFault => ({
  name,
  loss,
  strike: async (api) => strike(api),
});

/** Every open watch ends, and so many of those that follow are refused. */
const refused = (code: number, times: number): SoakFault =>
  atOnce(`watches answered ${code}`, ({ faults, dropWatches }) => {
    faults.add({ kind: "status", verb: "watch", code, times });
    dropWatches();
  });

export const soakFaults: readonly SoakFault[] = [
  atOnce("watches dropped", ({ dropWatches }) => dropWatches()),
  atOnce("history gone", ({ compact, dropWatches }) => {
    compact();
    dropWatches();
  }),
  refused(410, 3),
  refused(429, 4),
  refused(500, 4),
  atOnce("watches reset", ({ faults, dropWatches }) => {
    faults.add({ kind: "reset", verb: "watch", times: 4 });
    dropWatches();
  }),
  atOnce(
    "slow lists",
    ({ faults, compact, dropWatches }) => {
      faults.add({ kind: "delay", verb: "list", milliseconds: 1_000, times: 6 });
      compact();
      dropWatches();
    },
    "server",
  ),
  atOnce(
    "a watch half-open",
    ({ faults, dropWatches }) => {
      faults.add({ kind: "half-open", verb: "watch", resource: "ipamblocks", times: 1 });
      dropWatches();
    },
    "halfOpen",
  ),
  {
    name: "slow answers",
    loss: "watch",
    async strike({ faults, dropWatches }) {
      faults.add({ kind: "delay", milliseconds: 200 });
      dropWatches();
      await delay(4_000);
      faults.clear();
    },
  },
  {
    name: "outage",
    loss: "server",
    async strike({ refuseConnections, acceptConnections }, random) {
      await refuseConnections();
      await delay(5_000 + random.below(25_000));
      await acceptConnections();
    },
  },
];

/** All faults in turn, in a new order each time, for ever: none is left out by chance. */
export function* faultPlan(
  random: SeededRandom,
): Generator<{ readonly name: string; readonly loss: Loss }, never> {
  for (;;) {
    const left = [...soakFaults, viewerStorm];
    while (left.length > 0) yield* left.splice(random.below(left.length), 1);
  }
}
