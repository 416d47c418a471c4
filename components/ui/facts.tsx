import classes from "./facts.module.css";

export interface Fact {
  readonly label: string;
  readonly value: React.ReactNode;
  /** Behind the value, quiet: “of 65,536”. */
  readonly of?: React.ReactNode;
  readonly note?: React.ReactNode;
}

/** The few numbers a page is about, without frames; lesser ones as a short list at the right. */
export function Facts({ facts, minor = [] }: { facts: readonly Fact[]; minor?: readonly Fact[] }) {
  return (
    <div className={classes.strip}>
      <dl className={classes.facts}>
        {facts.map((fact) => (
          <div key={fact.label}>
            <dt>{fact.label}</dt>
            <dd className={classes.value}>
              {fact.value}
              {fact.of === undefined ? null : <span className={classes.of}> {fact.of}</span>}
            </dd>
            {fact.note === undefined ? null : <dd className={classes.note}>{fact.note}</dd>}
          </div>
        ))}
      </dl>
      {minor.length === 0 ? null : (
        <dl className={classes.minor}>
          {minor.map((fact) => (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

/** Settings in words: label, value, and what the value means. */
export function Settings({ rows }: { rows: readonly Fact[] }) {
  return (
    <dl className={classes.settings}>
      {rows.map((row) => (
        <div key={row.label}>
          <dt>{row.label}</dt>
          <dd>
            <span className={classes.setting}>{row.value}</span>
            {row.note === undefined ? null : <span className={classes.note}>{row.note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
