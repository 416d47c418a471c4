import type { ClusterConnection } from "./connection.ts";
import { checkName, checkNamespace, type ResourceRef } from "./paths.ts";
import { get, REVIEW_TIMEOUTS } from "./request.ts";

/** "May I?" as the API server understands it. Without a namespace: in all of them; without a name: any object. */
export interface AccessQuestion {
  readonly verb: "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";
  readonly resource: Pick<ResourceRef, "group" | "plural">;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface AccessAnswer {
  readonly allowed: boolean;
  /** Somebody answered; false: the server could not be asked. */
  readonly known: boolean;
  /** Why not, as far as somebody said: the server's own words, or that it could not be asked. */
  readonly reason: string | null;
}

const ALLOWED_MS = 60_000;
const DENIED_MS = 10_000;
/** Nobody answered: a no for now, that must not outlive the outage. */
const UNASKED_MS = 1_000;
const SWEEP_ABOVE = 1_000;

/**
 * Asks what the connection's own identity may do (SelfSubjectAccessReview). Remembers a yes for 60 s and a no for 10 s,
 * asks each question once however many wait for it, and takes any failure for a no. For hints only: the API server decides.
 */
export class AccessReviewer {
  readonly #connection: ClusterConnection;
  readonly #answers = new Map<string, { answer: Promise<AccessAnswer>; until: number }>();

  constructor(connection: ClusterConnection) {
    this.#connection = connection;
  }

  /** Never rejects for reasons of the network; throws InvalidNameError for names that no object can have. */
  async ask(question: AccessQuestion): Promise<AccessAnswer> {
    if (question.name !== undefined) checkName(question.name);
    if (question.namespace !== undefined) checkNamespace(question.namespace);
    const { verb, resource, subresource, namespace, name } = question;
    const key = JSON.stringify([verb, resource.group, resource.plural, subresource, namespace, name]);
    const known = this.#answers.get(key);
    const now = this.#connection.clock.now();
    if (known !== undefined && now < known.until) return known.answer;
    if (this.#answers.size > SWEEP_ABOVE) this.#sweep(now);

    const answer = this.#review(question);
    // Until it is there, everybody waits for this one.
    const entry = { answer, until: Infinity };
    this.#answers.set(key, entry);
    const { allowed, known: isKnown } = await answer;
    const keptMs = allowed ? ALLOWED_MS : isKnown ? DENIED_MS : UNASKED_MS;
    entry.until = this.#connection.clock.now() + keptMs;
    return answer;
  }

  async #review({ verb, resource, subresource, namespace, name }: AccessQuestion): Promise<AccessAnswer> {
    try {
      const { group, plural } = resource;
      const attributes = { verb, group, resource: plural, subresource, namespace, name };
      const review = await this.#connection.request({
        method: "POST",
        path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        body: {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SelfSubjectAccessReview",
          spec: { resourceAttributes: attributes },
        },
        timeouts: REVIEW_TIMEOUTS,
      });
      const status = get(review, "status");
      const reason = get(status, "reason");
      return {
        allowed: get(status, "allowed") === true && get(status, "denied") !== true,
        known: true,
        reason: typeof reason === "string" && reason !== "" ? reason : null,
      };
    } catch (error) {
      const why = error instanceof Error ? error.message : "unknown error";
      return { allowed: false, known: false, reason: `permission could not be checked: ${why}` };
    }
  }

  #sweep(now: number): void {
    for (const [key, { until }] of this.#answers) {
      if (until <= now) this.#answers.delete(key);
    }
  }
}
