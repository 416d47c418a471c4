import type { IncomingMessage, ServerResponse } from "node:http";
import { type OpenApi } from "./openapi.ts";
import { sendText, sendValue } from "./respond.ts";

/** The Kubernetes version whose behaviour is followed. */
const kubernetes = { major: "1", minor: "36", gitVersion: "v1.36.3" } as const;

/** Version, health and OpenAPI: what lies beside /api and /apis. */
export function answerOther(
  path: string,
  openApi: OpenApi,
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  if (path === "/version" || path === "/version/") {
    sendValue(response, 200, {
      ...kubernetes,
      gitCommit: "",
      gitTreeState: "clean",
      buildDate: "1970-01-01T00:00:00Z",
      goVersion: "",
      compiler: "",
      platform: "poolboard/embedded",
    });
    return;
  }
  if (/^\/(healthz|livez|readyz)(\/|$)/.test(path)) {
    sendText(response, 200, "ok", "text/plain; charset=utf-8");
    return;
  }
  if (path === "/openapi/v3" || path === "/openapi/v3/") return sendValue(response, 200, openApi.index());
  if (path === "/openapi/v2") return openApiV2(openApi, incoming, response);
  const document = path.startsWith("/openapi/v3/")
    ? openApi.document(path.slice("/openapi/v3/".length))
    : null;
  if (document !== null) return sendText(response, 200, document, "application/json");
  sendText(response, 404, "404 page not found\n", "text/plain; charset=utf-8");
}

const openApiV2Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/**
 * Version 2. As protobuf, the only form kubectl takes (it asks for it when a document is a List, or of a kind that is not
 * served), there are no definitions: kubectl then leaves the checking to the server, which does it anyway.
 */
function openApiV2(openApi: OpenApi, incoming: IncomingMessage, response: ServerResponse): void {
  const accept = incoming.headers.accept ?? "*/*";
  if (accept.includes("json") || accept.includes("*/*")) return sendValue(response, 200, openApi.version2());
  if (accept.includes("spec.v2")) return sendBytes(response, openApi.version2Head(), openApiV2Protobuf);
  sendText(response, 406, "406: Not Acceptable\n", "text/plain; charset=utf-8");
}

function sendBytes(response: ServerResponse, bytes: Uint8Array, type: string): void {
  response.writeHead(200, { "Content-Type": type, "Content-Length": bytes.length });
  response.end(bytes);
}
