import { bindingSchema, evictionSchema, scaleSchema, tokenRequestSchema } from "../schema/core/requests.ts";
import type { Json, JsonObject } from "../store/json.ts";
import { decodeDocument, mediaType, readBody } from "./body.ts";
import { type Exchange, readOptional, writeOptions } from "./exchange.ts";
import { applyPatch } from "./patch.ts";
import { sendObject, sendValue } from "./respond.ts";
import { methodNotAllowed, unknownResource } from "./status.ts";
import {
  accountToken,
  bindPod,
  evictPod,
  existing,
  podLog,
  scaleOf,
  unsupportedStream,
  writeScale,
} from "./subresources.ts";
import { patch, update } from "./write-handler.ts";

/** Answers what lies below one object. @throws ApiError */
export async function subresource(exchange: Exchange): Promise<void> {
  const { cluster, request, response } = exchange;
  const { verb, type } = request;
  if (!type.subresources.includes(request.subresource)) throw unknownResource();
  switch (`${request.subresource} ${verb}`) {
    case "status get":
      return sendObject(exchange, existing(cluster, request), 200);
    case "status update":
    case "finalize update":
      return await update(exchange);
    case "status patch":
      return await patch(exchange);
    case "scale get":
      return sendValue(response, 200, scaleOf(existing(cluster, request)));
    case "scale update":
    case "scale patch":
      return await changeScale(exchange);
    case "binding create":
      return sendValue(
        response,
        201,
        bindPod(
          cluster,
          request,
          await readOptional(exchange, "Binding", bindingSchema),
          writeOptions(exchange),
        ),
      );
    case "eviction create":
      return sendValue(
        response,
        201,
        evictPod(cluster, request, await readOptional(exchange, "Eviction", evictionSchema)),
      );
    case "token create":
      return sendValue(
        response,
        201,
        accountToken(
          cluster,
          exchange.authority,
          request,
          await readOptional(exchange, "TokenRequest", tokenRequestSchema),
        ),
      );
    case "log get":
      return podLog(cluster, request);
    default:
  }
  if (["exec", "attach", "portforward"].includes(request.subresource)) throw unsupportedStream();
  throw methodNotAllowed();
}

async function changeScale(exchange: Exchange): Promise<void> {
  const { cluster, request, incoming, response } = exchange;
  const options = writeOptions(exchange);
  const media = mediaType(incoming.headers["content-type"]);
  const body = await readBody(incoming);
  const change = (old: JsonObject): Json =>
    request.verb === "update"
      ? decodeDocument(body, media, { kind: "Scale", schema: scaleSchema, custom: request.type.custom })
      : applyPatch(media, body.toString(), { ...request.type, schema: scaleSchema }, old);
  sendValue(response, 200, writeScale(cluster, request, change, options));
}
