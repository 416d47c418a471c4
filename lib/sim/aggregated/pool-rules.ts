import { parsePool } from "../../calico/parse-pool.ts";
import { AddressError } from "../../ipam/address.ts";
import { type Cidr, parseCidr } from "../../ipam/cidr.ts";
import {
  blockConflict,
  type CalicoVersion,
  type ClientError,
  clientErrors,
  type PoolSurroundings,
} from "../../ipam/pool-client-rules.ts";
import { fillPoolSpec, type PoolDraft, type PoolDraftSpec } from "../../ipam/pool-draft.ts";
import { validatorErrors } from "../../ipam/pool-validator-rules.ts";
import type { Cluster } from "../api/cluster.ts";
import { ApiError, invalid, invalidValue } from "../api/status.ts";
import { isObject, type JsonObject, objectAt, textAt } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";

/**
 * What Calico's client makes of a pool before it is stored: its rules, then its defaults. `old` is the pool before an update.
 * @throws ApiError 422 with the fields and words of the first stage that objects
 */
export function checkedPoolSpec(
  cluster: Cluster,
  pool: KubeObject,
  old: KubeObject | null,
  version: CalicoVersion,
): JsonObject {
  const draft: PoolDraft = {
    name: pool.metadata.name,
    labels: pool.metadata.labels ?? {},
    annotations: pool.metadata.annotations ?? {},
    // Decoding has checked the types; null is as good as absent.
    spec: withoutNulls(objectAt(pool, "spec")) as PoolDraftSpec,
  };
  const around: PoolSurroundings = {
    pools: pools(cluster),
    blocks: blocks(cluster),
    old: old === null ? null : fillPoolSpec(withoutNulls(objectAt(old, "spec")) as PoolDraftSpec),
  };
  const conflict = blockConflict(draft, around);
  const stages = [
    clientErrors(draft, around, version),
    validatorErrors(draft, version),
    conflict === null ? [] : [conflict],
  ];
  const errors = stages.find((stage) => stage.length > 0);
  if (errors !== undefined) throw refusal(pool.metadata.name, errors);
  const filled = fillPoolSpec(draft.spec);
  return { ...filled, allowedUses: [...filled.allowedUses] };
}

function refusal(name: string, errors: readonly ClientError[]): ApiError {
  const causes = errors.map((error) =>
    invalidValue(error.name, JSON.stringify(error.value ?? ""), error.reason),
  );
  return invalid("projectcalico.org", "IPPool", name, causes);
}

function withoutNulls(spec: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== null));
}

function pools(cluster: Cluster): { readonly name: string; readonly cidr: Cidr }[] {
  return cluster.store
    .collection("ippools.crd.projectcalico.org")
    .list()
    .flatMap(({ object }) => parsePool(object).value ?? []);
}

function blocks(cluster: Cluster): Cidr[] {
  return cluster.store
    .collection("ipamblocks.crd.projectcalico.org")
    .list()
    .flatMap(({ object }) => rangeOf(isObject(object["spec"]) ? textAt(object["spec"], "cidr") : ""));
}

function rangeOf(text: string): Cidr[] {
  try {
    return [parseCidr(text).cidr];
  } catch (error) {
    if (error instanceof AddressError) return [];
    throw error;
  }
}
