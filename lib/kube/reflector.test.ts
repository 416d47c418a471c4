import { describe, expect, test } from "vitest";
import { until } from "./testing/fake-clock.ts";
import type { Exchange } from "./testing/fault-server.ts";
import { pod, podList } from "./testing/fixtures.ts";
import { nextList, nextWatch, reflectPods, slimPod } from "./testing/reflected-pods.ts";

describe("list and watch", () => {
  test("hands pages over as they come, is whole at the end, and watches from the list's version", async () => {
    const { server, reflector, names, states, lists } = await reflectPods({ pageSize: 2 });
    const first = await nextList(server);
    expect(Object.fromEntries(first.query)).toEqual({ limit: "2" });
    first.json(podList([pod("a", 1), pod("b", 2)], 10, { continue: "p2", remainingItemCount: 1 }));
    const second = await nextList(server);
    expect(Object.fromEntries(second.query)).toEqual({ limit: "2", continue: "p2" });
    expect(reflector.state).toEqual({ status: "starting", loaded: 2, total: 3, message: null });
    expect(names()).toEqual(["a", "b"]);
    expect([reflector.synced, lists]).toEqual([false, []]);
    second.json(podList([pod("c", 3)], 10));

    const watch = await nextWatch(server);
    expect(Object.fromEntries(watch.query)).toEqual({
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: "10",
      timeoutSeconds: "450",
    });
    expect(names()).toEqual(["a", "b", "c"]);
    expect(lists).toEqual([{ count: 3, epoch: 1 }]);
    expect(states.at(-1)).toMatchObject({ status: "starting", loaded: 3, total: 3 });
    watch.open();
    await until(() => reflector.state.status === "live");
    expect(reflector.epoch).toBe(1);
  });

  test("asks for smaller pages where objects are large", async () => {
    const { server, names } = await reflectPods();
    const large = { ...pod("a", 1), note: "x".repeat(8 * 1024 * 1024) };
    (await nextList(server)).json(podList([large], 10, { continue: "p2" }));
    const second = await nextList(server);
    expect(second.query.get("limit")).toBe("249");
    second.json(podList([pod("b", 2)], 10, { continue: "p3" }));
    expect((await nextList(server)).query.get("limit")).toBe("249");
    expect(names()).toEqual(["a", "b"]);
  });

  test("does not read again what a later list has as it is held", async () => {
    const projected: string[] = [];
    const { live, server, reflector, changes, names } = await reflectPods({
      project: (raw) => {
        const slim = slimPod(raw);
        projected.push(slim.name);
        return slim;
      },
      onListed: () => {},
    });
    await live([pod("a", 5), pod("b", 7), pod("c", 8), pod("d", 9)]);
    changes.length = 0;
    projected.length = 0;
    reflector.resync();
    const again = [pod("a", 5), pod("b", 20), pod("c", 8, { uid: "another" }), pod("e", 21)];
    (await nextList(server)).json(podList(again, 30));
    await nextWatch(server);
    expect(projected).toEqual(["b", "c", "e"]);
    expect(changes).toEqual([
      "modified default/b",
      "modified default/c",
      "added default/e",
      "deleted default/d",
    ]);
    expect(names()).toEqual(["a", "b", "c", "e"]);
  });

  test("applies events, moves its version with them and with bookmarks", async () => {
    const { live, server, reflector, names, copy } = await reflectPods();
    const watch = await live();
    watch
      .event("ADDED", pod("c", 11))
      .event("MODIFIED", pod("a", 12, { node: "n9" }))
      .event("DELETED", pod("b", 13));
    await until(() => reflector.counters.events === 3);
    expect(names()).toEqual(["a", "c"]);
    expect(copy.get("a")?.node).toBe("n9");
    expect(reflector.resourceVersion).toBe("13");
    watch.event("BOOKMARK", { kind: "Pod", apiVersion: "v1", metadata: { resourceVersion: "99" } });
    watch.end();
    expect((await nextWatch(server)).query.get("resourceVersion")).toBe("99");
  });

  test("keeps lines whole that hold U+2028, and reads events cut at any byte", async () => {
    const { live, reflector, copy } = await reflectPods();
    const watch = await live();
    const line = Buffer.from(
      `${JSON.stringify({ type: "ADDED", object: pod("c", 11, { node: "x\u2028y\u2029z€" }) })}\n`,
    );
    for (const byte of line) watch.raw(Buffer.from([byte]));
    await until(() => reflector.counters.events === 1);
    expect(copy.get("c")?.node).toBe("x\u2028y\u2029z€");
  });

  test("ignores late, repeated and older events of the same object, and never goes back", async () => {
    const { live, server, reflector, names, copy, changes } = await reflectPods();
    const watch = await live();
    watch
      .event("MODIFIED", pod("a", 20, { node: "new" }))
      .event("MODIFIED", pod("a", 15, { node: "old" }))
      .event("MODIFIED", pod("a", 20, { node: "again" }))
      .event("DELETED", pod("a", 6))
      .event("DELETED", pod("b", 21))
      .event("MODIFIED", pod("b", 19))
      .event("ADDED", pod("b", 7))
      .event("DELETED", pod("never-seen", 22))
      .event("ADDED", pod("c", 23))
      .event("MODIFIED", pod("b", 18))
      .event("BOOKMARK", { kind: "Pod", apiVersion: "v1", metadata: { resourceVersion: "12" } })
      .end();
    expect((await nextWatch(server)).query.get("resourceVersion")).toBe("23");
    expect(reflector.counters.events).toBe(10);
    expect(changes).toEqual(["modified default/a", "deleted default/b", "added default/c"]);
    expect(names()).toEqual(["a", "c"]);
    expect(copy.get("a")?.node).toBe("new");
  });

  test("sees that another object of the same name took the place", async () => {
    const { live, reflector, copy, changes } = await reflectPods();
    const watch = await live();
    watch
      .event("ADDED", pod("a", 30, { uid: "second" }))
      .event("DELETED", pod("a", 29))
      .event("DELETED", pod("a", 31));
    await until(() => reflector.counters.events === 3);
    expect(changes).toEqual(["deleted default/a", "added default/a"]);
    expect(copy.get("a")?.uid).toBe("second");
  });

  test("drops objects that the projection does not want, and survives one that throws", async () => {
    const { live, reflector, names, logged } = await reflectPods({
      project: (raw) => {
        const { name, nodeName } = {
          ...(raw as { metadata: { name: string } }).metadata,
          ...(raw as { spec: { nodeName: string } }).spec,
        };
        if (nodeName === "boom") throw new Error("odd object");
        return nodeName === "unwanted" ? null : { name, uid: "", node: nodeName };
      },
    });
    const watch = await live([pod("a", 1), pod("x", 2, { node: "unwanted" }), pod("y", 3, { node: "boom" })]);
    expect(names()).toEqual(["a"]);
    watch.event("MODIFIED", pod("a", 11, { node: "unwanted" })).event("ADDED", pod("z", 12));
    await until(() => reflector.counters.events === 2);
    expect(names()).toEqual(["z"]);
    expect(reflector.counters.badObjects).toBe(1);
    expect(logged.join()).toContain("odd object");
  });
});

