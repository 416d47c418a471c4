import { ApiError } from "../../kube/errors.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { hashSecret } from "../config.ts";
import { ProblemError } from "../problem.ts";
import { RateLimit } from "../rate-limit.ts";
import { shared } from "../shared.ts";
import type { Caller } from "./caller.ts";
import { personId } from "./person-id.ts";
import { Recent } from "../../inventory/recent.ts";
import { expiryOf, looksLikeToken } from "./token.ts";
import { type Who, whoAmI } from "./who-am-i.ts";

/** The answer about one token is good for that long, at most until the token ends. */
const KNOWN_MS = 60_000;
const REFUSED_MS = 10_000;
const MOST_TOKENS = 2_000;

interface Answer {
  /** Null: the API server does not know the token. */
  readonly caller: Promise<Caller | null>;
  until: number;
}

const clusters = () => shared("bearerAnswers", () => new WeakMap<ClusterConnection, Recent<Answer>>());

function answersOf(cluster: ClusterConnection): Recent<Answer> {
  const answers = clusters().get(cluster) ?? new Recent<Answer>(MOST_TOKENS);
  clusters().set(cluster, answers);
  return answers;
}

/** Tokens that turned out to be nobody's: 20 at once from one address, then 1 a second. */
const guesses = () => shared("guessLimit", () => new RateLimit(20, 1));

/**
 * Whose token it is, as the API server says; asked once a minute however many wait. Null: nobody's, or it has ended. Throws
 * ProblemError 429 where one address tries too many, 502 when the API server could not be asked.
 */
export async function callerOf(
  token: string,
  cluster: ClusterConnection,
  client: string | null,
): Promise<Caller | null> {
  const now = cluster.clock.now();
  const end = expiryOf(token) ?? Infinity;
  if (!looksLikeToken(token) || end <= now) return null;
  const answers = answersOf(cluster);
  const key = hashSecret(token).toString("hex");
  const known = answers.get(key);
  if (known && known.until > now) return known.caller;

  const wait = known ? 0 : guesses().wait(client ?? "");
  if (wait > 0) {
    throw new ProblemError("rate-limited", `Too many tokens at once; try again in ${wait} s.`, {
      headers: { "Retry-After": String(wait) },
    });
  }
  // Until the answer is there, everybody waits for this one.
  const answer: Answer = { caller: ask(token, cluster, known), until: Infinity };
  answers.set(key, answer);
  try {
    const caller = await answer.caller;
    if (caller === null) guesses().take(client ?? "");
    answer.until = Math.min(end, cluster.clock.now() + (caller ? KNOWN_MS : REFUSED_MS));
    return caller;
  } catch (error) {
    answers.delete(key);
    const why = error instanceof Error ? error.message : "unknown error";
    throw new ProblemError("upstream", `Who you are could not be asked: ${why}.`);
  }
}

async function ask(
  token: string,
  cluster: ClusterConnection,
  known: Answer | undefined,
): Promise<Caller | null> {
  const before = await known?.caller.catch(() => null);
  let who: Who | null;
  try {
    who = await whoAmI(cluster.as({ user: "", token }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
  if (who === null || who.user === "system:anonymous") return null;
  const id = personId("oidc", who);
  // The same connection as long as it is the same person: what it may do is remembered with it.
  if (before?.identity.id === id) return before;
  return { identity: { how: "oidc", id, ...who }, connection: cluster.as({ user: who.user, token }) };
}
