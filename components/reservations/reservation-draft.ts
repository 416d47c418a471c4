import type { Cidr } from "@/lib/ipam/cidr.ts";
import { judgeReservation } from "@/lib/ipam/reservation-rules.ts";

/** A reservation as it stands in the form. */
export interface ReservationForm {
  readonly name: string;
  /** CIDRs and addresses, parted by lines, blanks or commas. */
  readonly entries: string;
}

/** What the form comes to. */
export interface JudgedForm {
  readonly entries: readonly string[];
  readonly cidrs: readonly Cidr[];
  /** By field; null: nothing is wrong with it. */
  readonly name: string | null;
  readonly list: string | null;
}

/** Entries of the form, in order. */
function entriesOf(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((entry) => entry !== "");
}

/** What the rules say about the form without asking anybody. `known`: names that are taken. */
export function judgeForm({ name, entries: text }: ReservationForm, known: ReadonlySet<string>): JudgedForm {
  const entries = entriesOf(text);
  const { cidrs, errors } = judgeReservation({ name, labels: {}, annotations: {}, cidrs: entries });
  const messages = errors.flatMap(({ field, message }) => {
    const index = /^spec\.reservedCIDRs\[(\d+)\]$/.exec(field)?.[1];
    if (index === undefined) return [];
    const entry = entries[Number(index)] ?? "";
    return [message.includes(entry) ? message : `${entry} ${message}`];
  });
  const wrongName = errors.find(({ field }) => field === "metadata.name")?.message;
  return {
    entries,
    cidrs,
    name:
      name === ""
        ? "A reservation needs a name"
        : known.has(name)
          ? `${name} exists already`
          : (wrongName ?? null),
    list: entries.length === 0 ? "Name at least one address or CIDR" : messages.join("\n") || null,
  };
}

/** The form as the document that is sent. */
export function reservationDocument({ name, entries }: ReservationForm) {
  return {
    apiVersion: "projectcalico.org/v3",
    kind: "IPReservation",
    metadata: { name },
    spec: { reservedCIDRs: entriesOf(entries) },
  };
}
