import { createHash } from "node:crypto";
import { objectMeta } from "../schema/core/meta.ts";
import type { Schema } from "../schema/schema.ts";
import type { Json, JsonObject } from "../store/json.ts";
import { verbsOf } from "./discovery.ts";
import type { Registry } from "./registry.ts";
import type { ResourceType } from "./resource-type.ts";

const metaName = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const intOrTextName = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
const intOrText: JsonObject = {
  description: "A number or a text.",
  format: "int-or-string",
  oneOf: [{ type: "integer" }, { type: "string" }],
};

/** `api/v1` or `apis/<group>/<version>`: where a group version lives. */
function groupPath(group: string, version: string): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

/** OpenAPI v3, one document per group version, as `kubectl explain` and `apply` read it; made anew when kinds change. */
export class OpenApi {
  readonly #registry: Registry;
  #documents = new Map<string, string>();
  #revision = -1;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  index(): JsonObject {
    const paths: JsonObject = {};
    for (const [path, text] of this.#all()) {
      const hash = createHash("sha256").update(text).digest("hex").toUpperCase();
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` };
    }
    return { paths };
  }

  document(path: string): string | null {
    return this.#all().get(path) ?? null;
  }

  /** All kinds in one document of the older version 2. */
  version2(): JsonObject {
    const refs = "#/definitions/";
    const definitions: JsonObject = {
      [metaName]: asJson(objectMeta, refs),
      [intOrTextName]: { ...intOrText },
    };
    const paths: JsonObject = {};
    for (const type of this.#registry.all()) {
      definitions[componentName(type)] = component(type, refs);
      Object.assign(paths, operations(type, "v2"));
    }
    return { swagger: "2.0", info, paths, definitions };
  }

  /** Version 2 without paths and definitions, as protobuf. Source: google/gnostic openapiv2/OpenAPIv2.proto Document, Info */
  version2Head(): Uint8Array {
    const member = (number: number, content: Buffer): Buffer =>
      Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
    const title = member(1, Buffer.from(info.title));
    const version = member(2, Buffer.from(info.version));
    const nothing = Buffer.alloc(0);
    return Buffer.concat([
      member(1, Buffer.from("2.0")),
      member(2, Buffer.concat([title, version])),
      member(8, nothing),
      member(9, nothing),
    ]);
  }

  #all(): ReadonlyMap<string, string> {
    if (this.#revision !== this.#registry.revision) {
      this.#revision = this.#registry.revision;
      this.#documents = new Map();
      for (const group of ["", ...this.#registry.groups()]) {
        for (const version of this.#registry.versions(group)) {
          const text = JSON.stringify(groupDocument(this.#registry.resources(group, version)));
          this.#documents.set(groupPath(group, version), text);
        }
      }
    }
    return this.#documents;
  }
}

const info = { title: "Kubernetes", version: "v1.36.3" };

function groupDocument(types: readonly ResourceType[]): JsonObject {
  const refs = "#/components/schemas/";
  const schemas: JsonObject = { [metaName]: asJson(objectMeta, refs), [intOrTextName]: { ...intOrText } };
  const paths: JsonObject = {};
  for (const type of types) {
    schemas[componentName(type)] = component(type, refs);
    Object.assign(paths, operations(type, "v3"));
  }
  return { openapi: "3.0.0", info, paths, components: { schemas } };
}

function componentName(type: ResourceType): string {
  const { group, version, kind } = type;
  if (type.custom || group === "apiextensions.k8s.io") {
    return `${group.split(".").toReversed().join(".")}.${version}.${kind}`;
  }
  return `io.k8s.api.${group === "" ? "core" : (group.split(".")[0] ?? "")}.${version}.${kind}`;
}

function component(type: ResourceType, refs: string): JsonObject {
  const { group, version, kind } = type;
  const schema = asJson(type.schema, refs);
  const properties = typeof schema["properties"] === "object" ? (schema["properties"] as JsonObject) : {};
  return {
    ...schema,
    type: "object",
    properties: {
      apiVersion: { type: "string", description: "Version of the schema of this object." },
      kind: { type: "string", description: "Kind of this object." },
      ...properties,
      metadata: {
        description: "Name, identity, labels and life of the object.",
        allOf: [{ $ref: `${refs}${metaName}` }],
      },
    },
    "x-kubernetes-group-version-kind": [{ group, version, kind }],
  };
}

/** The schema as OpenAPI text has it: quantities are texts, a number or a text is a type of its own. */
function asJson(schema: Schema, refs: string): JsonObject {
  return JSON.parse(
    JSON.stringify(schema, (_key, value: Json) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
      if (value["x-kubernetes-int-or-string"] !== true) return value;
      const { description = "" } = value;
      return value["format"] === "quantity"
        ? { description, type: "string" }
        : { description, allOf: [{ $ref: refs + intOrTextName }] };
    }),
  ) as JsonObject;
}

const queryParameters = ["dryRun", "fieldManager", "fieldValidation"];

function operations(type: ResourceType, openapi: "v2" | "v3"): JsonObject {
  const { group, version, kind, plural, namespaced } = type;
  const base = `/${groupPath(group, version)}${namespaced ? "/namespaces/{namespace}" : ""}/${plural}`;
  const parameter = (name: string): JsonObject =>
    openapi === "v3"
      ? { name, in: "query", schema: { type: "string" } }
      : { name, in: "query", type: "string" };
  const pathParameter = (name: string): JsonObject =>
    openapi === "v3"
      ? { name, in: "path", required: true, schema: { type: "string" } }
      : { name, in: "path", required: true, type: "string" };
  const operation = (action: string, parameters: readonly string[]): JsonObject => ({
    parameters: parameters.map(parameter),
    responses: { "200": { description: "OK" } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind },
  });
  const inNamespace = namespaced ? [pathParameter("namespace")] : [];
  const post = operation("post", queryParameters);
  if (!verbsOf(type).includes("list")) return { [base]: { parameters: inNamespace, post } };
  return {
    [base]: {
      parameters: inNamespace,
      get: operation("list", ["labelSelector", "fieldSelector", "limit", "continue", "resourceVersion"]),
      post,
      delete: operation("deletecollection", ["dryRun", "labelSelector", "fieldSelector"]),
    },
    [`${base}/{name}`]: {
      parameters: [...inNamespace, pathParameter("name")],
      get: operation("get", []),
      put: operation("put", queryParameters),
      patch: operation("patch", [...queryParameters, "force"]),
      delete: operation("delete", ["dryRun", "gracePeriodSeconds", "propagationPolicy"]),
    },
  };
}
