import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAuth } from "../auth.ts";
import { readSettings } from "../config.ts";
import { keepSecure, ownHeaders } from "../front.ts";
import { configure } from "../testing.ts";
import type { Claim } from "./proxy.ts";

const secret = "a secret of the proxy";
const proven = `X-Poolboard-Proxy-Secret: ${secret}`;
const jane = "X-Remote-User: jane";

let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    ownHeaders(request);
    keepSecure(request, response);
    response.end(JSON.stringify(request.headers));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
});
afterAll(() => server.close());

function trust(peers: string, env: Readonly<Record<string, string>> = {}): void {
  const settings = readSettings({
    POOLBOARD_AUTH: "proxy",
    POOLBOARD_PROXY_PEERS: peers,
    POOLBOARD_PROXY_SECRET: secret,
    ...env,
  });
  const { auth, proxies } = readAuth(settings.auth);
  if (!auth || !proxies) throw new Error("not configured");
  configure({ mode: "inCluster", auth, proxies });
}

/** What a route sees of a request with these header lines, byte by byte as they are. */
async function seen(lines: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { body } = await sent(lines);
  return JSON.parse(body.slice(body.indexOf("{"), body.lastIndexOf("}") + 1)) as Record<string, string>;
}

async function sent(lines: readonly string[]): Promise<{ head: string; body: string }> {
  const socket = connect(port, "127.0.0.1");
  const head = ["GET / HTTP/1.1", "Host: localhost", "Connection: close", ...lines, "", ""].join("\r\n");
  socket.write(Buffer.from(head, "latin1"));
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  const [answered = "", body = ""] = text.split("\r\n\r\n");
  return { head: answered, body };
}

function claimed(headers: Readonly<Record<string, string>>): Claim | null {
  const claim = headers["x-poolboard-claim"];
  return claim === undefined ? null : (JSON.parse(Buffer.from(claim, "base64url").toString()) as Claim);
}

test.each<[string, string[], Claim | null]>([
  ["a person", [proven, jane], { user: "jane", groups: [] }],
  [
    "groups, a header each",
    [proven, jane, "X-Remote-Group: web", "X-Remote-Group: net, ops", "X-Remote-Group: web"],
    { user: "jane", groups: ["net, ops", "web"] },
  ],
  ["a name from abroad in latin1", [proven, "X-Remote-User: josé"], { user: "josé", groups: [] }],
  ["no secret", [jane], null],
  ["a wrong secret", ["X-Poolboard-Proxy-Secret: another one, long enough", jane], null],
  ["the secret twice", [proven, proven, jane], null],
  ["nobody", [proven], null],
  ["a twin with underscores", [proven, "X_Remote_User: admin"], null],
  ["a twin beside the real one", [proven, jane, "X_Remote-User: admin"], { user: "jane", groups: [] }],
  ["another header of the kind", [proven, "X-Forwarded-User: admin", "Impersonate-User: admin"], null],
  ["a claim of the sender's own", [`X-Poolboard-Claim: ${btoa('{"user":"admin","groups":[]}')}`], null],
  [
    "the user twice",
    [proven, jane, "x-remote-user: admin"],
    { refused: "the header x-remote-user came twice" },
  ],
  ["an empty name", [proven, "X-Remote-User:"], { refused: "the user has no name" }],
  [
    "a user of the system",
    [proven, "X-Remote-User: system:admin"],
    { refused: 'a user whose name begins with "system:" is not let through' },
  ],
  [
    "system:masters",
    [proven, jane, "X-Remote-Group: web", "X-Remote-Group: System:Masters"],
    { refused: 'a group whose name begins with "system:" is not let through' },
  ],
  [
    "a name in UTF-8",
    [proven, `X-Remote-User: ${Buffer.from("ядро").toString("latin1")}`],
    { refused: "the user's name has characters that a header cannot carry" },
  ],
  [
    "a control character",
    [proven, jane, "X-Remote-Group: a\tb"],
    { refused: "the group's name has characters that a header cannot carry" },
  ],
  [
    "a name without end",
    [proven, `X-Remote-User: ${"a".repeat(300)}`],
    { refused: "the user's name is longer than 256 characters" },
  ],
  [
    "more groups than anybody has",
    [proven, jane, ...Array.from({ length: 201 }, (_, index) => `X-Remote-Group: g${index}`)],
    { refused: "there are more than 200 groups" },
  ],
])("the word of a trusted proxy: %s", async (_, lines, claim) => {
  trust("127.0.0.0/8");
  const headers = await seen(lines);
  expect(claimed(headers)).toEqual(claim);
  const names = Object.keys(headers).filter((name) => /remote|secret/.test(name));
  expect(names, "neither the secret nor what was believed goes further").toEqual([]);
});

