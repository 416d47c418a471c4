import type * as z from "zod/mini";
import { freshness } from "./freshness.ts";
import { isOlder } from "./versions.ts";
import { localProblem, ProblemError } from "./problem-error.ts";
import { schemas, shape, type Shape, shaped } from "./schemas.ts";

/** What the stream has brought. */
export const seenVersions = {
  /** Newest version the stream spoke of; null before its first word. */
  stream: null as string | null,
  /** Versions of the answers that came before the stream's first word. */
  early: new Set<string>(),
};

/** How often an answer that is older than the stream is asked for again. */
const attempts = 3;
/**
 * Rows of these come by the stream too: an answer that was under way while it brought one would undo that on the screen. All
 * others are asked once more anyway (`pace.ts`); under steady change every second one would be older than the stream.
 */
const streamed = /^\/api\/v1\/(pools|blocks)(\/[^/?]+)?(\?|$)/;

/** GET of JSON, checked against its schema as soon as that is here. Throws ProblemError. */
export async function getJson<Schema extends z.ZodMiniType>(
  path: string,
  schema: Shape<Schema>,
  signal?: AbortSignal,
): Promise<z.infer<Schema>> {
  const response = await get(path, "application/json", signal);
  return check(await json(response), schema, path);
}

/** GET of text. Throws ProblemError. */
export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  return (await get(path, "text/*", signal)).text();
}

/** GET of bytes. Throws ProblemError. */
export async function getBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await get(path, "application/octet-stream", signal)).arrayBuffer();
}

const requestIds = new WeakMap<object, string>();

/** Under which id the server did the write that it answered with `answer`, as `sendJson` returned it; null: it did not say. */
export function requestIdOf(answer: object): string | null {
  return requestIds.get(answer) ?? null;
}

/** A write: JSON out, JSON in, sent once. `requestIdOf` tells the id of what it returns. Throws ProblemError, or AbortError. */
export async function sendJson<Schema extends z.ZodMiniType>(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body: unknown,
  schema: Shape<Schema>,
  signal?: AbortSignal,
): Promise<z.infer<Schema>> {
  const [response] = await Promise.all([
    request(path, {
      method,
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        "x-requested-by": "poolboard",
      },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    }),
    schemas.prefetch(),
  ]);
  const answer = check(await json(response), schema, path);
  const id = response.headers.get("x-request-id");
  if (id !== null && typeof answer === "object" && answer !== null) requestIds.set(answer, id);
  return answer;
}

/** Query parameters as text; null and undefined are left out. */
export function query(
  parameters: Readonly<Record<string, string | number | boolean | null | undefined>>,
): string {
  const entries = Object.entries(parameters).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  if (entries.length === 0) return "";
  return `?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString()}`;
}

async function get(path: string, accept: string, signal: AbortSignal | undefined): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await request(path, { headers: { accept }, ...(signal ? { signal } : {}) });
    const version = response.headers.get("x-poolboard-version");
    if (version === null) return response;
    if (seenVersions.stream === null) {
      seenVersions.early.add(version);
      return response;
    }
    if (attempt === attempts || !streamed.test(path) || !isOlder(version, seenVersions.stream))
      return response;
  }
}

async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: "same-origin", redirect: "error" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw localProblem("unreachable", "Poolboard does not answer", "The server could not be reached.");
  }
  const age = response.headers.get("x-poolboard-age-ms");
  if (age !== null && /^\d+$/.test(age)) freshness.answered(Number(age));
  if (response.ok) return response;
  throw await problemOf(response);
}

async function problemOf(response: Response): Promise<ProblemError> {
  if (response.headers.get("content-type")?.startsWith("application/problem+json")) {
    const problem = shaped(await response.json().catch(() => null), shape("Problem"));
    if (problem !== null) return new ProblemError(problem);
  }
  const title = `The answer was ${response.status} ${response.statusText}`.trim();
  return new ProblemError({
    type: "about:blank",
    title,
    status: response.status,
    code: "unreadable",
    detail: "",
    requestId: response.headers.get("x-request-id") ?? "",
  });
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw localProblem(
      "unreadable",
      "The answer is not JSON",
      `${response.url} answered with something else.`,
    );
  }
}

function check<Schema extends z.ZodMiniType>(
  body: unknown,
  { schema }: Shape<Schema>,
  path: string,
): z.infer<Schema> {
  const known = schema();
  if (known === null) return body as z.infer<Schema>;
  const parsed = known.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue ? `${issue.path.join(".")}: ${issue.message}` : "";
  throw localProblem("unreadable", "The answer has an unknown shape", `${path} ${where}`);
}
