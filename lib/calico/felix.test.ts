import { expect, test } from "vitest";
import { readFelix, readFelixPools } from "./felix.ts";

test("without a configuration Felix has its defaults", () => {
  expect(readFelix({})).toEqual({
    natOutgoingExclusions: "IPPoolsOnly",
    natOutgoingAddress: null,
    natInterfaceFilter: null,
  });
});

test("a field of the node's own configuration wins, the others stay", () => {
  const everywhere = {
    natOutgoingExclusions: "IPPoolsAndHostIPs",
    natOutgoingAddress: "192.0.2.1",
    iptablesNATOutgoingInterfaceFilter: "eth0",
  };
  const found = readFelix(everywhere, {
    natOutgoingAddress: "192.0.2.9",
    iptablesNATOutgoingInterfaceFilter: "",
  });
  expect(found).toEqual({
    natOutgoingExclusions: "IPPoolsAndHostIPs",
    natOutgoingAddress: "192.0.2.9",
    natInterfaceFilter: "eth0",
  });
});

test("what is no text counts as absent", () => {
  expect(readFelix({ natOutgoingExclusions: 5, natOutgoingAddress: ["192.0.2.1"] })).toEqual(readFelix({}));
});

test.each([
  [{}, "v3.32.1", "BIRD"],
  [{}, "v3.33.0", "Felix"],
  [{}, "v4.0.0", "Felix"],
  [{}, null, null],
  [{ programClusterRoutes: "EnabledIPIPOnly" }, "v3.32.1", "Felix"],
  [{ programClusterRoutes: "Enabled" }, null, "Felix"],
  [{ programClusterRoutes: "Disabled" }, "v3.34.0", "BIRD"],
  [{ programClusterRoutes: "EnabledNoEncapOnly" }, "v3.34.0", "BIRD"],
])("who programs the routes of IPIP pools: %o of Calico %s: %s", (spec, version, expected) => {
  expect(readFelixPools(spec, version).ipipRoutes).toBe(expected);
});

test("an MTU of any encapsulation, and host encryption", () => {
  expect(readFelixPools({}, null)).toMatchObject({ hasMtu: false, hostEncryption: false });
  expect(readFelixPools({ vxlanMTU: 0 }, null).hasMtu).toBe(false);
  expect(readFelixPools({ wireguardMTUV6: 1340 }, null).hasMtu).toBe(true);
  expect(readFelixPools({ wireguardHostEncryptionEnabled: true }, null).hostEncryption).toBe(true);
});
