import { randomBytes } from "node:crypto";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../store/json.ts";
import { timestamp } from "../store/kube-object.ts";
import type { ResourceType } from "./resource-type.ts";
import { ApiError } from "./status.ts";

export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

/** What a request wants to do; `resource` may carry a subresource (`pods/log`). "" where a part is absent. */
export interface Access {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export type Policy = (user: User, access: Access) => boolean;

export const admin: User = {
  name: "kubernetes-admin",
  groups: ["kubeadm:cluster-admins", "system:authenticated"],
};

/** Who may call, and what they may do. Without tokens everybody is the administrator, as on a machine's own loopback. */
export class Authority {
  policy: Policy;
  readonly #tokens = new Map<string, User>();
  readonly #anonymous: User;

  constructor(policy: Policy, tokens: Readonly<Record<string, User>>, anonymous: User) {
    this.policy = policy;
    this.#anonymous = anonymous;
    for (const [token, user] of Object.entries(tokens)) this.#tokens.set(token, user);
  }

  /** @throws ApiError 401 for a token nobody issued, 403 for somebody whom the caller may not speak for */
  identify(headers: Readonly<Record<string, string | string[] | undefined>>): User {
    const header = headers["authorization"];
    let user = this.#anonymous;
    if (typeof header === "string" && /^bearer /i.test(header)) {
      const known = this.#tokens.get(header.slice(7).trim());
      if (known === undefined) throw new ApiError(401, "Unauthorized", "Unauthorized");
      user = known;
    }
    const impersonated = headers["impersonate-user"];
    if (typeof impersonated !== "string" || impersonated === "") return user;
    const groups = headers["impersonate-group"];
    const list = Array.isArray(groups) ? groups : (groups ?? "").split(", ").filter((one) => one !== "");
    const impersonates = (resource: string, name: string) =>
      this.check(user, { verb: "impersonate", group: "", resource, namespace: "", name });
    impersonates("users", impersonated);
    for (const group of list) impersonates("groups", group);
    return { name: impersonated, groups: [...list, "system:authenticated"] };
  }

  /** @throws ApiError 403 in Kubernetes' words */
  check(user: User, access: Access): void {
    if (this.policy(user, access)) return;
    throw forbiddenAccess(user, access);
  }

  issueToken(namespace: string, account: string, uid: string): string {
    const token = randomBytes(32).toString("base64url");
    this.#tokens.set(token, {
      name: `system:serviceaccount:${namespace}:${account}`,
      uid,
      groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
    });
    return token;
  }

  /** From now on nobody issued it. */
  revokeToken(token: string): void {
    this.#tokens.delete(token);
  }

  userOf(token: string): User | null {
    return this.#tokens.get(token) ?? null;
  }
}

function forbiddenAccess(user: User, access: Access): ApiError {
  const { verb, group, resource, namespace, name } = access;
  const [kind = ""] = resource.split("/");
  const qualified = group === "" ? kind : `${kind}.${group}`;
  const what = name === "" ? qualified : `${qualified} ${JSON.stringify(name)}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  const message = `${what} is forbidden: User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(group)} ${where}`;
  return new ApiError(403, "Forbidden", message, {
    details: {
      ...(name === "" ? {} : { name }),
      ...(group === "" ? {} : { group }),
      kind,
    },
  });
}

/** Answers an access or identity review. `served`: the kinds that a review of all rules is about. */
export function answerReview(
  authority: Authority,
  kind: string,
  review: JsonObject,
  user: User,
  now: number,
  served: Iterable<ServedResource>,
): JsonObject {
  const asked = objectAt(review, "spec");
  const answer = (status: JsonObject): JsonObject => ({
    ...review,
    metadata: { ...objectAt(review, "metadata"), creationTimestamp: null },
    status,
  });
  switch (kind) {
    case "SelfSubjectReview":
      return { ...answer({ userInfo: userInfo(user) }), metadata: { creationTimestamp: timestamp(now) } };
    case "TokenReview": {
      const known = authority.userOf(textAt(asked, "token"));
      return answer(
        known === null
          ? { user: {}, error: "[invalid bearer token]" }
          : { authenticated: true, user: userInfo(known) },
      );
    }
    case "SelfSubjectRulesReview":
      return answer({
        resourceRules: rulesOf(authority, user, textAt(asked, "namespace"), served),
        nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
        incomplete: true,
      });
    default: {
      const subject =
        kind === "SelfSubjectAccessReview"
          ? user
          : {
              name: textAt(asked, "user"),
              groups: listAt(asked, "groups").filter((one) => typeof one === "string"),
            };
      return answer(accessStatus(authority, subject, asked["resourceAttributes"]));
    }
  }
}

type ServedResource = Pick<ResourceType, "group" | "plural">;

const verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/** What the policy lets the user do, a rule for each kind; one rule for who may do everything. */
function rulesOf(
  authority: Authority,
  user: User,
  namespace: string,
  served: Iterable<ServedResource>,
): JsonObject[] {
  const everything = { verb: "*", group: "*", resource: "*", namespace, name: "" };
  if (authority.policy(user, everything)) return [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];
  return Array.from(served, ({ group, plural }) => ({
    verbs: verbs.filter((verb) =>
      authority.policy(user, { verb, group, resource: plural, namespace, name: "" }),
    ),
    apiGroups: [group],
    resources: [plural],
  })).filter((rule) => rule.verbs.length > 0);
}

function accessStatus(authority: Authority, subject: User, attributes: Json | undefined): JsonObject {
  if (!isObject(attributes)) return { allowed: true };
  const sub = textAt(attributes, "subresource");
  const allowed = authority.policy(subject, {
    verb: textAt(attributes, "verb"),
    group: textAt(attributes, "group"),
    resource: sub === "" ? textAt(attributes, "resource") : `${textAt(attributes, "resource")}/${sub}`,
    namespace: textAt(attributes, "namespace"),
    name: textAt(attributes, "name"),
  });
  return allowed ? { allowed } : { allowed, reason: "forbidden by the scenario's policy" };
}

function userInfo(user: User): JsonObject {
  return {
    username: user.name,
    ...(user.uid === undefined ? {} : { uid: user.uid }),
    groups: [...user.groups],
  };
}
