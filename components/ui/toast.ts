import type { GlyphShape, Tone } from "./glyph.tsx";

export interface ToastOptions {
  readonly text: string;
  readonly shape?: GlyphShape;
  readonly tone?: Tone;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly seconds?: number;
  /** Shows the seconds that are left: the action goes with the toast. */
  readonly countdown?: boolean;
}

let waiting: readonly ToastOptions[] = [];
const listeners = new Set<() => void>();

function set(next: readonly ToastOptions[]): void {
  waiting = next;
  for (const listener of listeners) listener();
}

/** What has been said and is not on the screen yet: the code that shows it is loaded with the first one. */
export const toasts = {
  get: (): readonly ToastOptions[] => waiting,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  take(): readonly ToastOptions[] {
    const taken = waiting;
    if (taken.length > 0) set([]);
    return taken;
  },
};

/** One line at the bottom left that goes by itself, but not under a mouse or the focus. Not for errors that need reading. */
export function showToast(options: ToastOptions): void {
  set([...waiting, options]);
}

let isButtonWanted = false;

/** Brings the focus to the button of the newest toast, as soon as it is on the screen; false: there is none. */
export function focusToast(): boolean {
  const button = [...document.querySelectorAll<HTMLElement>("[data-toast-action]")].at(-1);
  button?.focus();
  isButtonWanted = button === undefined && waiting.some(({ action }) => action !== undefined);
  return button !== undefined || isButtonWanted;
}

/** Told of a toast's button that is on the screen now. */
export function toastIsHere(button: HTMLElement | null): void {
  if (!isButtonWanted || button === null) return;
  isButtonWanted = false;
  button.focus();
}
