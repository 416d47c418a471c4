import { describe, expect, test } from "vitest";
import { ApiError } from "./errors.ts";
import type { RequestSpec } from "./request.ts";
import { authority, firstClient, server as serverPair } from "./testing/certificates.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { connect, failure, startServer } from "./testing/fixtures.ts";

const look: RequestSpec = { method: "GET", path: "/api/v1/namespaces" };
const base64 = (pem: string) => Buffer.from(pem).toString("base64");
const cluster = { "certificate-authority-data": base64(authority) };
const certificate = {
  "client-certificate-data": base64(firstClient.cert),
  "client-key-data": base64(firstClient.key),
};

describe("a connection as somebody else", () => {
  test("with a token: nothing of the owner's credential goes along, on no socket of the owner's", async () => {
    const server = await startServer({
      tls: { ...serverPair, ca: authority, requestCert: true, rejectUnauthorized: false },
    });
    const user = { ...certificate, token: "owner", as: "root", "as-groups": ["system:masters"] };
    const owner = await connect(server, { cluster, user });
    const jane = owner.as({ user: "jane", token: "hers" });
    const seen: unknown[] = [];
    for (const connection of [owner, jane, owner, jane]) {
      const answer = connection.request(look);
      const exchange = await server.next();
      const { authorization, "impersonate-user": impersonated } = exchange.headers;
      seen.push([exchange.clientName, authorization, impersonated ?? null]);
      exchange.json({});
      await answer;
    }
    expect(seen).toEqual([
      ["first", "Bearer owner", "root"],
      [null, "Bearer hers", null],
      ["first", "Bearer owner", "root"],
      [null, "Bearer hers", null],
    ]);
    expect([owner.user, jane.user, jane.name, jane.server]).toEqual([null, "jane", owner.name, owner.server]);
  });

  test("by impersonation: one header for each group, whomever the owner speaks for otherwise", async () => {
    const server = await startServer();
    const owner = await connect(server, {
      user: { token: "owner", as: "root", "as-uid": "7", "as-groups": ["system:masters"] },
    });
    const answer = owner.as({ user: "jane", groups: ["net, ops", "web"] }).request(look);
    const exchange = await server.next();
    expect(exchange.headers).toMatchObject({ authorization: "Bearer owner", "impersonate-user": "jane" });
    expect(exchange.headers).not.toHaveProperty("impersonate-uid");
    const groups = exchange.rawHeaders.filter(
      (_each, at, all) => all[at - 1]?.toLowerCase() === "impersonate-group",
    );
    expect(groups).toEqual(["net, ops", "web"]);
    exchange.json({});
    await answer;
  });

  test("a refused token is not sent again, and not in the owner's name", async () => {
    const server = await startServer();
    const owner = await connect(server, { clock: new FakeClock(), user: { token: "owner" } });
    const answer = failure(owner.as({ user: "jane", token: "old" }).request(look));
    (await server.next()).json({ kind: "Status", code: 401, reason: "Unauthorized", message: "no" }, 401);
    expect(await answer).toBeInstanceOf(ApiError);
    expect(await answer).toMatchObject({ status: 401 });
    expect(server.untaken).toBe(0);
  });
});
