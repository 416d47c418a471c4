import type { ResourceType } from "./resource-type.ts";

/** Every served resource by group and version; kinds come and go with their CustomResourceDefinitions. */
export class Registry {
  readonly #types = new Map<string, ResourceType>();
  #revision = 0;

  constructor(types: readonly ResourceType[]) {
    for (const type of types) this.add(type);
  }

  add(type: ResourceType): void {
    this.#revision += 1;
    this.#types.set(keyOf(type.group, type.version, type.plural), type);
  }

  remove(group: string, version: string, plural: string): void {
    this.#revision += 1;
    this.#types.delete(keyOf(group, version, plural));
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  find(group: string, version: string, plural: string): ResourceType | null {
    return this.#types.get(keyOf(group, version, plural)) ?? null;
  }

  findKind(apiVersion: string, kind: string): ResourceType | null {
    for (const type of this.#types.values()) {
      const own = type.group === "" ? type.version : `${type.group}/${type.version}`;
      if (type.kind === kind && own === apiVersion) return type;
    }
    return null;
  }

  all(): Iterable<ResourceType> {
    return this.#types.values();
  }

  /** Groups other than the core one, in the order they were added. */
  groups(): string[] {
    return [...new Set([...this.#types.values()].map((type) => type.group))].filter((group) => group !== "");
  }

  versions(group: string): string[] {
    const found = [...this.#types.values()].filter((type) => type.group === group);
    return [...new Set(found.map((type) => type.version))];
  }

  resources(group: string, version: string): ResourceType[] {
    return [...this.#types.values()].filter((type) => type.group === group && type.version === version);
  }

  hasGroup(group: string): boolean {
    return this.versions(group).length > 0;
  }

  hasVersion(group: string, version: string): boolean {
    return this.resources(group, version).length > 0;
  }

  isCustomGroup(group: string): boolean {
    return [...this.#types.values()].some((type) => type.group === group && type.custom);
  }
}

function keyOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}
