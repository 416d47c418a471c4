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
import type { CalicoLevel } from "./level.ts";
import {
  bgpConfigurationSchema,
  clusterInformationSchema,
  felixConfigurationSchema,
  installationSchema,
  kubeControllersConfigurationSchema,
} from "./settings.ts";

export const calicoGroup = "crd.projectcalico.org";

/** CustomResourceDefinitions of the ten Calico kinds and of the operator's Installation. */
export function calicoCrds(level: CalicoLevel): JsonObject[] {
  const crd = (kind: string, schema: Schema, status = false, plural = `${kind.toLowerCase()}s`): JsonObject =>
    definition(calicoGroup, kind, plural, schema, status);
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
    definition("operator.tigera.io", "Installation", "installations", installationSchema, true),
  ];
}

function definition(
  group: string,
  kind: string,
  plural: string,
  schema: Schema,
  status: boolean,
): JsonObject {
  const singular = kind.toLowerCase();
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular },
      scope: "Cluster",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: JSON.parse(JSON.stringify(withHead(schema))) as JsonObject },
          ...(status ? { subresources: { status: {} } } : {}),
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
