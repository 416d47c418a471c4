import type { Namespace, NamespacePatch } from "@/lib/contract/namespaces.ts";
import { ConflictFacts, ConflictTable } from "../ui/conflict.tsx";
import { Foreign, Mono } from "../ui/value.tsx";
import { valueOf } from "./pool-choice.ts";

interface Props {
  readonly seen: Namespace;
  readonly theirs: Namespace;
  readonly patch: NamespacePatch;
}

/** Somebody changed the namespace between the look and the click: what was seen, what is there now, what is wanted. */
export function AssignmentConflict(props: Props) {
  return (
    <ConflictFacts
      words={
        <>
          <Foreign>{props.seen.name}</Foreign> changed while you were looking at it, so nothing was written.
        </>
      }
    >
      <AssignmentTable {...props} />
    </ConflictFacts>
  );
}

/** The annotations as they were seen, as they are and as they are wanted. */
export function AssignmentTable({ seen, theirs, patch }: Props) {
  const rows = (["ipv4", "ipv6"] as const).flatMap((family) => {
    const key = `${family}pools` as const;
    const wanted = patch[key];
    const isNew = seen.annotation[family] !== theirs.annotation[family];
    if (!isNew && wanted === undefined) return [];
    return {
      key,
      label: key,
      seen: <Value raw={seen.annotation[family]} />,
      theirs: <Value raw={theirs.annotation[family]} />,
      isNew,
      yours: wanted === undefined ? null : <Value raw={valueOf(wanted)} />,
    };
  });
  const note = rows.some(({ isNew }) => isNew)
    ? null
    : "Only something else about the namespace has changed: its pools are as you saw them.";
  return <ConflictTable noun="Annotation" rows={rows} note={note} />;
}

function Value({ raw }: { raw: string | null }) {
  return raw === null ? <>none</> : <Mono wrap>{raw}</Mono>;
}
