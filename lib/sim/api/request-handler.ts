import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authority, User } from "./access.ts";
import type { Cluster } from "./cluster.ts";
import { aggregatedDiscovery, coreVersions, groupDocument, groupList, resourceList } from "./discovery.ts";
import { FaultGate } from "./fault-gate.ts";
import type { Faults } from "./faults.ts";
import type { ListSnapshots } from "./list-snapshots.ts";
import { negotiateDiscovery, negotiateView } from "./negotiate.ts";
import { OpenApi } from "./openapi.ts";
import { answerOther } from "./other-paths.ts";
import { type ResourceRequest, route, type Route } from "./request.ts";
import { handleResource } from "./resource-handler.ts";
import { sendText, sendValue } from "./respond.ts";
import { ApiError } from "./status.ts";
import { startWatch } from "./watch.ts";

/** Takes every HTTP request: who asks, what for, may they, does a fault strike, who answers. */
export class RequestHandler {
  readonly #cluster: Cluster;
  readonly #authority: Authority;
  readonly #snapshots: ListSnapshots;
  readonly #gate: FaultGate;
  readonly #faults: Faults;
  readonly #openApi: OpenApi;
  /** What ends each open watch, and the API group that is watched. */
  readonly #watches = new Map<() => void, string>();

  constructor(
    cluster: Cluster,
    authority: Authority,
    snapshots: ListSnapshots,
    faults: Faults,
    faultEndpoint: boolean,
  ) {
    this.#cluster = cluster;
    this.#authority = authority;
    this.#snapshots = snapshots;
    this.#faults = faults;
    this.#openApi = new OpenApi(cluster.registry);
    this.#gate = new FaultGate(faults, faultEndpoint, {
      dropWatches: () => this.dropWatches(),
      compact: () => {
        snapshots.clear();
        for (const collection of cluster.store.collections()) collection.forget(cluster.store.revision);
      },
    });
  }

  /** Ends every watch, or those of one API group. */
  dropWatches(group?: string): void {
    for (const [end, watched] of Array.from(this.#watches))
      if (group === undefined || group === watched) end();
  }

  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(incoming, response);
    } catch (error) {
      // A body that was not read to its end would be taken for the next request.
      if (!incoming.complete && !response.headersSent) response.setHeader("Connection", "close");
      fail(response, error);
    }
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLoopbackName(incoming.headers.host)) {
      return sendText(
        response,
        403,
        "this cluster answers to loopback names only\n",
        "text/plain; charset=utf-8",
      );
    }
    const [path = "/", search = ""] = splitOnce(incoming.url ?? "/", "?");
    if (await this.#gate.control(path, incoming, response)) return;
    if (this.#gate.aggregatedStrikes(path, response)) return;
    const query = new URLSearchParams(search);
    const user = this.#authority.identify(incoming.headers);
    const found = route(incoming.method ?? "GET", path, query, this.#cluster.registry);
    if (found.kind === "resource") {
      await this.#resource(found.request, user, incoming, response);
    } else {
      this.#document(found, incoming, response);
    }
  }

  async #resource(
    request: ResourceRequest,
    user: User,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (await this.#gate.strikes(request, response)) return;
    const { type, subresource, namespace, name } = request;
    if (type.createOnly !== true) {
      this.#authority.check(user, {
        verb: request.verb,
        group: type.group,
        resource: subresource === "" ? type.plural : `${type.plural}/${subresource}`,
        namespace,
        name,
      });
    }
    const view = negotiateView(incoming.headers.accept, request.query);
    if (request.verb === "watch") {
      let end: () => void = () => {};
      end = startWatch(this.#cluster, request, view, response, () => this.#watches.delete(end));
      if (!response.writableEnded) this.#watches.set(end, type.group);
      return;
    }
    await handleResource({
      cluster: this.#cluster,
      authority: this.#authority,
      snapshots: this.#snapshots,
      incoming,
      response,
      request,
      view,
      user,
    });
  }

  #document(
    found: Exclude<Route, { kind: "resource" }>,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): void {
    const { registry } = this.#cluster;
    const version = negotiateDiscovery(incoming.headers.accept);
    const aggregated = (core: boolean, as: "v2" | "v2beta1"): void => {
      response.setHeader("Vary", "Accept");
      const isStale = (group: string): boolean =>
        this.#faults.aggregatedDown && group === "projectcalico.org";
      const text = JSON.stringify(aggregatedDiscovery(registry, core, as, isStale));
      sendText(
        response,
        200,
        text,
        `application/json;g=apidiscovery.k8s.io;v=${as};as=APIGroupDiscoveryList`,
      );
    };
    switch (found.kind) {
      case "core-versions":
        return version === null
          ? sendValue(response, 200, coreVersions(incoming.headers.host ?? ""))
          : aggregated(true, version);
      case "groups":
        return version === null ? sendValue(response, 200, groupList(registry)) : aggregated(false, version);
      case "group":
        return sendValue(response, 200, groupDocument(registry, found.group));
      case "resources":
        return sendValue(response, 200, resourceList(registry, found.group, found.version));
      case "other":
        return answerOther(found.path, this.#openApi, incoming, response);
      case "nowhere":
        return sendText(response, 404, "404 page not found\n", "text/plain; charset=utf-8");
      default:
    }
  }
}

/** Anybody may ask from this machine, but no web page through a name of its own that leads here. */
function isLoopbackName(host: string | undefined): boolean {
  return host === undefined || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known =
    error instanceof ApiError
      ? error
      : new ApiError(
          500,
          "InternalError",
          `Internal error occurred: ${error instanceof Error ? error.message : "unknown"}`,
        );
  for (const [name, value] of Object.entries(known.headers)) response.setHeader(name, value);
  sendValue(response, known.code, known.status);
}
