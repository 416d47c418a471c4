import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { createObject, mergePatch } from "../../kube/objects.ts";
import type { EventObject, ObjectReference } from "../kube-objects.ts";
import type { Occurrence } from "./event-correlator.ts";
import { EventCorrelator } from "./event-correlator.ts";
import { resources } from "./resources.ts";

/** Writes Events for one program, merged by an EventCorrelator, in the order they happened. A failing write is dropped. */
export class EventRecorder {
  readonly #connection: ClusterConnection;
  readonly #correlator = new EventCorrelator();
  #last: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(connection: ClusterConnection) {
    this.#connection = connection;
  }

  record(occurrence: Occurrence): void {
    const result = this.#correlator.correlate(occurrence, this.#connection.clock.now());
    if (result.op === "drop") return;
    this.#last = this.#last.then(() => this.#write(result.op, result.event)).catch(() => {});
  }

  /** Waits for what is being written; nothing is written after. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#last;
  }

  async #write(op: "create" | "update", event: EventObject): Promise<void> {
    if (this.#stopped) return;
    const { name, namespace } = event.metadata;
    const ref = { resource: resources.events, namespace };
    const options = { fieldManager: event.source.component };
    if (op === "update") {
      const { count, message, lastTimestamp } = event;
      try {
        await mergePatch(this.#connection, { ...ref, name }, { count, message, lastTimestamp }, options);
        return;
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
    }
    await createObject(
      this.#connection,
      ref,
      {
        apiVersion: "v1",
        kind: "Event",
        ...event,
        reportingComponent: event.source.component,
        reportingInstance: event.source.host ?? "",
      },
      options,
    );
  }
}

/** How an event names the object it is about. */
export function referTo(
  object: {
    readonly metadata: {
      readonly name: string;
      readonly namespace?: string;
      readonly uid: string;
      readonly resourceVersion: string;
    };
  },
  apiVersion: string,
  kind: string,
): ObjectReference {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return { apiVersion, kind, name, ...(namespace ? { namespace } : {}), uid, resourceVersion };
}
