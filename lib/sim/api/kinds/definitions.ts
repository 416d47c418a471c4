import { anything } from "../../schema/build.ts";
import { isObject, listAt, objectAt, textAt } from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { StrategyContext } from "../resource-type.ts";
import { type Cause, invalidValue, required } from "../status.ts";
import { column, builtin, spec } from "./shared.ts";
import { nameColumn } from "../table.ts";

function create(definition: KubeObject, context: StrategyContext): void {
  const wanted = spec(definition);
  const names = objectAt(wanted, "names");
  definition["spec"] = wanted;
  wanted["names"] = names;
  const kind = textAt(names, "kind");
  names["singular"] ??= kind.toLowerCase();
  names["listKind"] ??= `${kind}List`;
  wanted["conversion"] ??= { strategy: "None" };
  const versions = listAt(wanted, "versions").filter(isObject);
  definition["status"] = {
    acceptedNames: names,
    conditions: [
      condition("NamesAccepted", "NoConflicts", "no conflicts found", context.now),
      condition("Established", "InitialNamesAccepted", "the initial names have been accepted", context.now),
    ],
    storedVersions: versions.filter((one) => one["storage"] === true).map((one) => textAt(one, "name")),
  };
}

function condition(
  type: string,
  reason: string,
  message: string,
  lastTransitionTime: string,
): { [key: string]: string } {
  return { lastTransitionTime, message, reason, status: "True", type };
}

function validate(definition: KubeObject): Cause[] {
  const wanted = spec(definition);
  const names = objectAt(wanted, "names");
  const causes: Cause[] = [];
  const [group, plural] = [textAt(wanted, "group"), textAt(names, "plural")];
  if (group === "") causes.push(required("spec.group"));
  if (plural === "") causes.push(required("spec.names.plural"));
  if (textAt(names, "kind") === "") causes.push(required("spec.names.kind"));
  if (definition.metadata.name !== `${plural}.${group}`) {
    causes.push(
      invalidValue(
        "metadata.name",
        JSON.stringify(definition.metadata.name),
        'must be spec.names.plural+"."+spec.group',
      ),
    );
  }
  if (!["Cluster", "Namespaced"].includes(textAt(wanted, "scope"))) causes.push(required("spec.scope"));
  const versions = listAt(wanted, "versions").filter(isObject);
  if (versions.filter((one) => one["storage"] === true).length !== 1) {
    causes.push(
      invalidValue("spec.versions", "[]", "must have exactly one version marked as storage version"),
    );
  }
  for (const [index, version] of versions.entries()) {
    const schema = objectAt(objectAt(version, "schema"), "openAPIV3Schema");
    if (schema["type"] !== "object") {
      causes.push(required(`spec.versions[${index}].schema.openAPIV3Schema`, "schemas are required"));
    }
  }
  return causes;
}

export const customResourceDefinitions = builtin({
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
  shortNames: ["crd", "crds"],
  categories: ["api-extensions"],
  subresources: ["status"],
  schema: anything("A custom resource definition."),
  strategy: { generation: true, create, validate },
  columns: [
    nameColumn,
    column("Created At", "When it was created.", (object) => object.metadata.creationTimestamp, {
      type: "date",
    }),
  ],
});
