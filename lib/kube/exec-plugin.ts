import { spawn } from "node:child_process";
import type { Clock } from "./clock.ts";
import { CredentialError } from "./errors.ts";

/** `users[].user.exec` of a kubeconfig, checked, with the command's path made absolute where it was relative. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly installHint: string | null;
  /** The `spec.cluster` to hand over, or null when the plugin did not ask for it. */
  readonly cluster: object | null;
}

export interface ExecCredential {
  readonly token: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  /** Milliseconds since 1970, or null when the plugin names no end. */
  readonly expiresAt: number | null;
}

const KILL_AFTER_MS = 30_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * Runs a credential plugin once. It gets no terminal, 30 seconds and 1 MB of output; its whole process group is killed after that.
 * Throws CredentialError; the message quotes the plugin's first line on stderr with anything that looks like a token removed.
 */
export async function runExecPlugin(plugin: ExecPlugin, clock: Clock): Promise<ExecCredential> {
  const stdout = await runCommand(plugin, clock);
  return parseExecCredential(stdout, plugin);
}

function runCommand(plugin: ExecPlugin, clock: Clock): Promise<string> {
  const info = {
    apiVersion: plugin.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(plugin.cluster === null ? {} : { cluster: plugin.cluster }) },
  };
  const env = {
    ...process.env,
    ...Object.fromEntries(plugin.env),
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  };
  // A group of its own, so that whatever the plugin started dies with it.
  const detached = process.platform !== "win32";
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(plugin.command, [...plugin.args], { env, detached, stdio: ["ignore", "pipe", "pipe"] });

  const fail = (text: string) => {
    cancelTimer();
    reject(new CredentialError(`the credential plugin ${plugin.command} ${text}`));
  };
  const killAndFail = (text: string) => {
    try {
      if (child.pid !== undefined) process.kill(detached ? -child.pid : child.pid, "SIGKILL");
    } catch {
      // It ended by itself a moment ago.
    }
    fail(text);
  };
  const cancelTimer = clock.after(KILL_AFTER_MS, () =>
    killAndFail(`did not answer within ${KILL_AFTER_MS / 1000} s`),
  );

  const output: Buffer[] = [];
  let outputBytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    output.push(chunk);
    outputBytes += chunk.length;
    if (outputBytes > MAX_OUTPUT_BYTES) killAndFail("printed more than 1 MB");
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (complaint.length < 4096) complaint += chunk.toString();
  });
  child.on("error", (error: NodeJS.ErrnoException) => {
    const hint = plugin.installHint === null ? "" : ` (${firstLine(plugin.installHint)})`;
    fail(
      error.code === "ENOENT"
        ? `is not installed${hint}`
        : `could not be started: ${error.code ?? "unknown error"}`,
    );
  });
  child.on("close", (code, signal) => {
    cancelTimer();
    if (code === 0) return resolve(Buffer.concat(output).toString());
    const said = firstLine(complaint);
    fail(`ended with ${signal ?? `exit code ${code}`}${said === "" ? "" : `: ${said}`}`);
  });
  return promise;
}

function parseExecCredential(text: string, plugin: ExecPlugin): ExecCredential {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // The parser's message would quote the output, which may hold a token.
    throw new CredentialError(`the credential plugin ${plugin.command} printed no JSON`);
  }
  const status = field(answer, "status");
  const token = textField(status, "token");
  const cert = textField(status, "clientCertificateData");
  const key = textField(status, "clientKeyData");
  if (field(answer, "kind") !== "ExecCredential" || (token === null && (cert === null || key === null))) {
    throw new CredentialError(
      `the credential plugin ${plugin.command} printed neither a token nor a client certificate`,
    );
  }
  const expires = Date.parse(textField(status, "expirationTimestamp") ?? "");
  return { token, cert, key, expiresAt: Number.isNaN(expires) ? null : expires };
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function textField(value: unknown, key: string): string | null {
  const found = field(value, key);
  return typeof found === "string" && found !== "" ? found : null;
}

function firstLine(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.replace(/[A-Za-z0-9_\-.=+/]{40,}/g, "[removed]").slice(0, 200);
}
