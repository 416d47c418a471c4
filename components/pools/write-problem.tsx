import type { Problem } from "@/lib/contract/problem.ts";
import { useNow } from "../ui/clock.ts";
import { formatAge } from "@/lib/format/age.ts";
import { Forbidden, Notice } from "../ui/states.tsx";
import { Foreign, Mono } from "../ui/value.tsx";
import type { DryRun } from "./use-pool-write.ts";
import classes from "./write-problem.module.css";

/** Why a write did not happen: the rule to ask for, the fields that are wrong, or what the server said. */
export function WriteProblem({ problem }: { problem: Problem }) {
  if (problem.permission) return <Forbidden permission={problem.permission} detail={problem.detail} />;
  const unknown = problem.code === "outcome-unknown";
  return (
    <Notice tone={unknown ? "warn" : "crit"}>
      <p className={classes.title}>
        <Foreign>{problem.title}</Foreign>
      </p>
      {problem.errors === undefined ? (
        problem.detail === "" ? null : (
          <p>
            <Foreign>{problem.detail}</Foreign>
          </p>
        )
      ) : (
        <ul className={classes.errors}>
          {problem.errors.map((error) => (
            <li key={`${error.field} ${error.message}`}>
              {error.field === "" ? null : (
                <>
                  <Mono wrap>{error.field}</Mono>:{" "}
                </>
              )}
              <Foreign>{error.message}</Foreign>
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

/** What the API server said to the dry run, in a dialog's foot. */
export function DryRunNote({ dryRun }: { dryRun: DryRun }) {
  const now = useNow(1);
  if (dryRun.status === "running") return <span role="status">Asking the API server for a dry run</span>;
  if (dryRun.status === "refused") return <span role="status">The dry run was refused.</span>;
  const age = formatAge(Math.max(0, now - dryRun.at) / 1000);
  return <span role="status">The API server accepted a dry run {age} ago.</span>;
}
