import { hkdfSync, randomBytes } from "node:crypto";
import { BlockList, isIP } from "node:net";
import { hashSecret, type Settings } from "./config.ts";

/** How people log in, where they do so under their own names. */
export type Auth =
  /** With the token that the API server knows them by: as a bearer, or pasted once and then kept in a sealed cookie. */
  | { readonly how: "oidc"; readonly sessionKey: Uint8Array }
  /** By the word of a proxy that has asked them. Header names in lower case. */
  | {
      readonly how: "proxy";
      readonly secretHash: Buffer;
      readonly userHeader: string;
      readonly groupsHeader: string;
    };

export interface AuthSettings {
  readonly auth: Auth | null;
  /** Peers whose X-Forwarded-For and X-Forwarded-Proto are believed; null: nobody's are. */
  readonly proxies: BlockList | null;
}

/** Something about how people log in cannot be used. The message is one line and ends with a remedy. */
export class AuthSettingError extends Error {
  override readonly name = "AuthSettingError";
}

/** Reads what the environment says about logging in. Throws AuthSettingError. `how` is what a flag said instead, or undefined. */
export function readAuth(settings: Settings["auth"], how: string | null = settings.how): AuthSettings {
  const proxies = readPeers(settings.proxyPeers);
  switch (how) {
    case null:
      return { auth: null, proxies };
    case "oidc":
      return { auth: { how, sessionKey: sessionKey(settings.sessionKey) }, proxies };
    case "proxy":
      if (proxies === null) {
        throw new AuthSettingError(
          "the proxy that is trusted has no address; name it in POOLBOARD_PROXY_PEERS, as in 10.0.0.7,10.1.0.0/24",
        );
      }
      return { auth: { how, ...readProxy(settings) }, proxies };
    default:
      throw new AuthSettingError(
        `there is no way to log in called "${how}"; use oidc or proxy (--auth, POOLBOARD_AUTH)`,
      );
  }
}

/** Replicas that share a key read each other's cookies; without one a restart logs everybody out. */
function sessionKey(secret: string | null): Uint8Array {
  if (secret !== null && secret.length < 32) {
    throw new AuthSettingError("POOLBOARD_SESSION_KEY is too short; use 32 random characters or more");
  }
  const input = secret === null ? randomBytes(32) : Buffer.from(secret);
  return new Uint8Array(hkdfSync("sha256", input, "", "poolboard session", 32));
}

function readPeers(peers: readonly string[]): BlockList | null {
  if (peers.length === 0) return null;
  const list = new BlockList();
  for (const peer of peers) {
    const [address = "", prefix, more] = peer.split("/");
    const version = isIP(address);
    const bits = version === 6 ? 128 : 32;
    const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
    if (version === 0 || !isPrefix || more !== undefined) {
      throw new AuthSettingError(
        `POOLBOARD_PROXY_PEERS: "${peer}" is no address; write them as in 10.0.0.7,10.1.0.0/24`,
      );
    }
    if (Number(prefix ?? bits) === 0) {
      throw new AuthSettingError(
        `POOLBOARD_PROXY_PEERS: ${peer} is everybody; name the proxy's own addresses`,
      );
    }
    list.addSubnet(address, Number(prefix ?? bits), version === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

const taken =
  /^(authorization|cookie|host|origin|connection|content-.*|sec-.*|x-forwarded-.*|x-poolboard-.*)$/;

function readProxy(settings: Settings["auth"]) {
  const { proxySecret } = settings;
  if (proxySecret === null || proxySecret.length < 16) {
    throw new AuthSettingError(
      "the proxy that is trusted needs a secret; give it and POOLBOARD_PROXY_SECRET the same 16 characters or more",
    );
  }
  const userHeader = headerName("POOLBOARD_PROXY_USER_HEADER", settings.userHeader);
  const groupsHeader = headerName("POOLBOARD_PROXY_GROUPS_HEADER", settings.groupsHeader);
  if (userHeader === groupsHeader) {
    throw new AuthSettingError(
      "POOLBOARD_PROXY_USER_HEADER and POOLBOARD_PROXY_GROUPS_HEADER are the same; name two headers",
    );
  }
  return { secretHash: hashSecret(proxySecret), userHeader, groupsHeader };
}

function headerName(variable: string, name: string): string {
  const lower = name.toLowerCase();
  if (/^[a-z0-9-]{1,64}$/.test(lower) && !taken.test(lower)) return lower;
  throw new AuthSettingError(
    `${variable}: "${name}" cannot be used; name a header of letters, digits and dashes, as in X-Remote-User`,
  );
}
