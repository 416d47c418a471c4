import { isObject, type Json, type JsonObject, parseJson } from "../store/json.ts";
import { type ApiServer, type ApiServerOptions, startApiServer } from "./server.ts";

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

/** An API server of a test's own and the few calls a test needs. */
export class TestCluster {
  readonly server: ApiServer;

  private constructor(server: ApiServer) {
    this.server = server;
  }

  static async start(options: ApiServerOptions = {}): Promise<TestCluster> {
    return new TestCluster(await startApiServer(options));
  }

  async call(
    method: string,
    path: string,
    body?: Json,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(this.server.url + path, {
      method,
      headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const value: Json =
      response.headers.get("content-type")?.includes("json") === true ? parseJson(text) : { text };
    return { status: response.status, headers: response.headers, body: isObject(value) ? value : { value } };
  }

  get = (path: string, headers?: Readonly<Record<string, string>>): Promise<Answer> =>
    this.call("GET", path, undefined, headers);
  post = (path: string, body: Json): Promise<Answer> => this.call("POST", path, body);
  put = (path: string, body: Json): Promise<Answer> => this.call("PUT", path, body);
  remove = (path: string, body?: Json): Promise<Answer> => this.call("DELETE", path, body);

  patch(path: string, body: Json, kind: "merge" | "json" | "strategic" = "merge"): Promise<Answer> {
    const media = { merge: "merge-patch", json: "json-patch", strategic: "strategic-merge-patch" }[kind];
    return this.call("PATCH", path, body, { "Content-Type": `application/${media}+json` });
  }

  apply(path: string, body: Json, manager = "tester", force = false): Promise<Answer> {
    return this.call("PATCH", `${path}?fieldManager=${manager}&force=${force}`, body, {
      "Content-Type": "application/apply-patch+yaml",
    });
  }

  watch(path: string): Promise<TestWatch> {
    return TestWatch.open(this.server.url + path);
  }
}

/** An open watch, read event by event. */
export class TestWatch {
  readonly status: number;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #abort: AbortController;
  #rest = "";

  private constructor(
    status: number,
    reader: ReadableStreamDefaultReader<Uint8Array>,
    abort: AbortController,
  ) {
    this.status = status;
    this.#reader = reader;
    this.#abort = abort;
  }

  static async open(url: string): Promise<TestWatch> {
    const abort = new AbortController();
    const response = await fetch(url, { signal: abort.signal });
    if (response.body === null) throw new Error("a watch without a body");
    return new TestWatch(response.status, response.body.getReader(), abort);
  }

  /** The next event, or null when the server ended the watch. */
  async next(): Promise<{ readonly type: string; readonly object: JsonObject } | null> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end !== -1) {
        const value = parseJson(this.#rest.slice(0, end));
        this.#rest = this.#rest.slice(end + 1);
        if (!isObject(value) || !isObject(value["object"])) throw new Error("not a watch event");
        return { type: String(value["type"]), object: value["object"] };
      }
      const { value, done } = await this.#reader.read();
      if (done) return null;
      this.#rest += Buffer.from(value).toString();
    }
  }

  /** The next `count` events as `TYPE name`. */
  async take(count: number): Promise<string[]> {
    const taken: string[] = [];
    while (taken.length < count) {
      const event = await this.next();
      if (event === null) break;
      const metadata = event.object["metadata"];
      taken.push(`${event.type} ${isObject(metadata) ? String(metadata["name"]) : ""}`);
    }
    return taken;
  }

  close(): void {
    this.#abort.abort();
  }
}

export const pod = (name: string, extra: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { containers: [{ name: "main", image: "nginx:1.25" }], ...extra },
});

export const deployment = (name: string, replicas = 1): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "main", image: "nginx:1.25" }] },
    },
  },
});

export const ipPool = (name: string, spec: JsonObject): JsonObject => ({
  apiVersion: "crd.projectcalico.org/v1",
  kind: "IPPool",
  metadata: { name },
  spec,
});
