import { expect, test } from "vitest";
import { livesElsewhere, ownerToOverride } from "./pool-owner.ts";

test.each([
  ["none", null, false, undefined],
  ["operator", "tigera-operator", true, undefined],
  ["helm", null, true, "helm"],
  ["argocd", "netops/pools", true, "argocd"],
  ["flux", "flux-system/pools", true, "flux"],
  ["manager", "Terraform", true, undefined],
  ["manager", "pool-operator", true, undefined],
  ["manager", "kubectl-edit", false, undefined],
  ["manager", "kubectl-client-side-apply", false, undefined],
  ["manager", "calicoctl", false, undefined],
  ["manager", null, false, undefined],
] as const)("%s %s", (kind, name, elsewhere, override) => {
  expect(livesElsewhere({ kind, name })).toBe(elsewhere);
  expect(ownerToOverride({ kind, name })).toBe(override);
});
