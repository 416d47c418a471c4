import { writeFile } from "node:fs/promises";
import path from "node:path";
import { inspect } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { openCluster } from "./connection.ts";
import { ApiError, UnreachableError } from "./errors.ts";
import type { RequestSpec } from "./request.ts";
import { FakeClock, until } from "./testing/fake-clock.ts";
import { connect, failure, startServer, temporaryFolder, writeKubeconfig } from "./testing/fixtures.ts";

const look: RequestSpec = { method: "GET", path: "/api/v1/namespaces" };
const change: RequestSpec = { method: "PATCH", path: "/api/v1/namespaces/x", body: { a: 1 } };

describe("requests", () => {
  test("send a body, a content type, own and repeated headers; answer parsed JSON", async () => {
    const server = await startServer();
    const connection = await connect(server, { user: { token: "t0", as: "jane", "as-groups": ["a", "b"] } });
    const answer = connection.request({
      ...change,
      contentType: "application/merge-patch+json",
      query: { dryRun: "All" },
      headers: { "x-several": ["one", "two"] },
    });
    const exchange = await server.next();
    expect(exchange).toMatchObject({ method: "PATCH", path: "/api/v1/namespaces/x", body: '{"a":1}' });
    expect(exchange.query.get("dryRun")).toBe("All");
    expect(exchange.headers).toMatchObject({
      authorization: "Bearer t0",
      accept: "application/json",
      "user-agent": "poolboard",
      "content-type": "application/merge-patch+json",
      "impersonate-user": "jane",
    });
    const groups = exchange.rawHeaders.filter(
      (_each, at, all) => all[at - 1]?.toLowerCase() === "impersonate-group",
    );
    expect(groups).toEqual(["a", "b"]);
    const several = exchange.rawHeaders.filter(
      (_each, at, all) => all[at - 1]?.toLowerCase() === "x-several",
    );
    expect(several).toEqual(["one", "two"]);
    exchange.json({ fine: true });
    expect(await answer).toEqual({ fine: true });
  });

  test("keep the path of a server behind a prefix", async () => {
    const server = await startServer();
    const connection = await connect({ url: `${server.url}/k8s/clusters/c-1/` });
    const answer = connection.request(look);
    const exchange = await server.next();
    expect(exchange.path).toBe("/k8s/clusters/c-1/api/v1/namespaces");
    exchange.json({});
    await answer;
  });

  test("share sockets", async () => {
    const server = await startServer();
    const connection = await connect(server);
    for (let i = 0; i < 20; i += 1) {
      const answer = connection.request(look);
      (await server.next()).json({});
      await answer;
    }
    // A second one may be opened while the first is still finishing its answer.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  test("can be aborted, before and while they run", async () => {
    const server = await startServer();
    const connection = await connect(server);
    const control = new AbortController();
    const running = failure(connection.request({ ...look, signal: control.signal }));
    const exchange = await server.next();
    control.abort(new Error("enough"));
    expect(await running).toMatchObject({ message: "enough" });
    await until(() => exchange.closed);
    expect(await failure(connection.request({ ...look, signal: control.signal }))).toMatchObject({
      message: "enough",
    });
    expect(server.untaken).toBe(0);
  });

  test("an abandoned body closes its connection", async () => {
    const server = await startServer();
    const connection = await connect(server);
    const opening = connection.open(look);
    const exchange = await server.next();
    exchange.open().raw("x");
    for await (const chunk of (await opening).chunks) {
      expect(chunk.toString()).toBe("x");
      break;
    }
    await until(() => exchange.closed);
  });

  test("a body above the limit is refused", async () => {
    const server = await startServer();
    const connection = await connect(server);
    const answer = failure(connection.request({ ...look, maxBytes: 100 }));
    (await server.next()).json("x".repeat(200));
    expect(await answer).toMatchObject({
      why: "notKubernetes",
      message: "the answer is larger than 100 bytes",
    });
  });
});

describe("timeouts", () => {
  test("of the first byte, of the gap, and of the whole", async () => {
    const server = await startServer();
    const clock = new FakeClock();
    const connection = await connect(server, { clock });
    const timeouts = { firstByteMs: 3_000, gapMs: 4_000, totalMs: 10_000 };

    const mute = failure(connection.request({ ...change, timeouts }));
    await server.next();
    clock.advance(3_000);
    expect(await mute).toMatchObject({
      why: "timeout",
      sent: "maybe",
      message: "the API server sent nothing within 3 s",
    });

    const stalled = failure(connection.request({ ...look, timeouts }));
    (await server.next()).open().raw("{");
    await until(() => clock.pending().includes(4_000));
    clock.advance(4_000);
    expect(await stalled).toMatchObject({ message: "the API server sent nothing more within 4 s" });

    const dripping = failure(connection.request({ ...look, timeouts }));
    const drip = (await server.next()).open().raw("{");
    for (let i = 0; i < 4; i += 1) {
      await until(() => clock.pending().includes(4_000));
      clock.advance(2_500);
      drip.raw(" ");
    }
    expect(await dripping).toMatchObject({ message: "the API server sent no complete answer within 10 s" });
    expect(clock.pending()).toEqual([]);
  });
});

