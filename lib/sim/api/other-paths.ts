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

/** Version 2 is written as JSON only; clients that take nothing but protobuf are told so. */
function openApiV2(openApi: OpenApi, incoming: IncomingMessage, response: ServerResponse): void {
  const accept = incoming.headers.accept ?? "*/*";
  if (accept.includes("json") || accept.includes("*/*")) return sendValue(response, 200, openApi.version2());
  sendText(response, 406, "406: Not Acceptable\n", "text/plain; charset=utf-8");
}
