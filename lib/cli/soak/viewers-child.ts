import { SeededRandom } from "../../sim/scenarios/seeded-random.ts";
import { answerAsked } from "../bench/child.ts";
import { type Manner, type Tally, Viewer } from "./viewer.ts";

/** A program: so many viewers (first argument) of a Poolboard, with everything random from a seed (second). Prints a line. */

const [count = "100", seed = "soak"] = process.argv.slice(2);
const stop = new AbortController();
const tally: Tally = {
  requests: 0,
  refusals: new Map(),
  streams: 0,
  cut: 0,
  resets: 0,
  stalled: { dropped: 0, kept: 0, unnoticed: 0 },
  seen: [],
};
const viewers: Viewer[] = [];
/** How long those of a storm stay. */
const stormMs = 8_000;
let lives: Promise<unknown> = Promise.resolve();

/** Of twenty: one stalls, two read late, five come and go. */
function mannerOf(index: number): Manner {
  const place = index % 20;
  if (place === 19) return "stalled";
  if (place >= 17) return "slow";
  return place >= 12 ? "guest" : "steady";
}

answerAsked(
  async ({ what, url, canary, truth }) => {
    const around = (name: string, signal: AbortSignal) => ({
      url: String(url),
      canary: String(canary),
      random: new SeededRandom(`${seed} ${name}`),
      tally,
      signal,
    });
    switch (what) {
      case "begin":
        for (let index = 0; index < Number(count); index++)
          viewers.push(new Viewer(mannerOf(index), around(`viewer ${index}`, stop.signal)));
        lives = Promise.all(viewers.map((viewer) => viewer.live()));
        return null;
      case "storm": {
        // As many again, all at once; they leave together, too.
        const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(stormMs)]);
        const guests = Array.from({ length: Number(count) }, (_, index) =>
          new Viewer("guest", around(`guest ${index}`, signal)).live(),
        );
        await Promise.all(guests);
        return null;
      }
      case "counts": {
        const { seen } = tally;
        tally.seen = [];
        return { ...tally, seen, refusals: Object.fromEntries(tally.refusals) };
      }
      case "compare": {
        const known = truth as Readonly<Record<string, string>>;
        // Whoever stopped to read knows no better.
        const readers = viewers.filter(({ manner }) => manner !== "stalled");
        return {
          viewers: readers.length,
          blocks: readers.reduce((sum, viewer) => sum + viewer.blocks.size, 0),
          wrong: readers.flatMap((viewer) => viewer.differences(known)),
        };
      }
      default:
        throw new Error(`there is nothing called ${String(what)}`);
    }
  },
  async () => {
    stop.abort();
    await lives;
  },
);
process.stdout.write("ready\n");
