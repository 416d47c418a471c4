import { expect } from "vitest";
import { record } from "../../calico/reading.ts";
import { createObject, getObject, removeObject } from "../../kube/objects.ts";
import { see, switchPool, seePool, watchEvents } from "./view.ts";
import { until } from "./until.ts";
import { change, isCurrent, isLive, poolObject, timed, type World } from "./world.ts";

/** Milliseconds. Reliability's goals: a lost watch, a half-open connection with and without a probe, the end of an outage. */
export const WATCH_LOST_MS = 5_000;
const HALF_OPEN_MS = 75_000;
const PROBE_FAILS_MS = 20_000;
export const OUTAGE_OVER_MS = 15_000;

/** One bad day: begins and ends with a live world. */
export type Story = (world: World) => Promise<void>;

/** The days that every cluster can have, because only the network is to blame. */
export const networkStories: Readonly<Record<string, Story>> = {
  "every connection is cut: followed again at once, without a new list": async (world) => {
    await isCurrent(world);
    const { lists } = world.asked;
    world.proxy.cut();
    const arrived = await change(world);
    const took = await timed(world, () => until(() => arrived() && isLive(world)));
    expect(took).toBeLessThan(WATCH_LOST_MS * world.slack);
    expect(world.asked.lists).toBe(lists);
  },

  "everything freezes: noticed, told with the age, nothing vanishes, live when it thaws": async (world) => {
    await isCurrent(world);
    const before = await see("pools");
    world.proxy.freeze();
    const noticed = await timed(world, () => until(() => world.inventory.stale));
    expect(noticed).toBeLessThan(PROBE_FAILS_MS + 2_000 * world.slack);
    const arrived = await change(world);
    const told = await see("cluster");
    expect(told).toMatchObject({ status: 200, body: { ready: true, stale: true } });
    expect(told.ageMs).toBeGreaterThan(5_000);
    expect((await see("pools")).body).toMatchObject({ total: before.body["total"] });
    expect(arrived()).toBe(false);
    world.proxy.thaw();
    const took = await timed(world, () => until(() => arrived() && isLive(world)));
    expect(took).toBeLessThan(OUTAGE_OVER_MS * world.slack);
    const again = await see("cluster");
    expect(again.body).toMatchObject({ stale: false });
    expect(again.ageMs).toBeLessThan(told.ageMs + 1);
  },

  "the connections are forgotten on the way, and new ones work: noticed within the bound": async (world) => {
    await isCurrent(world);
    world.proxy.forget();
    const arrived = await change(world);
    const took = await timed(world, () => until(() => arrived() && isLive(world)));
    expect(took).toBeLessThan(HALF_OPEN_MS + WATCH_LOST_MS * world.slack);
  },

  "everything comes drop by drop: old data stay, new ones arrive, live when it flows again": async (
    world,
  ) => {
    await isCurrent(world);
    const { lists } = world.asked;
    world.proxy.drip(400, 100);
    const arrived = await change(world);
    await until(arrived);
    expect(world.asked.lists).toBe(lists);
    world.proxy.cut();
    await until(() => world.inventory.stale);
    expect(await see("pools")).toMatchObject({ status: 200 });
    world.proxy.flow();
    expect(await timed(world, () => isCurrent(world))).toBeLessThan(OUTAGE_OVER_MS * world.slack);
  },

  "connections are refused: a write is not sent and says so, reads go on, live afterwards": async (world) => {
    await isCurrent(world);
    const pool = (await seePool(world.pool)).body;
    await world.proxy.refuse();
    await until(() => world.inventory.stale);
    const write = await switchPool(world.pool, {
      uid: pool["uid"],
      resourceVersion: pool["resourceVersion"],
      disabled: false,
    });
    expect(write).toMatchObject({ status: 502, body: { code: "upstream" } });
    expect(await see("pools")).toMatchObject({ status: 200 });
    await world.proxy.accept();
    expect(await timed(world, () => isCurrent(world))).toBeLessThan(OUTAGE_OVER_MS * world.slack);
    expect((await seePool(world.pool)).body).toMatchObject({ disabled: true });
  },

  "every watch is closed after a second: it stays current, lists nothing again, and asks no more than it must":
    async (world) => {
      await isCurrent(world);
      const before = { ...world.asked };
      const ageBefore = world.clock.now();
      world.proxy.limitAnswers(1_000);
      world.proxy.cut();
      let arrivals = 0;
      const looks = { all: 0, stale: 0 };
      while (world.clock.now() - ageBefore < 30_000) {
        const arrived = await change(world);
        expect(await timed(world, () => until(arrived))).toBeLessThan(WATCH_LOST_MS * world.slack);
        arrivals += 1;
        const looked = world.clock.now();
        await until(() => {
          looks.all += 1;
          if (world.inventory.stale) looks.stale += 1;
          return world.clock.now() - looked > 2_000;
        });
      }
      const minutes = (world.clock.now() - ageBefore) / 60_000;
      expect(arrivals).toBeGreaterThan(2);
      // An idle connection may end just as it is used again: for the moment until the next try that looks like an outage.
      expect(looks.stale / looks.all).toBeLessThan(0.15);
      expect(world.asked.lists).toBe(before.lists);
      const kindsFollowed = 11;
      const requests = world.asked.watches + world.asked.checks - before.watches - before.checks;
      expect(requests / minutes / kindsFollowed).toBeLessThan(125);
      world.proxy.limitAnswers(null);
      await isCurrent(world);
    },
};

