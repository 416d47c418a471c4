import { isObject, type Json, type JsonObject } from "../store/json.ts";
import type { ResourceRequest, Verb } from "./request.ts";

/**
 * Something that goes wrong on purpose. `resource` is the plural ("" for every one), `verb` likewise.
 * - `status`: answers with `code`; 429 carries `retryAfter` seconds
 * - `delay`: answers after `milliseconds`
 * - `half-open`: takes the request and never answers
 * - `reset`: closes the connection without an answer
 * - `lost-answer`: does what is asked, and closes the connection without an answer
 * - `lost-patch`: does nothing and answers 200 with an empty object, as Calico's API server does after five conflicts
 */
export interface Fault {
  readonly kind: "status" | "delay" | "half-open" | "reset" | "lost-answer" | "lost-patch";
  readonly verb: Verb | "";
  readonly resource: string;
  /** How many requests it still hits; null: all of them, until it is cleared. */
  readonly times: number | null;
  readonly code: number;
  readonly retryAfter: number;
  readonly milliseconds: number;
}

const faultDefaults: Fault = {
  kind: "status",
  verb: "",
  resource: "",
  times: null,
  code: 500,
  retryAfter: 1,
  milliseconds: 0,
};

/** The faults switched on right now. */
export class Faults {
  #active: { fault: Fault; left: number }[] = [];
  /** Added to every moment the server writes. */
  clockSkew = 0;
  /** Calico's API server does not answer; the API server says so in its place. */
  #aggregatedDown = false;
  readonly #onAggregated: ((isUp: boolean) => void) | null;

  /** `onAggregated` hears whether Calico's API server goes or comes back; null: the cluster has none. */
  constructor(onAggregated: ((isUp: boolean) => void) | null = null) {
    this.#onAggregated = onAggregated;
  }

  get aggregatedDown(): boolean {
    return this.#aggregatedDown;
  }

  /** @throws FaultError when the cluster has none */
  set aggregatedDown(isDown: boolean) {
    if (isDown === this.#aggregatedDown) return;
    if (this.#onAggregated === null) throw new FaultError("this cluster has no API server of Calico's");
    this.#aggregatedDown = isDown;
    this.#onAggregated(!isDown);
  }

  add(fault: Partial<Fault>): void {
    const whole = { ...faultDefaults, ...fault };
    this.#active.push({ fault: whole, left: whole.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#active = [];
    this.clockSkew = 0;
    this.aggregatedDown = false;
  }

  get active(): readonly Fault[] {
    return this.#active.map(({ fault }) => fault);
  }

  /** The first fault that concerns the request; counts the hit. */
  take(request: ResourceRequest): Fault | null {
    const found = this.#active.find(
      ({ fault }) =>
        (fault.verb === "" || fault.verb === request.verb) &&
        (fault.resource === "" || fault.resource === request.type.plural),
    );
    if (found === undefined) return null;
    found.left -= 1;
    if (found.left <= 0) this.#active = this.#active.filter((one) => one !== found);
    return found.fault;
  }
}

export class FaultError extends Error {
  override readonly name = "FaultError";
}

/** A fault from JSON. @throws FaultError naming the field that is wrong */
export function readFault(value: Json | undefined): Partial<Fault> {
  if (!isObject(value)) throw new FaultError("a fault is an object");
  const kind = value["kind"] ?? "status";
  if (!isKind(kind)) throw new FaultError(`kind is one of ${kinds.join(", ")}`);
  const times = value["times"] ?? null;
  if (times !== null && typeof times !== "number") throw new FaultError("times is a number or null");
  return {
    kind,
    times,
    verb: readVerb(value["verb"]),
    resource: typeof value["resource"] === "string" ? value["resource"] : "",
    code: readNumber(value, "code", 500),
    retryAfter: readNumber(value, "retryAfter", 1),
    milliseconds: readNumber(value, "milliseconds", 0),
  };
}

const kinds: readonly Fault["kind"][] = [
  "status",
  "delay",
  "half-open",
  "reset",
  "lost-answer",
  "lost-patch",
];

function isKind(value: Json): value is Fault["kind"] {
  return kinds.some((kind) => kind === value);
}

function readNumber(value: JsonObject, key: string, fallback: number): number {
  const found = value[key] ?? fallback;
  if (typeof found !== "number" || found < 0) throw new FaultError(`${key} is a number of 0 or more`);
  return found;
}

const verbs: readonly Verb[] = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
];

function readVerb(value: Json | undefined): Verb | "" {
  if (value === undefined || value === null || value === "") return "";
  const found = verbs.find((one) => one === value);
  if (found === undefined) throw new FaultError(`verb is one of ${verbs.join(", ")}`);
  return found;
}
