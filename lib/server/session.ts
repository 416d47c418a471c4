import type { Session } from "../contract/session.ts";
import { currentInventory } from "../inventory/registry.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import { get, REVIEW_TIMEOUTS } from "../kube/request.ts";
import type { ServerConfig } from "./config.ts";
import { permittedActions } from "./permission.ts";
import { shared } from "./shared.ts";

const users = () => shared("users", () => new WeakMap<ClusterConnection, Promise<string | null>>());

/** The name under which the API server knows the kubeconfig's identity; null when it does not say. Asked once. */
function userOf(connection: ClusterConnection): Promise<string | null> {
  const known = users().get(connection) ?? askUser(connection);
  users().set(connection, known);
  return known;
}

async function askUser(connection: ClusterConnection): Promise<string | null> {
  try {
    const review = await connection.request({
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
      timeouts: REVIEW_TIMEOUTS,
    });
    const name = get(get(get(review, "status"), "userInfo"), "username");
    return typeof name === "string" && name !== "" ? name : null;
  } catch {
    return null;
  }
}

/** Who is asking and what they may do. Where nobody logs in there is no user. */
export async function readSession(config: ServerConfig): Promise<Session> {
  const { connection, mode, readOnly } = config;
  const [user, permitted] = await Promise.all([
    mode === "embedded" ? null : userOf(connection),
    permittedActions(connection, currentInventory()?.detection?.apiMode ?? null, readOnly),
  ]);
  return { user, mode, readOnly, ...permitted };
}
