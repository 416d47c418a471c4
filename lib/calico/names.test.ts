import { expect, test } from "vitest";
import { parseCidr } from "../ipam/cidr.ts";
import { affinityName, convertUid, handleName, hostnameHash } from "./names.ts";

test("affinities carry host and block", () => {
  expect(affinityName("worker-49", parseCidr("10.64.0.64/26").cidr)).toBe("worker-49-10-64-0-64-26");
  expect(affinityName("load-balancer", parseCidr("fd00::/122").cidr)).toBe("load-balancer-fd00---122");
});

test("long affinity names are cut to 252 characters and stay distinct", () => {
  const block = parseCidr("10.64.0.64/26").cidr;
  const longest = "h".repeat(252 - "-10-64-0-64-26".length);
  expect(affinityName(longest, block)).toBe(`${longest}-10-64-0-64-26`);
  const cut = affinityName(`${longest}x`, block);
  expect(cut).toMatch(/^h+-10-64-0-64-26-[0-9a-f]{11}$/);
  expect(cut).toHaveLength(252);
  expect(affinityName(`${longest}y`, block)).not.toBe(cut);
});

test("handles are lower case", () => {
  expect(handleName("lb-AbC")).toBe("lb-abc");
});

test.each([
  ["node-a", "PY3TQE2E3XMTETLM2MJO3UITKPFB27YUJ4T4E5XGPEJON3SM4QAA"],
  ["worker-49", "LEXGJGDGRAHFYRXKFKDHVHWMMFMUG72V6TPCFTUQHJHOBYNLQNLQ"],
])("%s hashes to %s", (host, hash) => {
  expect(hostnameHash(host)).toBe(hash);
});

test("UIDs convert both ways", () => {
  const stored = "0f4c2b1e-6a7d-4c3e-9b21-5d8e7f603a12";
  const shown = "f032d478-56be-4c7c-9b84-ba71fe065c48";
  expect(convertUid(stored)).toBe(shown);
  expect(convertUid(shown)).toBe(stored);
  expect(convertUid("not-a-uid")).toBe("not-a-uid");
});
