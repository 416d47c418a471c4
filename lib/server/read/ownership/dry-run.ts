import type { InstallationPatch } from "../../../calico/installation-patch.ts";
import type { Ownership } from "../../../contract/ownership.ts";
import type { ClusterConnection } from "../../../kube/connection.ts";
import { mergePatch } from "../../../kube/objects.ts";
import type { ResourceRef } from "../../../kube/paths.ts";
import { isApiError } from "../../write/kube-problem.ts";

export const installations: ResourceRef = {
  group: "operator.tigera.io",
  version: "v1",
  plural: "installations",
  namespaced: false,
};

const NAME = "default";

type DryRun = Ownership["dryRun"];

/** Asks the API server, as the person, what it would say to the patch. Nothing is stored; unknown fields are refused. */
export async function dryRunPatch(connection: ClusterConnection, patch: InstallationPatch): Promise<DryRun> {
  try {
    await mergePatch(connection, { resource: installations, name: NAME }, patch, { dryRun: true });
    return { outcome: "accepted", detail: null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (!isApiError(error))
      return { outcome: "notAsked", detail: `The API server did not answer: ${error.message}.` };
    // Admission refuses with 403 too; only this wording is about what the person may do.
    if (error.status === 403 && (error.message === "" || / is forbidden: User /.test(error.message))) {
      const permission = {
        verb: "patch",
        group: installations.group,
        resource: installations.plural,
        name: NAME,
      };
      return { outcome: "forbidden", detail: "You may not change the Installation.", permission };
    }
    if (error.status === 409)
      return {
        outcome: "refused",
        detail: "The Installation has been changed since it was read. Ask again.",
      };
    if (/unknown field ".*disableNewAllocations"/.test(error.message)) {
      const why =
        "The Installation's schema in this cluster lacks disableNewAllocations: the operator is older than v1.36.";
      return { outcome: "refused", detail: `${why} ${error.message}` };
    }
    return { outcome: "refused", detail: error.message };
  }
}

/** The command that sends the patch: kubectl as the shell reads it, whatever quotes are in it. */
export function patchCommand(body: string): string {
  return `kubectl patch installation ${NAME} --type merge -p '${body.replaceAll("'", `'\\''`)}'`;
}
