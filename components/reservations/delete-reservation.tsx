"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Reservation } from "@/lib/contract/reservations.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { deleteReservation } from "@/lib/queries/reservations.ts";
import { useMay, useWriteObstacle } from "@/lib/queries/use-live.ts";
import { useLateFailure } from "../pools/late-failure.ts";
import { WriteProblem } from "../pools/write-problem.tsx";
import { countText } from "../ui/count.ts";
import { Dialog, DialogRow } from "../ui/dialog.tsx";
import { Forbidden, Notice } from "../ui/states.tsx";
import { showToast } from "../ui/toast.ts";
import { Count, Foreign, Mono, Unknown } from "../ui/value.tsx";
import classes from "./reservations.module.css";

/** Asks, with facts, before a reservation goes; it must still be the version that is shown. */
export function DeleteReservation({
  reservation,
  onClose,
}: {
  reservation: Reservation;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const may = useMay("reservations.write");
  const obstacle = useWriteObstacle();
  const [seen] = useState(reservation);
  const [typed, setTyped] = useState("");
  const { name, uid, resourceVersion, cidrs, addresses, inUse, pools } = seen;
  const body = { uid, resourceVersion, confirm: name };
  const check = useQuery({
    queryKey: ["dry-run", "delete-reservation", name, resourceVersion],
    queryFn: () => deleteReservation(name, body, true),
    enabled: may.allowed,
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchInterval: false,
  });
  const tellLate = useLateFailure();
  const run = useMutation({
    mutationFn: () => deleteReservation(name, { ...body, confirm: typed }),
    onSuccess: () => {
      showToast({ text: `${name} deleted`, shape: "ring" });
      onClose();
    },
    onError: (failure) => tellLate(name, "deleted", toProblemError(failure).problem),
    onSettled: () => void client.invalidateQueries({ queryKey: ["reservations"] }),
  });
  const error = run.error ?? check.error;
  const problem = error === null ? null : toProblemError(error).problem;
  const possible = check.isSuccess && obstacle === null && run.error === null;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        <>
          Delete reservation <Foreign>{name}</Foreign>?
        </>
      }
      lead="Its addresses may be given out again at once."
      confirm={check.isSuccess ? { name, typed, onType: setTyped } : null}
      note={
        <span role="status">
          {obstacle ??
            (check.isSuccess
              ? "The API server accepted a dry run."
              : check.isFetching
                ? "Asking the API server for a dry run"
                : "")}
        </span>
      }
      actions={
        <>
          <Button size="md" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            size="md"
            variant="danger"
            disabled={!possible || typed !== name}
            loading={run.isPending}
            onClick={() => run.mutate()}
          >
            Delete {name}
          </Button>
        </>
      }
    >
      {may.permission && !may.pending ? (
        <div className={classes.form}>
          <Forbidden permission={may.permission} />
        </div>
      ) : null}
      {may.readOnly || problem !== null ? (
        <div className={classes.form}>
          {may.readOnly ? <Notice>Poolboard runs read-only: its server refuses every change.</Notice> : null}
          {problem === null ? null : <WriteProblem problem={problem} />}
        </div>
      ) : null}
      <DialogRow
        head={addresses === null ? <Unknown /> : countText(addresses)}
        what={addresses === "1" ? "address given free" : "addresses given free"}
      >
        <p>
          {cidrs.map((cidr, index) => (
            <span key={cidr}>
              {index === 0 ? null : ", "}
              <Mono>{cidr}</Mono>
            </span>
          ))}
        </p>
        {inUse === null || inUse === 0 ? null : (
          <p>
            <Count value={inUse} /> of them {inUse === 1 ? "is" : "are"} in use already.
          </p>
        )}
      </DialogRow>
      <DialogRow head={<span>Pools</span>} what="that give them out">
        {pools === null ? (
          <Unknown />
        ) : pools.length === 0 ? (
          <p>None: no pool has these addresses.</p>
        ) : (
          <p>
            <Foreign>{pools.join(", ")}</Foreign>
          </p>
        )}
        <p>Another reservation that covers an address keeps it reserved.</p>
      </DialogRow>
    </Dialog>
  );
}
