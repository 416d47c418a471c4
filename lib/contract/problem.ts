import * as z from "zod/mini";
import { Permission } from "./common.ts";

/** One field that is wrong: `field` is a path into the body or the YAML document ("spec.cidr"), "" for the whole. */
export const FieldError = z
  .object({ field: z.string(), message: z.string() })
  .register(z.globalRegistry, { id: "FieldError" });
export type FieldError = z.infer<typeof FieldError>;

/**
 * `application/problem+json` (RFC 9457). `code` is for programs and stable; `detail` is for people.
 * `current`: on 409 `conflict`, the object as it is now, in the shape its GET answers with.
 * `written`: on 409 `conflict`, the write went through, and something else has changed the object back since.
 * `login`: on 401, how a person logs in here: with a token, by `POST login`.
 * `trouble`: on 503 `starting`, why the cluster cannot be looked at; absent when it only takes a while.
 */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string(),
    errors: z.optional(z.array(FieldError)),
    current: z.optional(z.unknown()),
    written: z.optional(z.boolean()),
    permission: z.optional(Permission),
    trouble: z.optional(z.string()),
    login: z.optional(z.literal("token")),
  })
  .register(z.globalRegistry, { id: "Problem" });
export type Problem = z.infer<typeof Problem>;
