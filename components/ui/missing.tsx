"use client";
import { beingRead, type Explained, missingPermissions } from "@/lib/queries/missing.ts";
import type { Unknown } from "@/lib/contract/common.ts";
import { CopyLink } from "./copy.tsx";
import { rulesFor } from "./rbac-rule.ts";
import { sentence } from "./sentence.ts";
import { Reading, useReadingWords } from "./reading.tsx";
import { Failed, Forbidden, Notice } from "./states.tsx";
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
      {reading.length === 0 ? null : <StillRead reasons={reading} />}
      {missing.map(({ reason }) => (
        <span key={reason}>
          <Foreign>{sentence(reason)}</Foreign>{" "}
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

function StillRead({ reasons }: { reasons: readonly string[] }) {
  const words = useReadingWords(reasons.map(sentence).join(" "));
  return (
    <span>
      <Foreign>{sentence(words)}</Foreign>{" "}
    </span>
  );
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
  if (reading) return <Reading otherwise={sentence(reason)} />;
  return permission ? (
    <Forbidden permission={permission} detail={reason} />
  ) : (
    <Failed title={`The ${what} cannot be read`} detail={reason} onRetry={onRetry} />
  );
}
