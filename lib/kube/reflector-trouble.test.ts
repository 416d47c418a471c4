import { describe, expect, test } from "vitest";
import { until } from "./testing/fake-clock.ts";
import type { Exchange } from "./testing/fault-server.ts";
import { pod, podList } from "./testing/fixtures.ts";
import { nextList, nextWatch, reflectPods } from "./testing/reflected-pods.ts";

const twoPods = () => podList([pod("a", 5), pod("b", 7)], 10);

describe("an answer that is no list never empties the cache", () => {
  test.each<[string, (list: Exchange) => void]>([
    [
      "HTML with status 200",
      (list) => list.send(200, "<html>Sign in</html>", { "content-type": "text/html" }),
    ],
    ["HTML that claims to be JSON", (list) => list.send(200, "<html>Sign in</html>")],
    ["no content type", (list) => list.send(200, JSON.stringify(podList([], 50)), { "content-type": "" })],
    ["an object instead of a list", (list) => list.json(pod("a", 50))],
    ["a list of another group", (list) => list.json({ ...podList([], 50), apiVersion: "apps/v1" })],
    ["a list without a version", (list) => list.json({ ...podList([], 50), metadata: {} })],
    ["items that are no array", (list) => list.json({ ...podList([], 50), items: {} })],
    ["null", (list) => list.json(null)],
    ["half a body", (list) => list.open().raw('{"kind":"PodList","apiVersion":"v1"').destroy()],
    ["half a body, cleanly ended", (list) => list.open().raw('{"kind":"PodList","apiVersion":"v1"').end()],
    ["a redirect", (list) => list.send(302, "", { location: "http://127.0.0.1:1/" })],
    ["a cut connection", (list) => list.destroy()],
    ["a server error", (list) => list.refuse(500, "InternalError")],
    ["an HTML 404 of some proxy", (list) => list.send(404, "<html>", { "content-type": "text/html" })],
  ])("%s", async (_name, fault) => {
    const { live, server, names, pass, reflector, states } = await reflectPods();
    await live();
    reflector.resync();
    fault(await nextList(server));
    await pass(200);
    expect(names()).toEqual(["a", "b"]);
    expect(reflector.state.status).toBe("stale");
    (await nextList(server)).json(podList([pod("a", 5), pod("c", 20)], 30));
    (await nextWatch(server)).open();
    await until(() => reflector.state.status === "live");
    expect(names()).toEqual(["a", "c"]);
    expect(states.map((state) => state.status)).toEqual(["starting", "live", "stale", "live"]);
  });

  test("null items are an empty list: Go writes an empty slice so", async () => {
    const { server, reflector, lists } = await reflectPods();
    (await nextList(server)).json({ ...podList([], 50), items: null });
    (await nextWatch(server)).open();
    await until(() => reflector.state.status === "live");
    expect(lists).toEqual([{ count: 0, epoch: 1 }]);
  });
});

describe("a list that contradicts what is known needs a second one", () => {
  test.each<[string, unknown]>([
    ["all objects vanished", podList([], 40)],
    ["the version went back", podList([pod("b", 3)], 4)],
    ["not one object is the same", podList([pod("a", 20, { uid: "other" }), pod("z", 21)], 40)],
  ])("%s: applied when the second agrees, as a new epoch", async (_name, strange) => {
    const { live, server, names, pass, reflector, lists } = await reflectPods();
    await live();
    reflector.resync();
    (await nextList(server)).json(strange);
    await pass(1_000);
    expect(names()).toEqual(["a", "b"]);
    (await nextList(server)).json(strange);
    (await nextWatch(server)).open();
    await until(() => lists.length === 2);
    expect(reflector.epoch).toBe(2);
    expect(names()).toEqual(
      (strange as { items: { metadata: { name: string } }[] }).items.map((item) => item.metadata.name),
    );
  });

  test.each<[string, unknown, unknown]>([
    [
      "an older backup, to which a watch would open and stay silent",
      podList([], 4),
      podList([pod("a", 3)], 4),
    ],
    [
      "another cluster, which knows our version by chance",
      podList([pod("a", 8, { uid: "other" })], 10),
      podList([pod("a", 8, { uid: "other" })], 10),
    ],
    ["one without any objects", podList([], 50), podList([], 50)],
  ])("after a break the server is asked whether it is still the same: %s", async (_name, check, list) => {
    const { live, server, pass, names, copy, reflector } = await reflectPods();
    (await live()).destroy();
    server.answer = () => false;
    await pass(200);
    const asked = await nextList(server);
    expect(Object.fromEntries(asked.query)).toEqual({ limit: "1" });
    asked.json(check);
    (await nextList(server)).json(list);
    await pass(1_000);
    expect(names()).toEqual(["a", "b"]);
    (await nextList(server)).json(list);
    const { metadata } = list as { metadata: { resourceVersion: string } };
    expect((await nextWatch(server)).query.get("resourceVersion")).toBe(metadata.resourceVersion);
    expect(copy.size).toBeLessThan(2);
    expect(reflector.epoch).toBe(2);
  });

  test("not applied when the second shows the objects again", async () => {
    const { live, server, names, pass, reflector, lists } = await reflectPods();
    await live();
    reflector.resync();
    (await nextList(server)).json(podList([], 40));
    await pass(1_000);
    (await nextList(server)).json(podList([pod("a", 5), pod("b", 7)], 41));
    (await nextWatch(server)).open();
    await until(() => lists.length === 2);
    expect(lists).toEqual([
      { count: 2, epoch: 1 },
      { count: 2, epoch: 1 },
    ]);
    expect(names()).toEqual(["a", "b"]);
  });
});

