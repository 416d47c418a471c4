import { expect, test } from "vitest";
import type { Pool } from "@/lib/contract/pools.ts";
import { draftErrors, fieldErrors, isAllByField } from "./draft-errors.ts";
import { emptyDraft, type PoolDraft } from "./pool-draft.ts";

const sound: PoolDraft = { ...emptyDraft, name: "new-pool", cidr: "10.70.0.0/20" };
// Only name and CIDR are looked at.
const pools = [{ name: "external-pool", cidr: "10.64.0.0/20" } as Pool];

test("a sound draft has no errors", () => {
  expect(draftErrors(sound, pools, "v3.32.1")).toEqual({});
});

test.each([
  [{ name: "" }, "name", "A pool needs a name"],
  [{ name: "external-pool" }, "name", "external-pool exists already"],
  [{ name: "a..b" }, "name", "lower case"],
  [{ cidr: "" }, "cidr", "IPPool CIDR must be specified"],
  [{ cidr: "10.064.0.0/20" }, "cidr", "must be a valid subnet"],
  [{ cidr: "10.70.0.1/20" }, "cidr", "not strictly masked"],
  [{ cidr: "10.64.8.0/22" }, "cidr", "overlaps with IPPool(external-pool)"],
  [{ cidr: "169.254.0.0/20" }, "cidr", "Link Local"],
  [{ cidr: "fe80::/64", encapsulation: "None" }, "cidr", "Link Local"],
  [{ cidr: "10.70.0.0/28" }, "cidr", "too small"],
  [{ cidr: "fd00::/64", encapsulation: "VXLAN", blockSize: "100" }, "blockSize", "between 116 and 128"],
  [{ name: "a".repeat(254) }, "name", "too long"],
  [{ uses: "LoadBalancer", encapsulation: "None", disableBGPExport: true }, "disableBGPExport", "BGP export"],
  [{ uses: "LoadBalancer", encapsulation: "None", nodeSelector: "has(x)" }, "nodeSelector", "set to all()"],
  [{ uses: "Tunnel", namespaceSelector: "has(x)" }, "namespaceSelector", "Tunnel"],
  [{ nodeSelector: `has(${"x".repeat(1024)})` }, "nodeSelector", "1024"],
  [{ blockSize: "33" }, "blockSize", "between 20 and 32"],
  [{ blockSize: "2.6e1" }, "blockSize", "whole number"],
  [{ blockSize: "026" }, "blockSize", "whole number"],
  [{ cidr: "fd00::/64", encapsulation: "IPIP" }, "encapsulation", "IPv6"],
  [{ uses: "LoadBalancer" }, "uses", "LoadBalancer"],
  [{ nodeSelector: "global()" }, "nodeSelector", "global()"],
  [{ nodeSelector: "a ==" }, "nodeSelector", "expected string"],
  [{ namespaceSelector: "has(team)" }, "namespaceSelector", "Tunnel"],
] as const)("%j is wrong at %s", (part, field, words) => {
  expect(draftErrors({ ...sound, ...part }, pools, "v3.32.1")[field]).toContain(words);
});

test("errors of the server go to their fields, those of list items too", () => {
  const problem = {
    type: "about:blank",
    title: "",
    status: 422,
    code: "invalid",
    detail: "",
    requestId: "",
    errors: [
      { field: "spec.vxlanMode", message: "one" },
      { field: "spec.ipipMode", message: "two" },
      { field: "spec.allowedUses[1]", message: "three" },
      { field: "metadata.labels", message: "four" },
      { field: "nodeSelector", message: "five" },
    ],
  };
  expect(fieldErrors(problem)).toEqual({ encapsulation: "one\ntwo", uses: "three", nodeSelector: "five" });
  expect(isAllByField(problem)).toBe(false);
  expect(isAllByField({ ...problem, errors: problem.errors.slice(0, 3) })).toBe(true);
  expect(isAllByField({ ...problem, errors: [] })).toBe(false);
});
