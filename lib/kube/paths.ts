import { InvalidNameError } from "./errors.ts";

/** A kind as the URL knows it. `group` is "" for the core group. */
export interface ResourceRef {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Which object of a kind. `namespace` is "" for kinds without namespaces. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

export interface ObjectPath {
  readonly resource: ResourceRef;
  /** Only for namespaced kinds; absent means all namespaces (collections only). */
  readonly namespace?: string;
  readonly name?: string;
  /** "status", "scale", "binding", …: only with a name. */
  readonly subresource?: string;
}

const MAX_NAME_LENGTH = 253;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Returns `name` if it may stand in a path, at most 253 characters and of the characters that object names have
 * (some kinds, RBAC roles, also use colons and capitals). Throws InvalidNameError: an empty name or "." would turn the
 * deletion of one object into the deletion of its collection, ".." would climb out of it.
 */
export function checkName(name: string): string {
  const harmless = /^[A-Za-z0-9._:-]+$/.test(name) && name !== "." && name !== "..";
  if (!harmless || name.length > MAX_NAME_LENGTH) {
    throw new InvalidNameError(`not a name that a Kubernetes object can have: ${printable(name)}`);
  }
  return name;
}

/** A namespace is a DNS label: 63 lower-case characters, digits or dashes. */
export function checkNamespace(namespace: string): string {
  if (namespace.length > 63 || !LABEL.test(namespace)) {
    throw new InvalidNameError(`not a namespace name: ${printable(namespace)}`);
  }
  return namespace;
}

/** The path below the server's address, with every part checked. Throws InvalidNameError. */
export function objectPath({ resource, namespace, name, subresource }: ObjectPath): string {
  const { group, version, plural, namespaced } = resource;
  const parts = group === "" ? ["api"] : ["apis", checkName(group)];
  parts.push(checkName(version));
  if (namespace !== undefined) {
    if (!namespaced) throw new InvalidNameError(`${plural} are not in a namespace`);
    parts.push("namespaces", checkNamespace(namespace));
  } else if (namespaced && name !== undefined) {
    throw new InvalidNameError(`a namespace is needed to name one of ${plural}`);
  }
  parts.push(checkName(plural));
  if (name !== undefined) parts.push(encodeURIComponent(checkName(name)));
  if (subresource !== undefined) {
    if (name === undefined) throw new InvalidNameError(`${subresource} needs the name of an object`);
    parts.push(checkName(subresource));
  }
  return `/${parts.join("/")}`;
}

/** "pods" or "ippools.crd.projectcalico.org", as kubectl prints it. */
export function resourceName(resource: ResourceRef): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

function printable(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
