"use client";
import { Modal, TextInput } from "@mantine/core";
import classes from "./dialog.module.css";
import { useFocusBack } from "./use-focus-back.ts";

interface Confirm {
  readonly name: string;
  readonly typed: string;
  readonly onType: (text: string) => void;
}

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** A question, or what is being made. */
  readonly title: React.ReactNode;
  /** One line of effect. */
  readonly lead?: React.ReactNode;
  readonly children?: React.ReactNode;
  /** The name that has to be typed before anything happens; stays in sight however long the facts are. */
  readonly confirm?: Confirm | null;
  /** Left in the foot: what a dry run said, a command to copy. */
  readonly note?: React.ReactNode;
  /** Right in the foot: Cancel (give it `data-autofocus`), then verb and name. */
  readonly actions: React.ReactNode;
}

/** A dialog with facts, 744 px wide: title, effect, rows, foot. On a phone a sheet from below. */
export function Dialog({ opened, onClose, title, lead, children, confirm, note, actions }: Props) {
  // Most dialogs here are taken away whole instead of being closed.
  useFocusBack(opened);
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size={744}
      classNames={{ content: classes.dialog, inner: classes.around }}
    >
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          {lead === undefined ? null : <p className={classes.lead}>{lead}</p>}
        </div>
        <div className={classes.body}>{children}</div>
        <div className={classes.foot}>
          {confirm ? (
            <TextInput
              className={classes.confirm}
              label={`Type ${confirm.name} to confirm`}
              value={confirm.typed}
              onChange={(event) => confirm.onType(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
            />
          ) : null}
          <div className={classes.note}>{note}</div>
          <div className={classes.actions}>{actions}</div>
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}

interface RowProps {
  /** A number that stands large, or a glyph with a word. */
  readonly head: React.ReactNode;
  readonly what?: React.ReactNode;
  readonly tone?: "crit" | "plain";
  readonly children: React.ReactNode;
}

/** One row of a dialog: number and what it counts at the left, the facts at the right. */
export function DialogRow({ head, what, tone = "plain", children }: RowProps) {
  return (
    <section className={classes.row} data-tone={tone}>
      <div className={classes.subject}>
        <div className={typeof head === "number" || typeof head === "string" ? classes.number : classes.word}>
          {head}
        </div>
        {what === undefined ? null : <div className={classes.what}>{what}</div>}
      </div>
      <div className={classes.facts}>{children}</div>
    </section>
  );
}
