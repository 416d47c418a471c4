import { CopyPageLink } from "./copy-page-link.tsx";
import classes from "./page-header.module.css";

interface Props {
  readonly title: React.ReactNode;
  /** Beside the title, quiet: a count. */
  readonly count?: React.ReactNode;
  /** Beside the title, mono: a CIDR. */
  readonly detail?: React.ReactNode;
  /** Second line: a state with its reason, or a sentence. */
  readonly lead?: React.ReactNode;
  /** At most one of them filled. */
  readonly actions?: React.ReactNode;
}

/** What the page is of, and what can be done there; a link to it can always be copied. */
export function PageHeader({ title, count, detail, lead, actions }: Props) {
  return (
    <header className={classes.header}>
      <div className={classes.text}>
        <div className={classes.line}>
          <h1 className={classes.title}>{title}</h1>
          {count === undefined ? null : <span className={classes.count}>{count}</span>}
          {detail === undefined ? null : <span className={classes.detail}>{detail}</span>}
        </div>
        {lead === undefined ? null : <div className={classes.lead}>{lead}</div>}
      </div>
      <div className={classes.actions}>
        <CopyPageLink />
        {actions}
      </div>
    </header>
  );
}

/** The body of a page: the padding and the width every page shares. */
export function Page({ children }: { children: React.ReactNode }) {
  return <div className={classes.page}>{children}</div>;
}

/** A part of a page with its own heading. */
export function Section({
  title,
  note,
  children,
}: {
  title: React.ReactNode;
  note?: React.ReactNode;
  children: React.ReactNode;
}) {
  return (
    <section className={classes.section}>
      <div className={classes.sectionHead}>
        <h2>{title}</h2>
        {note === undefined ? null : <span className={classes.note}>{note}</span>}
      </div>
      {children}
    </section>
  );
}
