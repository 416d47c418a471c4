import {
  atomic,
  anything,
  at,
  atKeep,
  flag,
  int64,
  keyed,
  list,
  merged,
  message,
  text,
  textMap,
  texts,
  time,
} from "../build.ts";
import type { Schema } from "../schema.ts";

const ownerReference = message(
  "Another object that this one belongs to.",
  {
    apiVersion: at(5, text("API version of the owner.")),
    blockOwnerDeletion: atKeep(7, flag("Hold a foreground deletion of the owner until this object is gone.")),
    controller: atKeep(6, flag("The owner manages this object.")),
    kind: at(1, text("Kind of the owner.")),
    name: at(3, text("Name of the owner.")),
    uid: at(4, text("Identity of the owner.")),
  },
  { required: ["apiVersion", "kind", "name", "uid"], "x-kubernetes-map-type": "atomic" },
);

/** metadata of every object. Field numbers here and below: kubernetes/apimachinery v0.36 meta/v1, kubernetes/api v0.36. */
export const objectMeta: Schema = message("Name, identity, labels and life of the object.", {
  annotations: at(12, textMap("Facts for programs and people, not for selecting.")),
  creationTimestamp: at(8, time("When the object was created.", { nullable: true })),
  deletionGracePeriodSeconds: atKeep(10, int64("Seconds the object has to end itself.")),
  deletionTimestamp: at(9, time("When the object is to be gone; set once its deletion was asked for.")),
  finalizers: at(14, texts("Programs that must let go before the object disappears.", merged)),
  generateName: at(2, text("Start of a name that the server completes.")),
  generation: at(7, int64("Counts changes of the wish.")),
  labels: at(11, textMap("Pairs by which objects are selected.")),
  managedFields: at(17, list("Which program set which field.", anything("Fields of one program."), atomic)),
  name: at(1, text("Name, unique within its namespace or the cluster.")),
  namespace: at(3, text("Namespace the name belongs to.")),
  ownerReferences: at(
    13,
    keyed("Objects this one belongs to; it is deleted when the last of them is gone.", "uid", ownerReference),
  ),
  resourceVersion: at(6, text("Version of the object; a write that names an older one is refused.")),
  selfLink: at(4, text("No longer used.")),
  uid: at(5, text("Identity of the object, never used again.")),
});

const requirement = message(
  "One condition on a label.",
  {
    key: at(1, text("Label.")),
    operator: at(2, text("In, NotIn, Exists or DoesNotExist.")),
    values: at(3, texts("Values for In and NotIn.", atomic)),
  },
  { required: ["key", "operator"] },
);

export const labelSelector: Schema = message(
  "Selects objects by label; all conditions must hold.",
  {
    matchExpressions: at(2, list("Conditions on labels.", requirement, atomic)),
    matchLabels: at(1, textMap("Labels with the value they must have.")),
  },
  { "x-kubernetes-map-type": "atomic" },
);

/** Kinds number the members of their conditions differently. */
export interface ConditionNumbers {
  readonly message: number;
  readonly reason: number;
  readonly status: number;
  readonly type: number;
  readonly lastTransitionTime: number;
  readonly lastProbeTime?: number;
  readonly lastUpdateTime?: number;
  readonly lastHeartbeatTime?: number;
  readonly observedGeneration?: number;
}

/** A kind's `conditions`, told apart by type. */
export function conditions(numbers: ConditionNumbers): Schema {
  const { lastProbeTime, lastUpdateTime, lastHeartbeatTime, observedGeneration } = numbers;
  return keyed(
    "Facts about the state, by type.",
    "type",
    message(
      "One fact.",
      {
        ...(lastHeartbeatTime === undefined
          ? {}
          : { lastHeartbeatTime: at(lastHeartbeatTime, time("When it was last confirmed.")) }),
        ...(lastProbeTime === undefined
          ? {}
          : { lastProbeTime: at(lastProbeTime, time("When it was last looked at.", { nullable: true })) }),
        lastTransitionTime: at(
          numbers.lastTransitionTime,
          time("When the status last changed.", { nullable: true }),
        ),
        ...(lastUpdateTime === undefined
          ? {}
          : { lastUpdateTime: at(lastUpdateTime, time("When it was last written.")) }),
        message: at(numbers.message, text("A sentence for people.")),
        ...(observedGeneration === undefined
          ? {}
          : { observedGeneration: at(observedGeneration, int64("Generation it is about.")) }),
        reason: at(numbers.reason, text("A word for programs.")),
        status: at(numbers.status, text("True, False or Unknown.")),
        type: at(numbers.type, text("What the fact is about.")),
      },
      { required: ["status", "type"] },
    ),
  );
}

export const usualCondition: ConditionNumbers = {
  type: 1,
  status: 2,
  lastTransitionTime: 3,
  reason: 4,
  message: 5,
};

type Members = Parameters<typeof message>[1];

/** A whole object of a built-in kind. */
export function kindSchema(description: string, members: Members): Schema {
  return message(description, { metadata: at(1, objectMeta), ...members });
}

/** The `spec` of a kind. */
export const wish = (members: Members, extra: { readonly required?: readonly string[] } = {}) =>
  at(2, message("The wish.", members, extra));

/** The `status` of a kind. */
export const state = (members: Members) => at(3, message("The state.", members));

export const objectReference: Schema = message(
  "Another object.",
  {
    apiVersion: at(5, text("API version of the object.")),
    fieldPath: at(7, text("Part of the object.")),
    kind: at(1, text("Kind of the object.")),
    name: at(3, text("Name of the object.")),
    namespace: at(2, text("Namespace of the object.")),
    resourceVersion: at(6, text("Version of the object.")),
    uid: at(4, text("Identity of the object.")),
  },
  { "x-kubernetes-map-type": "atomic" },
);

export const localReference: Schema = message(
  "An object in the same namespace.",
  { name: at(1, text("Name of the object.")) },
  { "x-kubernetes-map-type": "atomic" },
);
