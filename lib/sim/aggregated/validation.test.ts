import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestCluster } from "../api/testing.ts";
import { isObject, type JsonObject, listAt, parseJson, textAt } from "../store/json.ts";

const pools = "/apis/projectcalico.org/v3/ippools";

/** What calicoctl prints of its client's refusal, in the words of the API server that runs the same client. */
function inServerWords(error: string, name: string): string | null {
  const fromServer = /IPPool\.crd\.projectcalico\.org .*is invalid: .*?(?=\]?$)/s.exec(error)?.[0];
  if (fromServer !== undefined) return fromServer;
  const fields = [...error.matchAll(/(?:error with field|^- ) (\S+)(?: = '(.*?)')? \((.*)\)\]?$/gm)];
  const texts = fields.map(
    ([, field, value = "", reason]) => `${field}: Invalid value: ${JSON.stringify(value)}: ${reason}`,
  );
  const text = texts.length === 1 ? texts.join("") : `[${texts.join(", ")}]`;
  return texts.length === 0 ? null : `IPPool.projectcalico.org ${JSON.stringify(name)} is invalid: ${text}`;
}

function steps(recording: string): JsonObject[] {
  const file = new URL(`../../recordings/${recording}.json`, import.meta.url);
  return listAt(parseJson(readFileSync(file, "utf8")) as JsonObject, "steps")
    .filter(isObject)
    .filter(({ op }) => op === "create" || op === "patch");
}

/** Calico's client is the same in calicoctl and behind this API: what it refuses, changes and stores is recorded. */
describe.each([
  ["validation-v3.32", "v3.32.1"],
  ["validation-next", "v3.33.0"],
])("%s", (recording, calicoVersion) => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start({
      calicoVersion,
      apiMode: "aggregated-v3",
      pause: () => Promise.resolve(),
    });
  });
  afterAll(() => cluster.server.close());

  test.each(
    steps(recording).map((step) => [`${step["op"]} ${JSON.stringify(step["spec"]).slice(0, 70)}`, step]),
  )("%s", async (_title, step) => {
    const { op, name = "", spec = {} } = step as JsonObject;
    const body = { apiVersion: "projectcalico.org/v3", kind: "IPPool", metadata: { name }, spec };
    const answer =
      op === "create"
        ? await cluster.post(`${pools}?fieldValidation=Strict`, body)
        : await cluster.patch(`${pools}/${String(name)}`, { spec });
    const error = textAt(step as JsonObject, "error");
    if (error === "") {
      expect(answer.status, textAt(answer.body, "message")).toBe(op === "create" ? 201 : 200);
      if (isObject((step as JsonObject)["stored"]))
        expect(answer.body["spec"]).toEqual((step as JsonObject)["stored"]);
      // The stories leave one pool behind.
      if (name !== "base") await cluster.remove(`${pools}/${String(name)}`);
      return;
    }
    const words = inServerWords(error, String(name));
    const isMistyped = isObject(spec) && spec["cidr"] === 10;
    if (isMistyped) expect(answer.status).toBe(400);
    else if (words !== null) expect(answer.body).toMatchObject({ code: 422, message: words });
    else expect([400, 404]).toContain(answer.status);
  });
});
