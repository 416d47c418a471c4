import { POOLS_ANNOTATION } from "../../calico/pod.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { SandboxFailure } from "../../inventory/sandbox-failure.ts";

const families = Object.keys(POOLS_ANNOTATION).map(Number) as (4 | 6)[];

/** Does a pod fail because of this pool? Its error names it, or the pod or its namespace asks for it. `cidr` null: not known. */
export function isAboutPool(
  { pods, namespaces }: Inventory,
  pool: string,
  cidr: string | null,
  failure: SandboxFailure,
): boolean {
  const names = cidr === null ? [pool] : [pool, cidr];
  if (names.some((name) => mentions(failure.message, name))) return true;
  const pod = pods.table.get(failure.podNamespace, failure.podName);
  const namespace = namespaces.get("", failure.podNamespace);
  return families.some((family) => {
    const raw = pod?.annotations?.[family] ?? namespace?.annotations[family] ?? "";
    return names.some((name) => raw.includes(JSON.stringify(name)));
  });
}

/** As a word of its own: `pool-1` is not in `pool-10`. */
function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, behind] = [text.charAt(at - 1), text.charAt(at + name.length)];
    if (!/[\w.-]/.test(before) && !/[\w-]/.test(behind)) return true;
  }
  return false;
}
