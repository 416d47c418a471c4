import type { ServerResponse } from "node:http";
import { type Json, stringifyJson } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { ListPage } from "./list.ts";
import type { Exchange } from "./exchange.ts";
import { apiVersionOf } from "./resource-type.ts";
import { partialJson, tableJson } from "./table.ts";

const pieceSize = 1 << 20;

export function sendText(response: ServerResponse, code: number, text: string, type: string): void {
  response.writeHead(code, { "Content-Type": type, "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

export function sendValue(response: ServerResponse, code: number, value: Json): void {
  sendText(response, code, `${stringifyJson(value)}\n`, "application/json");
}

export function sendObject(
  { response, request, view, cluster }: Exchange,
  object: KubeObject,
  code: number,
): void {
  let text: string;
  if (view.as === "table") {
    const metadata = { resourceVersion: object.metadata.resourceVersion };
    text = tableJson(request.type.columns, [object], metadata, view.include, cluster.now());
  } else {
    text = view.as === "partial" ? partialJson(object) : stringifyJson(object);
  }
  sendText(response, code, `${text}\n`, "application/json");
}

/** Writes a list piece by piece, so that its size is not bound by the longest string there can be. */
export async function sendList(
  { response, request, view, cluster }: Exchange,
  page: ListPage,
): Promise<void> {
  const { type } = request;
  const metadata = {
    ...(page.next === "" ? {} : { continue: page.next }),
    ...(page.remaining === null ? {} : { remainingItemCount: page.remaining }),
    resourceVersion: String(page.revision),
  };
  if (view.as === "table") {
    const objects = page.entries.map((entry) => entry.object);
    sendText(
      response,
      200,
      `${tableJson(type.columns, objects, metadata, view.include, cluster.now())}\n`,
      "application/json",
    );
    return;
  }
  const partial = view.as === "partial";
  const kind = partial ? "PartialObjectMetadataList" : `${type.kind}List`;
  const apiVersion = partial ? "meta.k8s.io/v1" : apiVersionOf(type);
  response.writeHead(200, { "Content-Type": "application/json" });
  let piece = `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},"metadata":${stringifyJson(metadata)},"items":[`;
  let separator = "";
  for (const entry of page.entries) {
    piece += separator;
    separator = ",";
    piece += partial
      ? partialJson(entry.object)
      : type.custom || type.translation
        ? entry.json
        : entry.bareJson;
    if (piece.length < pieceSize) continue;
    if (!response.write(piece)) await drained(response);
    piece = "";
    if (response.destroyed) return;
  }
  response.end(`${piece}]}\n`);
}

/** Resolves when the client has read enough to go on, or is gone. */
export function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}
