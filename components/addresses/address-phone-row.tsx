import { PhoneRow } from "@/components/ui/phone-row.tsx";
import { Age, Foreign, Mono } from "@/components/ui/value.tsx";
import type { Address } from "@/lib/contract/addresses.ts";
import { addressText, kindWords, ownerText, stateWords } from "./address-words.ts";

/** An address on a phone: itself and what it is, whose it is and since when. */
export function AddressPhoneRow({ address }: { address: Address }) {
  return (
    <PhoneRow
      name={<Mono wrap>{addressText(address)}</Mono>}
      aside={address.kind === null ? stateWords[address.state] : kindWords[address.kind]}
      detail={<Foreign>{ownerText(address) ?? address.pool ?? ""}</Foreign>}
      end={address.since === null ? null : <Age since={address.since} />}
    />
  );
}
