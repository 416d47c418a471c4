import { anything, at, atKeep, flag, int32, int64, list, map, message, text, texts } from "../build.ts";
import type { Schema } from "../schema.ts";
import { kindSchema, objectReference, state, wish } from "./meta.ts";

/** Bodies that are answered or acted on, never stored. */

export const deleteOptionsSchema: Schema = message("How to delete.", {
  dryRun: at(5, texts("All: only look.")),
  gracePeriodSeconds: atKeep(1, int64("Seconds until it is gone.")),
  orphanDependents: atKeep(3, flag("Keep what belongs to it.")),
  preconditions: at(
    2,
    message("What must still be true.", {
      resourceVersion: atKeep(2, text("Version.")),
      uid: atKeep(1, text("Identity.")),
    }),
  ),
  propagationPolicy: atKeep(4, text("Background, Foreground or Orphan.")),
});

export const bindingSchema: Schema = kindSchema("Binds a pod to a node.", { target: at(2, objectReference) });

export const evictionSchema: Schema = kindSchema("Asks a pod to leave.", {
  deleteOptions: at(2, deleteOptionsSchema),
});

export const scaleSchema: Schema = kindSchema("The size of a workload.", {
  spec: wish({ replicas: atKeep(1, int32("Pods wanted.")) }),
  status: state({
    replicas: atKeep(1, int32("Pods there are.")),
    selector: at(2, text("Their labels.")),
  }),
});

export const tokenRequestSchema: Schema = kindSchema("Asks for a token.", {
  spec: wish({
    audiences: at(1, texts("Whom it is for.")),
    boundObjectRef: at(3, anything("What it is bound to.")),
    expirationSeconds: atKeep(4, int64("How long it is good for.")),
  }),
});

const resourceAttributes = message("Access to an object.", {
  group: at(3, text("API group.")),
  name: at(7, text("Name; absent means all.")),
  namespace: at(1, text("Namespace; absent means all, or none.")),
  resource: at(5, text("Resource.")),
  subresource: at(6, text("Subresource.")),
  verb: at(2, text("Verb.")),
  version: at(4, text("API version.")),
});

const pathAttributes = message("Access to a path.", {
  path: at(1, text("Path.")),
  verb: at(2, text("Verb.")),
});

const extra = map("Further facts.", list("Values.", { type: "string" }));

const subject = {
  groups: at(4, texts("Groups of the user.")),
  nonResourceAttributes: at(2, pathAttributes),
  resourceAttributes: at(1, resourceAttributes),
  uid: at(6, text("Identity of the user.")),
  user: at(3, text("The user.")),
};

export const reviewSchemas: Readonly<Record<string, Schema>> = {
  SelfSubjectReview: kindSchema("Asks who one is.", {}),
  TokenReview: kindSchema("Asks whose token it is.", {
    spec: at(
      2,
      message("The question.", {
        audiences: at(2, texts("Whom it is for.")),
        token: at(1, text("The token.")),
      }),
    ),
  }),
  LocalSubjectAccessReview: kindSchema("Asks whether somebody may do something in a namespace.", {
    spec: at(2, message("The question.", subject)),
  }),
  SelfSubjectAccessReview: kindSchema("Asks whether one may do something.", {
    spec: at(
      2,
      message("The question.", {
        nonResourceAttributes: at(2, pathAttributes),
        resourceAttributes: at(1, resourceAttributes),
      }),
    ),
  }),
  SelfSubjectRulesReview: kindSchema("Asks what one may do in a namespace.", {
    spec: at(2, message("The question.", { namespace: at(1, text("The namespace.")) })),
  }),
  SubjectAccessReview: kindSchema("Asks whether somebody may do something.", {
    spec: at(2, message("The question.", { ...subject, extra: at(5, extra) })),
  }),
};
