import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { until } from "./testing/fake-clock.ts";
import type { Exchange } from "./testing/fault-server.ts";
import { pod, podList } from "./testing/fixtures.ts";
import { listOf, message, one, PROTOBUF, ProtobufError, readProtobuf, text } from "./protobuf.ts";
import { nextList, nextWatch, reflectPods } from "./testing/reflected-pods.ts";
import { toError } from "./request.ts";

/** What a real API server (Kubernetes 1.36) sent, in both encodings. */
function recorded(file: string): Buffer {
  return readFileSync(join(import.meta.dirname, "testing", "real", file));
}

const metadata = message({
  1: text("name"),
  3: text("namespace"),
  5: text("uid"),
  6: text("resourceVersion"),
});
const slimPods = listOf(
  message({ 1: one("metadata", metadata), 2: one("spec", message({ 10: text("nodeName") })) }),
);

function sendProtobuf(exchange: Exchange, bytes: Buffer): void {
  exchange.open({ "content-type": PROTOBUF }).raw(bytes).end();
}

describe("a reflector of a kind that comes as protobuf", () => {
  test("asks for it, with JSON as the other choice; watches in JSON", async () => {
    const { server, names } = await reflectPods({ protobuf: slimPods });
    const list = await nextList(server);
    expect(list.headers.accept).toBe("application/vnd.kubernetes.protobuf, application/json");
    sendProtobuf(list, recorded("pods.pb"));
    const watch = await nextWatch(server);
    expect(watch.headers.accept).toBe("application/json");
    const { items } = JSON.parse(recorded("pods.json").toString()) as {
      items: { metadata: { name: string } }[];
    };
    expect(names()).toEqual(items.map(({ metadata: { name } }) => name).toSorted());
  });

  test("takes JSON from a server that has nothing else", async () => {
    const { live, names } = await reflectPods({ protobuf: slimPods });
    await live();
    expect(names()).toEqual(["a", "b"]);
  });

  test.each([
    ["cut short", recorded("pods.pb").subarray(0, 900)],
    ["of another kind of message", Buffer.from("k8s\0\xff\xff\xff", "latin1")],
    ["a page of HTML", Buffer.from("<html>")],
    ["empty", Buffer.from("")],
  ])("%s: asks again in JSON, and goes on so", async (_name, bytes) => {
    const { server, pass, names, reflector } = await reflectPods({ protobuf: slimPods });
    sendProtobuf(await nextList(server), bytes);
    await until(() => reflector.state.status === "starting" && reflector.state.message !== null);
    expect(reflector.state).toMatchObject({ message: "the API server's answer is not valid protobuf" });
    await pass(200);
    const list = await nextList(server);
    expect(list.headers.accept).toBe("application/json");
    list.json(podList([pod("a", 5)], 10));
    (await nextWatch(server)).open();
    expect(names()).toEqual(["a"]);
  });
});

test("a refusal says in protobuf what it says in JSON", () => {
  const said = (type: string, bytes: Buffer) => {
    const error = toError({ status: 504, headers: { "content-type": type } }, bytes);
    return { ...error, message: error.message };
  };
  const inJson = said("application/json", recorded("status.json"));
  expect(inJson).toMatchObject({
    details: { causes: [{ reason: "ResourceVersionTooLarge" }] },
    retryAfter: 1,
  });
  expect(said(PROTOBUF, recorded("status.pb"))).toEqual(inJson);
});

test.each<[string, number[]]>([
  ["a length beyond the end", [0x12, 0x7f]],
  ["a number without end", [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ["a group, which nobody sends", [0x12, 0x01, 0x0b]],
  ["a text where a message belongs", [0x12, 0x02, 0x08, 0x01]],
  ["no content", [0x0a, 0x00]],
  ["an encoding of the content", [0x12, 0x00, 0x1a, 0x04, 0x67, 0x7a, 0x69, 0x70]],
])("%s is refused", (_name, bytes) => {
  const whole = Buffer.concat([Buffer.from("k8s\0"), Buffer.from(bytes)]);
  expect(() => readProtobuf(whole, slimPods)).toThrow(ProtobufError);
});
