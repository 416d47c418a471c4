import type { Identity } from "./identity.ts";
import { log } from "./log.ts";

/** What a write was about; the use case fills it in while it works. */
export interface AuditSubject {
  kind?: string;
  name?: string;
  uid?: string;
  resourceVersionBefore?: string;
  resourceVersionAfter?: string;
  /** What was sent to the API server, without metadata of others. */
  patch?: unknown;
  dryRun?: boolean;
  /** What the log calls it where "done" would not be the truth. */
  outcome?: string;
}

interface Attempt {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly peer: string | null;
  readonly cluster: string | null;
  /** Null: refused before we knew. */
  readonly identity: Identity | null;
  readonly status: number;
  /** The problem's code; null when it went through. */
  readonly code: string | null;
  readonly subject: AuditSubject;
}

function result({ status, code, subject }: Attempt): string {
  if (code === null) return subject.outcome ?? (subject.dryRun ? "dry-run" : "done");
  if (code === "conflict" || code === "already-exists") return "conflict";
  if (code === "outcome-unknown") return "unknown";
  return status === 401 || status === 403 || status === 421 || status === 429 ? "denied" : "refused";
}

/** One line for each attempt to change something, refused ones included. */
export function audit(attempt: Attempt): void {
  const { identity, subject, code, ...rest } = attempt;
  log.info(
    {
      audit: result(attempt),
      ...rest,
      // Not "code": the log takes what is called so for the secret of a login.
      problem: code,
      how: identity?.how ?? null,
      caller: identity?.id ?? null,
      object: subject,
    },
    "write",
  );
}
