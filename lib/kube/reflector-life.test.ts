import { describe, expect, test } from "vitest";
import { until } from "./testing/fake-clock.ts";
import { pod, podList } from "./testing/fixtures.ts";
import { nextList, nextWatch, reflectPods } from "./testing/reflected-pods.ts";

describe("the health probe", () => {
  test("unanswered: a silent watch is dialled again long before its 75 s", async () => {
    const { live, server, clock } = await reflectPods();
    const watch = await live();
    server.probes = false;
    clock.advance(10_000);
    await until(() => server.probeCount === 1);
    await until(() => clock.pending().includes(5_000));
    clock.advance(5_000);
    await until(() => watch.closed);
    expect((await nextWatch(server)).query.get("resourceVersion")).toBe("10");
  });

  test("unanswered, but the watch speaks: nothing is cut", async () => {
    const { live, server, clock, reflector } = await reflectPods();
    const watch = await live();
    server.probes = false;
    clock.advance(10_000);
    await until(() => clock.pending().includes(5_000));
    clock.advance(1_000);
    watch.event("ADDED", pod("c", 11));
    await until(() => reflector.counters.events === 1);
    clock.advance(4_000);
    await until(() => clock.pending().includes(10_000));
    expect(watch.closed).toBe(false);
    expect(reflector.counters.watches).toBe(1);
  });

  test("answered: confirms what a quiet watch holds", async () => {
    const { live, server, clock, reflector } = await reflectPods();
    await live();
    clock.advance(10_000);
    await until(() => server.probeCount === 1 && reflector.confirmedAt === clock.now());
  });

  test("late by more than ten seconds: the machine slept, everything is dialled again", async () => {
    const { live, server, clock } = await reflectPods();
    const watch = await live();
    clock.jump(40_000);
    await until(() => watch.closed);
    (await nextWatch(server)).open();
  });
});

describe("a connection that breaks after it has served", () => {
  test("however often it does: followed again soon, without looking stale meanwhile", async () => {
    const { live, server, clock, reflector, states } = await reflectPods();
    let watch = await live();
    for (let round = 0; round < 5; round += 1) {
      clock.advance(1_000);
      watch.destroy();
      await until(() => clock.pending().includes(200));
      clock.advance(200);
      watch = (await nextWatch(server)).open();
      await until(() => clock.pending().includes(75_000));
    }
    expect(states.map(({ status }) => status)).toEqual(["starting", "live"]);
    expect(reflector.counters.lists).toBe(1);
    expect(reflector.confirmedAt).toBe(clock.now());
  });

  test("ended in good order, but before its time: the server is asked whether it is still the same", async () => {
    const { live, server, clock, reflector } = await reflectPods();
    const watch = await live();
    server.answer = () => false;
    clock.advance(2_000);
    watch.end();
    const check = await nextList(server);
    expect(Object.fromEntries(check.query)).toEqual({ limit: "1" });
    check.json(podList([], 4));
    expect((await nextList(server)).query.get("limit")).toBe("500");
    expect(reflector.size).toBe(2);
  });

  test("refused after that: stale at once", async () => {
    const { live, server, clock, reflector, pass } = await reflectPods();
    const watch = await live();
    clock.advance(1_000);
    watch.destroy();
    await pass(200);
    (await nextWatch(server)).destroy();
    await until(() => reflector.state.status === "stale");
  });
});

describe("consumers", () => {
  test("one that fails is logged and gets everything again; the second time within a minute ends the process", async () => {
    const refused = new Set(["c", "e"]);
    const { live, server, exits, logged, reflector, copy, names } = await reflectPods({
      onPut: (values) => {
        for (const value of values) {
          if (refused.delete(value.name)) throw new Error("bug");
          copy.set(value.name, value);
        }
      },
    });
    (await live()).event("ADDED", pod("c", 11)).event("ADDED", pod("d", 12));
    (await nextList(server)).json(podList([pod("a", 5), pod("c", 11), pod("d", 12)], 12));
    const watch = (await nextWatch(server)).open();
    expect(names()).toEqual(["a", "c", "d"]);
    expect(exits).toEqual([]);
    expect(logged.join()).toContain("a consumer failed");
    watch.event("ADDED", pod("e", 13));
    await until(() => exits.length > 0);
    expect(exits).toEqual([1]);
    expect(reflector.counters.consumerFailures).toBe(2);
  });

  test("failures more than a minute apart do not end it", async () => {
    const refused = new Set(["c", "e"]);
    const { live, server, elapse, exits, reflector } = await reflectPods({
      onPut: ([first]) => {
        if (first && refused.delete(first.name)) throw new Error("bug");
      },
    });
    (await live()).event("ADDED", pod("c", 11));
    (await nextList(server)).json(podList([pod("a", 5), pod("c", 11)], 12));
    const watch = (await nextWatch(server)).open();
    await until(() => reflector.state.status === "live");
    await elapse(1);
    watch.event("ADDED", pod("e", 13));
    await nextList(server);
    expect(exits).toEqual([]);
  });

  test("a state listener that throws, and a callback whose promise fails, harm nobody", async () => {
    const { live, server, logged, reflector } = await reflectPods({
      onState: () => {
        throw new Error("listener bug");
      },
      onPut: async ([first]) => {
        await Promise.resolve();
        if (first?.name === "c") throw new Error("late bug");
      },
    });
    (await live()).event("ADDED", pod("c", 11));
    await nextList(server);
    expect(reflector.counters.consumerFailures).toBe(1);
    expect(logged.join()).toContain("listener bug");
    expect(logged.join()).toContain("late bug");
  });
});

describe("start and stop", () => {
  test("a double start lists once; stop ends the watch and its timers; a new start begins again", async () => {
    const { live, server, clock, reflector, names } = await reflectPods();
    reflector.start();
    const watch = await live();
    await reflector.stop();
    await until(() => watch.closed);
    expect(clock.pending()).toEqual([]);
    expect(server.untaken).toBe(0);
    expect(names()).toEqual(["a", "b"]);
    reflector.start();
    (await nextList(server)).json(podList([pod("b", 7), pod("c", 20)], 30));
    (await nextWatch(server)).open();
    await until(() => names().join() === "b,c");
  });

  test("stop during a list, and during a wait", async () => {
    const { server, clock, reflector } = await reflectPods();
    await nextList(server);
    await reflector.stop();
    expect(clock.pending()).toEqual([]);
    reflector.start();
    (await nextList(server)).destroy();
    await until(() => clock.pending().includes(200));
    await reflector.stop();
    expect(clock.pending()).toEqual([]);
  });
});
