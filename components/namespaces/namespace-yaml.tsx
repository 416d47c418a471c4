"use client";
import { ManifestDialog } from "../manifest/manifest-dialog.tsx";
import { assignFromManifest } from "./assign-manifest.ts";

const example = `apiVersion: v1
kind: Namespace
metadata:
  name: external-ns
  annotations:
    cni.projectcalico.org/ipv4pools: '["external-pool"]'
`;

/** Pools of namespaces from YAML. */
export function NamespaceYaml({ onClose }: { onClose: () => void }) {
  return (
    <ManifestDialog
      title="Choose pools from YAML"
      lead="Namespaces, one document or several. Only their two pools annotations are written; a namespace has to be there."
      noun="namespace"
      verb="Change"
      done="changed"
      action="namespaces.update"
      example={example}
      mostKilobytes={256}
      send={assignFromManifest}
      touches={["namespaces"]}
      onClose={onClose}
    />
  );
}
