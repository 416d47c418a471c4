import * as z from "zod/mini";
import { Permission, unknown } from "./common.ts";

/** May the caller do it; `permission` names what is missing. The API server has the last word. */
const Allowed = z.object({ allowed: z.boolean(), permission: z.optional(Permission) });

export const actions = [
  "pools.create",
  "pools.update",
  "pools.delete",
  "namespaces.update",
  "reservations.write",
] as const;
export type Action = (typeof actions)[number];

/**
 * Who is asking. `user` null: nobody logs in here. With `readOnly` nothing is allowed, whatever the cluster would say.
 * `how` they came in: `session` by the printed link, `token` with POOLBOARD_TOKEN, `oidc` with their own token, `proxy` by the word
 * of a trusted proxy.
 */
export const Session = z
  .object({
    user: z.nullable(z.string()),
    groups: z.array(z.string()),
    mode: z.enum(["embedded", "local", "inCluster"]),
    how: z.enum(["anonymous", "session", "token", "oidc", "proxy"]),
    canLogOut: z.boolean(),
    readOnly: z.boolean(),
    can: z.record(z.enum(actions), Allowed),
    unknown,
  })
  .register(z.globalRegistry, { id: "Session" });
export type Session = z.infer<typeof Session>;
