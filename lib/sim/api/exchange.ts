import type { IncomingMessage, ServerResponse } from "node:http";
import type { Schema } from "../schema/schema.ts";
import { isObject, type JsonObject } from "../store/json.ts";
import type { Authority, User } from "./access.ts";
import {
  decodeDocument,
  type Decoded,
  decodeObject,
  type FieldValidation,
  mediaType,
  readBody,
} from "./body.ts";
import type { Cluster, WriteOptions } from "./cluster.ts";
import type { ListSnapshots } from "./list-snapshots.ts";
import type { View } from "./negotiate.ts";
import type { ResourceRequest } from "./request.ts";
import { isDryRun, optionsKind } from "./write-options.ts";

/** One request for a resource on its way to an answer. */
export interface Exchange {
  readonly cluster: Cluster;
  readonly authority: Authority;
  readonly snapshots: ListSnapshots;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly request: ResourceRequest;
  readonly view: View;
  readonly user: User;
}

/** How the request wants its write made; a client without a manager of its own is called after its user agent. @throws ApiError 422 */
export function writeOptions({ incoming, request }: Exchange): WriteOptions {
  const agent = incoming.headers["user-agent"] ?? "unknown";
  const manager = request.query.get("fieldManager") ?? "";
  return {
    manager: manager === "" ? (agent.split("/")[0] ?? "unknown") : manager,
    dryRun: isDryRun(request.query.getAll("dryRun"), optionsKind(request)),
    subresource: request.subresource,
    operation: "Update",
  };
}

/** The request's body as an object of its kind. @throws ApiError 400, 413, 415, 422 */
export async function readObject(
  { incoming, request }: Exchange,
  validation: FieldValidation,
): Promise<Decoded> {
  const body = await readBody(incoming);
  const media = mediaType(incoming.headers["content-type"]);
  const document = decodeDocument(body, media, request.type);
  const text = media === "application/json" ? body.toString() : "";
  return decodeObject(document, request.type, validation, text);
}

export function warn(exchange: Exchange, warnings: readonly string[]): void {
  if (warnings.length === 0) return;
  exchange.response.setHeader(
    "Warning",
    warnings.map((text) => `299 - ${JSON.stringify(text)}`),
  );
}

/** The body of a request that may come without one. @throws ApiError 400, 415 */
export async function readOptional(
  { incoming }: Exchange,
  kind: string,
  schema: Schema,
): Promise<JsonObject> {
  const body = await readBody(incoming);
  if (body.length === 0) return {};
  const value = decodeDocument(body, mediaType(incoming.headers["content-type"]), {
    kind,
    schema,
    custom: false,
  });
  return isObject(value) ? value : {};
}
