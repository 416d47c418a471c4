import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect as connectTcp, type AddressInfo } from "node:net";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RequestSpec } from "./request.ts";
import {
  authority,
  expiredServer,
  firstClient,
  otherAuthority,
  secondClient,
  server as serverPair,
} from "./testing/certificates.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { connect, failure, startServer, temporaryFolder } from "./testing/fixtures.ts";

const look: RequestSpec = { method: "GET", path: "/api/v1/namespaces" };
const change: RequestSpec = { method: "PATCH", path: "/api/v1/namespaces/x", body: { a: 1 } };

describe("TLS", () => {
  const base64 = (pem: string) => Buffer.from(pem).toString("base64");
  const trusted = { "certificate-authority-data": base64(authority) };

  test("the server is verified with the kubeconfig's authority", async () => {
    const server = await startServer({ tls: serverPair });
    const connection = await connect(server, { cluster: trusted });
    const answer = connection.request(look);
    (await server.next()).json({ ok: 1 });
    expect(await answer).toEqual({ ok: 1 });
  });

  test.each<[string, typeof serverPair, object, string]>([
    [
      "another authority",
      serverPair,
      { "certificate-authority-data": base64(otherAuthority) },
      "the API server's certificate is not signed by the kubeconfig's authority",
    ],
    ["an expired certificate", expiredServer, trusted, "the API server's certificate has expired"],
    [
      "another name",
      serverPair,
      { ...trusted, "tls-server-name": "elsewhere.test" },
      "the API server's certificate is for another name",
    ],
  ])("%s: nothing is sent", async (_name, tls, cluster, message) => {
    const server = await startServer({ tls });
    const connection = await connect(server, { cluster, user: { token: "secret" } });
    expect(await failure(connection.request(change))).toMatchObject({ why: "network", sent: "no", message });
    expect(server.untaken).toBe(0);
  });

  test.each<[string, object]>([
    ["tls-server-name", { ...trusted, "tls-server-name": "api.example.test" }],
    ["insecure-skip-tls-verify", { "insecure-skip-tls-verify": true }],
  ])("%s works", async (_name, cluster) => {
    const server = await startServer({ tls: serverPair });
    const connection = await connect(server, { cluster });
    const answer = connection.request(look);
    (await server.next()).json({});
    await answer;
  });

  test("a client certificate is shown, and a new one in the same files within a minute", async () => {
    const server = await startServer({
      tls: { ...serverPair, ca: authority, requestCert: true, rejectUnauthorized: true },
    });
    const clock = new FakeClock();
    const folder = await temporaryFolder();
    const files = { cert: path.join(folder, "tls.crt"), key: path.join(folder, "tls.key") };
    await writeFile(files.cert, firstClient.cert);
    await writeFile(files.key, firstClient.key);
    const user = { "client-certificate": files.cert, "client-key": files.key };
    const connection = await connect(server, { clock, cluster: trusted, user });
    const names: (string | null)[] = [];
    const ask = async () => {
      const answer = connection.request(look);
      const exchange = await server.next();
      names.push(exchange.clientName);
      exchange.json({});
      await answer;
    };
    await ask();
    await writeFile(files.cert, secondClient.cert);
    await writeFile(files.key, secondClient.key);
    await ask();
    clock.advance(60_000);
    await ask();
    await ask();
    expect(names).toEqual(["first", "first", "second", "second"]);
  });

  test("the server's authority is replaced: refused in words, believed as soon as the kubeconfig names the new one", async () => {
    const server = await startServer({ tls: serverPair });
    const folder = await temporaryFolder();
    const file = path.join(folder, "ca.crt");
    await writeFile(file, otherAuthority);
    const connection = await connect(server, {
      clock: new FakeClock(),
      cluster: { "certificate-authority": file },
    });
    expect(await failure(connection.request(change))).toMatchObject({
      sent: "no",
      message: "the API server's certificate is not signed by the kubeconfig's authority",
    });
    await writeFile(file, authority);
    const answer = connection.request(change);
    (await server.next()).json({ ok: 1 });
    expect(await answer).toEqual({ ok: 1 });
  });

  test("a proxy-url is used, and never sees what passes", async () => {
    const server = await startServer({ tls: serverPair });
    const targets: string[] = [];
    const proxy = createServer((_request, response) => response.writeHead(400).end());
    proxy.on("connect", (request, socket) => {
      targets.push(request.url ?? "");
      const through = connectTcp(server.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        through.pipe(socket).pipe(through);
      });
      through.on("error", () => socket.destroy());
      socket.on("error", () => through.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const cluster = { ...trusted, "proxy-url": `http://127.0.0.1:${port}` };
    const connection = await connect(server, { cluster });
    const answer = connection.request(change);
    (await server.next()).json({ ok: 1 });
    expect(await answer).toEqual({ ok: 1 });
    expect(targets).toEqual([`127.0.0.1:${server.port}`]);

    const unreachable = await connect(server, { cluster: { ...trusted, "proxy-url": "http://127.0.0.1:1" } });
    expect(await failure(unreachable.request(change))).toMatchObject({ why: "network", sent: "no" });
  });

  test("a server that speaks no TLS", async () => {
    const server = await startServer();
    const connection = await connect({ url: server.url.replace("http:", "https:") }, { cluster: trusted });
    expect(await failure(connection.request(change))).toMatchObject({ why: "network", sent: "no" });
  });
});
