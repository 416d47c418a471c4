import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { record } from "../../calico/reading.ts";

/** Who the API server's own log says has changed the pool through us, in order; null: there is no such log here. */
export function loggedWriters(pool: string): { user: unknown; impersonated: unknown }[] | null {
  const file = path.join(process.env["CONTROL_PLANE_DIR"] ?? "", "log", "audit.log");
  if (!existsSync(file)) return null;
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.includes(`/ippools/${pool}`) && line.includes('"verb":"patch"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((entry) => {
      const uri = String(entry["requestURI"]);
      // Calico's controller patches pools too, as itself.
      const isOurs = uri.includes("fieldManager=poolboard") && !uri.includes("dryRun");
      return isOurs && record(entry["responseStatus"])["code"] === 200;
    })
    .map((entry) => ({
      user: record(entry["user"])["username"],
      impersonated: record(entry["impersonatedUser"])["username"],
    }));
}
