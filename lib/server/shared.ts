/**
 * A value that the whole process shares. Next gives routes, pages and instrumentation a copy of each module, so a module
 * variable would be several; `globalThis` is one. `make` runs on first use only.
 */
export function shared<Value>(name: string, make: () => Value): Value {
  const key = Symbol.for(`poolboard.${name}`);
  const store = globalThis as unknown as Record<symbol, Value | undefined>;
  const present = store[key];
  if (present !== undefined) return present;
  const made = make();
  store[key] = made;
  return made;
}