/** What can happen to one click. */
export const writeStories: Readonly<Record<string, Story>> = {
  "cut after a write was sent and before its answer: the outcome is unknown, then the truth is told": async (
    world,
  ) => {
    await isCurrent(world);
    const { uid, resourceVersion } = (await seePool(world.pool)).body;
    const stored = async () =>
      record(record(await getObject(world.direct, ownPool(world))).spec).disabled === true;
    world.proxy.cutWhen(async () => !(await stored()));
    const write = await switchPool(world.pool, { uid, resourceVersion, disabled: false });
    expect(write).toMatchObject({
      status: 504,
      body: { code: "outcome-unknown", current: { name: world.pool, disabled: false } },
    });
    await until(async () => (await seePool(world.pool)).body["disabled"] === false);
    // Nothing was sent twice: the version after it is the one of that write.
    const { metadata } = record(await getObject(world.direct, ownPool(world)));
    expect((await seePool(world.pool)).body["resourceVersion"]).toBe(record(metadata).resourceVersion);
    await isCurrent(world);
  },

  "the pool is deleted and created again between look and click: told by its uid": async (world) => {
    await isCurrent(world);
    const { uid, resourceVersion, cidr } = (await seePool(world.pool)).body;
    await removeObject(world.direct, ownPool(world));
    await createObject(
      world.direct,
      { resource: world.pools },
      poolObject(world.mode, world.pool, String(cidr)),
    );
    await until(async () => {
      const { status, body } = await seePool(world.pool);
      return status === 200 && body["uid"] !== uid;
    });
    const fresh = (await seePool(world.pool)).body;
    for (const seen of [resourceVersion, fresh["resourceVersion"]]) {
      const write = await switchPool(world.pool, { uid, resourceVersion: seen, disabled: false });
      expect(write).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining("created anew"), current: { uid: fresh["uid"] } },
      });
    }
    expect((await seePool(world.pool)).body).toMatchObject({ disabled: true });
  },
};

const ownPool = ({ pools, pool }: World) => ({ resource: pools, name: pool });

/** The days that need the server itself to have them. */
export const serverStories: Readonly<Record<string, Story>> = {
  "the history is gone (410): everything is listed again, once, and nothing vanishes meanwhile": async (
    world,
  ) => {
    await isCurrent(world);
    const { lists } = world.asked;
    const { epoch } = versionOf(world);
    await world.proxy.refuse();
    const arrived = await change(world);
    await hands(world).forgetHistory();
    await world.proxy.accept();
    const totals = new Set<unknown>();
    const took = await timed(world, () =>
      until(async () => {
        totals.add((await see("pools")).body["total"]);
        return arrived() && isLive(world);
      }),
    );
    expect(took).toBeLessThan(OUTAGE_OVER_MS * world.slack);
    expect(totals.size).toBe(1);
    expect(world.asked.lists).toBeGreaterThan(lists);
    expect(versionOf(world).epoch).toBe(epoch);
  },

  "the API server is killed and started: told while it is away, live again, nothing is lost": async (
    world,
  ) => {
    await isCurrent(world);
    const { epoch } = versionOf(world);
    const pools = (await see("pools")).body["total"];
    await hands(world).crash();
    await until(async () => (await see("cluster")).body["stale"] === true);
    expect((await see("pools")).body["total"]).toBe(pools);
    const seen = new Set<unknown>();
    let isOver = false;
    const looking = until(async () => {
      const { status, body } = await see("pools");
      seen.add(`${status} ${String(body["total"])}`);
      return isOver;
    });
    await hands(world).start();
    const took = await timed(world, () => isCurrent(world));
    isOver = true;
    await looking;
    expect(took).toBeLessThan(OUTAGE_OVER_MS * world.slack);
    expect([...seen]).toEqual([`200 ${String(pools)}`]);
    expect(versionOf(world).epoch).toBe(epoch);
  },

  "the API server starts with an older copy of its data: a new epoch, viewers start over, nothing of the new remains":
    async (world) => {
      const later = { resource: world.pools, name: `${world.pool}-later` };
      await isCurrent(world);
      await hands(world).keepCopy();
      await isCurrent(world);
      const { epoch } = versionOf(world);
      await createObject(
        world.direct,
        { resource: world.pools },
        poolObject(world.mode, later.name, "198.19.250.0/26"),
      );
      for (let i = 0; i < 20; i += 1) await change(world);
      await until(() => world.inventory.space.pools.get("", later.name) !== null);
      const events = await watchEvents();
      await hands(world).goBack();
      const took = await timed(world, () =>
        until(
          () =>
            isLive(world) &&
            world.inventory.space.pools.get("", later.name) === null &&
            versionOf(world).epoch > epoch,
        ),
      );
      expect(took).toBeLessThan(OUTAGE_OVER_MS * world.slack);
      await until(() => events.includes("reset"));
      await isCurrent(world);
      expect(await seePool(later.name)).toMatchObject({ status: 404 });
      await removeObject(world.direct, later).catch(() => {});
    },
};

function hands({ site }: World) {
  if (site.hands === null) throw new Error("this cluster's server is not ours to stop");
  return site.hands;
}

function versionOf({ inventory }: World): { epoch: number } {
  return { epoch: Number(inventory.version.split(".")[0]) };
}
