import { Fragment } from "react";
import type { Column } from "@/components/ui/column.ts";
import { Answer, AnswerNote } from "@/components/ui/answer.tsx";
import { MissingNotice } from "@/components/ui/missing.tsx";
import { Section } from "@/components/ui/page-header.tsx";
import { SaveRows } from "@/components/ui/save-buttons.tsx";
import { Foreign, Mono, Unknown } from "@/components/ui/value.tsx";
import type { Path } from "@/lib/contract/path.ts";
import classes from "./path-page.module.css";

const encapsulationWords: Record<Path["encapsulation"], string> = {
  none: "no tunnel",
  vxlan: "VXLAN",
  ipip: "IPIP",
  wireguard: "WireGuard",
  unknown: "encapsulation unknown",
};

const answerWords = { yes: "Yes", no: "No", unknown: "Unknown" } as const;

type Decision = Path["decisions"][number];

const decisionColumns: readonly Column<Decision>[] = [
  { id: "question", header: "Question", value: ({ question }) => question },
  { id: "answer", header: "Answer", value: ({ answer }) => answer },
  { id: "object", header: "Object", value: ({ object }) => object },
  { id: "field", header: "Field", value: ({ field }) => field },
  { id: "value", header: "Value", value: ({ value }) => value },
];

/** The answer first, then the hops with the packet between them, then what decided it. */
export function PathAnswer({ path }: { path: Path }) {
  const source = path.hops[0]?.src ?? null;
  const rewritten = path.sees !== null && source !== null && path.sees !== source;
  return (
    <>
      <Answer>
        {path.sees === null ? (
          <>
            What <Mono>{path.to}</Mono> sees cannot be known
          </>
        ) : (
          <>
            <Mono>{path.to}</Mono> sees <Mono>{path.sees}</Mono>
            {rewritten ? ", the address of the node" : ", the pod's own address"}
          </>
        )}
      </Answer>
      <AnswerNote>
        {path.encapsulation === "none"
          ? "The packet is not encapsulated between nodes."
          : path.encapsulation === "unknown"
            ? "Whether it is encapsulated cannot be known."
            : `Between nodes it travels in ${encapsulationWords[path.encapsulation]}.`}
      </AnswerNote>
      <MissingNotice of={[path]} />
      <ol className={classes.hops} aria-label="Hops">
        {path.hops.map((hop, index) => (
          <Fragment key={`${hop.at}-${index.toString()}`}>
            <li className={classes.hop}>
              <span className={classes.at}>
                <Foreign>{hop.at}</Foreign>
              </span>
              <span className={classes.hopNote}>
                <Foreign>{hop.note}</Foreign>
              </span>
            </li>
            {index < path.hops.length - 1 ? (
              <li className={classes.wire}>
                <span className={classes.packet}>
                  <span className={classes.quiet}>from</span>
                  <span data-rewritten={hop.src !== source || undefined}>
                    <Mono>{hop.src}</Mono>
                  </span>
                  <span className={classes.quiet}>to</span>
                  <Mono>{hop.dst}</Mono>
                </span>
                <span className={classes.medium}>{encapsulationWords[hop.encapsulation]}</span>
              </li>
            ) : null}
          </Fragment>
        ))}
      </ol>
      <Section
        title="What decides it"
        note={<SaveRows name="path-decisions" columns={decisionColumns} rows={path.decisions} />}
      >
        <table className={classes.decisions}>
          <thead className={classes.hidden}>
            <tr>
              <th scope="col">Question</th>
              <th scope="col">Answer</th>
              <th scope="col">Object</th>
              <th scope="col">Field</th>
            </tr>
          </thead>
          <tbody>
            {path.decisions.map((decision) => (
              <tr key={decision.question}>
                <td>
                  <Foreign>{decision.question}</Foreign>
                </td>
                <td className={classes.yesno}>
                  {decision.answer === "unknown" ? <Unknown /> : answerWords[decision.answer]}
                </td>
                <td>{decision.object === null ? null : <Foreign>{decision.object}</Foreign>}</td>
                <td>
                  {decision.field === null ? null : (
                    <Mono wrap>
                      {decision.value === null ? decision.field : `${decision.field}: ${decision.value}`}
                    </Mono>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </>
  );
}
