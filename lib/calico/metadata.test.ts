import { expect, test } from "vitest";
import { viewMetadata } from "./metadata.ts";

const hidden = (metadata: unknown): Record<string, string> => ({
  "projectcalico.org/metadata": JSON.stringify(metadata),
});

test("hidden metadata wins over the stored one", () => {
  const view = viewMetadata({
    metadata: {
      name: "p",
      uid: "0f4c2b1e-6a7d-4c3e-9b21-5d8e7f603a12",
      resourceVersion: "812",
      creationTimestamp: "2026-08-22T12:00:00Z",
      labels: { "projectcalico.org/x": "stored", plain: "1" },
      annotations: {
        kept: "1",
        ...hidden({
          creationTimestamp: "2026-08-22T11:58:40Z",
          labels: { "projectcalico.org/x": "hidden", team: "platform" },
          annotations: { note: "n" },
          ownerReferences: [
            {
              apiVersion: "crd.projectcalico.org/v1",
              kind: "IPPool",
              name: "o",
              uid: "0f4c2b1e-6a7d-4c3e-9b21-5d8e7f603a12",
            },
          ],
        }),
      },
    },
  });
  expect(view).toEqual({
    name: "p",
    uid: "0f4c2b1e-6a7d-4c3e-9b21-5d8e7f603a12",
    v3Uid: "f032d478-56be-4c7c-9b84-ba71fe065c48",
    resourceVersion: "812",
    createdAt: "2026-08-22T11:58:40Z",
    labels: { "projectcalico.org/x": "hidden", plain: "1", team: "platform" },
    annotations: { kept: "1", note: "n" },
    ownerReferences: [
      {
        apiVersion: "projectcalico.org/v3",
        kind: "IPPool",
        name: "o",
        uid: "f032d478-56be-4c7c-9b84-ba71fe065c48",
      },
    ],
    deleting: false,
    finalizers: [],
    oddities: [],
  });
});

test("without the annotation the stored metadata counts", () => {
  const view = viewMetadata({
    metadata: {
      name: "p",
      uid: "u",
      creationTimestamp: "2026-08-22T12:00:00Z",
      labels: { a: "b" },
      deletionTimestamp: "2026-08-22T12:00:01Z",
    },
  });
  expect(view).toMatchObject({
    v3Uid: "u",
    createdAt: "2026-08-22T12:00:00Z",
    labels: { a: "b" },
    deleting: true,
  });
});

test("Calico's usual empty annotation leaves the stored time", () => {
  const view = viewMetadata({
    metadata: { creationTimestamp: "t", annotations: hidden({ creationTimestamp: null }) },
  });
  expect(view).toMatchObject({ createdAt: "t", oddities: [] });
});

test.each([undefined, null, 7, "x", [], {}, { metadata: 7 }])("%o has no metadata", (object) => {
  expect(viewMetadata(object)).toMatchObject({ name: "", labels: {}, oddities: [] });
});

test("what is not metadata is told", () => {
  const view = viewMetadata({
    metadata: { labels: { a: 1, b: "c" }, annotations: { "projectcalico.org/metadata": "[oops" } },
  });
  expect(view.labels).toEqual({ b: "c" });
  expect(view.oddities).toEqual([
    "metadata.labels holds values that are not text: left out",
    'annotation projectcalico.org/metadata is not a JSON object: "[oops"',
  ]);
});
