"use client";
import { type Explained, missingPermissions } from "@/lib/queries/missing.ts";
import type { Unknown } from "@/lib/contract/common.ts";
import { CopyLink } from "./copy.tsx";
import { rulesFor } from "./rbac-rule.ts";
import { sentence } from "./sentence.ts";
import { Failed, Forbidden, Notice } from "./states.tsx";
import { Foreign } from "./value.tsx";

/** Above data of which a part is unknown: what may not be read, and the rules to ask for. Nothing where nothing is missing. */
export function MissingNotice({ of }: { of: Iterable<Explained> }) {
  const missing = missingPermissions(of);
  if (missing.length === 0) return null;
  return (
    <Notice apart>
      {missing.map(({ reason }) => (
        <span key={reason}>
          <Foreign>{sentence(reason.slice(0, 1).toUpperCase() + reason.slice(1))}</Foreign>{" "}
        </span>
      ))}
      What depends on it is unknown.{" "}
      <CopyLink text={rulesFor(missing.map(({ permission }) => permission))}>
        {missing.length === 1 ? "Copy the rule" : "Copy the rules"}
      </CopyLink>
    </Notice>
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
  const { permission, reason } = missing;
  return permission ? (
    <Forbidden permission={permission} detail={reason} />
  ) : (
    <Failed title={`The ${what} cannot be read`} detail={reason} onRetry={onRetry} />
  );
}
