import { expect, type Product } from "./fixtures.ts";
import { type RawBlock, rangeOf } from "../../lib/cli/bench/calicoctl-count.ts";

export interface RawPod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName: string };
  readonly status: { readonly podIP: string; readonly podIPs: readonly { readonly ip: string }[] };
}

export interface RawNode {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

/** A deployment named "app". `annotations` are its pods'. */
export function deployment(
  namespace: string,
  wanted: {
    readonly replicas: number;
    readonly image: string;
    readonly annotations?: Readonly<Record<string, string>>;
  },
): object {
  const labels = { app: namespace };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "app", namespace },
    spec: {
      replicas: wanted.replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: wanted.annotations ?? {} },
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "main", image: wanted.image }] },
      },
    },
  };
}

/** The pods of the namespace's deployment, once all are ready. */
export async function readyPods(
  product: Product,
  namespace: string,
  count: number,
): Promise<readonly RawPod[]> {
  const ready = `--for=jsonpath={.status.readyReplicas}=${count}`;
  await product.kubectl("wait", "-n", namespace, "deployment/app", ready, "--timeout=60s");
  const pods = await product.objects<RawPod>("pods", "-n", namespace, "-l", `app=${namespace}`);
  expect(pods).toHaveLength(count);
  return pods;
}

export function blockOf(blocks: readonly RawBlock[], ip: string): RawBlock {
  const { family, first } = rangeOf(ip);
  const block = blocks.find(({ spec }) => {
    const range = rangeOf(spec.cidr);
    return range.family === family && range.first <= first && first <= range.last;
  });
  if (!block) throw new Error(`no block holds ${ip}`);
  return block;
}
