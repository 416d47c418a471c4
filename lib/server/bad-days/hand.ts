import { execFile } from "node:child_process";
import type { ClusterConnection } from "../../kube/connection.ts";
import { createObject, mergePatch, type ObjectRef, removeObject } from "../../kube/objects.ts";

/** Somebody else who writes to the cluster, past the proxy and past the product. Each throws when the server refuses or is away. */
export interface Hand {
  create(ref: ObjectRef, object: object): Promise<void>;
  label(ref: ObjectRef, key: string, value: string): Promise<void>;
  remove(ref: ObjectRef): Promise<void>;
}

/** Fast, in this process. */
export function clientHand(direct: ClusterConnection): Hand {
  return {
    create: async ({ resource, namespace }, object) => {
      await createObject(direct, { resource, ...(namespace === undefined ? {} : { namespace }) }, object);
    },
    label: async (ref, key, value) => {
      await mergePatch(direct, ref, { metadata: { labels: { [key]: value } } });
    },
    remove: async (ref) => {
      await removeObject(direct, ref, { gracePeriodSeconds: 0 });
    },
  };
}

/** As a person does it. */
export function kubectlHand(kubeconfig: string): Hand {
  const kubectl = (args: readonly string[], input = "") =>
    new Promise<void>((resolve, reject) => {
      const all = ["--kubeconfig", kubeconfig, "--request-timeout=5s", ...args];
      const child = execFile("kubectl", all, (error) => (error ? reject(error) : resolve()));
      child.stdin?.on("error", () => undefined).end(input);
    });
  const which = ({ resource, name, namespace }: ObjectRef) => {
    const { plural, version, group } = resource;
    const kind = group === "" ? plural : `${plural}.${version}.${group}`;
    return [kind, name, ...(namespace === undefined ? [] : ["-n", namespace])];
  };
  return {
    create: ({ namespace }, object) =>
      kubectl(
        ["create", "-f", "-", ...(namespace === undefined ? [] : ["-n", namespace])],
        JSON.stringify(object),
      ),
    label: (ref, key, value) => kubectl(["label", "--overwrite", ...which(ref), `${key}=${value}`]),
    remove: (ref) => kubectl(["delete", "--wait=false", "--grace-period=0", "--force", ...which(ref)]),
  };
}
