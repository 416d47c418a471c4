import { describe, expect, test } from "vitest";
import { formatAddress } from "../../ipam/address.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import { parsePool } from "../../calico/parse-pool.ts";
import { networkRequest } from "./network-request.ts";

const pools = [
  ["external-pool", "10.64.0.0/20"],
  ["internal-pool", "10.64.16.0/20"],
  ["six", "fd00:10:64::/64"],
].flatMap(([name, cidr]) => parsePool({ metadata: { name }, spec: { cidr } }).value ?? []);

const under = (annotations: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [`cni.projectcalico.org/${key}`, value]),
  );

function ask(pod: Record<string, string>, namespace: Record<string, string> = {}) {
  const request = networkRequest(under(pod), under(namespace), pools);
  if (!request.ok) return request.error;
  const { pools4, pools6, families, exactIps } = request;
  return {
    pools: [...pools4, ...pools6].map(formatCidr),
    families,
    ...(exactIps ? { exact: exactIps.map(formatAddress) } : {}),
  };
}

describe("what annotations ask for", () => {
  test.each<[string, Record<string, string>, Record<string, string>, object]>([
    ["nothing", {}, {}, { pools: [], families: [4] }],
    [
      "the namespace's pools",
      {},
      { ipv4pools: '["external-pool"]' },
      { pools: ["10.64.0.0/20"], families: [4] },
    ],
    [
      "the pod's before the namespace's, in its order",
      { ipv4pools: '["internal-pool","10.64.0.0/20"]' },
      { ipv4pools: '["external-pool"]' },
      { pools: ["10.64.16.0/20", "10.64.0.0/20"], families: [4] },
    ],
    [
      "an empty list, which overrides",
      { ipv4pools: "[]" },
      { ipv4pools: '["external-pool"]' },
      { pools: [], families: [4] },
    ],
    [
      "empty text counts as absent",
      { ipv4pools: "" },
      { ipv4pools: '["external-pool"]' },
      { pools: ["10.64.0.0/20"], families: [4] },
    ],
    [
      "each family from its own source",
      { ipv4pools: '["external-pool"]' },
      { ipv6pools: '["six"]', ipFamilies: '["IPv6","IPv4"]' },
      { pools: ["10.64.0.0/20", "fd00:10:64::/64"], families: [4, 6] },
    ],
    [
      "a CIDR with host bits",
      { ipv4pools: '["10.64.3.7/20"]' },
      {},
      { pools: ["10.64.0.0/20"], families: [4] },
    ],
    [
      "exact addresses",
      { ipAddrs: '["fd00:10:64::7","10.64.0.77"]' },
      {},
      { pools: [], families: [4], exact: ["10.64.0.77", "fd00:10:64::7"] },
    ],
  ])("%s", (_, pod, namespace, expected) => {
    expect(ask(pod, namespace)).toEqual(expected);
  });

  const exact = 'annotation "cni.projectcalico.org/ipAddrs"';
  test.each<[Record<string, string>, string]>([
    [{ ipv4pools: "external-pool" }, "invalid character 'e' looking for beginning of value"],
    [{ ipv4pools: "['a']" }, "invalid character '\\'' looking for beginning of value"],
    [{ ipv4pools: "[1]" }, "json: cannot unmarshal number into Go value of type string"],
    [{ ipv4pools: '["nope"]' }, 'error parsing pool "nope": invalid CIDR address: nope'],
    [{ ipv4pools: '["six"]' }, '"fd00:10:64::" isn\'t a IPv4 address'],
    [{ ipv6pools: '["10.64.0.0/20"]' }, '"10.64.0.0" isn\'t a IPv6 address'],
    [{ ipFamilies: '["IPv5"]' }, 'error parsing ipFamilies: ["IPv5"]'],
    [{ ipFamilies: "IPv4" }, "error parsing ipFamilies: IPv4"],
    [
      { ipAddrs: '["10.64.0.7"]', ipAddrsNoIpam: '["10.64.0.7"]' },
      "can't have both annotations: 'ipAddrs' and 'ipAddrsNoIpam' in use at the same time",
    ],
    [{ ipAddrsNoIpam: '["10.64.0.7"]' }, "requested feature is not enabled: ip_addrs_no_ipam"],
    [{ floatingIPs: '["10.64.0.7"]' }, "requested feature is not enabled: floating_ips"],
    [
      { ipAddrs: "10.64.0.7" },
      `failed to parse IPs 10.64.0.7 for ${exact}: failed to parse '10.64.0.7' as JSON: invalid character '.' after top-level value`,
    ],
    [{ ipAddrs: "[]" }, `${exact} specified but empty`],
    [{ ipAddrs: '["10.64.0"]' }, "invalid IP format: 10.64.0"],
    [
      { ipAddrs: '["10.64.0.1","10.64.0.2"]' },
      'cannot have more than one IPv4 address for "cni.projectcalico.org/ipAddrs" annotation',
    ],
  ])("%j fails in the plugin's words", (pod, expected) => {
    expect(ask(pod)).toBe(expected);
  });
});
