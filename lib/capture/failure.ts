/** Why there are no pictures, in one line that says what to do; and how the program ends. */
export class CaptureFailure extends Error {
  override readonly name = "CaptureFailure";
  /** 2: what was asked; 3: the cluster or Poolboard; 4: the browser; 1: a page. */
  readonly exitCode: 1 | 2 | 3 | 4;

  constructor(exitCode: 1 | 2 | 3 | 4, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
