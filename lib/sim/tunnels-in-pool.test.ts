import { afterAll, beforeAll, expect, test } from "vitest";
import { TestCluster } from "./testing/test-cluster.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start({ scenario: "tunnels-in-pool" });
});
afterAll(() => cluster.stop());

const kinds = {
  "projectcalico.org/IPv4WireguardInterfaceAddr": "wireguard",
  "projectcalico.org/IPv4IPIPTunnelAddr": "ipip",
  "projectcalico.org/IPv4VXLANTunnelAddr": "vxlan",
};
const ranges: readonly (readonly [string, RegExp])[] = [
  ["overlay", /^10\.60\.([0-9]|1[0-5])\./],
  ["overlay-ipip", /^10\.60\.(1[6-9]|2\d|3[01])\./],
  ["spare-vxlan", /^10\.60\.3[2-5]\./],
  ["spare-ipip", /^10\.60\.3[6-9]\./],
];

/** Node → type → pool of its address. */
function tunnels(): Record<string, Record<string, string>> {
  const nodes = [...cluster.nodes.store.values()].sort((a, b) =>
    a.metadata.name < b.metadata.name ? -1 : 1,
  );
  return Object.fromEntries(
    nodes.map(({ metadata }) => [
      metadata.name,
      Object.fromEntries(
        Object.entries(kinds).flatMap(([key, type]) => {
          const ip = metadata.annotations?.[key];
          const pool = ranges.find(([, range]) => range.test(ip ?? ""))?.[0];
          return pool === undefined ? [] : [[type, pool]];
        }),
      ),
    ]),
  );
}

const settled = (what: string, wanted: Record<string, Record<string, string>>) =>
  cluster.nodes
    .until(what, () => (JSON.stringify(tunnels()) === JSON.stringify(wanted) ? true : null), 5_000)
    .catch(() => expect(tunnels()).toEqual(wanted));

const seeded = {
  "tun-01": { wireguard: "overlay-ipip", ipip: "overlay-ipip", vxlan: "overlay" },
  "tun-02": { wireguard: "overlay", ipip: "overlay-ipip", vxlan: "overlay" },
  "tun-03": { wireguard: "overlay", vxlan: "overlay" },
};

test("the node agents leave every address where the scenario put it", async () => {
  // A pool that selects no node makes them look at all of them.
  await cluster.pool("nowhere", "10.61.0.0/24", { nodeSelector: "!all()" });
  await cluster.node("tun-04");
  await cluster.pod("probe", { nodeName: "tun-02" });
  await cluster.running("probe");
  expect(tunnels()).toMatchObject(seeded);
  await cluster.remove("nodes", "tun-04");
});

test("disabled, overlay's addresses move where another pool takes them and go where none does", async () => {
  await cluster.patch("pools", "overlay", { spec: { disabled: true } });
  await settled("the tunnels have moved", {
    "tun-01": { wireguard: "overlay-ipip", ipip: "overlay-ipip" },
    "tun-02": { wireguard: "overlay-ipip", ipip: "overlay-ipip", vxlan: "spare-vxlan" },
    "tun-03": {},
  });
});

test("enabled again, what went comes back and what moved stays", async () => {
  await cluster.patch("pools", "overlay", { spec: { disabled: false } });
  await settled("the tunnels are back", {
    "tun-01": { wireguard: "overlay-ipip", ipip: "overlay-ipip", vxlan: "overlay" },
    "tun-02": { wireguard: "overlay-ipip", ipip: "overlay-ipip", vxlan: "spare-vxlan" },
    "tun-03": { wireguard: "overlay", vxlan: "overlay" },
  });
});
