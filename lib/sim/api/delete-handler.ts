import { deleteOptionsSchema } from "../schema/core/requests.ts";
import type { JsonObject } from "../store/json.ts";
import { deleteObject, readDeleteOptions } from "./delete-object.ts";
import { verbsOf } from "./discovery.ts";
import { type Exchange, readOptional } from "./exchange.ts";
import { listPage } from "./list.ts";
import { apiVersionOf } from "./resource-type.ts";
import { sendObject, sendValue } from "./respond.ts";
import { methodNotAllowed } from "./status.ts";

export const readDelete = (exchange: Exchange): Promise<JsonObject> =>
  readOptional(exchange, "DeleteOptions", deleteOptionsSchema);

/** DELETE of one object. @throws ApiError */
export async function remove(exchange: Exchange): Promise<void> {
  const { cluster, request } = exchange;
  const options = readDeleteOptions(await readDelete(exchange), request.query);
  const { type, namespace, name } = request;
  const { object, isGone } = deleteObject(cluster, type, namespace, name, options);
  if (!isGone || returnsObject.has(type.plural)) return sendObject(exchange, object, 200);
  sendValue(exchange.response, 200, {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name,
      ...(type.group === "" ? {} : { group: type.group }),
      kind: type.plural,
      uid: object.metadata.uid,
    },
  });
}

const returnsObject = new Set(["pods", "services", "serviceaccounts"]);

/** DELETE of a whole collection, or of what selectors pick from it. @throws ApiError */
export async function removeCollection(exchange: Exchange): Promise<void> {
  const { cluster, request } = exchange;
  if (!verbsOf(request.type).includes("deletecollection")) throw methodNotAllowed();
  const options = readDeleteOptions(await readDelete(exchange), request.query);
  const page = listPage(cluster, exchange.snapshots, request);
  const removed = page.entries.map(({ object }) => {
    const { namespace = "", name } = object.metadata;
    return deleteObject(cluster, request.type, namespace, name, options).object;
  });
  const { type } = request;
  sendValue(exchange.response, 200, {
    kind: `${type.kind}List`,
    apiVersion: apiVersionOf(type),
    metadata: { resourceVersion: String(cluster.store.revision) },
    items: removed,
  });
}
