import type * as z from "zod/mini";
import type { Inventory } from "../inventory/inventory.ts";
import { encoded, type Encoded, encodedResponse } from "./encoded.ts";
import { endpoint, type Endpoint } from "./respond.ts";
import { SinceTold } from "./since-told.ts";
import { stampOf } from "./stamp.ts";

/** All that an answer may depend on. Who asks is not in it: they may see what is in the inventory. */
interface Asked<Params, Query> {
  readonly inventory: Inventory;
  readonly params: Params;
  readonly query: Query;
  /** Aborted when nobody wants the answer any more. */
  readonly signal: AbortSignal;
}

interface ReadingInit<Params, Query> {
  readonly params?: z.ZodMiniType<Params>;
  readonly query?: z.ZodMiniType<Query>;
  readonly listsPods?: boolean;
  /** What is sent: as JSON, or a `TextAnswer`. */
  read(asked: Asked<Params, Query>): unknown;
}

/** An answer that is no JSON. */
export class TextAnswer {
  readonly text: string;
  readonly type: string;

  constructor(text: string, type: string) {
    this.text = text;
    this.type = type;
  }
}

interface Answer extends Encoded {
  readonly type: string;
  readonly version: string;
  /** How old the data was when the work began, and when that was. */
  readonly ageMs: number;
  readonly at: number;
}

/** Answers that are kept, of one inventory, until the next news: 200 rows are 60 to 100 kB, and a tenth of that compressed. */
const most = 64;

const answers = new WeakMap<Inventory, SinceTold<Answer>>();

/**
 * An endpoint that answers from memory. Whoever asks the same and may see the same is given the same bytes: worked out, encoded
 * and compressed once after each news, whatever the number of viewers. With 100 of them after each news a request costs 0.14 of
 * what it does worked out on its own for 200 pods, 0.02 for the namespaces with problems; and pods are sent in 0.15 of the bytes.
 */
export function reading<Params = Record<string, never>, Query = Record<string, never>>({
  read,
  ...init
}: ReadingInit<Params, Query>): Endpoint {
  return endpoint<Params, Query>({
    ...init,
    async handle({ request, inventory, params, query }) {
      const key = `${new URL(request.url).pathname} ${JSON.stringify(query)}`;
      const answer = await answersOf(inventory).ask(key, request.signal, (signal) =>
        answered(inventory, () => read({ inventory, params, query, signal })),
      );
      return await encodedResponse(request, answer, headersOf(answer));
    },
  });
}

function answersOf(inventory: Inventory): SinceTold<Answer> {
  let known = answers.get(inventory);
  if (!known) answers.set(inventory, (known = new SinceTold(inventory, most)));
  return known;
}

async function answered(inventory: Inventory, read: () => unknown): Promise<Answer> {
  const { version } = inventory;
  const ageMs = inventory.ageMs();
  const at = performance.now();
  const made = await read();
  const { text, type } =
    made instanceof TextAnswer ? made : { text: JSON.stringify(made), type: "application/json" };
  return { ...encoded(new TextEncoder().encode(text)), type, version, ageMs, at };
}

function headersOf({ type, version, ageMs, at }: Answer): Record<string, string> {
  return { "Content-Type": type, ...stampOf(version, ageMs + performance.now() - at) };
}
