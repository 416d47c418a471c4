import type { ImpactStatement } from "./impact.ts";
import type { ImpactChange } from "./impact-change.ts";
import { isHandTool } from "./pool-owner.ts";

/** Who may write the pool again as it was. */
export function revertStatements({ action, pool, managedBy, changed }: ImpactChange): ImpactStatement[] {
  const { kind, name } = managedBy;
  const statement = (
    who: string,
    detail: string,
    certainty: ImpactStatement["certainty"],
  ): ImpactStatement => ({
    kind: "revert",
    subject: { kind: who, name: name ?? "unknown" },
    count: null,
    detail,
    certainty,
    ...(certainty === "exact" ? {} : { reason: "when it writes next is not known" }),
  });
  const isToggle = changed.has("disabled") && changed.size === 1;
  const undo =
    action === "delete"
      ? `create ${pool.name} again`
      : isToggle
        ? `set disabled: ${pool.disabled} again`
        : `set ${[...changed].join(", ")} again as ${changed.size === 1 ? "it was" : "they were"}`;
  switch (kind) {
    case "operator": {
      const knob =
        action === "delete"
          ? "Remove its entry from ipPools in the Installation."
          : isToggle
            ? `Set disableNewAllocations: ${!pool.disabled} in the Installation.`
            : "Change its entry of ipPools in the Installation.";
      return [
        statement(
          "Operator",
          `The operator owns this pool and will ${undo} within seconds. ${knob}`,
          "exact",
        ),
      ];
    }
    case "argocd":
      return [
        statement(
          "Argo CD",
          `Application ${name} can ${undo} at its next sync. Change it there to make it last.`,
          "unknown",
        ),
      ];
    case "flux":
      return [
        statement(
          "Flux",
          `${name} can ${undo} at its next reconciliation. Change it there to make it last.`,
          "unknown",
        ),
      ];
    case "helm":
      return [
        statement(
          "Helm",
          `Release ${name ?? "unknown"} can ${undo} at its next upgrade. Change it there to make it last.`,
          "unknown",
        ),
      ];
    case "manager":
      return name === null || isHandTool(name)
        ? []
        : [statement("Field manager", `${name} wrote this pool last and can ${undo}.`, "unknown")];
    case "none":
      return [];
  }
}
