import { createHash } from "node:crypto";
import { formatGoTime } from "../../ipam/go-time.ts";
import { kubeTime } from "../kube-objects.ts";
import type { ClusterBuilder, MetaOptions } from "./builder.ts";
import { day } from "./builder.ts";

/** As the operator's pool controller stores its mark: hidden in the annotation of the v1 object. */
const operatorOwned: MetaOptions = {
  annotations: {
    "projectcalico.org/metadata": JSON.stringify({
      labels: { "app.kubernetes.io/managed-by": "tigera-operator" },
    }),
  },
};

const argo = (name: string): MetaOptions => ({
  annotations: { "argocd.argoproj.io/tracking-id": `netops_pools:crd.projectcalico.org/IPPool:/${name}` },
  ageSeconds: 190 * day,
});

/** Pools in every state a pool of the v1 group can be in. */
export function addBusyPools(builder: ClusterBuilder): void {
  const nat = { vxlanMode: "CrossSubnet", natOutgoing: true };
  builder.pool("default-ipv4-ippool", { cidr: "10.255.0.0/16", ...nat }, operatorOwned);
  builder.pool("default-ipv6-ippool", { cidr: "fd5f:1a:255::/64" }, operatorOwned);
  builder.pool("batch-pool", { cidr: "10.80.0.0/23", assignmentMode: "Manual", ...nat }, argo("batch-pool"));
  builder.pool("external-pool", { cidr: "10.64.0.0/20", ...nat }, argo("external-pool"));
  builder.pool("internal-pool", { cidr: "10.64.16.0/20", ...nat }, argo("internal-pool"));
  builder.pool("edge-lb", { cidr: "10.70.8.0/24", allowedUses: ["LoadBalancer"] }, argo("edge-lb"));
  const always = { vxlanMode: "Always", natOutgoing: true };
  builder.pool(
    "gpu-pool",
    { cidr: "10.88.0.0/21", nodeSelector: 'accelerator == "h100"', ...always },
    { ageSeconds: 30 * day },
  );
  builder.pool(
    "legacy-ipip",
    { cidr: "10.48.0.0/18", ipipMode: "Always", natOutgoing: true },
    { ageSeconds: 290 * day },
  );
  builder.pool("staging-pool", { cidr: "10.64.8.0/22", ...always }, { ageSeconds: 9 * day });
  builder.pool(
    "burst-2024",
    { cidr: "10.96.0.0/20", assignmentMode: "Manual", ...always },
    { ageSeconds: 280 * day },
  );
  const reserve = (name: string, cidrs: readonly string[]) =>
    builder.reservation(name, cidrs, { ageSeconds: 150 * day });
  reserve("gateways", ["10.255.0.0/29", "10.64.0.0/29"]);
  reserve("appliances", ["10.255.240.0/20"]);
}

/** Switches off and deletes what lives on from better times; after its pods were placed. */
export function retirePools(builder: ClusterBuilder): void {
  builder.changePool("legacy-ipip", (pool) => ({ ...pool, spec: { ...pool.spec, disabled: true } }));
  builder.changePool("burst-2024", (pool) => ({
    ...pool,
    metadata: {
      ...pool.metadata,
      finalizers: ["netops.example/drain"],
      deletionTimestamp: kubeTime(builder.before(2 * day)),
      deletionGracePeriodSeconds: 0,
    },
  }));
}

/** Services with an address of the LoadBalancer pool, in blocks that belong to the controller. */
export function addLoadBalancers(
  builder: ClusterBuilder,
  services: readonly (readonly [namespace: string, name: string])[],
): void {
  builder.ipam.claim(builder, "10.70.8.128/26", { type: "virtual", name: "load-balancer" }, 180 * day);
  services.forEach(([namespace, name], index) => {
    const ageSeconds = (100 - index) * day;
    const ip = `10.70.8.${128 + index}`;
    const metadata = builder.meta(name, { namespace, ageSeconds });
    builder.add({
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        type: "LoadBalancer",
        loadBalancerClass: "calico",
        clusterIP: `10.96.0.${20 + index}`,
        clusterIPs: [`10.96.0.${20 + index}`],
        ports: [{ name: "https", port: 443, targetPort: 8443, protocol: "TCP" }],
        selector: { app: name },
      },
      status: { loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } },
    });
    const timestamp = formatGoTime(BigInt(builder.before(ageSeconds)) * 1_000_000n + 417_733n);
    const keys = { namespace, service: name, timestamp, type: "LoadBalancer" };
    builder.ipam.take(builder, ip, loadBalancerHandle(name, namespace, metadata.uid), keys);
  });
}

/** Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/loadbalancer/loadbalancer_controller.go createHandle */
function loadBalancerHandle(service: string, namespace: string, uid: string): string {
  const digest = createHash("sha256")
    .update(`${service}-${namespace}-${uid}`.toLowerCase())
    .digest("base64url");
  return `lb-${digest.replace(/[-_.]/g, "")}`;
}
