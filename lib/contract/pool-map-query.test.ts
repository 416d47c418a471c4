import { expect, test } from "vitest";
import { PoolMapQuery } from "./pool-map-query.ts";

test.each([
  ["node", ["node"]],
  ["lent,claimed,namespace,node", ["node", "namespace", "claimed", "lent"]],
  ["lent,lent", ["lent"]],
])("with=%s asks for %j", (text, columns) => {
  expect(PoolMapQuery.parse({ with: text }).with).toEqual(columns);
});

test.each<[Record<string, string>, string]>([
  [{ with: "colour" }, "with"],
  [{ with: "node,,lent" }, "with"],
  [{ with: "" }, "with"],
  [{ with: "node", addresses: "10.0.0.0/26" }, "addresses"],
  [{ format: "json", addresses: "10.0.0.0/26" }, "addresses"],
  [{ since: "a.1", addresses: "10.0.0.0/26" }, "addresses"],
  [{ since: "a.1", format: "json" }, "since"],
  [{ format: "yaml" }, "format"],
])("%j is wrong in %s", (query, field) => {
  const { error } = PoolMapQuery.safeParse(query);
  expect(error?.issues.map(({ path }) => path.join("."))).toEqual([field]);
});
