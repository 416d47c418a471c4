import {
  atomic,
  anything,
  at,
  atKeep,
  flag,
  int32,
  int64,
  intOrText,
  list,
  message,
  text,
  texts,
  time,
} from "../build.ts";
import type { Schema } from "../schema.ts";
import {
  conditions,
  kindSchema,
  labelSelector,
  objectMeta,
  objectReference,
  state,
  usualCondition,
  wish,
} from "./meta.ts";
import { podTemplate } from "./pod.ts";

const wishes = { required: ["selector", "template"] };
const minReadySeconds = int32("Seconds a pod must be ready to count as available.");
const replicas = int32("Pods wanted.", { default: 1 });
const collisionCount = int32("Names that were taken already.");

/** How the pods are replaced: within `limits`, or in the `other` way. */
const rollout = (
  other: "Recreate" | "OnDelete",
  limits: Parameters<typeof message>[1],
  extra: Pick<Schema, "x-kubernetes-patch-strategy"> = {},
): Schema =>
  message(
    "How a change is rolled out.",
    {
      rollingUpdate: at(2, message("Limits of a rolling update.", limits)),
      type: at(1, text(`RollingUpdate or ${other}.`, { default: "RollingUpdate" })),
    },
    { default: {}, ...extra },
  );

export const deploymentSchema: Schema = kindSchema(
  "Keeps a number of equal pods running and rolls out changes.",
  {
    spec: wish(
      {
        minReadySeconds: at(5, minReadySeconds),
        paused: at(7, flag("No roll-out for now.")),
        progressDeadlineSeconds: atKeep(
          9,
          int32("Seconds until a roll-out counts as stuck.", { default: 600 }),
        ),
        replicas: atKeep(1, replicas),
        revisionHistoryLimit: atKeep(6, int32("Old replica sets that are kept.", { default: 10 })),
        selector: at(2, labelSelector),
        strategy: at(
          4,
          rollout(
            "Recreate",
            {
              maxSurge: at(2, intOrText("Pods above the number wanted.", { default: "25%" })),
              maxUnavailable: at(1, intOrText("Pods below the number wanted.", { default: "25%" })),
            },
            { "x-kubernetes-patch-strategy": "retainKeys" },
          ),
        ),
        template: at(3, podTemplate),
      },
      wishes,
    ),
    status: state({
      availableReplicas: at(4, int32("Pods that are available.")),
      collisionCount: atKeep(8, collisionCount),
      conditions: at(
        6,
        conditions({ type: 1, status: 2, reason: 4, message: 5, lastUpdateTime: 6, lastTransitionTime: 7 }),
      ),
      observedGeneration: at(1, int64("Generation the controller has seen.")),
      readyReplicas: at(7, int32("Pods that are ready.")),
      replicas: at(2, int32("Pods there are.")),
      terminatingReplicas: atKeep(9, int32("Pods that are ending.")),
      unavailableReplicas: at(5, int32("Pods that are missing.")),
      updatedReplicas: at(3, int32("Pods of the latest template.")),
    }),
  },
);

export const replicaSetSchema: Schema = kindSchema("Keeps a number of equal pods running.", {
  spec: wish(
    {
      minReadySeconds: at(4, minReadySeconds),
      replicas: atKeep(1, replicas),
      selector: at(2, labelSelector),
      template: at(3, podTemplate),
    },
    { required: ["selector"] },
  ),
  status: state({
    availableReplicas: at(5, int32("Pods that are available.")),
    conditions: at(6, conditions(usualCondition)),
    fullyLabeledReplicas: at(2, int32("Pods with all labels of the template.")),
    observedGeneration: at(3, int64("Generation the controller has seen.")),
    readyReplicas: at(4, int32("Pods that are ready.")),
    replicas: atKeep(1, int32("Pods there are.")),
    terminatingReplicas: atKeep(7, int32("Pods that are ending.")),
  }),
});

export const daemonSetSchema: Schema = kindSchema("Keeps one pod on each node.", {
  spec: wish(
    {
      minReadySeconds: at(4, minReadySeconds),
      revisionHistoryLimit: atKeep(6, int32("Old versions that are kept.", { default: 10 })),
      selector: at(1, labelSelector),
      template: at(2, podTemplate),
      updateStrategy: at(
        3,
        rollout("OnDelete", {
          maxSurge: at(2, intOrText("Pods beside the old ones.")),
          maxUnavailable: at(1, intOrText("Nodes without a pod.")),
        }),
      ),
    },
    wishes,
  ),
  status: state({
    collisionCount: atKeep(9, collisionCount),
    conditions: at(10, conditions(usualCondition)),
    currentNumberScheduled: atKeep(1, int32("Nodes that run it and should.")),
    desiredNumberScheduled: atKeep(3, int32("Nodes that should run it.")),
    numberAvailable: at(7, int32("Nodes where it is available.")),
    numberMisscheduled: atKeep(2, int32("Nodes that run it and should not.")),
    numberReady: atKeep(4, int32("Nodes where it is ready.")),
    numberUnavailable: at(8, int32("Nodes where it is missing.")),
    observedGeneration: at(5, int64("Generation the controller has seen.")),
    updatedNumberScheduled: at(6, int32("Nodes with the latest template.")),
  }),
});

