import * as z from "zod/mini";
import { Count, listOf, listQuery, seen, unknown } from "./common.ts";
import { Problem } from "./problem.ts";

/** An IPReservation; entries that are no CIDR are left out, as Calico leaves them out. `addresses`: how many its CIDRs cover together; `inUse`: how many of those are in use all the same. */
export const Reservation = z
  .object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    cidrs: z.array(z.string()),
    addresses: z.nullable(Count),
    inUse: z.nullable(z.int()),
    /** Pools that it takes addresses from. */
    pools: z.nullable(z.array(z.string())),
    unknown,
  })
  .register(z.globalRegistry, { id: "Reservation" });
export type Reservation = z.infer<typeof Reservation>;

export const ReservationList = listOf(Reservation);
export type ReservationList = z.infer<typeof ReservationList>;
export const ReservationQuery = z.strictObject({ ...listQuery });
export type ReservationQuery = z.infer<typeof ReservationQuery>;

/** One or more YAML documents, as for pools. */
export const ReservationManifest = z.strictObject({
  manifest: z.string().check(z.maxLength(65_536)),
  onError: z.optional(z.enum(["stop", "continue"])),
});

/** One reservation in Kubernetes' own shape, judged as YAML is. */
export const ReservationDocument = z.strictObject({
  apiVersion: z.unknown(),
  kind: z.unknown(),
  metadata: z.unknown(),
  spec: z.unknown(),
});

/** What became of one document. `valid` only with `dryRun`; `unknown`: no answer came, read it back. */
export const ReservationCreateResult = z.object({
  index: z.int(),
  name: z.nullable(z.string()),
  outcome: z.enum(["valid", "created", "refused", "skipped", "unknown"]),
  reservation: z.optional(Reservation),
  problem: z.optional(Problem),
  warnings: z.optional(z.array(z.string())),
});
export type ReservationCreateResult = z.infer<typeof ReservationCreateResult>;
export const ReservationCreateResults = z
  .object({ results: z.array(ReservationCreateResult) })
  .register(z.globalRegistry, { id: "ReservationCreateResults" });
export type ReservationCreateResults = z.infer<typeof ReservationCreateResults>;

export const ReservationDelete = z.strictObject({
  ...seen,
  /** The reservation's name, where the person typed it; any other is refused. */
  confirm: z.optional(z.string().check(z.maxLength(253))),
});
export type ReservationDelete = z.infer<typeof ReservationDelete>;
