import type { Entry } from "../store/entry.ts";
import { isObject, parseJson } from "../store/json.ts";
import { badRequest, expired } from "./status.ts";

const kept = 32;
const tooOld =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

export interface Continuation {
  /** Revision of the first page; -1 asks for whatever is current. */
  readonly revision: number;
  /** Key of the last object of the page before. */
  readonly after: string;
}

/** Keeps what the first page of a list saw, so that later pages belong to the same moment. The oldest are dropped. */
export class ListSnapshots {
  readonly #snapshots = new Map<string, readonly Entry[]>();

  remember(scope: string, revision: number, entries: readonly Entry[]): void {
    const id = `${scope}@${revision}`;
    if (this.#snapshots.has(id)) return;
    this.#snapshots.set(id, entries);
    for (const oldest of this.#snapshots.keys()) {
      if (this.#snapshots.size <= kept) break;
      this.#snapshots.delete(oldest);
    }
  }

  get(scope: string, revision: number): readonly Entry[] | null {
    return this.#snapshots.get(`${scope}@${revision}`) ?? null;
  }

  /** Makes every continue token given out so far too old. */
  clear(): void {
    this.#snapshots.clear();
  }
}

export function encodeContinue(continuation: Continuation): string {
  const text = JSON.stringify({ v: "meta.k8s.io/v1", rv: continuation.revision, start: continuation.after });
  return Buffer.from(text).toString("base64url");
}

/** @throws ApiError 400 */
export function decodeContinue(token: string): Continuation {
  try {
    const value = parseJson(Buffer.from(token, "base64url").toString());
    if (isObject(value) && typeof value["rv"] === "number" && typeof value["start"] === "string") {
      return { revision: value["rv"], after: value["start"] };
    }
  } catch {
    // answered below
  }
  throw badRequest("continue key is not valid: the token was not given out by this server");
}

/** 410 with a token that goes on from the same place in today's data. */
export function continueTooOld(continuation: Continuation): Error {
  return expired(tooOld, { continue: encodeContinue({ revision: -1, after: continuation.after }) });
}
