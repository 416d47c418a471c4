import type { Session } from "../contract/session.ts";
import { currentInventory } from "../inventory/registry.ts";
import type { ServerConfig } from "./config.ts";
import { mayWrite } from "./guard.ts";
import type { Caller } from "./identity/caller.ts";
import { ownName } from "./identity/who-am-i.ts";
import { permittedActions } from "./permission.ts";

/** Who is asking and what they may do. Where nobody logs in there is no user. */
export async function readSession(
  { identity, connection }: Caller,
  request: Request,
  config: ServerConfig,
): Promise<Session> {
  const { mode, readOnly } = config;
  const { how, groups } = identity;
  const apiMode = currentInventory()?.detection?.apiMode ?? null;
  const [user, permitted] = await Promise.all([
    identity.user ?? (mode === "embedded" ? null : ownName(connection)),
    permittedActions(connection, apiMode, readOnly || !mayWrite(identity, config)),
  ]);
  // Whoever came by the printed link would not get in again before the server is started anew.
  const canLogOut = how === "oidc" && !request.headers.has("authorization");
  return { user, groups: [...groups], mode, how, canLogOut, readOnly, ...permitted };
}
