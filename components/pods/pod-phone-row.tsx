import { PhoneRow } from "@/components/ui/phone-row.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Age, Foreign, Mono, NotApplicable } from "@/components/ui/value.tsx";
import type { Pod } from "@/lib/contract/pods.ts";
import { podState } from "./pod-columns.tsx";

/** A pod on a phone: name and state, address and age. */
export function PodPhoneRow({ pod }: { pod: Pod }) {
  return (
    <PhoneRow
      name={<Foreign>{pod.name}</Foreign>}
      aside={<StateBadge state={podState(pod)} />}
      detail={
        <>
          {pod.ips.length === 0 ? <NotApplicable /> : <Mono>{pod.ips.join(", ")}</Mono>} in{" "}
          <Foreign>{pod.namespace}</Foreign>
        </>
      }
      end={<Age since={pod.createdAt} />}
    />
  );
}
