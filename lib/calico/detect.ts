import { containers, environment, findApiMode, type FoundMode } from "./api-mode.ts";
import type { ApiMode } from "./dialect.ts";
import { parseInstallation } from "./installation.ts";
import { type RawRecord, record, text } from "./reading.ts";

/** A raw object, `absent`, or `unreadable` when we may not or could not read it. */
export type Evidence = RawRecord | "absent" | "unreadable";

/** All that detection looks at, as read at one moment. */
export interface DetectionFacts {
  /** API groups that the server lists. */
  readonly groups: readonly string[];
  /** Plural names of what `projectcalico.org/v3` serves; null when the group is not there or does not answer. */
  readonly v3Resources: readonly string[] | null;
  /** APIService `v3.projectcalico.org`: with a service behind it, Calico's API server serves the group. */
  readonly apiService: Evidence;
  /** `installations/default` of operator.tigera.io. */
  readonly installation: Evidence;
  /** `clusterinformations/default`. */
  readonly clusterInformation: Evidence;
  /** DaemonSet calico-node of calico-system, else of kube-system. */
  readonly daemonSet: Evidence;
  /** ConfigMap kube-system/calico-config. */
  readonly calicoConfig: Evidence;
  /** `.status.phase` of DatastoreMigration `v1-to-v3`; null when there is none. */
  readonly migrationPhase: string | null;
  /** IPAM blocks, and running pods without host network by where their address lies; null: not counted. Lower bounds will do. */
  readonly use: {
    readonly blocks: number;
    readonly podsInBlocks: number;
    readonly podsElsewhere: number;
  } | null;
}

export interface Detection {
  readonly detected: boolean;
  readonly cni: string | null;
  readonly ipam: string | null;
  readonly version: string | null;
  /** Null when nothing of Calico is served. It is known even where another IPAM is at work. */
  readonly apiMode: ApiMode | null;
  /** What was read and what it said. */
  readonly detectedBy: string;
  /** Why Poolboard stops here, in sentences; null when detected. */
  readonly stopReason: string | null;
}

/** Decides whether pods of this cluster get their addresses from Calico IPAM, and by which API it is read. */
export function detectCalico(facts: DetectionFacts): Detection {
  const found = findApiMode(facts);
  const judgement = judge(facts, found);
  const detectedBy = found.note === null ? judgement.detectedBy : `${judgement.detectedBy}; ${found.note}`;
  return { version: versionOf(facts), apiMode: found.mode, ...judgement, detectedBy };
}

type Judgement = Omit<Detection, "version" | "apiMode">;

const notInstalled: Judgement = {
  detected: false,
  cni: null,
  ipam: null,
  detectedBy: "API groups: neither projectcalico.org nor crd.projectcalico.org is served",
  stopReason:
    "Calico's API is not served here: Calico is not installed, or it keeps its data in etcd, where Kubernetes cannot read it.",
};

const inEtcd: Judgement = {
  detected: false,
  cni: "Calico",
  ipam: null,
  detectedBy: "API groups: projectcalico.org is aggregated, crd.projectcalico.org is not served",
  stopReason: "Calico keeps its blocks in an etcd of its own, where Kubernetes cannot read them.",
};

function judge(facts: DetectionFacts, { mode }: FoundMode): Judgement {
  const installed = byInstallation(facts);
  if (installed?.detected === false) return installed;
  if (mode === null) return notInstalled;
  if (mode === "aggregated-v3" && !facts.groups.includes("crd.projectcalico.org")) return inEtcd;
  return installed ?? byDaemonSet(facts) ?? byUse(facts);
}

function byInstallation({ installation }: DetectionFacts): Judgement | null {
  if (typeof installation === "string") return null;
  const { cni, ipam, readFrom } = parseInstallation(installation);
  if (cni === null || ipam === null) return null;
  const detectedBy = `Installation default: ${readFrom}.cni.type ${cni}, ${readFrom}.cni.ipam.type ${ipam}`;
  if (cni !== "Calico" || ipam !== "Calico") {
    return stop(
      cni,
      ipam,
      detectedBy,
      `The Installation gives address management to ${ipam}. ${HOLD_NO_ADDRESSES}`,
    );
  }
  return { detected: true, cni, ipam, detectedBy, stopReason: null };
}

