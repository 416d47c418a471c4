"use client";
import { useQuery } from "@tanstack/react-query";
import { CopyPageLink } from "@/components/ui/copy-page-link.tsx";
import { Page } from "@/components/ui/page-header.tsx";
import { QueryView } from "@/components/ui/query-view.tsx";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { type Asked, chooseQueries } from "@/lib/queries/choose.ts";
import { namespaceQueries } from "@/lib/queries/namespaces.ts";
import { nodeQueries } from "@/lib/queries/nodes.ts";
import { AnnotationField } from "./annotation-field.tsx";
import { ChoiceAnswer } from "./choice-answer.tsx";
import classes from "./choose-page.module.css";
import { NameField } from "./name-field.tsx";
import { OpenQuestion } from "./open-question.tsx";

/** Which pool, block and address the next pod of a namespace gets on a node; in each family that it asks for. */
export function ChoosePage() {
  const { params, set } = useUrlState();
  const asked: Asked = {
    namespace: params.get("namespace") ?? "",
    node: params.get("node") ?? "",
    ipv4pools: params.get("ipv4pools") ?? "",
    ipv6pools: params.get("ipv6pools") ?? "",
  };
  const isAsked = asked.namespace !== "" && asked.node !== "";
  const first = useQuery({ ...chooseQueries.choice(asked), enabled: isAsked });
  const hasSix = asked.ipv6pools !== "" || first.data?.families.includes(6);
  const what = `Choosing for a pod of ${asked.namespace} on ${asked.node}`;
  return (
    <Page>
      <h1 className={classes.hidden}>Pool choice</h1>
      <div className={classes.question}>
        <NameField
          label="Namespace"
          hint="Of the pod"
          list={namespaceQueries.list}
          value={asked.namespace}
          onChange={(namespace) => set({ namespace }, "push")}
        />
        <NameField
          label="Node"
          hint="On which it starts"
          list={nodeQueries.list}
          value={asked.node}
          onChange={(node) => set({ node }, "push")}
        />
        <AnnotationField
          family={4}
          value={asked.ipv4pools}
          onChange={(ipv4pools) => set({ ipv4pools }, "push")}
        />
        {hasSix ? (
          <AnnotationField
            family={6}
            value={asked.ipv6pools}
            onChange={(ipv6pools) => set({ ipv6pools }, "push")}
          />
        ) : null}
        <CopyPageLink />
      </div>
      {isAsked ? (
        <QueryView query={first} what={what}>
          {(choice) => (
            <>
              <ChoiceAnswer choice={choice} />
              {choice.families
                .filter((family) => family !== choice.family)
                .map((family) => (
                  <OtherFamily key={family} asked={asked} family={family} what={what} />
                ))}
            </>
          )}
        </QueryView>
      ) : (
        <OpenQuestion namespace={asked.namespace} node={asked.node} />
      )}
    </Page>
  );
}

function OtherFamily({ asked, family, what }: { asked: Asked; family: 4 | 6; what: string }) {
  const query = useQuery(chooseQueries.choice(asked, family));
  return (
    <QueryView query={query} what={what}>
      {(choice) => <ChoiceAnswer choice={choice} />}
    </QueryView>
  );
}
