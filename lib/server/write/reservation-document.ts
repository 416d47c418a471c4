import type { ReservationDraft } from "../../ipam/reservation-rules.ts";
import { isObject, type ReadDocument, readHead, type Wrong } from "./document-head.ts";

/** Takes a document apart. Unknown fields and values of the wrong type are errors; `null` is as good as absent. */
export function readReservationDocument(
  document: Readonly<Record<string, unknown>>,
): ReadDocument<ReservationDraft> {
  const { head, spec, errors, warnings } = readHead(document, "IPReservation", "reservation");
  const cidrs = readSpec(spec, (field, message) => void errors.push({ field, message }));
  const draft = errors.length === 0 && head ? { ...head, cidrs } : null;
  return { draft, name: head?.name || null, errors, warnings };
}

function readSpec(spec: unknown, wrong: Wrong): readonly string[] {
  if (!isObject(spec)) {
    wrong("spec", "must be an object with reservedCIDRs");
    return [];
  }
  const { reservedCIDRs, ...others } = spec;
  for (const field of Object.keys(others)) wrong(`spec.${field}`, "is not a field of an IPReservation");
  if (reservedCIDRs === undefined || reservedCIDRs === null) return [];
  if (!Array.isArray(reservedCIDRs)) {
    wrong("spec.reservedCIDRs", "must be a list of text");
    return [];
  }
  return reservedCIDRs.flatMap((entry: unknown, index) => {
    if (typeof entry === "string") return [entry];
    wrong(`spec.reservedCIDRs[${index}]`, "must be text; put it in quotes");
    return [];
  });
}
