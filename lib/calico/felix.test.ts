import { expect, test } from "vitest";
import { readFelix } from "./felix.ts";

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
