import { request as httpRequest } from "node:http";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkFront, ownHeaders, sendProblem } from "./front.ts";
import { configure } from "./testing.ts";

let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    try {
      checkFront(request);
      ownHeaders(request);
      response.end(JSON.stringify(request.headers));
    } catch (error) {
      sendProblem(response, error);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
  configure({ hosts: new Set([`localhost:${port}`]) });
});

afterAll(() => server.close());

/** Sends the path as it is: no client's URL parser gets to tidy it. */
function send(method: string, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; body: string; headers: IncomingMessage["headers"] }>(
    (resolve, reject) => {
      const sent = httpRequest(
        { host: "127.0.0.1", port, method, path, headers: { Host: `localhost:${port}`, ...headers } },
        async (response) => {
          let body = "";
          for await (const chunk of response) body += String(chunk);
          resolve({ status: response.statusCode ?? 0, body, headers: response.headers });
        },
      );
      sent.on("error", reject);
      sent.end();
    },
  );
}

test.each([
  ["GET", "/api/v1/pools/..", 400],
  ["GET", "/api/v1/pools/%2e%2e", 400],
  ["GET", "/api/v1/pools/.%2E/x", 400],
  ["GET", "/api/v1/pools/.", 400],
  ["GET", "/api/v1//pools", 400],
  ["GET", "//evil.example/x", 400],
  ["GET", "/api/v1/pools/a%2fb", 400],
  ["GET", "/api/v1/pools/a%5cb", 400],
  ["GET", "/api/v1/pools/a\\b", 400],
  ["GET", "/api/v1/pools/a%00", 400],
  ["GET", "/api/v1/pools/a%0d%0ab", 400],
  ["GET", "http://localhost/api/v1/pools", 400],
  ["GET", "/api/v1/pools/%ff", 400],
  ["DELETE", "/api/v1/reservations/%FF", 400],
  ["PATCH", "/api/v1/namespaces/%E0%A4%A", 400],
  ["GET", "/pools/%ff", 400],
  ["GET", "/pools/%E0%A4%A", 400],
  ["GET", "/pools/%C3%A9", 200],
  ["TRACE", "/api/v1/pools", 405],
  ["PROPFIND", "/api/v1/pools", 405],
  ["POST", "/pools", 405],
  ["DELETE", "/", 405],
  ["GET", "/", 200],
  ["GET", "/pools/external-pool?tab=map", 200],
  ["GET", "/api/v1/addresses/fd00%3A%3A1", 200],
  ["DELETE", "/api/v1/pools/a.b", 200],
])("%s %s is %i", async (method, path, status) => {
  const answer = await send(method, path);
  expect(answer.status).toBe(status);
  if (status !== 200) {
    expect(answer.headers).toMatchObject({
      "content-type": "application/problem+json",
      "x-frame-options": "DENY",
      "cache-control": "no-store",
    });
    expect(JSON.parse(answer.body)).toMatchObject({ status });
  }
});

test("a foreign Host is refused, for pages too, but not for the kubelet's probes", async () => {
  for (const path of ["/", "/api/v1/pools", "/_next/static/x.js"]) {
    expect((await send("GET", path, { Host: "evil.example" })).status).toBe(421);
  }
  expect((await send("GET", "/healthz", { Host: "10.0.0.1:3000" })).status).toBe(200);
});

test("two Host headers are one too many", async () => {
  const socket = connect(port, "127.0.0.1");
  socket.write(
    `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
  );
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  expect(text).toMatch(/^HTTP\/1\.1 4(00|21) /);
});

test("what a proxy would say is taken away, the peer's address is ours to say", async () => {
  const sent = {
    "X-Forwarded-Host": "evil",
    "X-Middleware-Subrequest": "proxy",
    "X-Poolboard-Peer": "1.2.3.4",
    "X-Nonce": "n",
  };
  const { body } = await send("GET", "/", sent);
  const seen: unknown = JSON.parse(body);
  expect(seen).toMatchObject({ "x-poolboard-peer": "127.0.0.1" });
  for (const name of ["x-forwarded-host", "x-middleware-subrequest", "x-nonce"])
    expect(seen).not.toHaveProperty(name);
});
