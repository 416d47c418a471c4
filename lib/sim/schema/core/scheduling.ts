import { atomic, at, atKeep, int32, int64, list, message, text, texts } from "../build.ts";
import type { Schema } from "../schema.ts";
import { labelSelector } from "./meta.ts";

const nodeRequirements = (description: string): Schema =>
  list(
    description,
    message(
      "One condition.",
      {
        key: at(1, text("Label or field.")),
        operator: at(2, text("In, NotIn, Exists, DoesNotExist, Gt or Lt.")),
        values: at(3, texts("Values to compare with.", atomic)),
      },
      { required: ["key", "operator"] },
    ),
    atomic,
  );

const nodeTerm = message(
  "Conditions that must all hold.",
  {
    matchExpressions: at(1, nodeRequirements("Conditions on labels of the node.")),
    matchFields: at(2, nodeRequirements("Conditions on fields of the node.")),
  },
  { "x-kubernetes-map-type": "atomic" },
);

const podTerm = message(
  "Pods and the area that counts as near.",
  {
    labelSelector: at(1, labelSelector),
    matchLabelKeys: at(5, texts("Labels that must be as the new pod has them.", atomic)),
    mismatchLabelKeys: at(6, texts("Labels that must differ from the new pod's.", atomic)),
    namespaceSelector: at(4, labelSelector),
    namespaces: at(2, texts("Namespaces of the pods.", atomic)),
    topologyKey: at(3, text("Label of nodes that names the area.")),
  },
  { required: ["topologyKey"] },
);

const podRules = (description: string): Schema =>
  message(description, {
    preferredDuringSchedulingIgnoredDuringExecution: at(
      2,
      list(
        "Wishes.",
        message(
          "One wish.",
          { podAffinityTerm: at(2, podTerm), weight: at(1, int32("1 to 100.")) },
          { required: ["podAffinityTerm", "weight"] },
        ),
        atomic,
      ),
    ),
    requiredDuringSchedulingIgnoredDuringExecution: at(1, list("Conditions.", podTerm, atomic)),
  });

export const affinity: Schema = message("Where the pod may or would like to run.", {
  nodeAffinity: at(
    1,
    message("By node.", {
      preferredDuringSchedulingIgnoredDuringExecution: at(
        2,
        list(
          "Wishes.",
          message(
            "One wish.",
            { preference: at(2, nodeTerm), weight: at(1, int32("1 to 100.")) },
            { required: ["preference", "weight"] },
          ),
          atomic,
        ),
      ),
      requiredDuringSchedulingIgnoredDuringExecution: at(
        1,
        message(
          "Conditions; one of the terms must hold.",
          { nodeSelectorTerms: at(1, list("The terms.", nodeTerm, atomic)) },
          { required: ["nodeSelectorTerms"], "x-kubernetes-map-type": "atomic" },
        ),
      ),
    }),
  ),
  podAffinity: at(2, podRules("Near other pods.")),
  podAntiAffinity: at(3, podRules("Away from other pods.")),
});

export const tolerations: Schema = list(
  "Taints of nodes that the pod puts up with.",
  message("One toleration.", {
    effect: at(4, text("NoSchedule, PreferNoSchedule or NoExecute; absent means all.")),
    key: at(1, text("Key of the taint; absent means all.")),
    operator: at(2, text("Equal or Exists.")),
    tolerationSeconds: atKeep(5, int64("How long a NoExecute taint is borne.")),
    value: at(3, text("Value of the taint.")),
  }),
  atomic,
);

export const topologySpread: Schema = list(
  "How evenly pods are spread.",
  message(
    "One rule.",
    {
      labelSelector: at(4, labelSelector),
      matchLabelKeys: at(8, texts("Labels that must be as the new pod has them.", atomic)),
      maxSkew: at(1, int32("Largest difference that is allowed.")),
      minDomains: atKeep(5, int32("Least number of areas.")),
      nodeAffinityPolicy: atKeep(6, text("Honor or Ignore.")),
      nodeTaintsPolicy: atKeep(7, text("Honor or Ignore.")),
      topologyKey: at(2, text("Label of nodes that names the area.")),
      whenUnsatisfiable: at(3, text("DoNotSchedule or ScheduleAnyway.")),
    },
    { required: ["maxSkew", "topologyKey", "whenUnsatisfiable"] },
  ),
  {
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["topologyKey", "whenUnsatisfiable"],
    "x-kubernetes-patch-strategy": "merge",
    "x-kubernetes-patch-merge-key": "topologyKey",
  },
);
