import type { IncomingMessage, ServerResponse } from "node:http";
import type { Cluster } from "./cluster.ts";
import { sendText, sendValue } from "./respond.ts";

/** The Kubernetes version whose behaviour is followed. */
const kubernetes = { major: "1", minor: "36", gitVersion: "v1.36.3" } as const;

/** Version, health and OpenAPI: what lies beside /api and /apis. */
export function answerOther(
  path: string,
  cluster: Cluster,
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
  sendText(response, 404, "404 page not found\n", "text/plain; charset=utf-8");
}
