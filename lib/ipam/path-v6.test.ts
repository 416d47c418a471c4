import { expect, test } from "vitest";
import { parseAddress } from "./address.ts";
import type { PathNode } from "./path.ts";
import { explain, external, node, routedTo, to } from "./path-testing.ts";
import { testPool } from "./testing.ts";

const six = testPool("six", "fd00:10:64::/64", {
  natOutgoing: true,
  vxlanMode: "CrossSubnet",
  ipipMode: "Always",
});
const peer = (last: number, tunnels: PathNode["tunnels"]): PathNode => ({
  ...node(`six-${last}`, last),
  bgpAddress: { 4: null, 6: `2001:db8::${last}/64` },
  addresses: [`10.0.0.${last}`, `2001:db8::${last}`],
  tunnels,
});
const tunnels = [{ type: "vxlanV6TunnelAddress", ip: "fd00:10:64::40" }] as const;
const here = {
  name: "ns/pod",
  ip: parseAddress("fd00:10:64::41"),
  hostNetwork: false,
  nodeName: "node-1",
  node: peer(1, tunnels),
};
const input = { source: here, pools: [six, external] };

test("is rewritten to the node's IPv6 address", () => {
  expect(explain({ ...input, destination: to("2606:4700::1") })).toMatchObject({
    sees: "2001:db8::1",
    encapsulation: "none",
  });
});

test("stays as it is between pods", () => {
  expect(explain({ ...input, destination: to("fd00:10:64::99", routedTo(peer(2, tunnels))) })).toMatchObject({
    sees: "fd00:10:64::41",
    encapsulation: "none",
  });
});

test("IPIP does not carry it", () => {
  const pools = [{ ...six, vxlanMode: "Never" as const }];
  expect(
    explain({ source: here, pools, destination: to("fd00:10:64::99", routedTo(peer(2, tunnels))) }),
  ).toMatchObject({ encapsulation: "none" });
});
