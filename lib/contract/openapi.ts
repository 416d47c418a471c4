import * as z from "zod/mini";
import { ChangeEvent, HelloEvent, ResetEvent } from "./events.ts";
import { Problem } from "./problem.ts";
import { routes, type Route } from "./routes.ts";

type Json = Record<string, unknown>;

const defs = "#/$defs/";
const components = "#/components/schemas/";

function without(object: object, ...keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** The schema as it stands inside the document: named parts are references to its components. */
function inline(schema: z.ZodMiniType, io: "input" | "output"): Json {
  return without(inlineWithDefs(schema, io), "$defs");
}

function inlineWithDefs(schema: z.ZodMiniType, io: "input" | "output"): Json {
  const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any" }));
  return without(JSON.parse(text.replaceAll(defs, components)) as Json, "$schema");
}

/**
 * The schemas that have a name, out of one conversion of everything that the contract says. zod's own registry of names is not
 * asked: it is one for the whole process, where pages and routes each have a copy of every schema.
 */
function namedSchemas(): Json {
  const said = [
    ...routes.flatMap(({ body, answers }) => [body, ...Object.values(answers)]),
    Problem,
    HelloEvent,
    ChangeEvent,
    ResetEvent,
  ].filter((schema) => schema != null);
  const all = z.object(Object.fromEntries(said.map((schema, at) => [`schema${at}`, schema])));
  const { $defs = {} } = inlineWithDefs(all, "output");
  return Object.fromEntries(
    Object.entries($defs as Json).map(([id, schema]) => [id, without(schema as object, "id")]),
  );
}

function parameters({ path, query }: Route): Json[] {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  if (!query) return named;
  const { properties = {}, required = [] } = inline(query, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  const asked = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
  return [...named, ...asked];
}

function operation(route: Route): Json {
  const content = Object.fromEntries(
    Object.entries(route.answers).map(([type, schema]) => [
      type,
      { schema: schema ? inline(schema, "output") : { type: "string" } },
    ]),
  );
  return {
    summary: route.summary,
    parameters: parameters(route),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: inline(route.body, "input") } },
          },
        }
      : {}),
    responses: {
      200: { description: route.summary, headers: { ...answerHeaders }, content },
      default: {
        description: "Whatever went wrong",
        content: { "application/problem+json": { schema: inline(Problem, "output") } },
      },
    },
  };
}

const answerHeaders = {
  "x-poolboard-version": {
    description: "epoch.sequence of the data it was made from",
    schema: { type: "string" },
  },
  "x-poolboard-age-ms": { description: "age of that data in milliseconds", schema: { type: "integer" } },
};

/** The contract as an OpenAPI 3.1 document, made from the schemas that the server itself checks with. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: "3.1.0",
    info: { title: "Poolboard", version, description: "Calico IP pools of one Kubernetes cluster." },
    paths,
    components: {
      schemas: namedSchemas(),
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "The server's POOLBOARD_TOKEN" },
      },
    },
    security: [{ token: [] }, {}],
  };
}
