import { createHash } from "node:crypto";
import type { Activity } from "../../contract/activity.ts";
import { personName } from "../../format/person.ts";
import { servedKind, type ApiMode } from "../../calico/dialect.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { createObject } from "../../kube/objects.ts";
import { isApiError } from "../write/kube-problem.ts";
import { didText } from "./watch-words.ts";

const events = { group: "", version: "v1", plural: "events", namespaced: true };
/** Events about objects without a namespace are kept in this one. Source: kubernetes pkg/apis/core/validation/events.go */
const NAMESPACE = "default";
/** Source: kubernetes pkg/apis/core/validation/events.go NoteLengthLimit */
const LONGEST = 1024;

function reasonOf({ action, to }: Activity): string {
  if (action === "create") return "PoolCreated";
  if (action === "delete") return "PoolDeleted";
  const keys = Object.keys(to ?? {});
  if (keys.length === 1 && keys[0] === "disabled")
    return to?.["disabled"] === true ? "PoolDisabled" : "PoolEnabled";
  return "PoolChanged";
}

/**
 * Says on the pool, as a Kubernetes Event, who changed it. It is this server's own statement, sent with its own connection.
 * `forbidden`: its role may not create events. Never throws.
 */
export async function writePoolEvent(
  connection: ClusterConnection,
  mode: ApiMode,
  activity: Activity,
): Promise<NonNullable<Activity["event"]>> {
  const { object, at, id, resourceVersion } = activity;
  if (object === null) return "failed";
  const { group, version } = servedKind(mode, "IPPool");
  const time = `${at.slice(0, 19)}Z`;
  const mark = createHash("sha256").update(id).digest("hex").slice(0, 16);
  const after = resourceVersion.after;
  const body = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${object.name.slice(0, 230)}.${mark}`, namespace: NAMESPACE },
    involvedObject: {
      apiVersion: `${group}/${version}`,
      kind: "IPPool",
      name: object.name,
      ...(object.uid === null ? {} : { uid: object.uid }),
      ...(after === null ? {} : { resourceVersion: after }),
    },
    reason: reasonOf(activity),
    message: `${personName(activity)} ${didText(activity)} (request ${activity.requestId})`.slice(0, LONGEST),
    type: "Normal",
    source: { component: "poolboard" },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
  try {
    await createObject(connection, { resource: events, namespace: NAMESPACE }, body);
    return "written";
  } catch (error) {
    return isApiError(error) && error.status === 403 ? "forbidden" : "failed";
  }
}
