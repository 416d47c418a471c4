import { serviceSchema } from "../../schema/core/objects.ts";
import { isObject, listAt, numberAt, objectAt, textAt } from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import { labelRule } from "../names.ts";
import type { StrategyContext } from "../resource-type.ts";
import { type Cause, required } from "../status.ts";
import { ageColumn, nameColumn } from "../table.ts";
import { builtin, column, spec, status, wide } from "./shared.ts";

/** 10.96.0.0/12 without its first ten addresses, which clusters keep for themselves. */
const firstClusterIp = 10 * 2 ** 24 + 96 * 2 ** 16 + 10;
const firstNodePort = 30_000;

function create(service: KubeObject, context: StrategyContext): void {
  const wanted = spec(service);
  service["spec"] = wanted;
  wanted["type"] ??= "ClusterIP";
  wanted["sessionAffinity"] ??= "None";
  const type = textAt(wanted, "type");
  const others = context.list("services").map(spec);
  for (const port of listAt(wanted, "ports").filter(isObject)) {
    port["protocol"] ??= "TCP";
    port["targetPort"] ??= port["port"] ?? 0;
    if ((type === "NodePort" || type === "LoadBalancer") && port["nodePort"] === undefined) {
      const taken = new Set(
        [...others, wanted].flatMap((one) =>
          listAt(one, "ports")
            .filter(isObject)
            .map((each) => each["nodePort"]),
        ),
      );
      port["nodePort"] = firstFree(firstNodePort, (candidate) => taken.has(candidate));
    }
  }
  if (type === "ExternalName") return;
  if (textAt(wanted, "clusterIP") === "") {
    const taken = new Set(others.map((one) => textAt(one, "clusterIP")));
    const free = firstFree(firstClusterIp, (candidate) => taken.has(dotted(candidate)));
    wanted["clusterIP"] = dotted(free);
  }
  wanted["clusterIPs"] ??= [textAt(wanted, "clusterIP")];
  wanted["internalTrafficPolicy"] ??= "Cluster";
  wanted["ipFamilies"] ??= ["IPv4"];
  wanted["ipFamilyPolicy"] ??= "SingleStack";
  if (type !== "ClusterIP") wanted["externalTrafficPolicy"] ??= "Cluster";
  if (type === "LoadBalancer") wanted["allocateLoadBalancerNodePorts"] ??= true;
  service["status"] = { loadBalancer: {} };
}

function firstFree(from: number, isTaken: (candidate: number) => boolean): number {
  let candidate = from;
  while (isTaken(candidate)) candidate += 1;
  return candidate;
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

function validate(service: KubeObject): Cause[] {
  const wanted = spec(service);
  const headless = textAt(wanted, "clusterIP") === "None";
  const external = textAt(wanted, "type") === "ExternalName";
  return listAt(wanted, "ports").length === 0 && !headless && !external ? [required("spec.ports")] : [];
}

function externalIp(service: KubeObject): string {
  const wanted = spec(service);
  const fixed = listAt(wanted, "externalIPs").map(String);
  const balanced = listAt(objectAt(status(service), "loadBalancer"), "ingress")
    .filter(isObject)
    .map((one) => textAt(one, "ip") || textAt(one, "hostname"));
  switch (textAt(wanted, "type")) {
    case "ExternalName":
      return textAt(wanted, "externalName");
    case "LoadBalancer": {
      const all = [...balanced, ...fixed];
      return all.length === 0 ? "<pending>" : all.join(",");
    }
    default:
      return fixed.length === 0 ? "<none>" : fixed.join(",");
  }
}

function portsText(service: KubeObject): string {
  const ports = listAt(spec(service), "ports")
    .filter(isObject)
    .map((port) => {
      const node = numberAt(port, "nodePort");
      return `${numberAt(port, "port")}${node > 0 ? `:${node}` : ""}/${textAt(port, "protocol")}`;
    });
  return ports.join(",") || "<none>";
}

export const services = builtin({
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  namespaced: true,
  shortNames: ["svc"],
  categories: ["all"],
  subresources: ["status"],
  schema: serviceSchema,
  strategy: { metadataWithStatus: true, nameRule: labelRule, create, validate },
  columns: [
    nameColumn,
    column("Type", "How the service is reached.", (service) => textAt(spec(service), "type")),
    column(
      "Cluster-IP",
      "Address inside the cluster.",
      (service) => textAt(spec(service), "clusterIP") || "<none>",
    ),
    column("External-IP", "Address outside the cluster.", externalIp),
    column("Port(s)", "Ports and protocols.", portsText),
    ageColumn,
    column(
      "Selector",
      "Labels of the pods behind it.",
      (service) =>
        Object.entries(objectAt(spec(service), "selector"))
          .map(([key, value]) => `${key}=${String(value)}`)
          .sort()
          .join(",") || "<none>",
      wide,
    ),
  ],
});