describe("odd objects are counted and skipped", () => {
  test.each<[string, unknown]>([
    ["null", null],
    ["no metadata", { kind: "Pod", apiVersion: "v1" }],
    ["null metadata", { kind: "Pod", apiVersion: "v1", metadata: null }],
    ["no name", { kind: "Pod", apiVersion: "v1", metadata: { uid: "u", resourceVersion: "11" } }],
    ["empty name", { kind: "Pod", apiVersion: "v1", metadata: { name: "", resourceVersion: "11" } }],
    ["no version", { kind: "Pod", apiVersion: "v1", metadata: { name: "x" } }],
    ["another kind", { ...pod("x", 11), kind: "Node" }],
    ["a text", "pod"],
    ["a list", [pod("x", 11)]],
  ])("%s", async (_name, object) => {
    const { live, reflector, names } = await reflectPods();
    const watch = await live([pod("a", 1), object]);
    watch.event("ADDED", object).raw('{"type":"NEW-THING","object":{}}\n').event("ADDED", pod("b", 12));
    await until(() => reflector.counters.events === 1);
    expect(names()).toEqual(["a", "b"]);
    expect(reflector.counters.badObjects).toBe(2);
    expect(reflector.counters.lists).toBe(1);
  });

  test("a null line and a line without a type", async () => {
    const { live, reflector } = await reflectPods();
    const watch = await live();
    watch.raw("null\n\n[]\n").event("ADDED", pod("c", 11));
    await until(() => reflector.counters.events === 1);
    expect(reflector.counters.badObjects).toBe(2);
  });
});

