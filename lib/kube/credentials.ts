import type { Clock } from "./clock.ts";
import { CredentialError, KubeconfigError } from "./errors.ts";
import { runExecPlugin, type ExecCredential } from "./exec-plugin.ts";
import { readClusterAccess, type ClusterAccess, type ClusterSource, type TlsMaterial } from "./kubeconfig.ts";
import type { KubeLog } from "./log.ts";

/** What one request is sent with. Made anew for every request, because tokens and certificates rotate. */
export interface Credential {
  /** Rises whenever something changed; given back to `renew` by whoever got a 401 with it. */
  readonly generation: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly tls: TlsMaterial;
}

/** Where a connection takes its credential from. */
export interface Credentials {
  readonly loginHint: string | null;
  current(): Promise<Credential>;
  renew(generation: number): Promise<boolean>;
  lookAgain(generation: number): Promise<boolean>;
}

/** Somebody other than the owner of the credential. Groups as the API server is to see them. */
export type Person =
  | { readonly user: string; readonly token: string }
  | { readonly user: string; readonly groups: readonly string[] };

const REREAD_AFTER_MS = 60_000;
const REFRESH_BEFORE_EXPIRY_MS = 60_000;

/** The rotating credential of one cluster: re-reads files once a minute, runs the exec plugin in single flight. */
export class CredentialStore implements Credentials {
  readonly #source: ClusterSource;
  readonly #clock: Clock;
  readonly #log: KubeLog;
  #access: ClusterAccess;
  #readAt: number;
  #plugin: ExecCredential | null = null;
  #generation = 1;
  #flight: Promise<void> | null = null;

  constructor(source: ClusterSource, access: ClusterAccess, clock: Clock, log: KubeLog) {
    this.#source = source;
    this.#access = access;
    this.#clock = clock;
    this.#log = log;
    this.#readAt = clock.now();
  }

  get loginHint(): string | null {
    return this.#access.loginHint;
  }

  /** The credential to send now. Throws CredentialError when a plugin has to give one and does not. */
  async current(): Promise<Credential> {
    const age = this.#clock.now() - this.#readAt;
    if (age >= REREAD_AFTER_MS || age < 0 || this.#pluginIsDue())
      await this.#once(() => this.#bringUpToDate(false));
    return this.#credential();
  }

  /**
   * Called after a 401: drops the credential of that generation and makes a new one.
   * False when the new one is the same as before, so that sending it again would be pointless.
   */
  async renew(generation: number): Promise<boolean> {
    if (generation === this.#generation) await this.#once(() => this.#bringUpToDate(true));
    return generation !== this.#generation;
  }

  /**
   * Called when the server's certificate is not believed: looks whether the files name another authority by now.
   * False when nothing has changed since that generation.
   */
  async lookAgain(generation: number): Promise<boolean> {
    if (generation === this.#generation) await this.#once(() => this.#bringUpToDate(false));
    return generation !== this.#generation;
  }

  #credential(): Credential {
    const { headers, tls } = this.#access;
    const plugin = this.#plugin;
    if (plugin === null) return { generation: this.#generation, headers, tls };
    return {
      generation: this.#generation,
      headers: plugin.token === null ? headers : { ...headers, authorization: `Bearer ${plugin.token}` },
      tls: plugin.cert === null || plugin.key === null ? tls : { ...tls, cert: plugin.cert, key: plugin.key },
    };
  }

  #pluginIsDue(): boolean {
    if (this.#access.exec === null) return false;
    const expiresAt = this.#plugin?.expiresAt ?? null;
    return (
      this.#plugin === null ||
      (expiresAt !== null && expiresAt - this.#clock.now() < REFRESH_BEFORE_EXPIRY_MS)
    );
  }

  async #once(work: () => Promise<void>): Promise<void> {
    this.#flight ??= work().finally(() => {
      this.#flight = null;
    });
    await this.#flight;
  }

  async #bringUpToDate(rejected: boolean): Promise<void> {
    const before = fingerprint(this.#credential());
    await this.#reread();
    if (this.#access.exec !== null && (rejected || this.#pluginIsDue())) {
      try {
        this.#plugin = await runExecPlugin(this.#access.exec, this.#clock);
      } catch (error) {
        const stillGood =
          !rejected && this.#plugin !== null && (this.#plugin.expiresAt ?? Infinity) > this.#clock.now();
        if (!stillGood) throw error;
        this.#log.warn(
          { reason: error instanceof CredentialError ? error.message : "unknown" },
          "credential plugin failed, the old credential is still valid",
        );
      }
    }
    if (fingerprint(this.#credential()) !== before) this.#generation += 1;
  }

  /** Files that cannot be read for a moment (they are being replaced) leave the old contents in force. */
  async #reread(): Promise<void> {
    this.#readAt = this.#clock.now();
    try {
      const fresh = await readClusterAccess(this.#source);
      if (fresh.server.href !== this.#access.server.href) {
        this.#log.warn({}, "the kubeconfig now names another server; restart to follow it");
        return;
      }
      this.#access = fresh;
    } catch (error) {
      this.#log.warn(
        { reason: error instanceof KubeconfigError ? error.message : "unknown" },
        "credentials could not be read again",
      );
    }
  }
}

/** A person's credential: of the owner's there is left the server's authority, or with impersonation all but whom it speaks for. */
export class PersonCredentials implements Credentials {
  /** A token that is refused is not renewed here; its owner brings another one. */
  readonly loginHint = null;
  readonly #owner: Credentials;
  readonly #person: Person;

  constructor(owner: Credentials, person: Person) {
    this.#owner = owner;
    this.#person = person;
  }

  async current(): Promise<Credential> {
    const person = this.#person;
    const { generation, headers, tls } = await this.#owner.current();
    if ("token" in person) {
      const own = { authorization: `Bearer ${person.token}` };
      return { generation, headers: own, tls: { ...tls, cert: null, key: null } };
    }
    const ours = Object.entries(headers).filter(([name]) => !/^impersonate-/i.test(name));
    const theirs = {
      "impersonate-user": person.user,
      // One header each: joined by commas they would be one group of an odd name.
      ...(person.groups.length > 0 ? { "impersonate-group": [...person.groups] } : {}),
    };
    return { generation, headers: { ...Object.fromEntries(ours), ...theirs }, tls };
  }

  async renew(generation: number): Promise<boolean> {
    return "token" in this.#person ? false : this.#owner.renew(generation);
  }

  lookAgain(generation: number): Promise<boolean> {
    return this.#owner.lookAgain(generation);
  }
}

function fingerprint({ headers, tls }: Credential): string {
  return JSON.stringify([headers, tls]);
}
