import { type RawRecord, record, text } from "../calico/reading.ts";
import { identity, milliseconds } from "./raw.ts";
import type { Row } from "./table.ts";

/** A `FailedCreatePodSandBox` event: the kubelet could not give a pod its network. */
export interface SandboxFailure extends Row {
  readonly podNamespace: string;
  readonly podName: string;
  /** Empty when the event does not say which incarnation of the pod it is about. */
  readonly podUid: string;
  readonly message: string;
  /** When it last happened, in milliseconds since 1970; 0 when unknown. */
  readonly at: number;
}

/** Null for events about anything else. */
export function sandboxFailure(raw: RawRecord): SandboxFailure | null {
  const known = identity(raw);
  const pod = record(raw.involvedObject);
  const podName = text(pod.name);
  const message = text(raw.message);
  if (!known || podName === null || message === null || pod.kind !== "Pod") return null;
  if (raw.reason !== "FailedCreatePodSandBox") return null;
  return {
    ...known,
    podNamespace: text(pod.namespace) ?? known.namespace,
    podName,
    podUid: text(pod.uid) ?? "",
    message,
    at: lastSeen(raw),
    gone: false,
  };
}

/** Series first (events.k8s.io), then the classic fields; the newest of what is there. */
function lastSeen(raw: RawRecord): number {
  const times = [
    record(raw.series).lastObservedTime,
    raw.lastTimestamp,
    raw.eventTime,
    raw.firstTimestamp,
    record(raw.metadata).creationTimestamp,
  ];
  return Math.max(0, ...times.map(milliseconds));
}
