import { z } from "zod";
import { unknown } from "./common.ts";

/** `from`: `<namespace>/<pod>`; `to`: an address or `<namespace>/<pod>`. */
export const PathQuery = z.strictObject({
  from: z.string().min(3).max(507),
  to: z.string().min(2).max(507),
});
export type PathQuery = z.infer<typeof PathQuery>;

const encapsulations = ["none", "vxlan", "ipip", "wireguard", "unknown"] as const;

/** The way of a packet. `sees`: the source address the destination sees; null: cannot be known. */
export const Path = z
  .object({
    from: z.string(),
    to: z.string(),
    sees: z.string().nullable(),
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
        object: z.string().nullable(),
        field: z.string().nullable(),
        value: z.string().nullable(),
      }),
    ),
    unknown,
  })
  .meta({ id: "Path" });
export type Path = z.infer<typeof Path>;