const HOLD_NO_ADDRESSES =
  "IP pools in this cluster steer NAT and encapsulation only; they hold no addresses.";

function byDaemonSet(facts: DetectionFacts): Judgement | null {
  if (facts.daemonSet === "unreadable") return null;
  if (facts.daemonSet === "absent") {
    if (facts.use !== null && facts.use.blocks > 0) return null;
    const reason =
      "There is no Installation and no DaemonSet calico-node: Calico's API is served, but Calico does not run.";
    return stop(null, null, "DaemonSet calico-node: absent in calico-system and kube-system", reason);
  }
  if (environment(facts.daemonSet).get("USE_POD_CIDR") === "true") {
    const reason = `calico-node runs with USE_POD_CIDR, so nodes give addresses from their own podCIDR. ${HOLD_NO_ADDRESSES}`;
    return stop("Calico", "HostLocal", "DaemonSet calico-node: USE_POD_CIDR=true", reason);
  }
  return byConfig(facts);
}

function byConfig({ calicoConfig }: DetectionFacts): Judgement | null {
  if (typeof calicoConfig === "string") return null;
  const plugin = configuredIpam(record(calicoConfig.data).cni_network_config);
  if (plugin === null) return null;
  const detectedBy = `ConfigMap kube-system/calico-config: ipam.type ${plugin}`;
  if (plugin === "calico-ipam")
    return { detected: true, cni: "Calico", ipam: "Calico", detectedBy, stopReason: null };
  const ipam = plugin === "host-local" ? "HostLocal" : plugin;
  return stop(
    "Calico",
    ipam,
    detectedBy,
    `The CNI configuration names the IPAM plugin ${plugin}. ${HOLD_NO_ADDRESSES}`,
  );
}

/** The template holds placeholders, so it is not always JSON: the one key is looked for as text. */
function configuredIpam(template: unknown): string | null {
  return text(/"ipam"\s*:\s*\{[^{}]*?"type"\s*:\s*"([^"]+)"/s.exec(text(template) ?? "")?.[1]);
}

function byUse({ use }: DetectionFacts): Judgement {
  if (use === null || (use.blocks === 0 && use.podsElsewhere === 0)) {
    const detectedBy =
      "Calico's API is served; no Installation, CNI configuration or pod address says which IPAM is at work";
    return { detected: true, cni: "Calico", ipam: "Calico", detectedBy, stopReason: null };
  }
  const detectedBy = `${use.blocks} IPAM blocks; ${use.podsInBlocks} pods have an address in one, ${use.podsElsewhere} have not`;
  if (use.blocks > 0 && (use.podsInBlocks > 0 || use.podsElsewhere === 0)) {
    return { detected: true, cni: "Calico", ipam: "Calico", detectedBy, stopReason: null };
  }
  return stop(
    "Calico",
    null,
    detectedBy,
    `Running pods have addresses that no IPAM block holds. ${HOLD_NO_ADDRESSES}`,
  );
}

function stop(cni: string | null, ipam: string | null, detectedBy: string, stopReason: string): Judgement {
  return { detected: false, cni, ipam, detectedBy, stopReason };
}

function versionOf({ installation, clusterInformation, daemonSet }: DetectionFacts): string | null {
  const installed = typeof installation === "string" ? null : parseInstallation(installation).calicoVersion;
  const informed =
    typeof clusterInformation === "string" ? null : text(record(clusterInformation.spec).calicoVersion);
  return installed ?? informed ?? imageVersion(daemonSet);
}

function imageVersion(daemonSet: Evidence): string | null {
  if (typeof daemonSet === "string") return null;
  for (const container of containers(daemonSet)) {
    const version = /\/node:(v[\w.-]+)$/.exec(text(container.image) ?? "")?.[1];
    if (version !== undefined) return version;
  }
  return null;
}
