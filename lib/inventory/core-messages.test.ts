import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Message, ProtobufError, readProtobuf } from "../kube/protobuf.ts";
import { coreLists } from "./core-messages.ts";
import { Inventory } from "./inventory.ts";
import type { Kind } from "./kinds.ts";

/** Answers of a real API server (Kubernetes 1.36) to the same request, once in each encoding. */
const folder = join(import.meta.dirname, "..", "kube", "testing", "real");
const recordings = ["pods", "full-pod", "nodes", "namespaces", "events"] as const;
const kindOf: Readonly<Record<(typeof recordings)[number], Kind>> = {
  pods: "pods",
  "full-pod": "pods",
  nodes: "nodes",
  namespaces: "namespaces",
  events: "sandboxFailures",
};

interface List {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: object;
  readonly items: readonly object[];
}

function recorded(name: (typeof recordings)[number]): { json: List; bytes: Buffer; message: Message } {
  const json = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as List;
  return { json, bytes: readFileSync(join(folder, `${name}.pb`)), message: coreLists[kindOf[name]] ?? [] };
}

describe.each(recordings)("%s of a real API server", (name) => {
  const { json, bytes, message } = recorded(name);

  test("make the same rows from protobuf as from JSON", () => {
    const list = readProtobuf(bytes, message) as List;
    expect(list).toMatchObject({ kind: json.kind, apiVersion: json.apiVersion, metadata: json.metadata });
    const inventory = new Inventory(null);
    const rows = ({ items }: List) => items.map((item) => inventory.project(kindOf[name], item));
    expect(rows(list)).toEqual(rows(json));
    expect(rows(json).every((row) => row !== null)).toBe(true);
  });

  test("cut short or with a byte changed, are read otherwise or refused, and nothing else", () => {
    const places = fc.nat({ max: bytes.length - 1 });
    fc.assert(
      fc.property(places, places, fc.integer({ min: 0, max: 255 }), fc.boolean(), (at, end, byte, isCut) => {
        const changed = Buffer.from(isCut ? bytes.subarray(0, end) : bytes);
        if (at < changed.length) changed[at] = byte;
        try {
          readProtobuf(changed, message);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError);
        }
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  test("cut short anywhere, are refused", () => {
    for (let end = 0; end < bytes.length - 8; end += 7) {
      expect(() => readProtobuf(bytes.subarray(0, end), message)).toThrow(ProtobufError);
    }
  });
});
