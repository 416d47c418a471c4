import * as fc from "fast-check";
import { expect, test } from "vitest";
import { IdentityColumns, type Version } from "./identity-columns.ts";

const uuid = "f0a1b2c3-d4e5-4f67-89ab-cdef01234567";
/** A UUID but for one character. */
const nearly = fc
  .record({
    at: fc.nat({ max: 35 }),
    char: fc.constantFrom("-", "0", "A", "G", "g", ":", "`", "é", "\u{130}"),
  })
  .map(({ at, char }) => uuid.slice(0, at) + char + uuid.slice(at + 1));
const uids = fc.oneof(fc.uuid(), nearly, fc.constantFrom("", "UID", "0123456789ABCDEF"), fc.string());
const versions = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom("", "0", "007", "1e3", "9007199254740991", "9007199254740993", "abc"),
  fc.string(),
);
const steps = fc.array(
  fc.record({
    key: fc.constantFrom("a", "b", "c/d", "ns/ü", "__proto__"),
    to: fc.option(fc.record({ uid: uids, resourceVersion: versions })),
  }),
  { maxLength: 60 },
);

test("holds what a map would, whatever identities look like", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const columns = new IdentityColumns();
      const model = new Map<string, Version>();
      for (const { key, to } of all) {
        if (to === null) {
          columns.delete(key);
          model.delete(key);
        } else {
          columns.set(key, to);
          model.set(key, to);
        }
        expect(columns.size).toBe(model.size);
        for (const each of ["a", "b", "c/d", "ns/ü", "__proto__"])
          expect(columns.get(each)).toEqual(model.get(each));
      }
      expect([...columns.keys()].toSorted()).toEqual([...model.keys()].toSorted());
    }),
    { numRuns: 200 },
  );
});

test("grows beyond its first columns", () => {
  const columns = new IdentityColumns();
  const identity = (at: number) => ({
    uid: `f0000000-0000-4000-8000-${at.toString(16).padStart(12, "0")}`,
    resourceVersion: String(at),
  });
  for (let at = 1; at < 500; at += 1) columns.set(`pod-${at}`, identity(at));
  for (let at = 1; at < 500; at += 1) expect(columns.get(`pod-${at}`)).toEqual(identity(at));
});
