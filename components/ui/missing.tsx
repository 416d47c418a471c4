"use client";
import { beingRead, type Explained, missingPermissions } from "@/lib/queries/missing.ts";
import type { Unknown } from "@/lib/contract/common.ts";
import { CopyLink } from "./copy.tsx";
import { rulesFor } from "./rbac-rule.ts";
import { sentence } from "./sentence.ts";
import { Failed, Forbidden, Loading, Notice } from "./states.tsx";
import { Foreign } from "./value.tsx";

/**
 * Above data of which a part is unknown: what is still being read, and what may not be read with the rules to ask for. Nothing
 * where nothing is missing.
 */
export function MissingNotice({ of }: { of: Iterable<Explained> }) {
  const objects = [...of];
  const missing = missingPermissions(objects);
  const reading = beingRead(objects);
  if (missing.length === 0 && reading.length === 0) return null;
  return (
    <Notice apart tone={missing.length === 0 ? "plain" : "warn"}>
      {[...reading, ...missing.map(({ reason }) => reason)].map((reason) => (
        <span key={reason}>
          <Foreign>{capital(sentence(reason))}</Foreign>{" "}
        </span>
      ))}
      What depends on it is unknown{missing.length === 0 ? " until then" : ""}.{" "}
      {missing.length === 0 ? null : (
        <CopyLink text={rulesFor(missing.map(({ permission }) => permission))}>
          {missing.length === 1 ? "Copy the rule" : "Copy the rules"}
        </CopyLink>
      )}
    </Notice>
  );
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** In the place of a list whose kind cannot be read. */
export function Unreadable({
  what,
  missing,
  onRetry,
}: {
  what: string;
  missing: Unknown;
  onRetry: () => void;
}) {
  const { permission, reason, reading } = missing;
  if (reading) return <Loading what={capital(sentence(reason))} />;
  return permission ? (
    <Forbidden permission={permission} detail={reason} />
  ) : (
    <Failed title={`The ${what} cannot be read`} detail={reason} onRetry={onRetry} />
  );
}