test("whoever is no proxy of ours is not believed, with the secret neither", async () => {
  trust("10.0.0.7,fd00::/64");
  const headers = await seen([proven, jane, "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https"]);
  expect(claimed(headers)).toBeNull();
  expect(headers).toMatchObject({ "x-poolboard-peer": "127.0.0.1", "x-poolboard-scheme": "http" });
});

test("other names for the headers", async () => {
  trust("127.0.0.1", {
    POOLBOARD_PROXY_USER_HEADER: "X-Auth-Email",
    POOLBOARD_PROXY_GROUPS_HEADER: "X-Auth-Group",
  });
  expect(claimed(await seen([proven, jane]))).toBeNull();
  const known = await seen([proven, "X-Auth-Email: jane@example.test", "x-auth-group: web"]);
  expect(claimed(known)).toEqual({ user: "jane@example.test", groups: ["web"] });
});

test.each<[string[], string]>([
  [[], "127.0.0.1"],
  [["X-Forwarded-For: 192.0.2.7"], "192.0.2.7"],
  [["X-Forwarded-For: 1.2.3.4, 192.0.2.7"], "192.0.2.7"],
  [["X-Forwarded-For: 1.2.3.4, 192.0.2.7, 127.0.0.9"], "192.0.2.7"],
  [["X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 192.0.2.7"], "192.0.2.7"],
  [["X-Forwarded-For: 192.0.2.7, nonsense, 127.0.0.9"], "127.0.0.9"],
  [["X-Forwarded-For: ::ffff:192.0.2.7"], "192.0.2.7"],
  [["X-Forwarded-For: 2001:db8::1"], "2001:db8::1"],
])("the client behind %j is %s", async (lines, client) => {
  trust("127.0.0.0/8");
  expect((await seen(lines))["x-poolboard-peer"]).toBe(client);
});

test.each([
  ["https", "https"],
  ["HTTPS", "https"],
  ["http, https", "https"],
  ["https, http", "http"],
  ["ftp", "http"],
])("X-Forwarded-Proto: %s is %s", async (proto, scheme) => {
  trust("127.0.0.0/8");
  expect((await seen([`X-Forwarded-Proto: ${proto}`]))["x-poolboard-scheme"]).toBe(scheme);
});

test("whoever came by TLS is told to come by no other way", async () => {
  trust("127.0.0.0/8");
  const secure = await sent(["X-Forwarded-Proto: https"]);
  expect(secure.head).toContain("Strict-Transport-Security: max-age=31536000");
  expect((await sent([])).head).not.toMatch(/strict-transport/i);
});

test("where no proxy is trusted every such header is nobody's", async () => {
  configure({ mode: "local" });
  const headers = await seen([
    proven,
    "X-Forwarded-Proto: https",
    "X-Poolboard-Scheme: https",
    "X_Poolboard_Claim: e30",
  ]);
  expect(headers).toMatchObject({ "x-poolboard-scheme": "http" });
  expect(Object.keys(headers).filter((name) => /claim|secret|forwarded/.test(name))).toEqual([]);
});
