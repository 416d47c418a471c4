import { hashSecret } from "../config.ts";
import type { Who } from "./who-am-i.ts";

/** Stands for one person with these groups, however the groups are ordered. */
export function personId(how: "oidc" | "proxy", { user, groups }: Who): string {
  const digest = hashSecret(JSON.stringify([user, groups.toSorted()])).toString("hex");
  return `${how}:${digest.slice(0, 16)}`;
}