describe("refusals", () => {
  test("401: login expired, tried again after 30 s", async () => {
    const { server, pass, reflector } = await reflectPods();
    (await nextList(server)).refuse(401, "Unauthorized");
    await until(() => reflector.state.status === "loginExpired");
    await pass(10_000);
    expect(reflector.state).toMatchObject({ status: "loginExpired", message: "Unauthorized!" });
    (await nextList(server)).json(twoPods());
    (await nextWatch(server)).open();
    await until(() => reflector.state.status === "live");
  });

  test("403 from the start: forbidden, tried again after five minutes", async () => {
    const { server, pass, reflector } = await reflectPods();
    (await nextList(server)).refuse(403, "Forbidden");
    await pass(300_000);
    expect(reflector.state).toMatchObject({ status: "forbidden", message: "Forbidden!" });
    (await nextList(server)).json(twoPods());
    (await nextWatch(server)).open();
    await until(() => reflector.state.status === "live");
  });

  test("403 after having been live: a starting API server denies everything for a moment, so three quick tries first", async () => {
    const { live, server, pass, names, reflector } = await reflectPods();
    await live();
    reflector.resync();
    for (const wait of [4_000, 4_000, 4_000, 300_000]) {
      (await nextList(server)).refuse(403, "Forbidden");
      await pass(wait);
      expect(reflector.state.status).toBe("forbidden");
    }
    expect(names()).toEqual(["a", "b"]);
  });

  test("a list that is allowed but whose watch is not is not live", async () => {
    const { server, pass, reflector } = await reflectPods();
    (await nextList(server)).json(twoPods());
    (await nextWatch(server)).refuse(403, "Forbidden");
    await pass(4_000);
    expect(reflector.state.status).toBe("forbidden");
  });

  test.each<[string, (list: Exchange) => void]>([
    ["a Status", (list) => list.refuse(404, "NotFound")],
    ["plain text", (list) => list.send(404, "404 page not found\n", { "content-type": "text/plain" })],
  ])(
    "404 as %s: not installed, looked for again every minute, found without a restart",
    async (_name, refuse) => {
      const { server, pass, reflector } = await reflectPods();
      for (let round = 0; round < 2; round += 1) {
        refuse(await nextList(server));
        await pass(60_000);
        expect(reflector.state.status).toBe("notInstalled");
      }
      (await nextList(server)).json(twoPods());
      (await nextWatch(server)).open();
      await until(() => reflector.state.status === "live");
    },
  );

  test.each<[string, Record<string, string>, object, number]>([
    ["a number", { "retry-after": "7" }, {}, 7_000],
    ["zero", { "retry-after": "0" }, {}, 1_000],
    ["a negative number", { "retry-after": "-5" }, {}, 200],
    ["more than a minute", { "retry-after": "86400" }, {}, 60_000],
    ["an absurd number", { "retry-after": "99999999999999999999" }, {}, 200],
    ["a date", { "retry-after": "Wed, 21 Oct 2037 07:28:00 GMT" }, {}, 200],
    ["nonsense", { "retry-after": "soon" }, {}, 200],
    ["nothing", {}, {}, 200],
    ["the Status' own wish", {}, { retryAfterSeconds: 3 }, 3_000],
  ])("429 for a watch with Retry-After %s", async (_name, headers, details, wait) => {
    const { server, pass, names } = await reflectPods();
    (await nextList(server)).json(twoPods());
    (await nextWatch(server)).refuse(429, "TooManyRequests", headers, details);
    await pass(wait);
    expect((await nextWatch(server)).query.get("resourceVersion")).toBe("10");
    expect(names()).toEqual(["a", "b"]);
  });

  test("429 for lists: each is dear, so they are spread further", async () => {
    const { server, pass } = await reflectPods();
    for (const wait of [10_250, 17_425, 17_425, 17_425]) {
      (await nextList(server)).refuse(429, "TooManyRequests");
      await pass(wait);
    }
  });

  test("a watch refused five times over: lists again", async () => {
    const { server, pass } = await reflectPods();
    (await nextList(server)).json(twoPods());
    for (const wait of [200, 400, 800, 1600]) {
      (await nextWatch(server)).refuse(503, "ServiceUnavailable");
      await pass(wait);
    }
    (await nextWatch(server)).refuse(503, "ServiceUnavailable");
    await nextList(server);
  });
});

describe("slow lists", () => {
  test("stalled: given up after 15 s without a byte", async () => {
    const { server, clock, pass, reflector } = await reflectPods();
    const list = (await nextList(server)).open().raw('{"kind":"PodList",');
    await until(() => clock.pending().includes(15_000));
    clock.advance(15_000);
    await until(() => list.closed);
    await pass(200);
    expect(reflector.state).toMatchObject({
      status: "starting",
      message: "the API server sent nothing more within 15 s",
    });
  });

  test("dripping: given up after 120 s in all; one that made progress gets twice the time", async () => {
    const { server, clock, reflector } = await reflectPods({ pageSize: 1 });
    for (const limit of [120_000, 240_000, 480_000]) {
      const list = await nextList(server);
      await until(() => clock.pending().includes(limit));
      list.json(podList([pod("a", 5)], 10, { continue: "next" }));
      const dripping = (await nextList(server)).open();
      for (let passed = 0; passed < limit; passed += 10_000) {
        await until(() => clock.pending().includes(15_000));
        clock.advance(10_000);
        if (passed + 10_000 < limit) dripping.raw(" ");
        // The byte has to arrive before time moves on.
        await until(() => clock.pending().includes(15_000) || dripping.closed);
      }
      await until(
        () => dripping.closed && reflector.state.status === "starting" && reflector.state.message !== null,
      );
      expect(reflector.state).toMatchObject({ message: `the list did not end within ${limit / 1000} s` });
      clock.advance(6_000);
    }
  });
});