describe("a watch that ends", () => {
  test.each<[string, (watch: Exchange) => void]>([
    ["is destroyed", (watch) => watch.destroy()],
    ["is reset", (watch) => watch.reset()],
    [
      "is cut in the middle of a line",
      (watch) => watch.raw('{"type":"ADDED","object":{"kind":"Po').destroy(),
    ],
    ["ends in the middle of a line", (watch) => watch.raw('{"type":"ADDED","object":{"kind":"Po').end()],
  ])("%s: watches again from the last version, nothing lost", async (_name, fault) => {
    const { live, server, reflector, names, clock } = await reflectPods();
    const watch = await live();
    watch.event("ADDED", pod("c", 11));
    await until(() => reflector.counters.events === 1);
    fault(watch);
    await until(() => watch.closed);
    // Cleanly ended after an event: at once. Cut: after the first backoff.
    await until(() => server.untaken > 0 || clock.pending().includes(200));
    if (server.untaken === 0) clock.advance(200);
    const again = await nextWatch(server);
    expect(again.query.get("resourceVersion")).toBe("11");
    again.open().event("ADDED", pod("d", 12));
    await until(() => reflector.counters.events === 2);
    expect(names()).toEqual(["a", "b", "c", "d"]);
    expect(reflector.state).toEqual({ status: "live" });
    expect(reflector.counters.lists).toBe(1);
  });

  test("cleanly, after a while: at once and without any trouble shown", async () => {
    const { live, server, clock, states } = await reflectPods();
    const watch = await live();
    clock.advance(1_500);
    watch.end();
    (await nextWatch(server)).open();
    expect(states.map((state) => state.status)).toEqual(["starting", "live"]);
  });

  test("at once and empty, again and again: backs off", async () => {
    const { live, server, pass, reflector } = await reflectPods();
    (await live()).end();
    for (const wait of [200, 400, 800, 1600, 3200, 5000]) {
      await pass(wait);
      expect(reflector.state).toMatchObject({
        status: "stale",
        message: "the API server closes watches at once",
      });
      (await nextWatch(server)).open().end();
    }
  });

  test("by silence: aborted after 75 s, dialled again", async () => {
    const { live, server, clock, reflector, pass } = await reflectPods();
    const watch = await live();
    clock.advance(74_000);
    watch.event("ADDED", pod("c", 11));
    await until(() => reflector.counters.events === 1);
    clock.advance(74_000);
    expect(watch.closed).toBe(false);
    clock.advance(1_000);
    await until(() => watch.closed);
    await pass(200);
    expect((await nextWatch(server)).query.get("resourceVersion")).toBe("11");
  });

  test("while the answer drips without ever completing a line: stays up, loses nothing", async () => {
    const { live, clock, reflector, names } = await reflectPods();
    const watch = await live();
    const line = `${JSON.stringify({ type: "ADDED", object: pod("c", 11) })}\n`;
    for (const part of [line.slice(0, 10), line.slice(10, 50), line.slice(50)]) {
      clock.advance(70_000);
      const before = reflector.confirmedAt;
      watch.raw(part);
      await until(() => reflector.confirmedAt !== before);
    }
    await until(() => reflector.counters.events === 1);
    expect(names()).toEqual(["a", "b", "c"]);
    expect(reflector.counters.watches).toBe(1);
  });

  test("that never opens is shown as stale after 2 s and given up after 30 s", async () => {
    const { live, server, clock, reflector, pass } = await reflectPods();
    const watch = await live();
    clock.advance(5_000);
    const lastSign = reflector.confirmedAt;
    watch.end();
    const mute = await nextWatch(server);
    clock.advance(2_000);
    expect(reflector.state).toEqual({
      status: "stale",
      since: lastSign,
      message: "the API server does not answer",
    });
    clock.advance(28_000);
    await until(() => mute.closed);
    await pass(200);
    (await nextWatch(server)).open();
    await until(() => reflector.state.status === "live");
  });
});

