import { currentInventory } from "../../inventory/registry.ts";

/** In the server's process: counts what it takes in, and can make it tell each event on its own, as a server that does not gather would. */
export class PushYardstick {
  #isEach = false;
  #events = 0;

  constructor() {
    const inventory = currentInventory();
    // Followers are told before an event is taken in: what is told then is the one before.
    const take = () => {
      this.#events += 1;
      if (this.#isEach) inventory?.changes.flush();
    };
    inventory?.followers.add({ put: take, remove: take, looked: () => undefined });
  }

  /** Events so far. */
  answer(what: unknown): { readonly events: number } {
    if (what === "each") this.#isEach = true;
    if (what === "together") this.#isEach = false;
    return { events: this.#events };
  }
}