export const statefulSetSchema: Schema = kindSchema("Keeps pods with lasting names and storage.", {
  spec: wish(
    {
      minReadySeconds: at(9, minReadySeconds),
      ordinals: at(11, message("Numbers of the pods.", { start: at(1, int32("First number.")) })),
      persistentVolumeClaimRetentionPolicy: at(
        10,
        message("What becomes of storage.", {
          whenDeleted: at(1, text("Retain or Delete.")),
          whenScaled: at(2, text("Retain or Delete.")),
        }),
      ),
      podManagementPolicy: at(6, text("OrderedReady or Parallel.", { default: "OrderedReady" })),
      replicas: atKeep(1, replicas),
      revisionHistoryLimit: atKeep(8, int32("Old versions that are kept.", { default: 10 })),
      selector: at(2, labelSelector),
      serviceName: at(5, text("Service that names the pods.")),
      template: at(3, podTemplate),
      updateStrategy: at(
        7,
        rollout("OnDelete", {
          maxUnavailable: at(2, intOrText("Pods that may be missing.")),
          partition: atKeep(1, int32("Pods below this number stay as they are.")),
        }),
      ),
      volumeClaimTemplates: at(4, list("Storage of each pod.", anything("One claim."), atomic)),
    },
    wishes,
  ),
  status: state({
    availableReplicas: atKeep(11, int32("Pods that are available.")),
    collisionCount: atKeep(9, collisionCount),
    conditions: at(10, conditions(usualCondition)),
    currentReplicas: at(4, int32("Pods of the current version.")),
    currentRevision: at(6, text("Current version.")),
    observedGeneration: at(1, int64("Generation the controller has seen.")),
    readyReplicas: at(3, int32("Pods that are ready.")),
    replicas: atKeep(2, int32("Pods there are.")),
    updateRevision: at(7, text("Latest version.")),
    updatedReplicas: at(5, int32("Pods of the latest version.")),
  }),
});

const jobSpec = message(
  "The wish.",
  {
    activeDeadlineSeconds: atKeep(3, int64("Seconds after which it is ended.")),
    backoffLimit: atKeep(7, int32("Failures until it gives up.", { default: 6 })),
    backoffLimitPerIndex: atKeep(12, int32("The same for each index.")),
    completionMode: atKeep(9, text("NonIndexed or Indexed.", { default: "NonIndexed" })),
    completions: atKeep(2, int32("Pods that must succeed.")),
    managedBy: atKeep(15, text("Controller in charge.")),
    manualSelector: atKeep(5, flag("The selector is the user's own.")),
    maxFailedIndexes: atKeep(13, int32("Indexes that may fail.")),
    parallelism: atKeep(1, int32("Pods at a time.")),
    podFailurePolicy: at(11, anything("What counts as a failure.")),
    podReplacementPolicy: atKeep(14, text("When a new pod is made.", { default: "TerminatingOrFailed" })),
    selector: at(4, labelSelector),
    successPolicy: at(16, anything("What counts as success.")),
    suspend: atKeep(10, flag("No pods for now.", { default: false })),
    template: at(6, podTemplate),
    ttlSecondsAfterFinished: atKeep(8, int32("Seconds until it is removed.")),
  },
  { required: ["template"] },
);

export const jobSchema: Schema = kindSchema("Runs pods until enough of them succeed.", {
  spec: at(2, jobSpec),
  status: state({
    active: at(4, int32("Pods that run.")),
    completedIndexes: at(7, text("Indexes that succeeded.")),
    completionTime: at(3, time("When it was done.")),
    conditions: at(
      1,
      conditions({ type: 1, status: 2, lastProbeTime: 3, lastTransitionTime: 4, reason: 5, message: 6 }),
    ),
    failed: at(6, int32("Pods that failed.")),
    failedIndexes: atKeep(10, text("Indexes that failed.")),
    ready: atKeep(9, int32("Pods that are ready.")),
    startTime: at(2, time("When it started.")),
    succeeded: at(5, int32("Pods that succeeded.")),
    terminating: atKeep(11, int32("Pods that are ending.")),
    uncountedTerminatedPods: at(
      8,
      message("Pods that are not counted yet.", {
        failed: at(2, texts("Failed ones.", { "x-kubernetes-list-type": "set" })),
        succeeded: at(1, texts("Ones that succeeded.", { "x-kubernetes-list-type": "set" })),
      }),
    ),
  }),
});

export const cronJobSchema: Schema = kindSchema("Makes jobs by the clock.", {
  spec: wish(
    {
      concurrencyPolicy: at(3, text("Allow, Forbid or Replace.", { default: "Allow" })),
      failedJobsHistoryLimit: atKeep(7, int32("Failed jobs that are kept.", { default: 1 })),
      jobTemplate: at(
        5,
        message("What each job is made from.", { metadata: at(1, objectMeta), spec: at(2, jobSpec) }),
      ),
      schedule: at(1, text("When, as cron writes it.")),
      startingDeadlineSeconds: atKeep(2, int64("Seconds a late start is allowed.")),
      successfulJobsHistoryLimit: atKeep(6, int32("Finished jobs that are kept.", { default: 3 })),
      suspend: atKeep(4, flag("No jobs for now.", { default: false })),
      timeZone: atKeep(8, text("Time zone of the schedule.")),
    },
    { required: ["jobTemplate", "schedule"] },
  ),
  status: state({
    active: at(1, list("Jobs that run.", objectReference, atomic)),
    lastScheduleTime: at(4, time("When it ran last.")),
    lastSuccessfulTime: at(5, time("When it last succeeded.")),
  }),
});
