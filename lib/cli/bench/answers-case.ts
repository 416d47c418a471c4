import { compareAnswers, type Counted, readAnswers } from "./answers.ts";
import type { BenchCase } from "./case.ts";
import { runCalicoctl } from "./peers.ts";

/** Fast means nothing where the answers differ: everything is counted again from the raw objects, by another program. */
export const answersCase: BenchCase = {
  name: "answers",
  summary:
    "Poolboard's figures against a count of the raw objects by another program; the cluster has to be quiet",
  async run({ cluster, product, tell }) {
    const server = await product();
    const door = await (await cluster()).door();
    tell("counting everything again from the raw objects");
    const counted = JSON.parse((await runCalicoctl("count", door)).output) as Counted;
    const { compared, differences } = compareAnswers(counted, await readAnswers((path) => server.get(path)));
    for (const difference of differences.slice(0, 5)) tell(difference);
    return [
      {
        name: "figures that differ",
        value: differences.length,
        against: null,
        unit: "count",
        target: { value: 0 },
      },
      { name: "figures compared", value: compared, against: null, unit: "count" },
    ];
  },
};
