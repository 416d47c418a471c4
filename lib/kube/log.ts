/** The part of a pino logger that this folder calls. Fields never hold credentials, headers or whole objects. */
export interface KubeLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLog: KubeLog = { info() {}, warn() {}, error() {} };
