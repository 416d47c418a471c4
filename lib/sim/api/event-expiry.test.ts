import { expect, test } from "vitest";
import { EventExpiry } from "./event-expiry.ts";
import { TestCluster } from "./testing.ts";

test("an event is forgotten an hour after its last write, one of a scenario never", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const cluster = await TestCluster.start({ clock: () => now });
  const expiry = new EventExpiry(cluster.server.cluster);
  const events = "/api/v1/namespaces/default/events";
  const event = (name: string) => ({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace: "default" },
    reason: "R",
  });
  cluster.server.seed([event("scenario")]);
  await cluster.post(events, event("once"));
  await cluster.post(events, event("again"));
  now += 1_800_000;
  await cluster.patch(`${events}/again`, { count: 2 });
  const names = () =>
    cluster.server.store
      .collection("events")
      .list()
      .map((entry) => entry.object.metadata.name);
  expiry.sweep();
  expect(names()).toEqual(["again", "once", "scenario"]);
  now += 1_800_000;
  expiry.sweep();
  expect(names()).toEqual(["again", "scenario"]);
  now += 1_800_000;
  expiry.sweep();
  expect(names()).toEqual(["scenario"]);
  expiry.stop();
  await cluster.server.close();
});
