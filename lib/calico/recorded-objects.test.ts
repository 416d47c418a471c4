import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type ApiMode, deletedMark, typeOf } from "./dialect.ts";
import { METADATA_ANNOTATION } from "./metadata.ts";
import { parseLossless, stringifyLossless } from "./lossless-json.ts";
import { parseAffinity } from "./parse-affinity.ts";
import { parseBlock } from "./parse-block.ts";
import { parseConfig } from "./parse-config.ts";
import { parseHandle } from "./parse-handle.ts";
import { parsePool } from "./parse-pool.ts";
import { parseReservation } from "./parse-reservation.ts";
import { isRecord, list, type RawRecord, record } from "./reading.ts";
import { toRawAffinity, toRawBlock, toRawHandle, toRawPool } from "./to-raw.ts";

const folder = new URL("../recordings/", import.meta.url);
const recordings = readdirSync(folder).filter((file) => file.endsWith(".json"));

/** All objects of one kind that Calico's programs left behind in a recording. */
function objectsOf(file: string, kind: string): RawRecord[] {
  const recording: unknown = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
  return list(record(recording).steps).flatMap((step) =>
    list(record(record(step).objects)[kind]).filter(isRecord),
  );
}

const sequenceNumber = 1787400005123456795n;

/** Puts back what the recordings blank. */
function stored(object: RawRecord): RawRecord {
  const { sequenceNumberMinusAllocation, ...spec } = record(object.spec);
  const ages = Object.entries(record(sequenceNumberMinusAllocation)).map(([ordinal, age]) => [
    ordinal,
    sequenceNumber - BigInt(Number(age)),
  ]);
  const filled =
    sequenceNumberMinusAllocation === undefined
      ? spec
      : { ...spec, sequenceNumber, sequenceNumberForAllocation: Object.fromEntries(ages) };
  const text = stringifyLossless({
    metadata: { name: object.name, labels: object.labels, resourceVersion: "7" },
    spec: filled,
  });
  return record(parseLossless(text.replaceAll('"releasedAt":"*"', '"releasedAt":"2026-08-22T12:00:00Z"')));
}

/** Of affinities; the recordings hold either spelling. */
function spelled(spec: unknown, mode: ApiMode): RawRecord {
  const { deleted, ...rest } = record(spec);
  return { ...rest, deleted: deletedMark(mode, "BlockAffinity", String(deleted) === "true") };
}

const modes: readonly ApiMode[] = ["crd-v1", "aggregated-v3", "native-v3"];
/** Only objects of the v1 CRDs carry their metadata a second time. */
const annotated = (raw: { metadata: { annotations?: object } } | null) =>
  raw?.metadata.annotations !== undefined && METADATA_ANNOTATION in raw.metadata.annotations;

test.each(recordings)("%s: what Calico stored is read without an oddity and written the same", (file) => {
  for (const object of objectsOf(file, "blocks").map(stored)) {
    const { value, oddities } = parseBlock(object);
    expect(oddities).toEqual([]);
    for (const mode of modes) {
      const raw = value && toRawBlock(value, mode);
      expect(raw).toMatchObject({
        ...typeOf(mode, "IPAMBlock"),
        metadata: { name: record(object.metadata).name, resourceVersion: "7" },
      });
      expect(raw?.spec).toEqual(object.spec);
      expect(annotated(raw)).toBe(mode !== "native-v3");
    }
  }
  for (const object of objectsOf(file, "affinities").map(stored)) {
    const { value, oddities } = parseAffinity(object);
    expect(oddities).toEqual([]);
    for (const mode of modes) {
      const raw = value && toRawAffinity(value, mode);
      expect(raw?.metadata).toMatchObject({
        name: record(object.metadata).name,
        labels: record(object.metadata).labels,
      });
      expect(raw?.spec).toEqual(spelled(object.spec, mode));
      expect(annotated(raw)).toBe(mode !== "native-v3");
      expect(parseAffinity(raw).value).toEqual(value);
    }
  }
  for (const object of objectsOf(file, "handles").map(stored)) {
    const { value, oddities } = parseHandle(object);
    expect(oddities).toEqual([]);
    for (const mode of modes) {
      expect(value && toRawHandle(value, mode)).toMatchObject({
        ...typeOf(mode, "IPAMHandle"),
        metadata: { name: record(object.metadata).name },
        spec: object.spec,
      });
    }
  }
  for (const object of objectsOf(file, "pools").map(stored)) {
    const { value, oddities } = parsePool(object);
    expect(oddities).toEqual([]);
    const byCalicosClient = record(object.spec).allowedUses !== undefined;
    if (byCalicosClient) expect(value && toRawPool(value).spec).toEqual(object.spec);
    else expect(value && toRawPool(value).spec).toMatchObject(record(object.spec));
  }
  for (const object of objectsOf(file, "config").map(stored))
    expect(parseConfig(object).oddities).toEqual([]);
  for (const object of objectsOf(file, "reservations").map(stored))
    expect(parseReservation(object).oddities).toEqual([]);
});

test("there is something to compare", () => {
  const count = (kind: string): number => recordings.flatMap((file) => objectsOf(file, kind)).length;
  expect(count("blocks")).toBeGreaterThan(200);
  expect(count("affinities")).toBeGreaterThan(200);
  expect(count("handles")).toBeGreaterThan(900);
  expect(count("pools")).toBeGreaterThan(90);
});
