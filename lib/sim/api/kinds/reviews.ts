import { reviewSchemas } from "../../schema/core/requests.ts";
import type { ResourceType } from "../resource-type.ts";
import { builtin } from "./shared.ts";

function review(group: string, kind: string, namespaced = false): ResourceType {
  return {
    ...builtin({
      group,
      version: "v1",
      kind,
      plural: `${kind.toLowerCase()}s`,
      namespaced,
      schema: reviewSchemas[kind] ?? {},
    }),
    createOnly: true,
  };
}

const authentication = "authentication.k8s.io";
const authorization = "authorization.k8s.io";

export const reviewKinds: readonly ResourceType[] = [
  review(authentication, "SelfSubjectReview"),
  review(authentication, "TokenReview"),
  review(authorization, "LocalSubjectAccessReview", true),
  review(authorization, "SelfSubjectAccessReview"),
  review(authorization, "SelfSubjectRulesReview"),
  review(authorization, "SubjectAccessReview"),
];
