import { PhoneRow } from "@/components/ui/phone-row.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Age, Foreign } from "@/components/ui/value.tsx";
import type { Activity } from "@/lib/contract/activity.ts";
import { changeText } from "./activity-diff.ts";
import { ChangeLine } from "./change-line.tsx";
import { actionWords, afterState, personText, resultState } from "./activity-words.ts";

/** An entry on a phone: object and what became of it, who did what and when. */
export function ActivityPhoneRow({ entry }: { entry: Activity }) {
  const { action, object } = entry;
  const change = changeText(entry);
  return (
    <PhoneRow
      name={object === null ? "Something" : <Foreign>{object.name}</Foreign>}
      aside={<StateBadge state={afterState(entry) ?? resultState(entry)} />}
      detail={
        <>
          {action === null ? "Write" : actionWords[action]} by <Foreign>{personText(entry)}</Foreign>
          {change === null ? null : (
            <>
              {" · "}
              <ChangeLine text={change} />
            </>
          )}
        </>
      }
      end={<Age since={entry.at} />}
    />
  );
}
