import {
  type Detection as CalicoDetection,
  detectCalico,
  type DetectionFacts,
  type Evidence,
} from "../calico/detect.ts";
import { type ApiMode, servedKind } from "../calico/dialect.ts";
import { type CniPools, cniPools } from "../calico/cni-pools.ts";
import { isRecord, record, text } from "../calico/reading.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import { serverVersion } from "../kube/discovery.ts";
import { ApiError } from "../kube/errors.ts";
import { getObject, listPages } from "../kube/objects.ts";
import type { ResourceRef } from "../kube/paths.ts";
import { blockRow } from "./block-row.ts";
import { Interner } from "./interner.ts";
import { podAddress, podRow } from "./pod-row.ts";
import { PrefixIndex } from "./prefix-index.ts";
import { readServed, servedNames } from "./served.ts";

/** What the cluster turned out to be. */
export interface Detection extends CalicoDetection {
  readonly kubernetesVersion: string | null;
  /** Pools that the CNI configuration names, per family; null: it may not be read. */
  readonly cniPools: CniPools | null;
  /** What of Calico's API was served at that moment, as `servedNames` has it. */
  readonly served: readonly string[];
}

const installations: ResourceRef = {
  group: "operator.tigera.io",
  version: "v1",
  plural: "installations",
  namespaced: false,
};
const daemonSets: ResourceRef = { group: "apps", version: "v1", plural: "daemonsets", namespaced: true };
const configMaps: ResourceRef = { group: "", version: "v1", plural: "configmaps", namespaced: true };
const pods: ResourceRef = { group: "", version: "v1", plural: "pods", namespaced: true };
const apiServices: ResourceRef = {
  group: "apiregistration.k8s.io",
  version: "v1",
  plural: "apiservices",
  namespaced: false,
};

/** Pods looked at when nothing else says which IPAM is at work; the first page is as good as any. */
const sample = 500;

/**
 * Looks at the cluster: a dozen small reads, none repeated per viewer. Throws what the connection throws when the API
 * server cannot be asked at all; what may not be read is evidence too.
 */
export async function discover(connection: ClusterConnection): Promise<Detection> {
  const served = await readServed(connection);
  const { groups, v3Resources } = served;
  const [kubernetesVersion, apiService, installation, daemonSet, calicoConfig, cniConfig, migration] =
    await Promise.all([
      serverVersion(connection).catch(() => null),
      groups.has("projectcalico.org")
        ? read(connection, apiServices, "v3.projectcalico.org")
        : ("absent" as const),
      read(connection, installations, "default"),
      readCalicoNode(connection),
      read(connection, configMaps, "calico-config", "kube-system"),
      read(connection, configMaps, "cni-config", "calico-system"),
      readMigration(connection, groups.get("migration.projectcalico.org")?.[0]),
    ]);
  const facts: DetectionFacts = {
    groups: [...groups.keys()],
    v3Resources,
    apiService,
    installation,
    clusterInformation: "absent",
    daemonSet,
    calicoConfig,
    migrationPhase: typeof migration === "string" ? null : text(record(migration.status).phase),
    use: null,
  };
  const mode = detectCalico(facts).apiMode;
  const found = mode === null ? facts : { ...facts, ...(await readMore(connection, mode, facts)) };
  return {
    ...detectCalico(found),
    kubernetesVersion,
    cniPools: readCniPools(calicoConfig, cniConfig),
    served: servedNames(served),
  };
}

/** What is asked of Calico's own kinds. Only where neither Installation nor configuration speaks are blocks and pods counted: that is a list, not a look. */
async function readMore(
  connection: ClusterConnection,
  mode: ApiMode,
  { installation, calicoConfig }: DetectionFacts,
): Promise<Pick<DetectionFacts, "clusterInformation" | "use">> {
  const isOpen = typeof installation === "string" && typeof calicoConfig === "string";
  const [clusterInformation, use] = await Promise.all([
    read(connection, servedKind(mode, "ClusterInformation"), "default"),
    isOpen ? countUse(connection, mode) : null,
  ]);
  return { clusterInformation, use };
}

/** The manifest's ConfigMap, or the operator's; both absent: the configuration is elsewhere, and names none as a rule. */
function readCniPools(calicoConfig: Evidence, cniConfig: Evidence): CniPools | null {
  if (typeof calicoConfig !== "string") return cniPools(record(calicoConfig.data).cni_network_config);
  if (typeof cniConfig !== "string") return cniPools(record(cniConfig.data).config);
  return calicoConfig === "unreadable" || cniConfig === "unreadable" ? null : cniPools(undefined);
}

async function readMigration(connection: ClusterConnection, version: string | undefined): Promise<Evidence> {
  if (version === undefined) return "absent";
  const migrations = {
    group: "migration.projectcalico.org",
    version,
    plural: "datastoremigrations",
    namespaced: false,
  };
  return read(connection, migrations, "v1-to-v3");
}

async function readCalicoNode(connection: ClusterConnection): Promise<Evidence> {
  const operator = await read(connection, daemonSets, "calico-node", "calico-system");
  if (typeof operator !== "string") return operator;
  const manifest = await read(connection, daemonSets, "calico-node", "kube-system");
  return manifest === "absent" ? operator : manifest;
}

async function read(
  connection: ClusterConnection,
  resource: ResourceRef,
  name: string,
  namespace?: string,
): Promise<Evidence> {
  try {
    const object = await getObject(connection, {
      resource,
      name,
      ...(namespace === undefined ? {} : { namespace }),
    });
    return isRecord(object) ? object : "unreadable";
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return "absent";
    if (error instanceof ApiError) return "unreadable";
    throw error;
  }
}

/** One page of blocks and one of pods: lower bounds are enough to see whether pod addresses lie in blocks. */
async function countUse(connection: ClusterConnection, mode: ApiMode): Promise<DetectionFacts["use"]> {
  try {
    const interner = new Interner();
    const blocks = new PrefixIndex<true>();
    let found = 0;
    for (const raw of await firstPage(connection, servedKind(mode, "IPAMBlock"))) {
      const row = blockRow(record(raw), interner);
      if (!row || !("cidr" in row)) continue;
      blocks.add(row.cidr, true);
      found += 1;
    }
    let inBlocks = 0;
    let elsewhere = 0;
    for (const raw of await firstPage(connection, pods)) {
      const pod = podRow(record(raw), interner);
      const ip = pod && !pod.hostNetwork ? pod.ips[0] : undefined;
      const address = ip === undefined ? null : podAddress(ip);
      if (!address) continue;
      if ([...blocks.containing(address)].length > 0) inBlocks += 1;
      else elsewhere += 1;
    }
    return { blocks: found, podsInBlocks: inBlocks, podsElsewhere: elsewhere };
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

async function firstPage(connection: ClusterConnection, resource: ResourceRef): Promise<readonly unknown[]> {
  for await (const page of listPages(connection, resource, { pageSize: sample })) return page.items;
  return [];
}
