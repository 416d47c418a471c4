import type { Labels } from "../../ipam/selector.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Node } from "../kube-objects.ts";

/**
 * A node's labels as Calico sees them: Kubernetes' own over those that only Calico knows.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/resources/node.go
 */
export function nodeLabelsOf(node: Node): Labels {
  return {
    ...calicoLabels(node.metadata.annotations?.["projectcalico.org/labels"]),
    ...node.metadata.labels,
  };
}

function calicoLabels(annotation: string | undefined): Labels {
  if (annotation === undefined) return {};
  try {
    const value: unknown = JSON.parse(annotation);
    if (typeof value !== "object" || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch {
    return {};
  }
}

/** Nanoseconds since 1970; below the millisecond the digits are those of a clock that knows no date. */
export function nanosecondsNow(clock: Clock): bigint {
  return BigInt(Math.trunc(clock.now())) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n);
}
