import * as fc from "fast-check";
import { expect, test } from "vitest";
import { until } from "./testing/fake-clock.ts";
import { FakeApi, type ListFault, type WatchFault } from "./testing/fake-api.ts";
import { reflectPods, slimPod } from "./testing/reflected-pods.ts";

const SEED = Number(process.env["PROPERTY_SEED"] ?? 20261124);
const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 60);

type Step =
  | { readonly do: "put" | "replace" | "remove"; readonly name: string; readonly node: string }
  | { readonly do: "listFault"; readonly fault: ListFault }
  | { readonly do: "watchFault"; readonly fault: WatchFault }
  | { readonly do: "raw"; readonly bytes: string; readonly ending: "go on" | "destroy" | "reset" | "end" }
  | { readonly do: "repeat" | "wait"; readonly amount: number }
  | {
      readonly do:
        "compact" | "freeze" | "gone" | "bookmark" | "restore" | "consumerFails" | "garble" | "settle";
    };

const names = fc.constantFrom("a", "b", "c", "d", "e");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom("put", "replace", "remove"),
      name: names,
      node: fc.constantFrom("n1", "n2", "n3"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("listFault"),
      fault: fc.constantFrom<ListFault>("500", "429", "403", "html", "cut", "expired", "empty"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("watchFault"),
      fault: fc.constantFrom<WatchFault>("410", "429", "503", "cut", "empty"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("raw"),
      bytes: fc.constantFrom(
        "",
        '{"type":"ADDED","object":{"kind":"Pod","metada',
        '{"type":"ADDED","object":\n',
        "null\n",
        '{"type":"MODIFIED","object":null}\n',
        '{"type":"MODIFIED","object":{"kind":"Pod","metadata":{}}}\n',
        '{"type":"ADDED","object":{"kind":"Node","metadata":{"name":"a","resourceVersion":"99999"}}}\n',
        '{"type":"WHATEVER","object":{}}\n',
      ),
      ending: fc.constantFrom("go on", "destroy", "reset", "end"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("repeat", "wait"), amount: fc.constantFrom(1, 3, 5) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "compact",
        "freeze",
        "gone",
        "bookmark",
        "restore",
        "consumerFails",
        "garble",
        "settle",
      ),
    }),
  },
) as fc.Arbitrary<Step>;

test(
  `whatever happens, the copy ends up equal to the server (seed ${SEED})`,
  async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), survives), {
      seed: SEED,
      numRuns: RUNS,
    });
  },
  RUNS * 2_000,
);

async function survives(steps: readonly Step[]): Promise<void> {
  let consumerFails = false;
  let hasFailed = false;
  const maybeFail = () => {
    const fails = consumerFails;
    consumerFails = false;
    hasFailed ||= fails;
    if (fails) throw new Error("consumer bug");
  };
  const wrong: string[] = [];
  const { clock, server, reflector, copy } = await reflectPods({
    pageSize: 2,
    onPut: (values) => {
      maybeFail();
      for (const value of values) copy.set(value.name, value);
    },
    onRemove: (gone) => {
      maybeFail();
      // Whoever failed may be told that something is gone which it never took in.
      for (const { name } of gone) if (!copy.delete(name) && !hasFailed) wrong.push(`removed twice: ${name}`);
    },
  });
  server.answer = () => false;
  const api = new FakeApi(server);
  api.put("a", "n1");
  api.put("b", "n1");
  let backup = { pods: new Map(api.pods), version: api.version };
  let marks = 0;
  let lied = false;

  for (const each of steps) {
    await turns(3);
    switch (each.do) {
      case "put":
      case "replace":
        api.put(each.name, each.node, each.do === "replace");
        break;
      case "remove":
        api.remove(each.name);
        break;
      case "listFault":
        // A lie can be told from the truth only by what is known, and only when it is not repeated.
        if (each.fault === "empty" && (lied || reflector.size === 0)) break;
        lied ||= each.fault === "empty";
        api.listFaults.push(each.fault);
        break;
      case "watchFault":
        api.watchFaults.push(each.fault);
        break;
      case "raw":
        api.eachWatch((watch) => {
          if (each.bytes !== "") watch.raw(each.bytes);
          if (each.ending !== "go on") watch[each.ending]();
          // Half a line that goes on would garble the next event: that is lost with the connection.
          else if (!each.bytes.endsWith("\n")) watch.destroy();
        });
        break;
      case "repeat":
        api.repeat(each.amount);
        break;
      case "wait":
        clock.advance(each.amount * 1_000);
        break;
      case "compact":
        api.compact();
        backup = { pods: new Map(api.pods), version: api.version };
        break;
      case "freeze":
        api.freeze();
        break;
      case "gone":
        api.compact();
        api.eachWatch((watch) => watch.event("ERROR", { kind: "Status", code: 410, reason: "Expired" }));
        api.freeze();
        break;
      case "bookmark":
        api.eachWatch((watch) =>
          watch.event("BOOKMARK", { metadata: { resourceVersion: String(api.version) } }),
        );
        break;
      case "garble":
        api.garbleNext = true;
        break;
      case "consumerFails":
        consumerFails = true;
        break;
      case "restore":
        // Unless it is noticed before new changes reach the old version, nobody can tell.
        await settled();
        api.restore(backup.pods, backup.version);
        await settled();
        break;
      case "settle":
        await settled();
        break;
    }
  }
  await settled();
  await reflector.stop();
  expect(wrong).toEqual([]);

  /** No more faults: a last change arrives, and with it everything before must have. */
  async function settled(): Promise<void> {
    api.listFaults.length = 0;
    api.watchFaults.length = 0;
    api.garbleNext = false;
    consumerFails = false;
    lied = false;
    const mark = `mark-${(marks += 1)}`;
    const arrived = () => reflector.state.status === "live" && copy.has(mark);
    // After a restore the client has to see the lower version first.
    for (let i = 0; i < 2_000 && reflector.resourceVersion !== String(api.version); i += 1) await progress();
    api.put("mark", mark);
    api.put(mark, "n1");
    for (let i = 0; i < 2_000 && !arrived(); i += 1) await progress();
    const expected = [...api.pods.values()].map(slimPod);
    expect([...copy.values()].toSorted(byName)).toEqual(expected.toSorted(byName));
    expect(reflector.size).toBe(expected.length);
    api.remove(mark);
  }

  /** Lets answers arrive first: at rest only the probe's timer and that of a wait or of an open watch are pending. */
  async function progress(): Promise<void> {
    await turns(2);
    await until(() => clock.pending().length <= 2);
    const soon = clock.pending().some((ms) => ms < 500);
    clock.advance(soon ? 250 : 1_000);
  }
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
