import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROTOBUF } from "../../kube/protobuf.ts";

const folder = join(import.meta.dirname, "..", "..", "kube", "testing", "real");

/** Each pod's own, by what stands for it in the recording: texts of the same length, so that nothing around them moves. */
const own: Readonly<Record<string, (pod: number) => string>> = {
  "app-0000": (pod) => `app-${digits(pod / 30, 4)}`,
  "-00000": (pod) => `-${digits(pod, 5)}`,
  "team-000": (pod) => `team-${digits((pod / 30) % 300, 3)}`,
  "node-0000": (pod) => `node-${digits(pod / 30, 4)}`,
  // 100 to 199 in each place, for three digits everywhere.
  "10.100.100.100": (pod) => `10.1${digits(pod / 10_000, 2)}.1${digits(pod / 100, 2)}.1${digits(pod, 2)}`,
  "00000000-0000-4000": (pod) => `${digits(mixed(pod), 8, 16)}-${digits(mixed(pod + 1), 4, 16)}-4000`,
  "100000000": (pod) => String(100_000_000 + pod),
};

function digits(value: number, count: number, base = 10): string {
  return Math.floor(value).toString(base).padStart(count, "0").slice(-count);
}

function mixed(value: number): number {
  return Math.imul(value + 1, 0x9e3779b1) >>> 0;
}

/**
 * Lists of as many pods as are wanted, each as large as those of a Deployment are once kubelet, scheduler and Calico have written
 * to them: 7.1 kB, 4.7 kB as protobuf. All are copies of one that a real API server (Kubernetes 1.36) sent in both encodings.
 */
export class PodPages {
  readonly type: "application/json" | typeof PROTOBUF;
  readonly #total: number;
  readonly #pod: Buffer;
  /** Where in the pod's bytes something of its own stands. */
  readonly #places: readonly { readonly at: number; readonly value: (pod: number) => string }[];

  constructor(type: PodPages["type"], total: number) {
    this.type = type;
    this.#total = total;
    this.#pod = type === PROTOBUF ? recordedProtobuf() : recordedJson();
    this.#places = Object.entries(own).flatMap(([text, value]) =>
      Array.from(placesOf(text, this.#pod), (at) => ({ at, value })),
    );
  }

  /** The page from a token on; "": the first. `next` is "" on the last one. */
  page(token: string, limit: number): { readonly bytes: Buffer; readonly next: string } {
    const first = Number(token);
    const end = Math.min(this.#total, first + limit);
    const next = end < this.#total ? String(end) : "";
    const pods = Array.from({ length: end - first }, (_, index) => this.#copy(first + index));
    const list = this.type === PROTOBUF ? protobufList : jsonList;
    return { bytes: list(next, this.#total - end, pods), next };
  }

  #copy(pod: number): Buffer {
    const bytes = Buffer.from(this.#pod);
    for (const { at, value } of this.#places) bytes.write(value(pod), at, "latin1");
    return bytes;
  }
}

function* placesOf(text: string, bytes: Buffer): Iterable<number> {
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) yield at;
}

function recordedJson(): Buffer {
  const list = JSON.parse(readFileSync(join(folder, "full-pod.json"), "utf8")) as { items: [object] };
  return Buffer.from(JSON.stringify(list.items[0]));
}

function jsonList(next: string, remaining: number, pods: readonly Buffer[]): Buffer {
  const more = next === "" ? "" : `,"continue":"${next}","remainingItemCount":${remaining}`;
  const head = `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"200000000"${more}},"items":[`;
  const comma = Buffer.from(",");
  const items = pods.flatMap((pod, index) => (index === 0 ? [pod] : [comma, pod]));
  return Buffer.concat([Buffer.from(head), ...items, Buffer.from("]}")]);
}

const MAGIC = Buffer.from("k8s\0");
/** Numbers of fields: of the envelope, of `PodList` and of its `ListMeta`. */
const RAW = 2;
const METADATA = 1;
const ITEMS = 2;
const REMAINING = 4;

/** With its tag and length. */
function recordedProtobuf(): Buffer {
  const envelope = readFileSync(join(folder, "full-pod.pb")).subarray(MAGIC.length);
  return field(ITEMS, contentOf(ITEMS, contentOf(RAW, envelope)));
}

function protobufList(next: string, remaining: number, pods: readonly Buffer[]): Buffer {
  const more = [field(3, Buffer.from(next)), Buffer.from([REMAINING << 3, ...varint(remaining)])];
  const metadata = Buffer.concat([field(2, Buffer.from("200000000")), ...(next === "" ? [] : more)]);
  const type = Buffer.concat([field(1, Buffer.from("v1")), field(2, Buffer.from("PodList"))]);
  const list = Buffer.concat([field(METADATA, metadata), ...pods]);
  return Buffer.concat([MAGIC, field(1, type), field(RAW, list)]);
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(content.length)]), content]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** Of the first field of that number in a message that has nothing but texts and messages before it. */
function contentOf(number: number, message: Buffer): Buffer {
  for (let at = 0; at < message.length;) {
    const tag = message[at++] ?? 0;
    let length = 0;
    for (let shift = 0, byte = 128; byte >= 128; shift += 7) {
      byte = message[at++] ?? 0;
      length += (byte & 127) * 2 ** shift;
    }
    if (tag === ((number << 3) | 2)) return message.subarray(at, at + length);
    at += length;
  }
  throw new Error(`the recorded message has no field ${number}`);
}
