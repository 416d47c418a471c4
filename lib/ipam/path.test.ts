import { describe, expect, test } from "vitest";
import { parseAddress } from "./address.ts";
import type { PathInput, PathNode } from "./path.ts";
import {
  explain,
  external,
  internal,
  internalPod,
  n4151,
  n4153,
  node,
  routedTo,
  source,
  standard,
  to,
} from "./path-testing.ts";
import { testPool } from "./testing.ts";

describe("the tutorial's three captures", () => {
  test("pod to pod keeps its source, without a tunnel inside one subnet", () => {
    const path = explain({});
    expect(path).toMatchObject({ sees: "10.64.12.66", encapsulation: "none" });
    expect(path.hops.map(({ at, src, dst }) => `${at}: ${src} > ${dst}`)).toEqual([
      "external-ns/nginx-d2rzj: 10.64.12.66 > 10.64.17.130",
      "s666dan4151: 10.64.12.66 > 10.64.17.130",
      "s666dan4153: 10.64.12.66 > 10.64.17.130",
      "internal-ns/nginx-t2zhj: 10.64.12.66 > 10.64.17.130",
    ]);
    expect(path.decisions).toEqual([
      {
        question: "Is the source in a pool with outgoing NAT?",
        answer: "yes",
        object: "external-pool",
        field: "spec.natOutgoing",
        value: "true",
      },
      {
        question: "Is the destination in any pool?",
        answer: "yes",
        object: "internal-pool",
        field: "spec.cidr",
        value: "10.64.16.0/20",
      },
      {
        question: "Is the destination a node, with nodes exempt?",
        answer: "no",
        object: "FelixConfiguration default",
        field: "spec.natOutgoingExclusions",
        value: "IPPoolsOnly",
      },
      {
        question: "Does the destination's pool encapsulate?",
        answer: "yes",
        object: "internal-pool",
        field: "spec.vxlanMode",
        value: "CrossSubnet",
      },
      {
        question: "Is the destination's node in the subnet of this node?",
        answer: "yes",
        object: "s666dan4151, s666dan4153",
        field: "projectcalico.org/IPv4Address",
        value: "10.250.12.187 and 10.250.12.0/24",
      },
    ]);
  });

  test("pod to outside is rewritten to the node", () => {
    const path = explain({ destination: to("8.8.8.8") });
    expect(path).toMatchObject({ sees: "10.250.12.185", encapsulation: "none" });
    expect(path.hops.map(({ at, src }) => `${at}: ${src}`)).toEqual([
      "external-ns/nginx-d2rzj: 10.64.12.66",
      "s666dan4151: 10.250.12.185",
      "8.8.8.8: 10.250.12.185",
    ]);
    expect(path.decisions.map(({ answer, object }) => `${answer} ${object}`)).toEqual([
      "yes external-pool",
      "no 3 pools, disabled ones too",
      "no FelixConfiguration default",
    ]);
  });

  test("without natOutgoing it keeps its source", () => {
    const pools = [standard, { ...external, natOutgoing: false }, internal];
    expect(explain({ destination: to("151.101.126.132"), pools })).toMatchObject({
      sees: "10.64.12.66",
      encapsulation: "none",
    });
  });
});

const far = node("far", 9, { bgpAddress: { 4: "10.251.0.9/24", 6: null }, addresses: ["10.251.0.9"] });
const keyed = (base: PathNode): PathNode => ({ ...base, wireguard: { 4: true, 6: false } });
const withMode = (changes: object) => [standard, external, { ...internal, ...changes }];
const lb = testPool("edge-lb", "10.70.8.0/24", { allowedUses: ["LoadBalancer"] });
const felix = (changes: object): Partial<PathInput> => ({
  felix: {
    natOutgoingExclusions: "IPPoolsOnly",
    natOutgoingAddress: null,
    natInterfaceFilter: null,
    ...changes,
  },
});

