import { expect, onTestFinished, test } from "vitest";
import { openCluster } from "../../kube/connection.ts";
import { startApiServer } from "../../sim/api/server.ts";
import { pinnedTemplates } from "./pod-templates.ts";

test.each([
  ["of our own", false, "Poolboard may not read deployments (list deployments.apps)"],
  ["of a person", true, "you may not read deployments (list deployments.apps)"],
])(
  "workloads that the right %s does not cover are missing, and who lacks it is said",
  async (_name, asPerson, reason) => {
    const api = await startApiServer({
      tokens: { ours: { name: "poolboard", groups: [] }, theirs: { name: "ann", groups: [] } },
      policy: (_user, { resource }) => resource !== "deployments",
    });
    const own = await openCluster({ server: api.url, token: "ours" });
    onTestFinished(async () => {
      await own.close();
      await api.close();
    });
    const connection = asPerson ? own.as({ user: "ann", token: "theirs" }) : own;
    expect(await pinnedTemplates(connection)).toMatchObject({
      known: false,
      reason,
      missing: [{ reason, permission: { verb: "list", group: "apps", resource: "deployments" } }],
    });
  },
);
