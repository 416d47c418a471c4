import type { Namespace, NamespacePatch } from "@/lib/contract/namespaces.ts";
import { Notice } from "../ui/states.tsx";
import { Foreign, Mono } from "../ui/value.tsx";
import classes from "./assignment-conflict.module.css";
import { valueOf } from "./pool-choice.ts";

interface Props {
  readonly seen: Namespace;
  readonly theirs: Namespace;
  readonly patch: NamespacePatch;
}

/** Somebody changed the namespace between the look and the click: what was seen, what is there now, what is wanted. */
export function AssignmentConflict(props: Props) {
  return (
    <div className={classes.conflict}>
      <Notice>
        <Foreign>{props.seen.name}</Foreign> changed while you were looking at it, so nothing was written.
      </Notice>
      <AssignmentTable {...props} />
    </div>
  );
}

/** The annotations as they were seen, as they are and as they are wanted. */
export function AssignmentTable({ seen, theirs, patch }: Props) {
  const rows = (["ipv4", "ipv6"] as const).filter(
    (family) =>
      seen.annotation[family] !== theirs.annotation[family] || patch[`${family}pools`] !== undefined,
  );
  return (
    <>
      <table className={classes.table} aria-label="What changed">
        <thead>
          <tr>
            <th scope="col">Annotation</th>
            <th scope="col">You saw</th>
            <th scope="col">Theirs, now</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((family) => {
            const wanted = patch[`${family}pools`];
            const isNew = seen.annotation[family] !== theirs.annotation[family];
            return (
              <tr key={family}>
                <th scope="row">{family}pools</th>
                <td>
                  <Value raw={seen.annotation[family]} />
                </td>
                <td data-changed={isNew || undefined}>
                  <Value raw={theirs.annotation[family]} />
                </td>
                <td>{wanted === undefined ? "as it is" : <Value raw={valueOf(wanted)} />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.every((family) => seen.annotation[family] === theirs.annotation[family]) ? (
        <p className={classes.quiet}>
          Only something else about the namespace has changed: its pools are as you saw them.
        </p>
      ) : null}
    </>
  );
}

function Value({ raw }: { raw: string | null }) {
  return raw === null ? <>none</> : <Mono wrap>{raw}</Mono>;
}
