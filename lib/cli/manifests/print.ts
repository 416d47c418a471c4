import { Document, isMap, isSeq, visit } from "yaml";
import type { Manifest } from "./manifest.ts";

/**
 * The objects as one YAML text, a document each. A rule's `purpose` is no field of Kubernetes: it becomes the comment above
 * the rule.
 */
export function printManifests(manifests: readonly Manifest[]): string {
  return manifests.map(printOne).join("---\n");
}

function printOne(manifest: Manifest): string {
  const document = new Document(manifest, { aliasDuplicateObjects: false });
  visit(document, {
    Map(_key, rule) {
      const purpose = rule.get("purpose");
      if (typeof purpose !== "string") return;
      rule.delete("purpose");
      rule.commentBefore = ` ${purpose}`;
    },
    Seq(_key, sequence) {
      if (sequence.items.every((item) => !isMap(item) && !isSeq(item))) sequence.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
