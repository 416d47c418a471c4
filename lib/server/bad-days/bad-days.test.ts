import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { record } from "../../calico/reading.ts";
import { otherAuthority, otherServer } from "../../kube/testing/certificates.ts";
import { hurriedClock } from "../../kube/testing/hurried-clock.ts";
import { authorityRotated, tokenReplaced } from "./access-stories.ts";
import { definitionReplaced } from "./definition-story.ts";
import { base64, embeddedSite, embeddedWorld } from "./embedded-site.ts";
import { brokenMidList, startsUnderResets } from "./first-sync-story.ts";
import { networkStories, serverStories, writeStories } from "./stories.ts";
import { see } from "./view.ts";
import { until } from "./until.ts";
import { isCurrent } from "./world.ts";

// A machine shared with others takes its time.
vi.setConfig({ testTimeout: 120_000 });

test.each(Object.entries({ ...networkStories, ...writeStories, ...serverStories }))(
  "%s",
  async (_, story) => {
    await story(await embeddedWorld());
  },
);

test("connections break in the middle of the first lists: starting until all of it is there", async () => {
  await startsUnderResets(await embeddedWorld({ prepare: brokenMidList }));
});

test("the server's authority is replaced: said so, live with the new one", async () => {
  const site = await embeddedSite({ tls: true });
  const world = await embeddedWorld({}, site);
  await authorityRotated(world, async () => {
    await world.proxy.present(otherServer);
    const { cluster, user } = site.kubeconfig(world.proxy.port);
    return { cluster: { ...cluster, "certificate-authority-data": base64(otherAuthority) }, user };
  });
});

test("the token is replaced in its file, in time and too late", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "poolboard-token-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, "token");
  const site = await embeddedSite();
  const { authority } = site.cluster().api;
  let token = authority.issueToken("default", "poolboard", "1");
  await writeFile(file, token);
  const world = await embeddedWorld(
    { access: ({ cluster }) => ({ cluster, user: { tokenFile: file } }) },
    site,
  );
  await tokenReplaced(world, file, async () => {
    authority.revokeToken(token);
    token = authority.issueToken("default", "poolboard", "1");
    return token;
  });
});

test("the definition of a kind is deleted and created again", async () => {
  await definitionReplaced(await embeddedWorld());
});

test("Calico's groups are not listed for a moment, as by a starting API server: nobody notices; for long: they are gone", async () => {
  const world = await embeddedWorld();
  await isCurrent(world);
  const { connection, clock, asked } = world;
  const request = connection.request.bind(connection);
  let isHidden = true;
  const looks = { hidden: 0, open: 0 };
  connection.request = async (spec) => {
    const answer = await request(spec);
    if (spec.path !== "/apis") return answer;
    looks[isHidden ? "hidden" : "open"] += 1;
    return isHidden ? { ...record(answer), groups: [] } : answer;
  };
  const { lists } = asked;
  await until(async () => {
    expect((await see("pools")).status).toBe(200);
    return looks.hidden >= 3;
  });
  isHidden = false;
  await until(() => looks.open > 0);
  await isCurrent(world);
  expect(asked.lists).toBe(lists);
  isHidden = true;
  const hiddenAt = clock.now();
  await until(async () => (await see("pools")).status === 409);
  expect(clock.now() - hiddenAt).toBeGreaterThan(15_000);
  isHidden = false;
  await isCurrent(world);
});

test.each([
  ["ahead of", 7_200_000],
  ["behind", -7_200_000],
])("our clock is two hours %s the server's: no matter", async (_, aheadMs) => {
  const world = await embeddedWorld({ clock: hurriedClock(20, aheadMs) });
  await isCurrent(world);
  world.proxy.cut();
  await isCurrent(world);
});
