import { answerReview } from "./access.ts";
import { remove, removeCollection } from "./delete-handler.ts";
import { type Exchange, readObject } from "./exchange.ts";
import { listPage } from "./list.ts";
import { sendList, sendObject, sendValue } from "./respond.ts";
import { methodNotAllowed } from "./status.ts";
import { subresource } from "./subresource-handler.ts";
import { existing } from "./subresources.ts";
import { create, patch, update } from "./write-handler.ts";

/** Answers everything but watches. @throws ApiError */
export async function handleResource(exchange: Exchange): Promise<void> {
  const { request } = exchange;
  if (request.type.createOnly === true) return await review(exchange);
  const { translation } = request.type;
  if (translation !== undefined && request.verb !== "get" && request.verb !== "list") {
    if (translation.write === null) throw methodNotAllowed();
    return await translation.write(exchange);
  }
  if (request.subresource !== "") return await subresource(exchange);
  switch (request.verb) {
    case "get":
      return sendObject(exchange, existing(exchange.cluster, request), 200);
    case "list":
      return await sendList(exchange, listPage(exchange.cluster, exchange.snapshots, request));
    case "create":
      return await create(exchange);
    case "update":
      return await update(exchange);
    case "patch":
      return await patch(exchange);
    case "delete":
      return await remove(exchange);
    case "deletecollection":
      return await removeCollection(exchange);
    default:
      throw methodNotAllowed();
  }
}

async function review(exchange: Exchange): Promise<void> {
  const { request, response, user, authority, cluster } = exchange;
  if (request.verb !== "create" || request.name !== "") throw methodNotAllowed();
  const decoded = await readObject(exchange, "Ignore");
  const answer = answerReview(
    authority,
    request.type.kind,
    decoded.object,
    user,
    cluster.now(),
    cluster.registry.all(),
  );
  sendValue(response, 201, answer);
}
