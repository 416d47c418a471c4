import { expect, test, vi } from "vitest";
import { openApiDocument } from "./openapi.ts";

const document = openApiDocument("1.2.3");
const text = JSON.stringify(document);

test("every reference of the document leads to one of its components", () => {
  const { schemas } = document["components"] as { schemas: Record<string, unknown> };
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references) {
    expect(reference).toMatch(/^#\/components\/schemas\//);
    expect(Object.keys(schemas)).toContain(reference?.slice("#/components/schemas/".length));
  }
  expect(Object.keys(schemas)).toEqual(expect.arrayContaining(["Pool", "Problem", "ChangeEvent"]));
});

test("query parameters are described as the text that is sent", () => {
  const { paths } = document as {
    paths: Record<string, { get: { parameters: { name: string; schema: object }[] } }>;
  };
  const { parameters = [] } = paths["/api/v1/pools"]?.get ?? {};
  expect(parameters.find(({ name }) => name === "family")?.schema).toMatchObject({ enum: ["4", "6"] });
  expect(parameters.find(({ name }) => name === "limit")?.schema).toMatchObject({ type: "string" });
});

test("pages and routes each have a copy of the schemas: a second one in the process changes nothing", async () => {
  vi.resetModules();
  await import("./common.ts");
  expect(JSON.stringify(openApiDocument("1.2.3"))).toBe(text);
});
