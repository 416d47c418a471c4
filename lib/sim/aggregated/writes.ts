import { randomUUID } from "node:crypto";
import type { CalicoKind } from "../../calico/dialect.ts";
import type { CalicoVersion } from "../../ipam/pool-client-rules.ts";
import { readBody, mediaType } from "../api/body.ts";
import { type Cluster, storageKey, strategyContext, type WriteOptions } from "../api/cluster.ts";
import { createObject } from "../api/create-object.ts";
import {
  checkPreconditions,
  deleteObject,
  type DeleteOptions,
  readDeleteOptions,
} from "../api/delete-object.ts";
import { readDelete } from "../api/delete-handler.ts";
import { type Exchange, readObject, warn, writeOptions } from "../api/exchange.ts";
import { listPage } from "../api/list.ts";
import { applyMedia, applyPatch, checkPatchMedia } from "../api/patch.ts";
import { apiVersionOf, type ResourceType } from "../api/resource-type.ts";
import { sendObject, sendValue } from "../api/respond.ts";
import {
  alreadyExists,
  conflict,
  methodNotAllowed,
  modifiedMeanwhile,
  notFound,
  unknownResource,
  unsupportedMediaType,
  wrongName,
} from "../api/status.ts";
import { updateObject } from "../api/update-object.ts";
import { checkIdentity, decodePatched, versionless } from "../api/write-handler.ts";
import { fieldValidation } from "../api/write-options.ts";
import { equalJson, objectAt, textAt } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { deletePool } from "./delete-pool.ts";
import { checkedPoolSpec } from "./pool-rules.ts";
import { toV1, toV3 } from "./translate.ts";

/** A kind of Calico's API server and the CRD behind it. */
export interface ServedKindPair {
  readonly kind: CalicoKind | "BGPConfiguration";
  /** Plural name of the v1 CRD. */
  readonly stored: string;
  readonly version: CalicoVersion;
}

/**
 * Writes as Calico's API server makes them: through its client, which checks, fills in and stores.
 * Source: projectcalico/calico@87c1590 apiserver/pkg/storage/calico/resource.go
 */
export class AggregatedWrites {
  readonly #pair: ServedKindPair;

  constructor(pair: ServedKindPair) {
    this.#pair = pair;
  }

  /** @throws ApiError */
  async answer(exchange: Exchange): Promise<void> {
    switch (exchange.request.verb) {
      case "create":
        return await this.#create(exchange);
      case "update":
        return await this.#update(exchange);
      case "patch":
        return await this.#patch(exchange);
      case "delete":
        return await this.#remove(exchange);
      case "deletecollection":
        return await this.#removeAll(exchange);
      default:
        throw methodNotAllowed();
    }
  }

