"use client";
import { Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { poolQueries } from "@/lib/queries/pools.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { createReservation } from "@/lib/queries/reservations.ts";
import { useMay } from "@/lib/queries/use-live.ts";
import { AddressLine } from "../pools/address-line.tsx";
import { useLateFailure } from "../pools/late-failure.ts";
import { readCidr } from "../pools/pool-draft.ts";
import { WriteProblem } from "../pools/write-problem.tsx";
import { CreateDialog } from "../ui/create-dialog.tsx";
import { showToast } from "../ui/toast.ts";
import { Count, Foreign } from "../ui/value.tsx";
import { judgeForm, type ReservationForm as Form, reservationDocument } from "./reservation-draft.ts";
import classes from "./reservations.module.css";

interface Props {
  /** Names that are taken. */
  readonly known: ReadonlySet<string>;
  readonly onClose: () => void;
}

/** A new reservation by form: judged while it is typed, then by the API server, which also tells what it would cover. */
export function ReservationForm({ known, onClose }: Props) {
  const client = useQueryClient();
  const may = useMay("reservations.write");
  const [form, setForm] = useState<Form>({ name: "", entries: "" });
  const [touched, setTouched] = useState<ReadonlySet<keyof Form>>(new Set());
  const pools = (useQuery(poolQueries.list()).data?.items ?? []).flatMap(({ name, cidr: text }) => {
    const cidr = readCidr(text);
    return cidr === null ? [] : [{ name, cidr }];
  });
  const judged = judgeForm(form, known);
  const sound = judged.name === null && judged.list === null;
  const document = reservationDocument(form);
  const text = JSON.stringify(document);
  const [settled] = useDebouncedValue(text, 350);
  const check = useQuery({
    queryKey: ["dry-run", "reservation", text],
    queryFn: () => createReservation(document, true),
    enabled: sound && settled === text && may.allowed,
    gcTime: 0,
    retry: false,
    refetchInterval: false,
  });
  const tellLate = useLateFailure();
  const create = useMutation({
    mutationFn: () => createReservation(document),
    onSuccess: ({ results }) => {
      const [result] = results;
      if (result?.outcome !== "created") return tellLate(form.name, "created", result?.problem);
      showToast({ text: `${form.name} created`, shape: "dot", tone: "ok" });
      onClose();
    },
    onError: (error) => tellLate(form.name, "created", toProblemError(error).problem),
    onSettled: () => void client.invalidateQueries({ queryKey: ["reservations"] }),
  });
  const verdict = create.data?.results[0] ?? check.data?.results[0];
  const error = create.error ?? check.error;
  const problem = error === null ? verdict?.problem : toProblemError(error).problem;
  const valid = sound && verdict?.outcome === "valid" && settled === text;
  const would = valid ? verdict.reservation : undefined;
  const change = (part: Partial<Form>) => {
    create.reset();
    setForm({ ...form, ...part });
  };
  const wrong = (field: keyof Form, message: string | null) =>
    message !== null && (touched.has(field) || form[field] !== "") ? message : undefined;
  const leave = (field: keyof Form) => () => setTouched(new Set([...touched, field]));
  return (
    <CreateDialog
      noun="reservation"
      lead="Calico gives reserved addresses to nobody who asks for any address. Whoever has one keeps it."
      may={may}
      dryRun={valid ? "accepted" : sound && check.isFetching ? "running" : null}
      creating={create.isPending}
      onCreate={() => create.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="gateways"
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        value={form.name}
        error={wrong("name", judged.name)}
        onChange={(event) => change({ name: event.currentTarget.value })}
        onBlur={leave("name")}
      />
      <Textarea
        label="Addresses"
        description="CIDRs and single addresses, one a line."
        placeholder={"10.64.0.0/29\n10.64.7.1"}
        classNames={{ input: classes.mono }}
        rows={4}
        spellCheck={false}
        value={form.entries}
        error={wrong("entries", judged.list)}
        onChange={(event) => change({ entries: event.currentTarget.value })}
        onBlur={leave("entries")}
      />
      <AddressLine wanted={judged.cidrs} pools={pools} overlap="meant" noun="reservation" />
      {would?.addresses ? (
        <div className={classes.figures} role="status">
          <p>
            Covers <Count value={would.addresses} /> {would.addresses === "1" ? "address" : "addresses"}
            {would.inUse === null ? (
              ". How many are in use is unknown."
            ) : (
              <>
                , <Count value={would.inUse} /> of them in use.
              </>
            )}
          </p>
          {(verdict?.warnings ?? []).map((warning) => (
            <p key={warning}>
              <Foreign>{`${warning}.`}</Foreign>
            </p>
          ))}
        </div>
      ) : null}
      {problem === undefined ? null : <WriteProblem problem={problem} />}
    </CreateDialog>
  );
}