test.each<[string, Partial<PathInput>, string | null, string]>([
  [
    "another subnet is wrapped",
    { destination: { ...internalPod, ...routedTo(far) } },
    "10.64.12.66",
    "vxlan",
  ],
  ["VXLAN Always", { pools: withMode({ vxlanMode: "Always" }) }, "10.64.12.66", "vxlan"],
  ["IPIP Always", { pools: withMode({ vxlanMode: "Never", ipipMode: "Always" }) }, "10.64.12.66", "ipip"],
  [
    "IPIP CrossSubnet, same subnet",
    { pools: withMode({ vxlanMode: "Never", ipipMode: "CrossSubnet" }) },
    "10.64.12.66",
    "none",
  ],
  [
    "IPIP CrossSubnet, another",
    {
      pools: withMode({ vxlanMode: "Never", ipipMode: "CrossSubnet" }),
      destination: { ...internalPod, ...routedTo(far) },
    },
    "10.64.12.66",
    "ipip",
  ],
  ["no encapsulation", { pools: withMode({ vxlanMode: "Never" }) }, "10.64.12.66", "none"],
  [
    "the destination's pool decides, not the source's",
    { pools: [standard, { ...external, vxlanMode: "Always" }, { ...internal, vxlanMode: "Never" }] },
    "10.64.12.66",
    "none",
  ],
  [
    "a disabled pool still counts",
    { pools: withMode({ disabled: true, vxlanMode: "Always" }) },
    "10.64.12.66",
    "vxlan",
  ],
  [
    "a pod on the same node",
    { destination: { ...internalPod, ...routedTo(n4151) }, pools: withMode({ vxlanMode: "Always" }) },
    "10.64.12.66",
    "none",
  ],
  [
    "WireGuard on both",
    { source: { ...source, node: keyed(n4151) }, destination: { ...internalPod, ...routedTo(keyed(n4153)) } },
    "10.64.12.66",
    "wireguard",
  ],
  ["WireGuard on one", { source: { ...source, node: keyed(n4151) } }, "10.64.12.66", "none"],
  [
    "no subnet known",
    { source: { ...source, node: { ...n4151, bgpAddress: { 4: null, 6: null } } } },
    "10.64.12.66",
    "vxlan",
  ],
  [
    "a peer without VXLAN address",
    { destination: { ...internalPod, ...routedTo({ ...far, tunnels: [] }) } },
    null,
    "vxlan",
  ],
  [
    "a peer that cannot be read",
    { destination: { ...internalPod, routedTo: { name: "s666dan4153", node: null } } },
    "10.64.12.66",
    "unknown",
  ],
  ["an address that nobody holds", { destination: to("10.64.20.1") }, "10.64.12.66", "none"],
  ["a block outside every pool", { destination: to("10.99.0.1", routedTo(n4153)) }, null, "none"],
  ["a node", { destination: to("10.250.12.187", { isNode: n4153 }) }, "10.250.12.185", "none"],
  [
    "a node, nodes exempt",
    {
      destination: to("10.250.12.187", { isNode: n4153 }),
      ...felix({ natOutgoingExclusions: "IPPoolsAndHostIPs" }),
    },
    "10.64.12.66",
    "none",
  ],
  [
    "a node, Felix unreadable",
    { destination: to("10.250.12.187", { isNode: n4153 }), felix: null },
    null,
    "none",
  ],
  ["the pod's own node", { destination: to("10.250.12.185", { isNode: n4151 }) }, "10.64.12.66", "none"],
  ["outside, Felix unreadable", { destination: to("8.8.8.8"), felix: null }, "10.250.12.185", "none"],
  [
    "a fixed NAT address",
    { destination: to("8.8.8.8"), ...felix({ natOutgoingAddress: "192.0.2.1" }) },
    "192.0.2.1",
    "none",
  ],
  [
    "NAT on one interface",
    { destination: to("8.8.8.8"), ...felix({ natInterfaceFilter: "eth1" }) },
    null,
    "none",
  ],
  ["an unreadable node", { source: { ...source, node: null }, destination: to("8.8.8.8") }, null, "none"],
  [
    "a source in no pool",
    { source: { ...source, ip: parseAddress("172.16.0.5") }, destination: to("8.8.8.8") },
    "172.16.0.5",
    "none",
  ],
  [
    "a range marked by a disabled pool",
    {
      pools: [external, testPool("corp", "203.0.113.0/24", { disabled: true })],
      destination: to("203.0.113.7"),
    },
    "10.64.12.66",
    "none",
  ],
  [
    "a free LoadBalancer address",
    { pools: [external, lb], destination: to("10.70.8.9") },
    "10.250.12.185",
    "none",
  ],
  [
    "the same before v3.32.1",
    { pools: [external, lb], destination: to("10.70.8.9"), calicoVersion: "v3.32.0" },
    "10.64.12.66",
    "none",
  ],
  [
    "the same in v3.31.6",
    { pools: [external, lb], destination: to("10.70.8.9"), calicoVersion: "v3.31.6" },
    "10.250.12.185",
    "none",
  ],
  [
    "the same, version unknown",
    { pools: [external, lb], destination: to("10.70.8.9"), calicoVersion: null },
    null,
    "none",
  ],
  [
    "a Service's LoadBalancer address",
    { pools: [external, lb], destination: to("10.70.8.9", { isLoadBalancer: true, owner: "web" }) },
    null,
    "unknown",
  ],
  ["no pool readable", { pools: null }, null, "unknown"],
  ["no pool readable, nobody holds it", { pools: null, destination: to("8.8.8.8") }, null, "none"],
  [
    "no block readable, in a pool",
    { destination: to("10.64.17.130", { routedTo: "unknown" }) },
    "10.64.12.66",
    "unknown",
  ],
  [
    "no block readable, in no pool",
    { destination: to("8.8.8.8", { routedTo: "unknown" }) },
    "10.250.12.185",
    "none",
  ],
  [
    "no node readable",
    { source: { ...source, node: null }, destination: to("10.250.12.187", { isNode: "unknown" }) },
    null,
    "none",
  ],
  [
    "no node readable, nodes exempt",
    {
      destination: to("10.250.12.187", { isNode: "unknown" }),
      ...felix({ natOutgoingExclusions: "IPPoolsAndHostIPs" }),
    },
    null,
    "none",
  ],
  [
    "on the pod's own node, which cannot be read",
    {
      source: { ...source, node: null },
      destination: { ...internalPod, routedTo: { name: "s666dan4151", node: null } },
    },
    "10.64.12.66",
    "none",
  ],
  [
    "a host-network pod over VXLAN",
    {
      source: { ...source, ip: parseAddress("10.250.12.185"), hostNetwork: true },
      pools: withMode({ vxlanMode: "Always" }),
    },
    "10.255.0.185",
    "vxlan",
  ],
  [
    "a host-network pod without a tunnel",
    { source: { ...source, ip: parseAddress("10.250.12.185"), hostNetwork: true } },
    "10.250.12.185",
    "none",
  ],
  [
    "overlapping pools: the narrowest encapsulates",
    { pools: [...withMode({}), testPool("inner", "10.64.17.0/24", { vxlanMode: "Always" })] },
    "10.64.12.66",
    "vxlan",
  ],
])("%s", (_name, changes, sees, encapsulation) => {
  expect(explain(changes)).toMatchObject({ sees, encapsulation });
});

test("a private destination outside may be a Service", () => {
  const questions = (ip: string) =>
    explain({ destination: to(ip) })
      .decisions.filter(({ answer }) => answer === "unknown")
      .map(({ question }) => question);
  expect(questions("10.96.0.10")).toEqual(["Is the destination the address of a Service?"]);
  expect(questions("8.8.8.8")).toEqual([]);
});

test.each<[string, Partial<PathInput>]>([
  ["blocks", { destination: to("10.64.20.1", { routedTo: "unknown" }) }],
  ["pools", { pools: null, destination: to("8.8.8.8") }],
  ["nodes", { destination: to("172.18.0.2", { isNode: "unknown" }) }],
])("without %s nobody says that an address is nobody's", (kind, changes) => {
  const { hops } = explain(changes);
  expect(hops.at(-1)?.note).toContain(`${kind} cannot be read`);
});
