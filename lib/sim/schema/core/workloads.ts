import {
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
  usualCondition,
} from "./meta.ts";
import { podTemplate } from "./pod.ts";

const count = (description: string): Schema => int32(description);
const wishes = ["selector", "template"];

export const deploymentSchema: Schema = kindSchema(
  "Keeps a number of equal pods running and rolls out changes.",
  {
    spec: at(
      2,
      message(
        "The wish.",
        {
          minReadySeconds: at(5, count("Seconds a pod must be ready to count as available.")),
          paused: at(7, flag("No roll-out for now.")),
          progressDeadlineSeconds: atKeep(
            9,
            int32("Seconds until a roll-out counts as stuck.", { default: 600 }),
          ),
          replicas: atKeep(1, int32("Pods wanted.", { default: 1 })),
          revisionHistoryLimit: atKeep(6, int32("Old replica sets that are kept.", { default: 10 })),
          selector: at(2, labelSelector),
          strategy: at(
            4,
            message(
              "How a change is rolled out.",
              {
                rollingUpdate: at(
                  2,
                  message("Limits of a rolling update.", {
                    maxSurge: at(2, intOrText("Pods above the number wanted.", { default: "25%" })),
                    maxUnavailable: at(1, intOrText("Pods below the number wanted.", { default: "25%" })),
                  }),
                ),
                type: at(1, text("RollingUpdate or Recreate.", { default: "RollingUpdate" })),
              },
              { default: {}, "x-kubernetes-patch-strategy": "retainKeys" },
            ),
          ),
          template: at(3, podTemplate),
        },
        { required: wishes },
      ),
    ),
    status: at(
      3,
      message("The state.", {
        availableReplicas: at(4, count("Pods that are available.")),
        collisionCount: atKeep(8, count("Names that were taken already.")),
        conditions: at(
          6,
          conditions({ type: 1, status: 2, reason: 4, message: 5, lastUpdateTime: 6, lastTransitionTime: 7 }),
        ),
        observedGeneration: at(1, int64("Generation the controller has seen.")),
        readyReplicas: at(7, count("Pods that are ready.")),
        replicas: at(2, count("Pods there are.")),
        terminatingReplicas: atKeep(9, count("Pods that are ending.")),
        unavailableReplicas: at(5, count("Pods that are missing.")),
        updatedReplicas: at(3, count("Pods of the latest template.")),
      }),
    ),
  },
);

export const replicaSetSchema: Schema = kindSchema("Keeps a number of equal pods running.", {
  spec: at(
    2,
    message(
      "The wish.",
      {
        minReadySeconds: at(4, count("Seconds a pod must be ready to count as available.")),
        replicas: atKeep(1, int32("Pods wanted.", { default: 1 })),
        selector: at(2, labelSelector),
        template: at(3, podTemplate),
      },
      { required: ["selector"] },
    ),
  ),
  status: at(
    3,
    message("The state.", {
      availableReplicas: at(5, count("Pods that are available.")),
      conditions: at(6, conditions(usualCondition)),
      fullyLabeledReplicas: at(2, count("Pods with all labels of the template.")),
      observedGeneration: at(3, int64("Generation the controller has seen.")),
      readyReplicas: at(4, count("Pods that are ready.")),
      replicas: atKeep(1, count("Pods there are.")),
      terminatingReplicas: atKeep(7, count("Pods that are ending.")),
    }),
  ),
});

export const daemonSetSchema: Schema = kindSchema("Keeps one pod on each node.", {
  spec: at(
    2,
    message(
      "The wish.",
      {
        minReadySeconds: at(4, count("Seconds a pod must be ready to count as available.")),
        revisionHistoryLimit: atKeep(6, int32("Old versions that are kept.", { default: 10 })),
        selector: at(1, labelSelector),
        template: at(2, podTemplate),
        updateStrategy: at(
          3,
          message(
            "How a change is rolled out.",
            {
              rollingUpdate: at(
                2,
                message("Limits of a rolling update.", {
                  maxSurge: at(2, intOrText("Pods beside the old ones.")),
                  maxUnavailable: at(1, intOrText("Nodes without a pod.")),
                }),
              ),
              type: at(1, text("RollingUpdate or OnDelete.", { default: "RollingUpdate" })),
            },
            { default: {} },
          ),
        ),
      },
      { required: wishes },
    ),
  ),
  status: at(
    3,
    message("The state.", {
      collisionCount: atKeep(9, count("Names that were taken already.")),
      conditions: at(10, conditions(usualCondition)),
      currentNumberScheduled: atKeep(1, count("Nodes that run it and should.")),
      desiredNumberScheduled: atKeep(3, count("Nodes that should run it.")),
      numberAvailable: at(7, count("Nodes where it is available.")),
      numberMisscheduled: atKeep(2, count("Nodes that run it and should not.")),
      numberReady: atKeep(4, count("Nodes where it is ready.")),
      numberUnavailable: at(8, count("Nodes where it is missing.")),
      observedGeneration: at(5, int64("Generation the controller has seen.")),
      updatedNumberScheduled: at(6, count("Nodes with the latest template.")),
    }),
  ),
});

