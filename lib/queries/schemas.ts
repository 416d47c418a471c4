import type * as z from "zod/mini";

type Answers = typeof import("../contract/answers.ts");

/** A schema of the contract; null: its code is not here yet. */
export interface Shape<Schema extends z.ZodMiniType> {
  readonly schema: () => Schema | null;
}

let answers: Answers | null = null;
let coming: Promise<boolean> | null = null;

/**
 * With their library the schemas are a tenth of what a first view would load (25 kB of 227), so they come when the browser has
 * nothing else to do. What is answered before that is taken as it is: page and server are of one build then. They are for the tab
 * that stays open while the server becomes another one.
 */
export const schemas = {
  /** Tells whether they are here. */
  prefetch: (): Promise<boolean> =>
    (coming ??= import("../contract/answers.ts").then(
      (loaded) => {
        answers = loaded;
        return true;
      },
      () => {
        coming = null;
        return false;
      },
    )),
};

export function shape<Name extends keyof Answers>(name: Name): Shape<Answers[Name]> {
  return { schema: () => answers?.[name] ?? null };
}

/** What came, as its schema has it; null: it is something else. */
export function shaped<Schema extends z.ZodMiniType>(
  body: unknown,
  { schema }: Shape<Schema>,
): z.infer<Schema> | null {
  const known = schema();
  if (known === null) return body as z.infer<Schema>;
  const parsed = known.safeParse(body);
  return parsed.success ? parsed.data : null;
}
