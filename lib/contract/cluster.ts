import { z } from "zod";
import { Time, unknown } from "./common.ts";

const ApiMode = z.enum(["crd-v1", "aggregated-v3", "native-v3"]);

/** The cluster and how its Calico was recognised. `detected: false`: not Calico IPAM; every data route then answers 409. */
export const Cluster = z
  .object({
    name: z.string(),
    kubernetesVersion: z.string().nullable(),
    calico: z.object({
      detected: z.boolean(),
      cni: z.string().nullable(),
      ipam: z.string().nullable(),
      version: z.string().nullable(),
      apiMode: ApiMode.nullable(),
      /** The evidence in words: what was read and what it said. */
      detectedBy: z.string(),
    }),
    readOnly: z.boolean(),
    /** The first sync is done; before it every data route answers 503 `starting`. */
    ready: z.boolean(),
    /** The data is older than a live watch would have it. */
    stale: z.boolean(),
    /**
     * Only when asked for: the newest time that the objects carry. Null with an entry in `unknown` while some kind is still
     * being read.
     */
    lastChange: Time.nullable().optional(),
    unknown,
  })
  .meta({ id: "Cluster" });
export type Cluster = z.infer<typeof Cluster>;

/** What `GET cluster` understands. `lastChange=true` looks through everything, so pages do not ask for it. */
export const ClusterQuery = z.strictObject({ lastChange: z.enum(["true", "false"]).optional() });
export type ClusterQuery = z.infer<typeof ClusterQuery>;
