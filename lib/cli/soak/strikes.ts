import { SeededRandom } from "../../sim/scenarios/seeded-random.ts";
import { pause } from "./pause.ts";
import { faultPlan, viewerStorm } from "./soak-fault.ts";
import type { Seen, Strike } from "./soak-result.ts";

const givenUpMs = 120_000;

interface Surroundings {
  readonly minutes: number;
  readonly seed: string;
  /** No fault begins after this. */
  readonly over: AbortSignal;
  /** Nothing is waited for after this. */
  readonly interrupted: AbortSignal;
  ask(whom: "cluster" | "crowd", question: object): Promise<unknown>;
  /** What viewers have been told so far, asked for anew. */
  seen(): Promise<readonly Seen[]>;
}

/** One fault after the other, each when the one before has been got over, and the last one too. */
export async function strikeOften(around: Surroundings, strikes: Strike[]): Promise<void> {
  const { minutes, seed, over, ask } = around;
  const random = new SeededRandom(`${seed} faults`);
  const apartMs = Math.min(20_000, Math.max(3_000, minutes * 1_000));
  for (const { name, loss } of faultPlan(random)) {
    await pause(apartMs * (1 + random.next()), over);
    if (over.aborted) return;
    const from = Date.now();
    await (name === viewerStorm.name
      ? ask("crowd", { what: "storm" })
      : ask("cluster", { what: "strike", name }));
    const to = Date.now();
    const recoveredMs = await recovery(to, around);
    if (around.interrupted.aborted) return;
    await ask("cluster", { what: "calm" });
    strikes.push({ name, loss, from, to, recoveredMs });
  }
}

/** Until a viewer is told of something that was written after that moment. */
async function recovery(since: number, { interrupted, seen }: Surroundings): Promise<number | null> {
  while (!interrupted.aborted && Date.now() - since < givenUpMs) {
    await pause(500, interrupted);
    const told = (await seen()).filter(({ writtenAt }) => writtenAt >= since);
    if (told.length > 0) return Math.min(...told.map(({ writtenAt, ms }) => writtenAt + ms - since));
  }
  return null;
}
