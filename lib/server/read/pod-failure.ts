import { sandboxFailureText } from "../../calico/pod.ts";
import type { PodFailure } from "../../contract/pods.ts";
import { triage, type Triage } from "../../ipam/triage.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PodRow } from "../../inventory/pod-row.ts";
import { triageFacts } from "./triage-facts.ts";

/** Why the pod has no address: Calico's own words, what they mean with the numbers of now, and what can be done. */
export function podFailure(inventory: Inventory, row: PodRow): PodFailure | null {
  const failure = inventory.pods.failureOf(row);
  if (!failure) return null;
  const message = sandboxFailureText(failure.message);
  const { code, cause, fixes } = explain(inventory, row, message);
  return {
    message,
    code,
    cause,
    fixes: fixes.map((fix) => ({ ...fix })),
    asks: { ipv4: row.annotations?.[4] ?? null, ipv6: row.annotations?.[6] ?? null },
    at: failure.at === 0 ? null : new Date(failure.at).toISOString(),
  };
}

/** Without pools and namespaces nobody knows what the pod asked for, and whether it is there. */
function explain(inventory: Inventory, row: PodRow, message: string): Triage {
  const missing = inventory.states.missing("pools") ?? inventory.states.missing("namespaces");
  if (!missing) return triage(message, triageFacts(inventory, row));
  return { code: "unknown", cause: `Why cannot be said: ${missing.reason}.`, fixes: [] };
}
