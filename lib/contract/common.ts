import * as z from "zod/mini";

// The contract is on every page: the small form of zod is a third of the whole one there.
// zod compiles schemas with `new Function` where it may; our content policy forbids that in the browser, and even
// the attempt is reported there as a violation.
z.config({ jitless: true });

/** A count of addresses or blocks of a pool: decimal digits, because IPv6 counts do not fit a number. */
export const Count = z.string().check(z.regex(/^\d+$/));

/** RFC 3339, as Kubernetes writes it. */
export const Time = z.string();

export const Family = z.union([z.literal(4), z.literal(6)]);

/** A Kubernetes label map. */
export const Labels = z.record(z.string(), z.string());

/** The access that is missing, in the words of an RBAC rule. `group` is "" for core kinds. */
export const Permission = z
  .object({
    verb: z.string(),
    group: z.string(),
    resource: z.string(),
    name: z.optional(z.string()),
    namespace: z.optional(z.string()),
  })
  .register(z.globalRegistry, { id: "Permission" });
export type Permission = z.infer<typeof Permission>;

/**
 * Why a field is null. `field` is a path into the object that carries the entry; on a list it may be "items" or "total".
 * `reading`: what it is made from is being read for the first time, as far as `reason` says.
 */
export const Unknown = z
  .object({
    field: z.string(),
    reason: z.string(),
    permission: z.optional(Permission),
    reading: z.optional(z.literal(true)),
  })
  .register(z.globalRegistry, { id: "Unknown" });
export type Unknown = z.infer<typeof Unknown>;

/** Present where something about the object cannot be known; those fields are null. */
export const unknown = z.optional(z.array(Unknown));

/**
 * One page of a list. `total` null: unknown. `next`: the offset of the next page, absent at the end. `items` null: the kind cannot be
 * read. `offset`: of its first item, where the question was after a certain one.
 */
export const listOf = <Item extends z.ZodMiniType>(item: Item) =>
  z.object({
    items: z.nullable(z.array(item)),
    total: z.nullable(z.int()),
    next: z.optional(z.int()),
    offset: z.optional(z.int()),
    unknown,
  });
export interface List<Item> {
  items: Item[] | null;
  total: number | null;
  next?: number | undefined;
  offset?: number | undefined;
  unknown?: Unknown[] | undefined;
}

/** A whole number in a query string. */
const queryInteger = (minimum: number, maximum: number) =>
  z.pipe(
    z.pipe(z.string().check(z.regex(/^\d{1,9}$/, "must be a whole number")), z.transform(Number)),
    z.number().check(z.minimum(minimum), z.maximum(maximum)),
  );

/** What every list understands; text in, numbers out. */
export const listQuery = {
  limit: z.optional(queryInteger(1, 500)),
  offset: z.optional(queryInteger(0, 999_999_999)),
  /** A field of the item, with a leading "-" for descending. */
  sort: z.optional(
    z.string().check(z.regex(/^-?[A-Za-z][A-Za-z0-9.]{0,63}$/, 'must be a field, or "-" and a field')),
  ),
  /** Free text. */
  q: z.optional(z.string().check(z.maxLength(256))),
};

/** A Kubernetes object name in a query string or body. */
export const ObjectName = z
  .string()
  .check(
    z.maxLength(253),
    z.regex(/^(?!.*\.\.)[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "is not the name of a Kubernetes object"),
  );

/** What the person saw when deciding on a write; the server refuses when the object has moved on. */
export const seen = {
  uid: z.string().check(z.minLength(1), z.maxLength(128)),
  resourceVersion: z.string().check(z.minLength(1), z.maxLength(128)),
};

/** `?dryRun=true` on every write: everything is checked, nothing is stored. */
export const WriteQuery = z.strictObject({ dryRun: z.optional(z.enum(["true", "false"])) });
export type WriteQuery = z.infer<typeof WriteQuery>;
