import type { ActivityAction, ActivityResult } from "../../contract/activity.ts";
import type { PoolBaseline } from "./pool-watches.ts";
import type { Fields } from "./kept.ts";

/** What a write is about; the use case fills it in while it works. Whatever it leaves out, the activity shows as unknown. */
export interface AuditSubject {
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  /** Absent: what the method and the fields say. */
  action?: ActivityAction;
  resourceVersionBefore?: string;
  resourceVersionAfter?: string;
  /** The fields concerned, before and after; of a created object all, of a deleted one all before. */
  from?: Fields;
  to?: Fields;
  dryRun?: boolean;
  /** What became of it, where the answer's status does not say. */
  outcome?: ActivityResult;
  /** Every field as the write left them: what an undo must find. */
  left?: Fields;
  /** The owner that the write goes over. */
  override?: "helm" | "argocd" | "flux";
  /** The entry that it takes back. */
  undoes?: string;
  /** How things stood before a pool was written; what changes from then on is watched. */
  baseline?: PoolBaseline;
  /** One for each object where a request is about several; each becomes an entry of its own. */
  documents?: AuditDocument[];
}

/** One object of several. `problem` null: it went through. */
export interface AuditDocument extends Omit<AuditSubject, "documents"> {
  problem?: { readonly status: number; readonly code: string; readonly detail: string } | null;
}
