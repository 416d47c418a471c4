import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { isObject, parseJson } from "../store/json.ts";
import { mediaType, readBody } from "./body.ts";
import { FaultError, type Faults, readFault } from "./faults.ts";
import type { ResourceRequest } from "./request.ts";
import { apiVersionOf } from "./resource-type.ts";
import { sendText, sendValue } from "./respond.ts";
import { ApiError } from "./status.ts";

const controlPath = "/faults";

interface Actions {
  readonly dropWatches: () => void;
  readonly compact: () => void;
}

const texts: Readonly<Record<number, [string, string]>> = {
  410: ["Expired", "too old resource version"],
  429: ["TooManyRequests", "the server has received too many requests and has asked us to try again later"],
  500: ["InternalError", "Internal error occurred: a fault was switched on"],
  503: ["ServiceUnavailable", "the server is currently unable to handle the request"],
};

/** Lets faults strike, and (only where it is enabled) lets another process switch them at `/faults`. */
export class FaultGate {
  readonly #faults: Faults;
  readonly #endpoint: boolean;
  readonly #actions: Actions;

  constructor(faults: Faults, endpoint: boolean, actions: Actions) {
    this.#faults = faults;
    this.#endpoint = endpoint;
    this.#actions = actions;
  }

  /** True when Calico's API server was asked and is down; the API server answers as its aggregator does, in plain text. */
  aggregatedStrikes(path: string, response: ServerResponse): boolean {
    if (!this.#faults.aggregatedDown || !/^\/apis\/projectcalico\.org\/v3(\/|$)/.test(path)) return false;
    sendText(response, 503, "service unavailable\n", "text/plain; charset=utf-8");
    return true;
  }

  /** True when the request has been dealt with. */
  async strikes(request: ResourceRequest, response: ServerResponse): Promise<boolean> {
    const fault = this.#faults.take(request);
    if (fault === null) return false;
    switch (fault.kind) {
      case "delay":
        await delay(fault.milliseconds);
        return response.destroyed;
      case "half-open":
        return true;
      case "lost-answer":
        loseAnswer(response);
        return false;
      case "lost-patch":
        sendValue(response, 200, {
          kind: request.type.kind,
          apiVersion: apiVersionOf(request.type),
          metadata: { creationTimestamp: null },
          spec: {},
        });
        return true;
      case "reset":
        response.destroy();
        return true;
      default: {
        const [reason, message] = texts[fault.code] ?? ["", "a fault was switched on"];
        const retry = {
          headers: { "Retry-After": String(fault.retryAfter) },
          details: { retryAfterSeconds: fault.retryAfter },
        };
        throw new ApiError(fault.code, reason, message, fault.code === 429 ? retry : {});
      }
    }
  }

  /**
   * GET lists the faults; POST adds one, or does `{"action":"drop-watches" | "compact"}`, or sets `{"clockSkew":ms}`, or
   * `{"aggregatedDown":true}` (Calico's API server does not answer); DELETE clears them. True when the request was one of these.
   */
  async control(path: string, incoming: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (!this.#endpoint || path !== controlPath) return false;
    if (incoming.method === "DELETE") this.#faults.clear();
    if (incoming.method === "POST") {
      if (mediaType(incoming.headers["content-type"]) !== "application/json") {
        sendText(response, 415, "a fault is JSON\n", "text/plain; charset=utf-8");
        return true;
      }
      try {
        this.#switch((await readBody(incoming)).toString());
      } catch (error) {
        if (!(error instanceof FaultError) && !(error instanceof SyntaxError)) throw error;
        sendText(response, 400, `${error.message}\n`, "text/plain; charset=utf-8");
        return true;
      }
    }
    sendValue(response, 200, {
      faults: this.#faults.active.map((fault) => ({ ...fault })),
      clockSkew: this.#faults.clockSkew,
      aggregatedDown: this.#faults.aggregatedDown,
    });
    return true;
  }

  #switch(body: string): void {
    const value = parseJson(body);
    if (isObject(value) && value["action"] === "drop-watches") this.#actions.dropWatches();
    else if (isObject(value) && value["action"] === "compact") this.#actions.compact();
    else if (isObject(value) && typeof value["clockSkew"] === "number")
      this.#faults.clockSkew = value["clockSkew"];
    else if (isObject(value) && typeof value["aggregatedDown"] === "boolean")
      this.#faults.aggregatedDown = value["aggregatedDown"];
    else this.#faults.add(readFault(value));
  }
}

/** Whoever answers from here on is not heard. */
function loseAnswer(response: ServerResponse): void {
  Object.assign(response, {
    writeHead: () => response,
    write: () => true,
    end: () => response.destroy(),
  });
}
