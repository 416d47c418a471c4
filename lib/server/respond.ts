import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { ObjectName } from "../contract/common.ts";
import type { Problem } from "../contract/problem.ts";
import type { Action } from "../contract/session.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { currentInventory } from "../inventory/registry.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import { get } from "../kube/request.ts";
import type { AuditSubject } from "./activity/audit-subject.ts";
import { presumeAddress, presumeBody } from "./activity/presume.ts";
import { recordAttempt } from "./activity/record.ts";
import { serverConfig, type ServerConfig } from "./config.ts";
import {
  checkCaller,
  checkMethod,
  checkOrigin,
  checkRate,
  checkSender,
  checkWrites,
  isRead,
  readBody,
} from "./guard.ts";
import { dataHeaders } from "./headers.ts";
import type { Caller } from "./identity/caller.ts";
import type { Identity } from "./identity.ts";
import { parseBody, parseParams, parseQuery } from "./input.ts";
import { requirePermission } from "./permission.ts";
import { ProblemError, toProblem } from "./problem.ts";
import { sightOf, sightOfPods } from "./sight.ts";
import { noteWrite } from "./since-told.ts";
import { inventoryStamp } from "./stamp.ts";

const KILOBYTE = 1024;
/** nginx's word for a client that has gone; nobody will ever read it. */
const CLIENT_CLOSED_REQUEST = 499;

/** What a handler works with: everything in it has been checked. */
export interface Call<Params, Query, Body> {
  readonly request: Request;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly identity: Identity;
  readonly config: ServerConfig;
  /** To the cluster, as the person who asks. */
  readonly connection: ClusterConnection;
  /** What the person may see of what has been read. */
  readonly inventory: Inventory;
  readonly requestId: string;
  /** Writes tell here what they are about. */
  readonly audit: AuditSubject;
}

interface EndpointInit<Params, Query, Body> {
  /** The variable parts of the path. */
  readonly params?: z.ZodMiniType<Params>;
  /** Default: no parameters at all. */
  readonly query?: z.ZodMiniType<Query>;
  readonly body?: z.ZodMiniType<Body>;
  readonly maxKilobytes?: number;
  /** What the caller must be allowed to do in the cluster. */
  readonly action?: Action;
  /** A stream: a HEAD request must not open one. */
  readonly streams?: boolean;
  /** Lists pods: with `namespace` in the query it may be asked by whoever may list them there. */
  readonly listsPods?: boolean;
  handle(call: Call<Params, Query, Body>): Response | Promise<Response>;
}

/** An endpoint whose types have been tied together. */
export interface Endpoint {
  readonly streams: boolean;
  run(head: Head): Response | Promise<Response>;
}

/** What is known of a request before its endpoint looks at it. */
interface Head {
  readonly request: Request;
  readonly rawParams: Readonly<Record<string, unknown>>;
  readonly caller: Caller | null;
  readonly config: ServerConfig;
  /** Of the whole process, whoever asks. */
  readonly inventory: Inventory | null;
  readonly requestId: string;
  readonly audit: AuditSubject;
  /** Tells from which inventory the answer is made. */
  answersFrom(inventory: Inventory): void;
}

/** The variable part of most paths. */
export const Named = z.object({ name: ObjectName });

const nothing = z.strictObject({});

export function endpoint<Params = Record<string, never>, Query = Record<string, never>, Body = undefined>(
  init: EndpointInit<Params, Query, Body>,
): Endpoint {
  return {
    streams: init.streams ?? false,
    async run(head) {
      const { request, caller, config, rawParams } = head;
      if (!caller) throw new ProblemError("unauthenticated", "Nobody is logged in.");
      if (!head.inventory) throw starting("Poolboard has not begun to read the cluster.");
      const { identity, connection } = caller;
      let text = "";
      if (!isRead(request.method)) {
        presumeAddress(head.audit, request, rawParams);
        text = await readBody(request, (init.maxKilobytes ?? 64) * KILOBYTE);
        checkRate(identity.id);
        checkWrites(identity, config);
      }
      const params = parseParams(rawParams, init.params ?? (nothing as unknown as z.ZodMiniType<Params>));
      const query = parseQuery(
        new URL(request.url),
        init.query ?? (nothing as unknown as z.ZodMiniType<Query>),
      );
      const body = init.body ? parseBody(text, init.body) : (undefined as Body);
      presumeBody(head.audit, request.method, body);
      const sight = await sightOf(caller, head.inventory);
      head.answersFrom(sight);
      if (init.action) await requirePermission(connection, sight, init.action);
      const namespace = init.listsPods ? get(query, "namespace") : undefined;
      const inventory =
        typeof namespace === "string" ? await sightOfPods(caller, head.inventory, sight, namespace) : sight;
      return init.handle({ ...head, identity, connection, inventory, params, query, body });
    },
  };
}

