import * as z from "zod/mini";
import { unknown } from "./common.ts";

/** `from`: `<namespace>/<pod>`; `to`: an address or `<namespace>/<pod>`. */
export const PathQuery = z.strictObject({
  from: z.string().check(z.minLength(3), z.maxLength(507)),
  to: z.string().check(z.minLength(2), z.maxLength(507)),
});
export type PathQuery = z.infer<typeof PathQuery>;

const encapsulations = ["none", "vxlan", "ipip", "wireguard", "unknown"] as const;

/** The way of a packet. `sees`: the source address the destination sees; null: cannot be known. */
export const Path = z
  .object({
    from: z.string(),
    to: z.string(),
    sees: z.nullable(z.string()),
    encapsulation: z.enum(encapsulations),
    hops: z.array(
      z.object({
        at: z.string(),
        src: z.string(),
        dst: z.string(),
        encapsulation: z.enum(encapsulations),
        note: z.string(),
      }),
    ),
    /** Each question that decided it, with the object and field that answered. */
    decisions: z.array(
      z.object({
        question: z.string(),
        answer: z.enum(["yes", "no", "unknown"]),
        object: z.nullable(z.string()),
        field: z.nullable(z.string()),
        value: z.nullable(z.string()),
      }),
    ),
    unknown,
  })
  .register(z.globalRegistry, { id: "Path" });
export type Path = z.infer<typeof Path>;
