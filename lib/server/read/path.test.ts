import { expect, test } from "vitest";
import { Path } from "../../contract/path.ts";
import {
  blockObject,
  event,
  forbid,
  inventoryOf,
  nodeObject,
  podObject,
  poolObject,
} from "../../inventory/testing.ts";
import { readPath } from "./path.ts";

const node = (name: string, ip: string) => {
  const raw = nodeObject(
    name,
    {},
    { "projectcalico.org/IPv4Address": `${ip}/24`, "projectcalico.org/IPv4VXLANTunnelAddr": "10.255.0.1" },
  );
  return { ...raw, status: { addresses: [{ type: "InternalIP", address: ip }] } };
};

function cluster(spec = {}) {
  return inventoryOf({
    pools: [
      poolObject("external-pool", "10.64.0.0/20", { natOutgoing: true, vxlanMode: "CrossSubnet", ...spec }),
      poolObject("internal-pool", "10.64.16.0/20", { natOutgoing: true, vxlanMode: "CrossSubnet" }),
    ],
    nodes: [
      node("s666dan4151", "10.250.12.185"),
      node("s666dan4153", "10.250.12.187"),
      node("far", "10.250.99.9"),
    ],
    blocks: [
      blockObject("10.64.12.64/26", {
        node: "s666dan4151",
        holders: [{ pod: "external-ns/web", node: "s666dan4151" }],
      }),
      blockObject("10.64.17.128/26", {
        node: "s666dan4153",
        holders: [
          { pod: "internal-ns/api", node: "s666dan4153" },
          { pod: "internal-ns/lent", node: "far" },
        ],
      }),
    ],
    pods: [
      podObject("external-ns/web", { ips: ["10.64.12.64"], node: "s666dan4151" }),
      podObject("internal-ns/api", { ips: ["10.64.17.128"], node: "s666dan4153" }),
      podObject("internal-ns/lent", { ips: ["10.64.17.129"], node: "far" }),
      podObject("internal-ns/six", { ips: ["fd00::1"], node: "far" }),
      podObject("internal-ns/waits", { node: "far" }),
    ],
  });
}

test("the tutorial's first capture: pod to pod keeps its source, without a tunnel inside the subnet", () => {
  const path = Path.parse(readPath(cluster(), "external-ns/web", "internal-ns/api"));
  expect(path).toMatchObject({ sees: "10.64.12.64", encapsulation: "none" });
  expect(path.hops.map((hop) => hop.at)).toEqual([
    "external-ns/web",
    "s666dan4151",
    "s666dan4153",
    "internal-ns/api",
  ]);
});

test("a borrowed address is routed to its borrower, not to the block's owner", () => {
  const path = Path.parse(readPath(cluster(), "external-ns/web", "10.64.17.129"));
  expect(path.hops.map((hop) => hop.at)).toContain("far");
  expect(path.encapsulation).toBe("vxlan");
});

test("the second and third capture: SNAT to the node, and none after natOutgoing: false", () => {
  expect(readPath(cluster(), "external-ns/web", "8.8.8.8").sees).toBe("10.250.12.185");
  expect(readPath(cluster({ natOutgoing: false }), "external-ns/web", "8.8.8.8").sees).toBe("10.64.12.64");
});

test("without pools, or Felix's configuration, the source cannot be known", () => {
  const inventory = cluster();
  forbid(inventory, "pools", { group: "crd.projectcalico.org", plural: "ippools" });
  const path = Path.parse(readPath(inventory, "external-ns/web", "8.8.8.8"));
  expect(path.sees).toBeNull();
  expect(path.unknown?.[0]).toMatchObject({ permission: { resource: "ippools" } });
});

test.each([
  ["external-ns/nobody", "8.8.8.8", 404],
  ["external-ns/web", "internal-ns/nobody", 404],
  ["external-ns", "8.8.8.8", 422],
  ["a/b/c", "8.8.8.8", 422],
  ["external-ns/web", "8.8.8", 422],
  ["external-ns/web", "fd00::1", 422],
  ["external-ns/web", "internal-ns/six", 422],
  ["internal-ns/waits", "8.8.8.8", 422],
  ["external-ns/web", "internal-ns/waits", 422],
])("from %s to %s: %i", (from, to, status) => {
  expect(() => readPath(cluster(), from, to)).toThrow(expect.objectContaining({ name: "ReadError", status }));
});

test("a pod with a namesake's namespace is told apart", () => {
  const inventory = cluster();
  event(inventory, "pods", "ADDED", podObject("other/web", { ips: ["10.64.12.65"], node: "far" }));
  expect(readPath(inventory, "other/web", "8.8.8.8").sees).toBe("10.250.99.9");
});
