import type { Schema } from "../schema/schema.ts";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { calicoRules } from "./kinds/calico.ts";
import type { ResourceType } from "./resource-type.ts";
import { printerColumns } from "./printer-columns.ts";

/** The resources that a CustomResourceDefinition asks for: one per served version. */
export function crdTypes(definition: KubeObject): ResourceType[] {
  const spec = objectAt(definition, "spec");
  const names = objectAt(spec, "names");
  const group = textAt(spec, "group");
  const plural = textAt(names, "plural");
  const types: ResourceType[] = [];
  for (const version of listAt(spec, "versions")) {
    if (!isObject(version) || version["served"] !== true) continue;
    const schema = rootSchema(version);
    const subresources = Object.keys(objectAt(version, "subresources"));
    types.push({
      group,
      version: textAt(version, "name"),
      kind: textAt(names, "kind"),
      plural,
      singular: textAt(names, "singular"),
      shortNames: texts(names["shortNames"]),
      categories: texts(names["categories"]),
      namespaced: spec["scope"] === "Namespaced",
      custom: true,
      subresources: subresources.filter((name) => name === "status" || name === "scale"),
      schema,
      strategy: { generation: true, ...calicoRules(group, plural, schema) },
      columns: printerColumns(listAt(version, "additionalPrinterColumns")),
    });
  }
  return types;
}

function rootSchema(version: JsonObject): Schema {
  // A CRD is stored only after its schema was checked to be an object; unknown words in it are ignored.
  return objectAt(objectAt(version, "schema"), "openAPIV3Schema") as Schema;
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
