import { hasPoolController } from "../../lib/calico/dialect.ts";
import type { Product } from "./fixtures.ts";
import { deployment, type RawPod, readyPods } from "./workloads.ts";

/** Each small pool has a /24 of the run's spare range to itself, so no claim stands in the way of another. */
const small = [
  "again",
  "base",
  "brief",
  "choice",
  "counted",
  "empty",
  "form",
  "four",
  "live",
  "map",
  "mend",
  "race",
  "reserved",
  "routes",
  "states",
  "team",
  "told",
  "under",
  "undone",
  "wrong",
] as const;
type Small = (typeof small)[number];

/** The CIDR of a small pool, or of the one IPv6 pool. */
export function cidrOf({ run }: Product, name: Small | "six"): string {
  if (name === "six") return run.cidrs.six;
  const [first, second, third = "0"] = run.cidrs.spare.split(".");
  return `${first}.${second}.${Number(third) + small.indexOf(name)}.0/24`;
}

/** A pool that gives addresses to pods only, so that no tunnel of the cluster moves into it. */
export function ownPool(product: Product, name: Small | "six"): object {
  const cidr = cidrOf(product, name);
  const blockSize = cidr.includes(":") ? 122 : 28;
  const spec = { cidr, blockSize, nodeSelector: "all()", allowedUses: ["Workload"], natOutgoing: true };
  return product.pool(`${product.run.id}-${name}`, spec);
}

/** Makes the pool `<id>-<name>` unless it is there, and answers its name. */
export async function withPool(product: Product, name: Small | "six"): Promise<string> {
  const full = `${product.run.id}-${name}`;
  const there = await product.kubectl(
    "get",
    product.kind("IPPool"),
    full,
    "--ignore-not-found",
    "-o",
    "name",
  );
  if (there !== "") return full;
  await product.apply(`${full}.json`, ownPool(product, name));
  // Calico's controller writes its word on the pool a moment later, which makes a version of its own.
  if (hasPoolController(product.run.mode)) {
    const which = `${product.kind("IPPool")}/${full}`;
    await product.kubectl("wait", which, "--for=condition=Allocatable", "--timeout=30s");
  }
  return full;
}

/** Makes the namespace's deployment unless it is there, and answers its pods once they are ready. */
export async function workloads(
  product: Product,
  namespace: string,
  replicas: number,
  annotations: Readonly<Record<string, string>> = {},
): Promise<readonly RawPod[]> {
  const there = await product.kubectl(
    "get",
    "deployment",
    "app",
    "-n",
    namespace,
    "--ignore-not-found",
    "-o",
    "name",
  );
  const { image } = product.run;
  if (there === "")
    await product.apply(`${namespace}-app.json`, deployment(namespace, { replicas, image, annotations }));
  return readyPods(product, namespace, replicas);
}
