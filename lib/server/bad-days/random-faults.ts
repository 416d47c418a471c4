import type { SeededRandom } from "../../sim/scenarios/seeded-random.ts";
import { sleep } from "../../kube/clock.ts";
import type { ServerHands, World } from "./world.ts";

/** What was lost: a watch while the server was well, or the server. Each has its own goal. */
export type Loss = "watch" | "server";

export interface Fault {
  readonly name: string;
  readonly loss: Loss;
  /** Makes it happen; resolves when it is over and the server is well. */
  strike(world: World, random: SeededRandom): Promise<void>;
}

const now = (name: string, act: (world: World, random: SeededRandom) => void): Fault => ({
  name,
  loss: "watch",
  strike: async (world, random) => act(world, random),
});

/** For a while, up to `longestMs` of the product's clock. */
const during = (
  name: string,
  longestMs: number,
  begin: (world: World) => Promise<void> | void,
  end: (world: World) => Promise<void> | void,
): Fault => ({
  name,
  loss: "server",
  async strike(world, random) {
    await begin(world);
    await sleep(world.clock, random.next() * longestMs, new AbortController().signal);
    await end(world);
  },
});

const ofTheNetwork: readonly Fault[] = [
  now("all cut", ({ proxy }) => proxy.cut()),
  now("all reset", ({ proxy }) => proxy.reset()),
  now("one cut", ({ proxy }, random) => proxy.cut(random.below(100))),
  now("one reset", ({ proxy }, random) => proxy.reset(random.below(100))),
  during(
    "answers reset half-way",
    1_000,
    ({ proxy }) => {
      proxy.resetAfter(3_000, Infinity);
      proxy.cut();
    },
    ({ proxy }) => proxy.resetAfter(0, 0),
  ),
  during(
    "refused",
    3_000,
    ({ proxy }) => proxy.refuse(),
    ({ proxy }) => proxy.accept(),
  ),
  during(
    "frozen",
    4_000,
    ({ proxy }) => proxy.freeze(),
    ({ proxy }) => proxy.thaw(),
  ),
  during(
    "drop by drop",
    2_000,
    ({ proxy }) => proxy.drip(300, 50),
    ({ proxy }) => proxy.flow(),
  ),
];

/** Faults of the server, which take their time: a few of them are enough. */
const ofTheServer = (hands: ServerHands): readonly Fault[] => [
  during(
    "killed",
    2_000,
    () => hands.crash(),
    () => hands.start(),
  ),
  { name: "history gone", loss: "server", strike: () => hands.forgetHistory() },
];

/** `serverShare` of the faults are the server's own, where it is ours to stop. */
export function pickFault({ site }: World, random: SeededRandom, serverShare: number): Fault {
  const own = site.hands !== null && random.next() < serverShare ? ofTheServer(site.hands) : ofTheNetwork;
  const picked = random.pick(own);
  if (picked === undefined) throw new Error("there are no faults");
  return picked;
}