  async #create(exchange: Exchange): Promise<void> {
    const { cluster, request } = exchange;
    if (request.name !== "" || request.subresource !== "") throw methodNotAllowed();
    const decoded = await readObject(exchange, fieldValidation(request));
    warn(exchange, decoded.warnings);
    const object = decoded.object as KubeObject; // decodeObject gives it kind, apiVersion and metadata
    const options = writeOptions(exchange);
    const { now } = strategyContext(cluster);
    const name = textAt(objectAt(object, "metadata"), "name");
    if (options.dryRun) {
      if (this.#find(cluster, name) !== null) throw alreadyExists(request.type, name);
      const metadata = { ...object.metadata, uid: randomUUID(), creationTimestamp: now };
      return sendObject(exchange, { ...object, metadata }, 201);
    }
    object.metadata.name = name;
    const checked = this.#checked(cluster, object, null);
    if (this.#find(cluster, name) !== null) throw alreadyExists(request.type, name);
    const stored = createObject(
      cluster,
      this.#storedType(cluster),
      "",
      toV1(this.#pair.kind, checked, null, now),
      options,
    );
    sendObject(exchange, toV3(this.#pair.kind, stored), 201);
  }

  async #update(exchange: Exchange): Promise<void> {
    const { cluster, request } = exchange;
    const decoded = await readObject(exchange, fieldValidation(request));
    warn(exchange, decoded.warnings);
    const next = decoded.object as KubeObject;
    const { name = "", resourceVersion = "" } = objectAt(next, "metadata");
    if (name !== "" && name !== request.name) throw wrongName(String(name), request.name);
    const old = this.#existing(cluster, request.type, request.name);
    if (resourceVersion === "" || resourceVersion === "0") throw versionless(request);
    const options = writeOptions(exchange);
    sendObject(exchange, this.#replace(cluster, request.type, old, next, options), 200);
  }

  async #patch(exchange: Exchange): Promise<void> {
    const { cluster, request, incoming } = exchange;
    const media = mediaType(incoming.headers["content-type"]);
    checkPatchMedia(media, request.type);
    if (media === applyMedia)
      throw unsupportedMediaType(["application/json-patch+json", "application/merge-patch+json"]);
    const text = (await readBody(incoming)).toString();
    const options = writeOptions(exchange);
    const old = this.#existing(cluster, request.type, request.name);
    const before = toV3(this.#pair.kind, old);
    const patched = applyPatch(media, text, request.type, before);
    const decoded = decodePatched(patched, request, fieldValidation(request));
    warn(exchange, decoded.warnings);
    checkIdentity(request.type, before, decoded.object);
    const next = decoded.object as KubeObject;
    sendObject(exchange, this.#replace(cluster, request.type, old, next, options), 200);
  }

  #replace(
    cluster: Cluster,
    type: ResourceType,
    old: KubeObject,
    next: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    const before = toV3(this.#pair.kind, old);
    const { resourceVersion = "", uid = "" } = next.metadata;
    const { name } = old.metadata;
    if (resourceVersion !== "" && resourceVersion !== "0" && resourceVersion !== old.metadata.resourceVersion)
      throw conflict(type, name, modifiedMeanwhile);
    if (uid !== "" && uid !== before.metadata.uid)
      throw conflict(
        type,
        name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
      );
    const named = { ...next, metadata: { ...next.metadata, name } };
    const { now } = strategyContext(cluster);
    if (options.dryRun || equalJson(named, before))
      return { ...named, metadata: { ...before.metadata, ...named.metadata } };
    const isStatus = options.subresource === "status";
    const checked = isStatus ? named : this.#checked(cluster, named, before);
    const stored = toV1(this.#pair.kind, checked, old, now);
    const updated = updateObject(cluster, this.#storedType(cluster), "", name, () => stored, options);
    return toV3(this.#pair.kind, updated);
  }

  async #remove(exchange: Exchange): Promise<void> {
    const { cluster, request, response } = exchange;
    const { type, name } = request;
    const options = readDeleteOptions(await readDelete(exchange), request.query);
    const gone = toV3(this.#pair.kind, await this.#deleteOne(cluster, type, name, options));
    sendValue(response, 200, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: { name, group: type.group, kind: type.plural, uid: gone.metadata.uid },
    });
  }

  async #removeAll(exchange: Exchange): Promise<void> {
    const { cluster, request, response } = exchange;
    const options = readDeleteOptions(await readDelete(exchange), request.query);
    const page = listPage(cluster, exchange.snapshots, request);
    const items: KubeObject[] = [];
    for (const { object } of page.entries)
      items.push(
        toV3(this.#pair.kind, await this.#deleteOne(cluster, request.type, object.metadata.name, options)),
      );
    sendValue(response, 200, {
      kind: `${request.type.kind}List`,
      apiVersion: apiVersionOf(request.type),
      metadata: { resourceVersion: String(cluster.store.revision) },
      items,
    });
  }

  async #deleteOne(
    cluster: Cluster,
    type: ResourceType,
    name: string,
    given: DeleteOptions,
  ): Promise<KubeObject> {
    const old = this.#existing(cluster, type, name);
    checkPreconditions(type, toV3(this.#pair.kind, old), given);
    // They hold for what this API shows; the stored object has another uid.
    const options = { ...given, uid: "", resourceVersion: "" };
    const stored = this.#storedType(cluster);
    const { object } =
      this.#pair.kind === "IPPool"
        ? await deletePool(cluster, type, stored, name, options)
        : deleteObject(cluster, stored, "", name, options);
    return object;
  }

  /** What is to be stored, after the client's own rules; only pools have some here. */
  #checked(cluster: Cluster, object: KubeObject, old: KubeObject | null): KubeObject {
    if (this.#pair.kind !== "IPPool") return object;
    return { ...object, spec: checkedPoolSpec(cluster, object, old, this.#pair.version) };
  }

  #find(cluster: Cluster, name: string): KubeObject | null {
    return cluster.store.collection(storageKey(this.#storedType(cluster))).get(name)?.object ?? null;
  }

  /** @throws ApiError 404 under the name by which this API calls the kind */
  #existing(cluster: Cluster, type: ResourceType, name: string): KubeObject {
    const found = this.#find(cluster, name);
    if (found === null) throw notFound(type, name);
    return found;
  }

  /** @throws ApiError 404 when the CRD behind is not there */
  #storedType(cluster: Cluster): ResourceType {
    const type = cluster.registry.find("crd.projectcalico.org", "v1", this.#pair.stored);
    if (type === null) throw unknownResource();
    return type;
  }
}
