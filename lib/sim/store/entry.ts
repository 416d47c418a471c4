import { stringifyJson } from "./json.ts";
import type { KubeObject } from "./kube-object.ts";

/** One version of one object, with its JSON text made at most once. */
export class Entry {
  readonly key: string;
  readonly object: KubeObject;
  readonly revision: number;
  #json: string | null = null;

  constructor(key: string, object: KubeObject, revision: number) {
    this.key = key;
    this.object = object;
    this.revision = revision;
  }

  get json(): string {
    this.#json ??= stringifyJson(this.object);
    return this.#json;
  }

  /** The JSON text without `apiVersion` and `kind`, as items of a built-in kind's list are written. */
  get bareJson(): string {
    const { apiVersion, kind } = this.object;
    const head = `{"apiVersion":${JSON.stringify(apiVersion)},"kind":${JSON.stringify(kind)},`;
    return this.json.startsWith(head) ? `{${this.json.slice(head.length)}` : this.json;
  }
}

export type StoreEvent =
  | { readonly type: "ADDED"; readonly revision: number; readonly entry: Entry; readonly previous: null }
  | { readonly type: "MODIFIED"; readonly revision: number; readonly entry: Entry; readonly previous: Entry }
  /** `entry` is the last state, under the revision of the deletion. */
  | { readonly type: "DELETED"; readonly revision: number; readonly entry: Entry; readonly previous: Entry };
