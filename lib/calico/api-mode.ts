import type { DetectionFacts } from "./detect.ts";
import type { ApiMode } from "./dialect.ts";
import { list, type RawRecord, record, text } from "./reading.ts";

/** How Calico's objects are served, and what there is to say about it. */
export interface FoundMode {
  /** Null: nothing of Calico is served. */
  readonly mode: ApiMode | null;
  /** Why this one, where the cluster serves more than one or less than all; null where nothing had to be decided. */
  readonly note: string | null;
}

/** Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/discovery.go UsingV3CRDs */
export function findApiMode(facts: DetectionFacts): FoundMode {
  const hasV1 = facts.groups.includes("crd.projectcalico.org");
  const hasV3 = facts.groups.includes("projectcalico.org");
  if (!hasV3) return { mode: hasV1 ? "crd-v1" : null, note: null };
  const isNative = facts.v3Resources?.includes("ipamblocks") ?? false;
  if (isNative) return hasV1 ? choose(facts) : { mode: "native-v3", note: null };
  if (facts.v3Resources !== null && isLocal(facts)) return incomplete(facts, hasV1);
  if (facts.v3Resources !== null) return { mode: "aggregated-v3", note: null };
  return {
    mode: "aggregated-v3",
    note: `Calico's API server (APIService v3.projectcalico.org) does not answer${unavailable(facts)}`,
  };
}

/** Both sets of CRDs are there: the environment decides, then how far a migration has come. */
function choose(facts: DetectionFacts): FoundMode {
  const { mode, because } = decide(facts);
  const used = mode === "native-v3" ? "projectcalico.org/v3" : "crd.projectcalico.org/v1";
  return { mode, note: `CRDs of both API groups are served: ${used} is used, because ${because}` };
}

function decide({ daemonSet, migrationPhase }: DetectionFacts): { mode: ApiMode; because: string } {
  const chosen = typeof daemonSet === "string" ? undefined : environment(daemonSet).get("CALICO_API_GROUP");
  if (chosen !== undefined) {
    const mode = chosen.toLowerCase() === "projectcalico.org/v3" ? "native-v3" : "crd-v1";
    return { mode, because: `calico-node runs with CALICO_API_GROUP=${chosen}` };
  }
  if (migrationPhase === "Converged" || migrationPhase === "Complete")
    return { mode: "native-v3", because: `DatastoreMigration v1-to-v3 is ${migrationPhase}` };
  if (migrationPhase !== null)
    return { mode: "crd-v1", because: `DatastoreMigration v1-to-v3 is ${migrationPhase}` };
  const unread = daemonSet === "unreadable" ? " (DaemonSet calico-node may not be read)" : "";
  return { mode: "crd-v1", because: `nothing says otherwise, and Calico itself then uses it${unread}` };
}

/** Kubernetes itself answers for the group, so it is one of CRDs, and the one of IPAM blocks is missing. */
function incomplete(facts: DetectionFacts, hasV1: boolean): FoundMode {
  const missing = "of projectcalico.org/v3 the CRD ipamblocks is missing";
  if (!hasV1) return { mode: "native-v3", note: missing };
  return { mode: "crd-v1", note: `${missing}: crd.projectcalico.org/v1 is used` };
}

function isLocal({ apiService }: DetectionFacts): boolean {
  return typeof apiService !== "string" && record(apiService.spec).service === undefined;
}

function unavailable({ apiService }: DetectionFacts): string {
  if (typeof apiService === "string") return "";
  const condition = list(record(apiService.status).conditions)
    .map(record)
    .find(({ type }) => type === "Available");
  const message = text(condition?.message);
  return condition?.status === "False" && message !== null ? `: ${message}` : "";
}

/** The variables of all its containers. */
export function environment(daemonSet: RawRecord): ReadonlyMap<string, string> {
  const entries = containers(daemonSet).flatMap((container) => list(container.env).map(record));
  return new Map(entries.map((entry) => [text(entry.name) ?? "", text(entry.value) ?? ""]));
}

export function containers(daemonSet: RawRecord): readonly RawRecord[] {
  const template = record(record(daemonSet.spec).template);
  return list(record(template.spec).containers).map(record);
}
