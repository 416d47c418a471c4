import * as z from "zod/mini";
import { typeOf } from "../../calico/dialect.ts";
import type { WriteQuery } from "../../contract/common.ts";
import {
  type Reservation,
  type ReservationCreateResult,
  type ReservationCreateResults,
  ReservationDocument,
  ReservationManifest,
} from "../../contract/reservations.ts";
import { apiModeOf, calicoResource } from "../../inventory/calico-resource.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { type Cidr, cidrSize, formatCidr } from "../../ipam/cidr.ts";
import { cidrSet, intersectionSize } from "../../ipam/cidr-set.ts";
import { judgeReservation, type ReservationDraft } from "../../ipam/reservation-rules.ts";
import { createObject } from "../../kube/objects.ts";
import type { AuditDocument } from "../activity/audit-subject.ts";
import { parseValue } from "../input.ts";
import { invalidFields, ProblemError } from "../problem.ts";
import { toReservation } from "../read/reservations.ts";
import type { Call } from "../respond.ts";
import { documentEntry, eachDocument, refused, type Tried } from "./each-document.ts";
import { caughtUp, requireFresh } from "./fresh-pool.ts";
import { freshReservation, reservationAttempt, reservationFrom } from "./fresh-reservation.ts";
import { isApiError, kubeProblem } from "./kube-problem.ts";
import { readManifest } from "./manifest.ts";
import { readReservationDocument } from "./reservation-document.ts";

/** Any object: whether it is a manifest or a reservation decides which fields it may have. */
export const ReservationCreateBody = z.looseObject({});

type CreateCall = Call<Record<string, never>, WriteQuery, z.infer<typeof ReservationCreateBody>>;

/**
 * Creates reservations one document after the other, as `createPools` creates pools: judged, tried by the API server, written. A
 * reservation takes nothing away from anybody: what it covers and what is in use all the same is said as a warning. Throws
 * ProblemError 400 or 422 only when no document could be read.
 */
export async function createReservations(call: CreateCall): Promise<ReservationCreateResults> {
  const { query, inventory, audit, requestId } = call;
  const body =
    "manifest" in call.body
      ? parseValue(call.body, ReservationManifest)
      : parseValue(call.body, ReservationDocument);
  const dryRun = query.dryRun === "true";
  const documents = "manifest" in body ? readManifest(body.manifest) : null;
  if (documents && !documents.some(({ isReadable }) => isReadable))
    throw invalidFields(documents.flatMap(({ errors }) => errors));
  const drafts = documents?.map(({ value, name, errors }) =>
    value ? readReservationDocument(value) : { draft: null, name, errors, warnings: [] },
  ) ?? [readReservationDocument({ ...body })];
  requireFresh(inventory);
  const names = new Set<string>();
  const entries: AuditDocument[] = [];
  Object.assign(audit, { kind: "IPReservation", dryRun, documents: entries });

  const tried = await eachDocument(
    drafts,
    "manifest" in body && body.onError === "continue",
    async ({ draft, name, errors }): Promise<Outcome> => {
      const tryIt = async (): Promise<Outcome> => {
        if (!draft) return refused(invalidFields(errors), requestId);
        // The API server would not notice in a dry run that a document before this one has the name.
        if (names.has(draft.name)) return refused(alreadyThere(draft.name), requestId);
        const result = await createOne(call, draft, dryRun);
        if (result.outcome !== "refused") names.add(draft.name);
        return result;
      };
      const result = await tryIt();
      const { reservation: seen } = result;
      const to = seen ? { cidrs: seen.cidrs } : {};
      const made =
        result.outcome === "created" && seen ? { uid: seen.uid, revision: seen.resourceVersion } : null;
      entries.push(documentEntry(result, { kind: "IPReservation", name, dryRun, to }, made));
      return result;
    },
  );
  const results = drafts.map(({ name, warnings: left }, index): ReservationCreateResult => {
    const { warnings: found = [], ...result }: Partial<ReservationCreateResult> = tried[index] ?? {};
    const warnings = [...left, ...found];
    return {
      index,
      name,
      outcome: "skipped",
      ...result,
      ...(warnings.length > 0 ? { warnings } : {}),
    };
  });
  return { results };
}

type Outcome = Tried & Pick<ReservationCreateResult, "reservation" | "warnings">;

const alreadyThere = (name: string) =>
  new ProblemError("already-exists", `There is a reservation named ${name} already.`);

async function createOne(call: CreateCall, draft: ReservationDraft, dryRun: boolean): Promise<Outcome> {
  const { inventory, connection, requestId } = call;
  const { name } = draft;
  const { cidrs, errors, warnings } = judgeReservation(draft);
  if (errors.length > 0) return refused(invalidFields(errors), requestId);
  const resource = calicoResource(inventory, "IPReservation");
  const raw = toRaw(draft, cidrs, inventory);
  try {
    const asked = await createObject(connection, { resource }, raw, { dryRun: true });
    const would = toReservation(inventory, reservationFrom(asked));
    const told = [...warnings, ...consequences(inventory, would, cidrs)];
    if (dryRun) return { outcome: "valid", reservation: would, warnings: told };
    const written = await createObject(connection, { resource }, raw);
    const row = await freshReservation(inventory, connection, name).catch(() => reservationFrom(written));
    await caughtUp(() => inventory.space.reservations.get("", name)?.revision ?? null, row.revision);
    return { outcome: "created", reservation: toReservation(inventory, row), warnings: told };
  } catch (error) {
    if (isApiError(error) && error.status === 409) return refused(alreadyThere(name), requestId);
    const outcome = refused(kubeProblem(error, reservationAttempt(inventory, "create", name)), requestId);
    if (outcome.outcome !== "unknown") return outcome;
    const row = await freshReservation(inventory, connection, name).catch(() => null);
    return { ...outcome, ...(row ? { reservation: toReservation(inventory, row) } : {}) };
  }
}

/** What a reservation means for the pools and whoever has an address of it. */
function consequences(inventory: Inventory, { inUse, pools }: Reservation, cidrs: readonly Cidr[]): string[] {
  const told: string[] = [];
  if (inUse !== null && inUse > 0) {
    const [stay, their] =
      inUse === 1 ? ["address in use stays", "its holder"] : ["addresses in use stay", "their holders"];
    told.push(`${inUse} ${stay} with ${their}: a reservation takes nothing back`);
  }
  if (pools?.length === 0 && cidrs.length > 0) told.push("It touches no pool, so it keeps nothing back now");
  const set = cidrSet(cidrs);
  for (const name of pools ?? []) {
    const row = inventory.space.pools.get("", name);
    if (row && intersectionSize(set, row.pool.cidr) === cidrSize(row.pool.cidr))
      told.push(`It covers all of ${name}, which then gives no address at all`);
  }
  return told;
}

/** Networks in their canonical spelling: every version of the CRD takes that. */
function toRaw(
  { name, labels, annotations }: ReservationDraft,
  cidrs: readonly Cidr[],
  inventory: Inventory,
) {
  return {
    ...typeOf(apiModeOf(inventory), "IPReservation"),
    metadata: {
      name,
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    spec: { reservedCIDRs: cidrs.map(formatCidr) },
  };
}
