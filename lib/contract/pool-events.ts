import { z } from "zod";
import { listOf, Time } from "./common.ts";

/** One Kubernetes Event about the object, newest first in lists. */
export const KubernetesEvent = z
  .object({
    type: z.string(),
    reason: z.string(),
    message: z.string(),
    count: z.number().int(),
    firstSeen: Time.nullable(),
    lastSeen: Time.nullable(),
    /** The component that reported it. */
    source: z.string().nullable(),
  })
  .meta({ id: "KubernetesEvent" });
export type KubernetesEvent = z.infer<typeof KubernetesEvent>;
export const KubernetesEventList = listOf(KubernetesEvent);