export const statefulSetSchema: Schema = kindSchema("Keeps pods with lasting names and storage.", {
  spec: at(
    2,
    message(
      "The wish.",
      {
        minReadySeconds: at(9, count("Seconds a pod must be ready to count as available.")),
        ordinals: at(11, message("Numbers of the pods.", { start: at(1, int32("First number.")) })),
        persistentVolumeClaimRetentionPolicy: at(
          10,
          message("What becomes of storage.", {
            whenDeleted: at(1, text("Retain or Delete.")),
            whenScaled: at(2, text("Retain or Delete.")),
          }),
        ),
        podManagementPolicy: at(6, text("OrderedReady or Parallel.", { default: "OrderedReady" })),
        replicas: atKeep(1, int32("Pods wanted.", { default: 1 })),
        revisionHistoryLimit: atKeep(8, int32("Old versions that are kept.", { default: 10 })),
        selector: at(2, labelSelector),
        serviceName: at(5, text("Service that names the pods.")),
        template: at(3, podTemplate),
        updateStrategy: at(
          7,
          message(
            "How a change is rolled out.",
            {
              rollingUpdate: at(
                2,
                message("Limits of a rolling update.", {
                  maxUnavailable: at(2, intOrText("Pods that may be missing.")),
                  partition: atKeep(1, int32("Pods below this number stay as they are.")),
                }),
              ),
              type: at(1, text("RollingUpdate or OnDelete.", { default: "RollingUpdate" })),
            },
            { default: {} },
          ),
        ),
        volumeClaimTemplates: at(
          4,
          list("Storage of each pod.", anything("One claim."), { "x-kubernetes-list-type": "atomic" }),
        ),
      },
      { required: wishes },
    ),
  ),
  status: at(
    3,
    message("The state.", {
      availableReplicas: atKeep(11, count("Pods that are available.")),
      collisionCount: atKeep(9, count("Names that were taken already.")),
      conditions: at(10, conditions(usualCondition)),
      currentReplicas: at(4, count("Pods of the current version.")),
      currentRevision: at(6, text("Current version.")),
      observedGeneration: at(1, int64("Generation the controller has seen.")),
      readyReplicas: at(3, count("Pods that are ready.")),
      replicas: atKeep(2, count("Pods there are.")),
      updateRevision: at(7, text("Latest version.")),
      updatedReplicas: at(5, count("Pods of the latest version.")),
    }),
  ),
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
  status: at(
    3,
    message("The state.", {
      active: at(4, count("Pods that run.")),
      completedIndexes: at(7, text("Indexes that succeeded.")),
      completionTime: at(3, time("When it was done.")),
      conditions: at(
        1,
        conditions({ type: 1, status: 2, lastProbeTime: 3, lastTransitionTime: 4, reason: 5, message: 6 }),
      ),
      failed: at(6, count("Pods that failed.")),
      failedIndexes: atKeep(10, text("Indexes that failed.")),
      ready: atKeep(9, count("Pods that are ready.")),
      startTime: at(2, time("When it started.")),
      succeeded: at(5, count("Pods that succeeded.")),
      terminating: atKeep(11, count("Pods that are ending.")),
      uncountedTerminatedPods: at(
        8,
        message("Pods that are not counted yet.", {
          failed: at(2, texts("Failed ones.", { "x-kubernetes-list-type": "set" })),
          succeeded: at(1, texts("Ones that succeeded.", { "x-kubernetes-list-type": "set" })),
        }),
      ),
    }),
  ),
});

export const cronJobSchema: Schema = kindSchema("Makes jobs by the clock.", {
  spec: at(
    2,
    message(
      "The wish.",
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
  ),
  status: at(
    3,
    message("The state.", {
      active: at(1, list("Jobs that run.", objectReference, { "x-kubernetes-list-type": "atomic" })),
      lastScheduleTime: at(4, time("When it ran last.")),
      lastSuccessfulTime: at(5, time("When it last succeeded.")),
    }),
  ),
});