/** Who may ask. `anyone`: whoever knows the server by its name. `probe`: that too is not asked; for kubelets. */
type Audience = "caller" | "anyone" | "probe";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
interface HandlerContext {
  readonly params: Promise<Record<string, unknown> | undefined>;
}
type Handler = (request: Request, context: HandlerContext) => Promise<Response>;
type Exported = Record<Method | "HEAD" | "OPTIONS", Handler>;

/** Set on every function that `route` returns; a test looks for it in all route files. */
export const guarded: unique symbol = Symbol.for("poolboard.guarded");

/**
 * Everything a route file exports. Each method passes the whole guard in this order: method, Host, Sec-Fetch-Site, headers
 * that are never ours, identity, for writes origin, media type, size, rate and read-only mode, then schema, permission, work.
 * Whatever is thrown leaves as a problem.
 */
export function route(
  endpoints: Readonly<Partial<Record<Method, Endpoint>>>,
  audience: Audience = "caller",
): Exported {
  const allowed = Object.keys(endpoints).flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
  const handlers = methods.map((method) => {
    const found = method === "OPTIONS" ? undefined : endpoints[method === "HEAD" ? "GET" : method];
    const handler: Handler = (request, context) => answer(request, context, { allowed, found, audience });
    return [method, Object.assign(handler, { [guarded]: true })];
  });
  return Object.fromEntries(handlers) as Exported;
}

async function answer(
  request: Request,
  context: HandlerContext,
  {
    allowed,
    found,
    audience,
  }: { allowed: readonly string[]; found: Endpoint | undefined; audience: Audience },
): Promise<Response> {
  const requestId = randomUUID();
  const subject: AuditSubject = {};
  const inventory = currentInventory();
  let stamp = inventoryStamp(inventory);
  let caller: Caller | null = null;
  let response: Response;
  let problem: Problem | null = null;
  try {
    checkMethod(request.method, allowed);
    const config = serverConfig();
    if (!config) throw starting("Poolboard was not started by `npm start`.");
    if (audience !== "probe") checkOrigin(request, config);
    if (audience === "caller") caller = await checkCaller(request, config);
    if (audience === "anyone") checkSender(request, false);
    if (!found) throw new ProblemError("not-found", "There is nothing here.");
    // Next hands out undefined where the path has no variable part.
    const rawParams = (await context.params) ?? {};
    const head: Head = {
      request,
      caller,
      config,
      inventory,
      requestId,
      rawParams,
      audit: subject,
      answersFrom: (sight) => (stamp = inventoryStamp(sight)),
    };
    response = request.method === "HEAD" && found.streams ? new Response(null) : await found.run(head);
  } catch (error) {
    // Who asked has gone, and the work for them ended with that: nobody's failure.
    if (isRead(request.method) && request.signal.aborted && error === request.signal.reason)
      return new Response(null, { status: CLIENT_CLOSED_REQUEST });
    const answered = toProblem(error, requestId);
    ({ problem } = answered);
    response = Response.json(problem, {
      status: problem.status,
      headers: { ...answered.headers, "Content-Type": "application/problem+json" },
    });
  }
  // Whoever logs in or asks how we are changes nothing in the cluster.
  if (audience === "caller" && isAttempt(request.method)) {
    recordAttempt({
      requestId,
      method: request.method,
      path: new URL(request.url).pathname,
      client: request.headers.get("x-poolboard-peer") || null,
      identity: caller?.identity ?? null,
      status: response.status,
      problem,
      subject,
    });
    noteWrite();
  }
  return finish(request, response, { ...stamp, "X-Request-Id": requestId });
}

/** Means to change something; a browser's OPTIONS only asks. */
const isAttempt = (method: string) => !isRead(method) && method !== "OPTIONS";

const starting = (detail: string) =>
  new ProblemError("starting", detail, { headers: { "Retry-After": "1" } });

function finish(request: Request, response: Response, extra: Readonly<Record<string, string>>): Response {
  const { headers, status } = response;
  // A new answer with the body of this one would be read through a stream more.
  for (const [name, value] of Object.entries({ ...dataHeaders, ...extra }))
    if (!headers.has(name)) headers.set(name, value);
  return request.method === "HEAD" ? new Response(null, { status, headers }) : response;
}
