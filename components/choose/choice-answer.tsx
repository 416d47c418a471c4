import Link from "next/link";
import { FailureExplained } from "@/components/pods/failure-explained.tsx";
import { Answer, AnswerNote } from "@/components/ui/answer.tsx";
import { MissingNotice } from "@/components/ui/missing.tsx";
import { Section } from "@/components/ui/page-header.tsx";
import { SaveRows } from "@/components/ui/save-buttons.tsx";
import { Foreign, Mono } from "@/components/ui/value.tsx";
import type { Column } from "@/components/ui/column.ts";
import type { Choice } from "@/lib/contract/choice.ts";
import { blockHref, blockWords, sourceWords } from "./choice-words.ts";
import classes from "./choice-answer.module.css";
import { ChoicePools } from "./choice-pools.tsx";

type ChoicePool = Choice["pools"][number];

const columns: readonly Column<ChoicePool>[] = [
  { id: "pool", header: "Pool", value: ({ name }) => name },
  { id: "cidr", header: "CIDR", value: ({ cidr }) => cidr },
  { id: "eligible", header: "May be used", value: ({ eligible }) => eligible },
  { id: "reason", header: "Why", value: ({ reason }) => reason },
];

/** The answer for one family: a sentence, how the block was found, then every pool with its reason. */
export function ChoiceAnswer({ choice }: { choice: Choice }) {
  const { family, pools, pool, block, error, failure } = choice;
  const how = blockWords(choice);
  return (
    <section aria-label={`IPv${family}`}>
      <Answer>
        <Sentence choice={choice} />
      </Answer>
      {how === null ? null : (
        <AnswerNote>
          <Foreign>{how}</Foreign>
          {block === null ? null : (
            <>
              {" "}
              <Link href={blockHref(pool, block)} className={classes.link}>
                See the block
              </Link>
            </>
          )}
        </AnswerNote>
      )}
      <MissingNotice of={[choice]} />
      <Reasons choice={choice} />
      {error === null || failure === null ? null : (
        <div className={classes.failure}>
          <FailureExplained cause={failure.cause} fixes={failure.fixes} message={error} />
        </div>
      )}
      <Section
        title={`IPv${family} pools, in Calico's order`}
        note={<SaveRows name={`pool-choice-ipv${family}`} columns={columns} rows={pools} />}
      >
        <p className={classes.source}>
          <Foreign>{sourceWords(choice)}</Foreign>
        </p>
        <ChoicePools pools={pools} giving={pool} />
      </Section>
    </section>
  );
}

function Sentence({ choice }: { choice: Choice }) {
  const { family, namespace, node, pool, ip, error } = choice;
  const who = (
    <>
      The next pod of <Foreign>{namespace}</Foreign> on <Mono>{node}</Mono>
    </>
  );
  if (error !== null) return <>{who} gets no address</>;
  if (ip !== null) {
    return (
      <>
        {who} gets{" "}
        <Link href={`/addresses?ip=${encodeURIComponent(ip)}`}>
          <Mono>{ip}</Mono>
        </Link>
        {pool === null ? null : (
          <>
            {" "}
            from <Foreign>{pool}</Foreign>
          </>
        )}
      </>
    );
  }
  if (pool !== null) {
    return (
      <>
        {who} gets an address of <Foreign>{pool}</Foreign>
      </>
    );
  }
  return (
    <>
      Which IPv{family} address the next pod of <Foreign>{namespace}</Foreign> gets on <Mono>{node}</Mono>{" "}
      cannot be known
    </>
  );
}

/** What keeps the address unknown without a permission that could be asked for. */
function Reasons({ choice }: { choice: Choice }) {
  const reasons = new Set(choice.unknown?.flatMap(({ permission, reason }) => (permission ? [] : [reason])));
  return [...reasons].map((reason) => (
    <AnswerNote key={reason}>
      Not known: <Foreign>{reason}</Foreign>.
    </AnswerNote>
  ));
}
