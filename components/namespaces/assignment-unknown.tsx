"use client";
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { freshness } from "@/lib/queries/freshness.ts";
import { namespaceQueries } from "@/lib/queries/namespaces.ts";
import { type Lost, type Outcome, SETTLES_MS } from "../pools/outcome-unknown.ts";
import { Dialog, DialogRow } from "../ui/dialog.tsx";
import { Glyph, type GlyphShape, type Tone } from "../ui/glyph.tsx";
import { Foreign } from "../ui/value.tsx";
import { AssignmentTable } from "./assignment-conflict.tsx";
import { assignmentOutcome } from "./pool-choice.ts";
import type { Assignment } from "./use-assignment.ts";

/** How often the namespace is read until it tells. */
const everyMs = 1000;

interface Props {
  readonly assignment: Assignment;
  readonly lost: Lost;
  readonly onClose: () => void;
}

/** No answer came: what was asked for, what reading the namespace back says, and what to do next. Sends nothing. */
export function AssignmentUnknown({ assignment, lost, onClose }: Props) {
  const { base, patch, startOver } = assignment;
  const client = useQueryClient();
  const { data = { namespace: undefined, currentAt: null } } = useQuery({
    queryKey: ["namespace-read-back", base.name, lost.at],
    queryFn: async () => ({
      namespace: await client.fetchQuery({ ...namespaceQueries.one(base.name), staleTime: 0, retry: false }),
      currentAt: freshness.get().currentAt,
    }),
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchInterval: ({ state }) => {
      const outcome =
        state.data === undefined ? "asking" : assignmentOutcome(base, patch, lost.at, state.data);
      return outcome === "asking" || outcome === "notYet" ? everyMs : false;
    },
  });
  const outcome = assignmentOutcome(base, patch, lost.at, data);
  const { namespace } = data;
  const mayStartOver = namespace && (outcome === "didNot" || outcome === "changed");
  const { word, text, ...glyph } = verdicts[outcome];
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        <>
          Was <Foreign>{base.name}</Foreign> changed?
        </>
      }
      lead={`The request of ${new Date(lost.at).toLocaleTimeString("en-GB")} got no answer. It is not sent again by itself.`}
      actions={
        <>
          <Button size="md" onClick={onClose} data-autofocus>
            Close
          </Button>
          {mayStartOver ? (
            <Button size="md" onClick={() => startOver(namespace)}>
              {outcome === "changed" ? "Apply mine on top" : "Look at it again"}
            </Button>
          ) : null}
        </>
      }
    >
      <DialogRow head={<span>Asked for</span>}>
        <AssignmentTable seen={base} theirs={namespace ?? base} patch={patch} />
      </DialogRow>
      {outcome === "asking" || outcome === "notYet" ? (
        <DialogRow head={<span>Instead of an answer</span>}>
          <Foreign>{[lost.problem.title, lost.problem.detail].filter(Boolean).join(". ")}</Foreign>
        </DialogRow>
      ) : null}
      <DialogRow
        head={
          <>
            <Glyph {...glyph} />
            {word}
          </>
        }
      >
        <p role="status">{text}</p>
      </DialogRow>
    </Dialog>
  );
}

const verdicts: Readonly<Record<Outcome, { shape: GlyphShape; tone: Tone; word: string; text: string }>> = {
  asking: {
    shape: "ring",
    tone: "muted",
    word: "Reading it back",
    text: "Nothing current has been read yet. It goes on asking until something is.",
  },
  notYet: {
    shape: "ring",
    tone: "muted",
    word: "Not yet",
    text: `The namespace is as you saw it. The request can still be under way: it is looked for for ${SETTLES_MS / 1000} s.`,
  },
  happened: {
    shape: "dot",
    tone: "ok",
    word: "It happened",
    text: "The annotation is stored as you asked for.",
  },
  didNot: {
    shape: "ring",
    tone: "muted",
    word: "It did not happen",
    text: "The namespace is still as you saw it. Should the request arrive after all, one of the two meets a conflict.",
  },
  changed: {
    shape: "triangle",
    tone: "warn",
    word: "Somebody else",
    text: "What you asked for is not stored, and somebody else has changed the pools of the namespace meanwhile.",
  },
  gone: {
    shape: "cross",
    tone: "crit",
    word: "Gone",
    text: "The namespace was deleted meanwhile, or deleted and created anew.",
  },
};