describe("lost history", () => {
  const gone = {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code: 410,
    reason: "Expired",
    message: "too old",
  };
  const tooLarge = { causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }] };

  test.each<[string, (watch: Exchange) => void]>([
    ["410 in the stream, which stays open", (watch) => watch.open().event("ERROR", gone)],
    ["410 in the stream, closed after it", (watch) => watch.open().event("ERROR", gone).end()],
    ["410 as HTTP status", (watch) => watch.refuse(410, "Expired")],
    ["a version that the server does not know", (watch) => watch.refuse(400, "BadRequest")],
    ["a version from the future", (watch) => watch.refuse(504, "Timeout", {}, tooLarge)],
    ["a garbled line", (watch) => watch.open().raw('{"type":"ADDED","obj\n')],
    ["an event with an error but no status", (watch) => watch.open().event("ERROR", { kind: "Surprise" })],
  ])("%s: lists again at once, the old data stays until the new is whole", async (_name, fault) => {
    const { server, reflector, names, clock } = await reflectPods();
    (await nextList(server)).json(podList([pod("a", 5), pod("b", 7)], 10));
    fault(await nextWatch(server));
    const list = await nextList(server);
    expect(list.query.get("resourceVersion")).toBeNull();
    expect(names()).toEqual(["a", "b"]);
    expect(clock.pending().some((ms) => ms < 1_000)).toBe(false);
    list.json(podList([pod("b", 7), pod("c", 30)], 31));
    const watch = await nextWatch(server);
    expect(watch.query.get("resourceVersion")).toBe("31");
    expect(names()).toEqual(["b", "c"]);
    expect(reflector.epoch).toBe(1);
  });

  test("a line longer than 16 MiB is given up", async () => {
    const { live, server, reflector } = await reflectPods();
    const watch = await live();
    const part = Buffer.alloc(1024 * 1024, "x");
    for (let i = 0; i < 17; i += 1) watch.raw(part);
    await nextList(server);
    expect(reflector.counters.badStreams).toBe(1);
    await until(() => watch.closed);
  });

  test("for ever: no more than four lists a minute", async () => {
    const { server, clock } = await reflectPods();
    const lists: number[] = [];
    const enough = () => lists.length >= 9;
    const answers = (async () => {
      while (!enough()) {
        const exchange = await server.next();
        if (!exchange.isWatch) lists.push(clock.now());
        if (exchange.isWatch) exchange.refuse(410, "Expired");
        else exchange.json(podList([pod("a", 5)], 10));
      }
    })();
    while (!enough()) {
      // Two timers: the probe's and the reflector's wait. A request under way would have more.
      await until(() => enough() || clock.pending().length === 2);
      clock.advance(clock.pending()[0] ?? 0);
    }
    await answers;
    const relists = lists.slice(1);
    for (const from of relists) {
      expect(relists.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(4);
    }
  });

  test("410 on a continue token starts the list again, the second time without a limit", async () => {
    const { server, names } = await reflectPods({ pageSize: 1 });
    (await nextList(server)).json(podList([pod("x", 1)], 10, { continue: "t1" }));
    (await nextList(server)).refuse(410, "Expired");
    const restarted = await nextList(server);
    expect(Object.fromEntries(restarted.query)).toEqual({ limit: "1" });
    restarted.json(podList([pod("y", 2)], 11, { continue: "t2" }));
    (await nextList(server)).refuse(410, "Expired");
    const whole = await nextList(server);
    expect(Object.fromEntries(whole.query)).toEqual({});
    whole.json(podList([pod("a", 3), pod("b", 4)], 12));
    expect((await nextWatch(server)).query.get("resourceVersion")).toBe("12");
    expect(names()).toEqual(["a", "b"]);
  });
});
