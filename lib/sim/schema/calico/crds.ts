import type { JsonObject } from "../../store/json.ts";
import type { Schema } from "../schema.ts";
import {
  blockAffinitySchema,
  ipamBlockSchema,
  ipamConfigSchema,
  ipamHandleSchema,
  ipReservationSchema,
} from "./ipam.ts";
import { ipPoolSchema } from "./ippool.ts";
import type { StorageMode } from "../../storage-mode.ts";
import type { CalicoLevel } from "./level.ts";
import { type NativeKind, nativeKinds } from "./native.ts";
import {
  bgpConfigurationSchema,
  clusterInformationSchema,
  felixConfigurationSchema,
  installationSchema,
  kubeControllersConfigurationSchema,
} from "./settings.ts";

const installation = definition("operator.tigera.io", "v1", {
  kind: "Installation",
  plural: "installations",
  schema: installationSchema,
  status: true,
});

/**
 * CustomResourceDefinitions of the ten Calico kinds and of the operator's Installation. Those of the v3 group came with the rules of
 * v3.33 whatever the version that is claimed.
 */
export function calicoCrds(level: CalicoLevel, mode: StorageMode = "crd-v1"): JsonObject[] {
  if (mode === "native-v3")
    return [...nativeKinds.map((kind) => definition("projectcalico.org", "v3", kind)), installation];
  const crd = (kind: string, schema: Schema, status = false, plural = `${kind.toLowerCase()}s`): JsonObject =>
    definition("crd.projectcalico.org", "v1", { kind, plural, schema, status });
  return [
    crd("BGPConfiguration", bgpConfigurationSchema),
    crd("BlockAffinity", blockAffinitySchema, false, "blockaffinities"),
    crd("ClusterInformation", clusterInformationSchema),
    crd("FelixConfiguration", felixConfigurationSchema),
    crd("IPAMBlock", ipamBlockSchema),
    crd("IPAMConfig", ipamConfigSchema),
    crd("IPAMHandle", ipamHandleSchema),
    crd("IPPool", ipPoolSchema(level), level === "next"),
    crd("IPReservation", ipReservationSchema(level)),
    crd("KubeControllersConfiguration", kubeControllersConfigurationSchema, true),
    installation,
  ];
}

function definition(
  group: string,
  version: string,
  { kind, plural, schema, status, shortNames, columns }: NativeKind,
): JsonObject {
  const singular = kind.toLowerCase();
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular,
        ...(shortNames === undefined ? {} : { shortNames: [...shortNames] }),
      },
      scope: "Cluster",
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: JSON.parse(JSON.stringify(withHead(schema))) as JsonObject },
          ...(status ? { subresources: { status: {} } } : {}),
          ...(columns === undefined
            ? {}
            : { additionalPrinterColumns: columns.map((column) => ({ ...column })) }),
        },
      ],
    },
  };
}

function withHead(schema: Schema): Schema {
  return {
    ...schema,
    properties: {
      apiVersion: { type: "string", description: "Version of the schema of this object." },
      kind: { type: "string", description: "Kind of this object." },
      metadata: { type: "object" },
      ...schema.properties,
    },
  };
}
