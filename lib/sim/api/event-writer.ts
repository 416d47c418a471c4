import type { ServerResponse } from "node:http";
import type { Entry } from "../store/entry.ts";
import type { Cluster } from "./cluster.ts";
import type { View } from "./negotiate.ts";
import type { ResourceRequest } from "./request.ts";
import { partialJson, tableJson } from "./table.ts";

export type WatchType = "ADDED" | "MODIFIED" | "DELETED";

/** Writes the events of one watch in the form its client asked for. */
export class EventWriter {
  readonly #cluster: Cluster;
  readonly #request: ResourceRequest;
  readonly #view: View;
  readonly #response: ServerResponse;

  constructor(cluster: Cluster, request: ResourceRequest, view: View, response: ServerResponse) {
    this.#cluster = cluster;
    this.#request = request;
    this.#view = view;
    this.#response = response;
  }

  write(type: WatchType, entry: Entry): void {
    this.#response.write(`{"type":"${type}","object":${this.#text(entry)}}\n`);
  }

  bookmark(revision: number, ofInitialEvents: boolean): void {
    const { type } = this.#request;
    const metadata: Record<string, unknown> = { resourceVersion: String(revision) };
    if (ofInitialEvents) metadata["annotations"] = { "k8s.io/initial-events-end": "true" };
    const object = {
      kind: type.kind,
      apiVersion: type.group === "" ? type.version : `${type.group}/${type.version}`,
      metadata,
    };
    const text =
      this.#view.as === "table"
        ? JSON.stringify({
            kind: "Table",
            apiVersion: "meta.k8s.io/v1",
            metadata: { resourceVersion: String(revision) },
            columnDefinitions: null,
            rows: [{ cells: null, object }],
          })
        : JSON.stringify(object);
    this.#response.write(`{"type":"BOOKMARK","object":${text}}\n`);
  }

  #text(entry: Entry): string {
    const view = this.#view;
    if (view.as === "object") return entry.json;
    if (view.as === "partial") return partialJson(entry.object);
    const metadata = { resourceVersion: entry.object.metadata.resourceVersion };
    return tableJson(this.#request.type.columns, [entry.object], metadata, view.include, this.#cluster.now());
  }
}
