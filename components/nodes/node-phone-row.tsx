import { PhoneRow } from "@/components/ui/phone-row.tsx";
import { Count, CountOf, Mono, Unknown } from "@/components/ui/value.tsx";
import type { Node } from "@/lib/contract/nodes.ts";

/** A node on a phone: name and addresses in use, its own address and blocks. */
export function NodePhoneRow({ node }: { node: Node }) {
  return (
    <PhoneRow
      name={<Mono>{node.name}</Mono>}
      aside={node.used === null ? <Unknown /> : <>{<Count value={node.used} />} in use</>}
      detail={node.ready ? <Mono>{node.addresses.join(", ")}</Mono> : "Not ready"}
      end={
        node.blocks === null || node.blockLimit === null ? (
          <Unknown />
        ) : (
          <>
            <CountOf value={node.blocks} of={node.blockLimit} /> blocks
          </>
        )
      }
    />
  );
}
