import { expect, test } from "vitest";
import { type ApiMode, type CalicoKind, servedKind } from "./dialect.ts";

const v1 = "crd.projectcalico.org/v1";
const v3 = "projectcalico.org/v3";
const places: readonly [CalicoKind, Record<ApiMode, string>][] = [
  ["IPPool", { "crd-v1": `${v1} ippools`, "aggregated-v3": `${v3} ippools`, "native-v3": `${v3} ippools` }],
  [
    "IPAMBlock",
    { "crd-v1": `${v1} ipamblocks`, "aggregated-v3": `${v1} ipamblocks`, "native-v3": `${v3} ipamblocks` },
  ],
  [
    "BlockAffinity",
    {
      "crd-v1": `${v1} blockaffinities`,
      "aggregated-v3": `${v1} blockaffinities`,
      "native-v3": `${v3} blockaffinities`,
    },
  ],
  [
    "IPAMConfiguration",
    {
      "crd-v1": `${v1} ipamconfigs`,
      "aggregated-v3": `${v3} ipamconfigurations`,
      "native-v3": `${v3} ipamconfigurations`,
    },
  ],
];

test.each(places)("%s is served where each mode has it", (kind, expected) => {
  for (const [mode, place] of Object.entries(expected)) {
    const { group, version, plural } = servedKind(mode as ApiMode, kind);
    expect(`${group}/${version} ${plural}`, mode).toBe(place);
  }
});

test("only the IPAM configuration changes its kind's name", () => {
  expect(servedKind("crd-v1", "IPAMConfiguration").kind).toBe("IPAMConfig");
  expect(servedKind("native-v3", "IPAMConfiguration").kind).toBe("IPAMConfiguration");
  expect(servedKind("crd-v1", "IPPool").kind).toBe("IPPool");
});
