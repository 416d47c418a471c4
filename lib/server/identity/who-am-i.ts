import type { ClusterConnection } from "../../kube/connection.ts";
import { get, REVIEW_TIMEOUTS } from "../../kube/request.ts";
import { shared } from "../shared.ts";

/** Somebody as the API server knows them. */
export interface Who {
  readonly user: string;
  readonly groups: readonly string[];
}

/**
 * Asks the API server whom the connection speaks for (SelfSubjectReview). Null: it does not say. Throws what the request
 * throws, ApiError 401 for a credential that is not good.
 */
export async function whoAmI(connection: ClusterConnection): Promise<Who | null> {
  const review = await connection.request({
    method: "POST",
    path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
    timeouts: REVIEW_TIMEOUTS,
  });
  const info = get(get(review, "status"), "userInfo");
  const [user, groups] = [get(info, "username"), get(info, "groups")];
  if (typeof user !== "string" || user === "") return null;
  const named = Array.isArray(groups) ? groups.filter((one) => typeof one === "string") : [];
  return { user, groups: named };
}

const UNASKED_MS = 10_000;

interface Known {
  readonly name: Promise<string | null>;
  /** Null: for good. */
  until: number | null;
}

const names = () => shared("ownNames", () => new WeakMap<ClusterConnection, Known>());

/** The name under which the API server knows the connection's own credential; null when it does not say. A name is asked for once. */
export async function ownName(connection: ClusterConnection): Promise<string | null> {
  const known = names().get(connection);
  if (known && (known.until === null || known.until > connection.clock.now())) return known.name;
  const name = whoAmI(connection).then(
    (who) => who?.user ?? null,
    () => null,
  );
  const entry: Known = { name, until: null };
  names().set(connection, entry);
  if ((await name) === null) entry.until = connection.clock.now() + UNASKED_MS;
  return name;
}
