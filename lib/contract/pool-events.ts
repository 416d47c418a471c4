import * as z from "zod/mini";
import { listOf, Time } from "./common.ts";

/** One Kubernetes Event about the object, newest first in lists. */
export const KubernetesEvent = z
  .object({
    type: z.string(),
    reason: z.string(),
    message: z.string(),
    count: z.int(),
    firstSeen: z.nullable(Time),
    lastSeen: z.nullable(Time),
    /** The component that reported it. */
    source: z.nullable(z.string()),
  })
  .register(z.globalRegistry, { id: "KubernetesEvent" });
export type KubernetesEvent = z.infer<typeof KubernetesEvent>;
export const KubernetesEventList = listOf(KubernetesEvent);
