import type { SeededRandom } from "../../sim/scenarios/seeded-random.ts";

export const api = "/api/v1";
const windowOf = (random: SeededRandom, total: number) =>
  `limit=100&offset=${random.below(total / 100) * 100}`;
const sorts = ["name", "-createdAt", "node", "namespace"] as const;

/** What a browser asks for when it shows each page: the page itself, and the answers that it is made of. */
export const pages: readonly ((random: SeededRandom) => readonly string[])[] = [
  () => ["/", `${api}/cluster`, `${api}/session`, `${api}/pools`, `${api}/activity?limit=10`],
  () => ["/pools", `${api}/pools`, `${api}/reservations`],
  () => [
    "/pools/big",
    `${api}/pools/big`,
    `${api}/pools/big/map`,
    `${api}/pools/big/holds`,
    `${api}/pools/big/events`,
    `${api}/pools/big/map`,
  ],
  // A dialog is looked at now and then; a hundred people do not open one every second.
  (random) => [
    `${api}/pools/big/yaml`,
    ...(random.below(5) === 0
      ? [`${api}/pools/big/impact?action=disable`, `${api}/pools/big/ownership?action=disable`]
      : []),
  ],
  (random) => ["/pods", `${api}/pods?${windowOf(random, 10_000)}&sort=${random.pick(sorts)}`],
  (random) => [`${api}/pods?limit=100&q=app-0${random.below(500)}`, `${api}/pods?limit=100&state=pending`],
  (random) => [`${api}/pods?limit=100&namespace=team-${String(random.below(300)).padStart(3, "0")}`],
  (random) => ["/nodes", `${api}/nodes?limit=100`, `${api}/nodes?${windowOf(random, 400)}`],
  (random) => [`${api}/blocks?pool=big&${windowOf(random, 700)}`, `${api}/blocks?limit=100&sort=-used`],
  (random) => ["/addresses", `${api}/addresses?pool=big&${windowOf(random, 10_000)}`],
  () => ["/namespaces", `${api}/namespaces?limit=100`],
  (random) => [`${api}/search?q=app-0${random.below(500)}`, `${api}/search?q=10.128.${random.below(255)}`],
  () => ["/ipam", `${api}/ipam/show`, `${api}/ipam/show?blocks=true`],
  () => [`${api}/choose?namespace=team-001&node=node-0001.eu-central-1.compute.internal`],
];
