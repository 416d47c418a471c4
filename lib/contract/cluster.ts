import * as z from "zod/mini";
import { Time, unknown } from "./common.ts";

const ApiMode = z.enum(["crd-v1", "aggregated-v3", "native-v3"]);

/** The cluster and how its Calico was recognised. `detected: false`: not Calico IPAM; every data route then answers 409. */
export const Cluster = z
  .object({
    name: z.string(),
    kubernetesVersion: z.nullable(z.string()),
    calico: z.object({
      detected: z.boolean(),
      cni: z.nullable(z.string()),
      ipam: z.nullable(z.string()),
      version: z.nullable(z.string()),
      apiMode: z.nullable(ApiMode),
      /** The evidence in words: what was read and what it said. */
      detectedBy: z.string(),
    }),
    readOnly: z.boolean(),
    /** The first sync is done; before it every data route answers 503 `starting`. */
    ready: z.boolean(),
    /** What is being read for the first time and how far that is: "pods (41,000 of about 150,000)". Absent once all is read. */
    reading: z.optional(z.string()),
    /** The data is older than a live watch would have it. */
    stale: z.boolean(),
    /**
     * Only when asked for: the newest time that the objects carry. Null with an entry in `unknown` while some kind is still
     * being read.
     */
    lastChange: z.optional(z.nullable(Time)),
    unknown,
  })
  .register(z.globalRegistry, { id: "Cluster" });
export type Cluster = z.infer<typeof Cluster>;

/** What `GET cluster` understands. `lastChange=true` looks through everything, so pages do not ask for it. */
export const ClusterQuery = z.strictObject({ lastChange: z.optional(z.enum(["true", "false"])) });
export type ClusterQuery = z.infer<typeof ClusterQuery>;
