import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { FakeClock, until } from "./fake-clock.ts";
import { TcpProxy } from "./tcp-proxy.ts";

/** A server that the test speaks as, the proxy in front of it, and a client on the proxy. */
async function line() {
  const accepted: Socket[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    accepted.push(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const clock = new FakeClock();
  const target = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  const proxy = await TcpProxy.start(target, { clock });
  onTestFinished(async () => {
    await proxy.stop();
    for (const socket of accepted) socket.destroy();
    server.close();
  });
  const dial = async () => {
    const count = accepted.length;
    const socket = connect(proxy.port, "127.0.0.1");
    const client = { socket, got: "", ending: "" };
    socket.on("data", (chunk: Buffer) => (client.got += chunk.toString()));
    socket.on("end", () => (client.ending = "FIN"));
    socket.on("error", (error: NodeJS.ErrnoException) => (client.ending = error.code ?? "?"));
    await until(() => accepted.length > count || client.ending !== "");
    return { client, server: accepted[count] };
  };
  return { proxy, clock, dial, turns };
}

async function turns(): Promise<void> {
  for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

test("what is said arrives on the other side, and is counted", async () => {
  const { proxy, dial } = await line();
  const { client, server } = await dial();
  let asked = "";
  server?.on("data", (chunk: Buffer) => (asked += chunk.toString()));
  client.socket.write("question");
  await until(() => asked === "question");
  server?.write("answer");
  await until(() => client.got === "answer");
  expect(proxy.counters).toEqual({ connections: 1, bytesUp: 8, bytesDown: 6 });
  server?.end();
  await until(() => client.ending === "FIN" && proxy.open === 0);
});

test("cut ends a connection in order, reset breaks it, refuse lets nobody in", async () => {
  const { proxy, dial } = await line();
  const { client: first } = await dial();
  proxy.cut();
  await until(() => first.ending === "FIN");
  const { client: second } = await dial();
  proxy.reset();
  await until(() => second.ending === "ECONNRESET");
  await proxy.refuse();
  const { client: third } = await dial();
  expect(third.ending).toBe("ECONNREFUSED");
  await proxy.heal();
  const { client: fourth, server } = await dial();
  server?.write("back");
  await until(() => fourth.got === "back");
});

test("frozen, nothing passes and nothing ends; thawed, all of it does", async () => {
  const { proxy, dial } = await line();
  const { client, server } = await dial();
  proxy.freeze();
  server?.end("late");
  await turns();
  expect(client).toMatchObject({ got: "", ending: "" });
  proxy.thaw();
  await until(() => client.got === "late" && client.ending === "FIN");
});

test("a forgotten connection stays silent, a new one speaks", async () => {
  const { proxy, dial } = await line();
  const { client: old, server: oldServer } = await dial();
  proxy.forget();
  const { client, server } = await dial();
  oldServer?.write("lost");
  server?.write("heard");
  await until(() => client.got === "heard");
  expect(old.got).toBe("");
});

test("dripping, so many bytes come with every tick", async () => {
  const { proxy, clock, dial } = await line();
  const { client, server } = await dial();
  proxy.drip(2, 100);
  server?.write("abcde");
  await turns();
  expect(client.got).toBe("");
  clock.advance(100);
  await until(() => client.got === "ab");
  clock.advance(100);
  await until(() => client.got === "abcd");
  proxy.flow();
  await until(() => client.got === "abcde");
});

test("a connection is broken in the middle of an answer, or so long after the question", async () => {
  const { proxy, clock, dial } = await line();
  proxy.resetAfter(4, 1);
  const { client, server } = await dial();
  server?.write("ab");
  await until(() => client.got === "ab");
  server?.write("cd");
  await until(() => client.ending === "ECONNRESET");
  proxy.limitAnswers(1_000);
  const { client: short, server: asked } = await dial();
  let question = "";
  asked?.on("data", (chunk: Buffer) => (question += chunk.toString()));
  short.socket.write("a");
  await until(() => question === "a");
  clock.advance(500);
  short.socket.write("b");
  await until(() => question === "ab");
  clock.advance(999);
  await turns();
  expect(short.ending).toBe("");
  clock.advance(1);
  await until(() => short.ending === "FIN");
});

test("cut at the moment a condition holds, the client does not hear what made it hold", async () => {
  const { proxy, dial } = await line();
  const { client, server } = await dial();
  let written = false;
  proxy.cutWhen(async () => written);
  server?.write("before");
  await until(() => client.got === "before");
  written = true;
  server?.write("done");
  await until(() => client.ending === "ECONNRESET");
  expect(client.got).toBe("before");
});
