import { expect, test } from "vitest";
import { cniPools } from "./cni-pools.ts";

test.each([
  ["nothing", undefined, [], []],
  ["no ipam pools", '{"plugins":[{"ipam":{"type":"calico-ipam"}}]}', [], []],
  [
    "both families",
    '{"ipam":{"type":"calico-ipam","ipv4_pools":["10.64.0.0/20", "b"],"ipv6_pools": [ "fd00::/64" ]}}',
    ["10.64.0.0/20", "b"],
    ["fd00::/64"],
  ],
  ["a template", '{"mtu": __CNI_MTU__, "ipam": {"ipv4_pools": ["a"]}}', ["a"], []],
  ["nonsense in the list", '{"ipv4_pools": [1, "a", oops]}', [], []],
  ["other values in the list", '{"ipv4_pools": [1, "a"]}', ["a"], []],
])("%s", (_, config, four, six) => {
  expect(cniPools(config)).toEqual({ 4: four, 6: six, assignIpv4: true, assignIpv6: false });
});

test.each([
  ['{"ipam":{"assign_ipv4": "true", "assign_ipv6" : "true"}}', true, true],
  ['{"ipam":{"assign_ipv6": "false"}}', true, false],
  ['{"ipam":{"assign_ipv4": "false", "assign_ipv6": "true"}}', false, true],
])("families of every pod: %s", (config, four, six) => {
  expect(cniPools(config)).toMatchObject({ assignIpv4: four, assignIpv6: six });
});
