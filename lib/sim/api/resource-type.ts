import type { Schema } from "../schema/schema.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { Exchange } from "./exchange.ts";
import type { Cause } from "./status.ts";
import type { TableColumn } from "./table.ts";

/** One served resource in one version. */
export interface ResourceType {
  /** "" is the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Comes from a CustomResourceDefinition: pruned and validated by its schema, no strategic merge. */
  readonly custom: boolean;
  readonly subresources: readonly string[];
  /** Answered, never stored: access reviews. */
  readonly createOnly?: boolean;
  /** It is made out of objects that are stored as another kind. */
  readonly translation?: Translation;
  readonly schema: Schema;
  readonly strategy: Strategy;
  readonly columns: readonly TableColumn[];
}

/** How a server behind this one (an aggregated one) serves a kind of its own out of objects of another kind. */
interface Translation {
  /** The store's name of that other kind. */
  readonly resource: string;
  /** A stored object as this kind shows it. */
  readonly show: (stored: KubeObject) => KubeObject;
  /** Answers everything but get, list and watch. Null: it is read only. */
  readonly write: ((exchange: Exchange) => Promise<void>) | null;
}

/** What a kind does beyond being stored. Every part works on an object nobody else sees yet. */
export interface Strategy {
  /** `metadata.generation` counts changes of everything but metadata and status. */
  readonly generation?: boolean;
  /** …and changes of annotations, as deployments do. */
  readonly annotationsCount?: boolean;
  /** The object has a status of its own on creation (nodes register with it); otherwise it is dropped or set by `create`. */
  readonly keepStatusOnCreate?: boolean;
  /** A status write may also change labels and annotations. */
  readonly metadataWithStatus?: boolean;
  readonly create?: (object: KubeObject, context: StrategyContext) => void;
  readonly update?: (object: KubeObject, old: KubeObject, context: StrategyContext) => void;
  readonly validate?: (object: KubeObject, old: KubeObject | null, subresource: string) => readonly Cause[];
  /** Rules that are only looked at when the schema finds nothing that would make them pointless. */
  readonly rules?: (object: KubeObject, old: KubeObject | null) => readonly Cause[];
  /** Text that objects to a name, or "" */
  readonly nameRule?: (name: string) => string;
  /** Seconds until the object is really gone; 0 deletes at once. Undefined: no graceful deletion. */
  readonly gracePeriod?: (object: KubeObject, requested: number | null) => number;
  /** Called when deletion was asked for and the object stays for now. */
  readonly markDeleted?: (object: KubeObject) => void;
}

export interface StrategyContext {
  /** RFC 3339. */
  readonly now: string;
  readonly list: (resource: string, namespace?: string) => readonly KubeObject[];
  readonly get: (resource: string, key: string) => KubeObject | null;
}

export function apiVersionOf(type: Pick<ResourceType, "group" | "version">): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}