describe("was it sent?", () => {
  test("no, when nobody listens", async () => {
    const connection = await connect({ url: "http://127.0.0.1:1" });
    const error = await failure(connection.request(change));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({
      why: "network",
      sent: "no",
      message: "the API server refuses connections",
    });
  });

  test("no, when the name does not resolve", async () => {
    const connection = await connect({ url: "https://no-such-host.invalid" });
    expect(await failure(connection.request(change))).toMatchObject({ why: "network", sent: "no" });
  });

  test.each(["destroy", "reset"] as const)(
    "maybe, when the connection is cut after it (%s)",
    async (fault) => {
      const server = await startServer();
      const connection = await connect(server);
      const answer = failure(connection.request(change));
      (await server.next())[fault]();
      expect(await answer).toMatchObject({
        why: "network",
        sent: "maybe",
        message: "the connection was cut",
      });
      // One request per call: a write is never sent again by itself.
      expect(server.untaken).toBe(0);
    },
  );

  test("maybe, when something else than an API server answers", async () => {
    const server = await startServer();
    const connection = await connect(server);
    const answer = failure(connection.request(change));
    (await server.next()).send(200, "<html>", { "content-type": "text/html" });
    expect(await answer).toMatchObject({
      why: "notKubernetes",
      sent: "maybe",
      message: "expected JSON from the API server, got text/html",
    });
  });

  test("redirects are not followed", async () => {
    const [server, target] = [await startServer(), await startServer()];
    const connection = await connect(server, { user: { token: "secret" } });
    const answer = failure(connection.request(look));
    (await server.next()).send(307, "", { location: `${target.url}/stolen` });
    expect(await answer).toMatchObject({ why: "notKubernetes" });
    expect(target.connections).toBe(0);
  });
});

describe("credentials", () => {
  test("a 401 with an unchanged credential is not tried again", async () => {
    const server = await startServer();
    const connection = await connect(server, { user: { token: "old" } });
    const answer = failure(connection.request(look));
    (await server.next()).refuse(401, "Unauthorized");
    expect(await answer).toBeInstanceOf(ApiError);
    expect(server.untaken).toBe(0);
  });

  test("a 401 makes it read the files again: once for all that wait, and each is sent once more", async () => {
    const server = await startServer();
    const folder = await temporaryFolder();
    const tokenFile = path.join(folder, "token");
    await writeFile(tokenFile, "old\n");
    const connection = await connect(server, { user: { tokenFile } });
    const answers = [1, 2, 3].map(() => connection.request(change));
    const first = [await server.next(), await server.next(), await server.next()];
    expect(first.map((each) => each.headers.authorization)).toEqual(Array(3).fill("Bearer old"));
    await writeFile(tokenFile, "new\n");
    for (const exchange of first) exchange.refuse(401, "Unauthorized");
    for (let i = 0; i < 3; i += 1) {
      const again = await server.next();
      expect(again).toMatchObject({ body: '{"a":1}', headers: { authorization: "Bearer new" } });
      again.json({});
    }
    await Promise.all(answers);
  });

  test("a token file is read again after a minute; one that is missing for a moment does no harm", async () => {
    const server = await startServer();
    const clock = new FakeClock();
    const folder = await temporaryFolder();
    const tokenFile = path.join(folder, "token");
    await writeFile(tokenFile, "t1");
    const connection = await connect(server, { clock, user: { tokenFile } });
    const sentToken = async () => {
      const answer = connection.request(look);
      const exchange = await server.next();
      exchange.json({});
      await answer;
      return exchange.headers.authorization;
    };
    expect(await sentToken()).toBe("Bearer t1");
    await writeFile(tokenFile, "t2");
    clock.advance(59_999);
    expect(await sentToken()).toBe("Bearer t1");
    clock.advance(1);
    expect(await sentToken()).toBe("Bearer t2");
  });

  test("a kubeconfig that moves to another context or server does not move a running connection", async () => {
    const [server, other] = [await startServer(), await startServer()];
    const clock = new FakeClock();
    const folder = await temporaryFolder();
    const file = await writeKubeconfig(path.join(folder, "config"), { server: server.url }, { token: "a" });
    const connection = await openCluster({ kubeconfig: file }, { clock });
    onTestFinished(() => connection.close());
    await writeKubeconfig(file, { server: other.url }, { token: "b" });
    clock.advance(60_000);
    const answer = connection.request(look);
    const exchange = await server.next();
    expect(exchange.headers.authorization).toBe("Bearer a");
    exchange.json({});
    await answer;
  });

  test("a server and a token without a kubeconfig", async () => {
    const server = await startServer();
    const connection = await openCluster({ server: server.url, token: "t" });
    onTestFinished(() => connection.close());
    const answer = connection.request(look);
    const exchange = await server.next();
    expect(exchange.headers.authorization).toBe("Bearer t");
    exchange.json({});
    await answer;
    await expect(openCluster({ server: "http://10.0.0.1" })).rejects.toThrow(/plain http/);
  });

  test("are not in a printed connection", async () => {
    const connection = await connect({ url: "http://127.0.0.1:1" }, { user: { token: "canary-token" } });
    await failure(connection.request(look));
    const printed = inspect(connection, { depth: 10, showHidden: true }) + JSON.stringify(connection);
    expect(printed).toContain("127.0.0.1");
    expect(printed).not.toContain("canary-token");
  });
});
