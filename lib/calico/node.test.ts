import { expect, test } from "vitest";
import { readNode } from "./node.ts";

test("a node as Calico sees it", () => {
  const node = readNode({
    metadata: {
      name: "worker-49",
      labels: { zone: "a" },
      annotations: {
        "projectcalico.org/IPv4Address": "172.18.0.4/16",
        "projectcalico.org/IPv4VXLANTunnelAddr": "10.64.0.64",
        "projectcalico.org/IPv6WireguardInterfaceAddr": "fd00::1",
        "projectcalico.org/WireguardPublicKeyV6": "key",
        "projectcalico.org/labels": '{"zone":"calico","rack":"7","odd":1}',
      },
    },
    status: {
      addresses: [
        { type: "ExternalIP", address: "203.0.113.4" },
        { type: "Hostname", address: "worker-49" },
        { type: "InternalIP", address: "172.18.0.4" },
      ],
    },
  });
  expect(node).toEqual({
    name: "worker-49",
    labels: { zone: "a", rack: "7" },
    addresses: ["172.18.0.4", "203.0.113.4"],
    bgpAddress: { 4: "172.18.0.4/16", 6: null },
    wireguard: { 4: false, 6: true },
    tunnels: [
      { type: "vxlanTunnelAddress", ip: "10.64.0.64" },
      { type: "wireguardV6TunnelAddress", ip: "fd00::1" },
    ],
  });
});

test.each([null, { metadata: { annotations: { "projectcalico.org/labels": "[1" } } }])(
  "%o has nothing",
  (raw) => {
    expect(readNode(raw)).toMatchObject({ labels: {}, addresses: [], tunnels: [] });
  },
);
