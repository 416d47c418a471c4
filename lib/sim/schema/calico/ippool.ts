import { choice, flag, int, list, object, text, time } from "../build.ts";
import type { Schema } from "../schema.ts";
import type { CalicoLevel } from "./level.ts";

const modes = ["Never", "Always", "CrossSubnet"];

/** IPPool of `crd.projectcalico.org/v1`. Source: projectcalico/calico@87c1590 api/pkg/apis/projectcalico/v3/ippool.go and v3.32.1 */
export function ipPoolSchema(level: CalicoLevel): Schema {
  const selectorLimits = level === "next" ? { maxLength: 1024 } : {};
  const spec = object(
    "What the pool contains and how addresses are taken from it.",
    {
      allowedUses: list(
        "What the pool serves: pods (Workload), tunnel addresses of nodes (Tunnel) or Services of type LoadBalancer. Empty means Workload and Tunnel. LoadBalancer stands alone.",
        choice("One use.", ["Workload", "Tunnel", "LoadBalancer"]),
        { maxItems: 10, "x-kubernetes-list-type": "set" },
      ),
      assignmentMode: choice(
        "Automatic pools are picked for any pod they match; Manual ones only when a pod or namespace names them.",
        ["Automatic", "Manual"],
        { default: "Automatic" },
      ),
      blockSize: int(
        "Prefix length of the blocks that nodes claim: 20 to 32 for IPv4 (26 when absent), 116 to 128 for IPv6 (122 when absent). Cannot be changed later.",
        { minimum: 0, maximum: 128 },
      ),
      cidr: text("The range of the pool, without host bits. Cannot be changed later.", {
        format: "cidr",
        maxLength: 48,
      }),
      disableBGPExport: flag("True keeps the pool's routes out of BGP."),
      disabled: flag("True stops new addresses being taken from the pool; those in use stay."),
      ipipMode: choice("IP-in-IP encapsulation, IPv4 only; not together with vxlanMode.", modes),
      namespaceSelector: text(
        "Calico selector over namespace labels; together with nodeSelector it says which pods may use the pool. Empty selects every namespace.",
        selectorLimits,
      ),
      natOutgoing: flag("True masquerades traffic that leaves the pool for somewhere outside every pool."),
      nodeSelector: text(
        "Calico selector over node labels: the nodes whose pods may use the pool without naming it. all() selects every node.",
        level === "next" ? { ...selectorLimits, default: "all()" } : {},
      ),
      vxlanMode: choice("VXLAN encapsulation; not together with ipipMode.", modes),
    },
    { required: ["cidr"] },
  );
  const properties: Record<string, Schema> = { spec };
  if (level === "next") properties["status"] = statusSchema;
  return object("A range from which Calico IPAM hands out addresses.", properties);
}

const statusSchema = object("Whether addresses can be taken from the pool.", {
  conditions: list(
    "Conditions by type; the only type is Allocatable.",
    object(
      "One condition.",
      {
        lastTransitionTime: time("When the status last changed."),
        message: text("A sentence for people.", { maxLength: 32768 }),
        observedGeneration: int("The generation the condition was computed from.", {
          format: "int64",
          minimum: 0,
        }),
        reason: text("A word for programs.", {
          maxLength: 1024,
          minLength: 1,
          pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
        }),
        status: choice("True, False or Unknown.", ["True", "False", "Unknown"]),
        type: text("What the condition is about.", { maxLength: 316 }),
      },
      { required: ["lastTransitionTime", "message", "reason", "status", "type"] },
    ),
    { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] },
  ),
});
