import fc from "fast-check";
import { expect, test } from "vitest";
import { configMapSchema, eventSchema, namespaceSchema, serviceSchema } from "./core/objects.ts";
import { reviewSchemas, tokenRequestSchema } from "./core/requests.ts";
import { cronJobSchema, deploymentSchema } from "./core/workloads.ts";
import { decodeMessage, openEnvelope, ProtobufError } from "./protobuf.ts";
import type { Schema } from "./schema.ts";

/** Bodies as kubectl v1.32 sends them. */
const bodies: readonly [string, Schema, string, object][] = [
  [
    "create deployment web --image=nginx:1.25 --replicas=0 --port=80",
    deploymentSchema,
    "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50Er0BCh8KA3dlYhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEosBCAASDAoKCgNhcHASA3dlYhpxChwKABIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViElESMwoFbmdpbngSCm5naW54OjEuMjUqADIKCgAQABhQIgAqAEIAagByAIABAIgBAJABAKIBABoAMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAiAgoAKAA4ABoMCAAQABgAIAAoADgAGgAiAA==",
    {
      metadata: { name: "web", labels: { app: "web" } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: "web" } },
        strategy: { rollingUpdate: undefined },
        template: {
          metadata: { labels: { app: "web" } },
          spec: {
            containers: [
              { name: "nginx", image: "nginx:1.25", ports: [{ containerPort: 80 }], resources: {} },
            ],
          },
        },
      },
      status: {},
    },
  ],
  [
    "create ns team-a",
    namespaceSchema,
    "azhzAAoPCgJ2MRIJTmFtZXNwYWNlEh4KFgoGdGVhbS1hEgAaACIAKgAyADgAQgASABoCCgAaACIA",
    { metadata: { name: "team-a" }, spec: {}, status: {} },
  ],
  [
    "create cm c --from-literal=a=b",
    configMapSchema,
    "azhzAAoPCgJ2MRIJQ29uZmlnTWFwEhsKEQoBYxIAGgAiACoAMgA4AEIAEgYKAWESAWIaACIA",
    { metadata: { name: "c" }, data: { a: "b" } },
  ],
  [
    "create svc clusterip s --tcp=80:http",
    serviceSchema,
    "azhzAAoNCgJ2MRIHU2VydmljZRJmChsKAXMSABoAIgAqADIAOABCAFoICgNhcHASAXMSQwoeCgc4MC1odHRwEgNUQ1AYUCIKCAEQABoEaHR0cCgAEggKA2FwcBIBcxoAIglDbHVzdGVySVA6AEIAUgBaAGAAaAAaAgoAGgAiAA==",
    {
      metadata: { name: "s", labels: { app: "s" } },
      spec: {
        type: "ClusterIP",
        selector: { app: "s" },
        ports: [{ name: "80-http", protocol: "TCP", port: 80, targetPort: "http" }],
      },
      status: { loadBalancer: {} },
    },
  ],
  [
    'create cronjob cj --image=x --schedule="* * * * *"',
    cronJobSchema,
    "azhzAAoTCghiYXRjaC92MRIHQ3JvbkpvYhKVAQoSCgJjahIAGgAiACoAMgA4AEIAEn0KCSogKiAqICogKhoAKm4KEgoCY2oSABoAIgAqADIAOABCABJYMlYKEAoAEgAaACIAKgAyADgAQgASQhIbCgJjahIBeCoAQgBqAHIAgAEAiAEAkAEAogEAGglPbkZhaWx1cmUyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBABoAGgAiAA==",
    {
      metadata: { name: "cj" },
      spec: {
        schedule: "* * * * *",
        jobTemplate: {
          metadata: { name: "cj" },
          spec: {
            template: {
              metadata: {},
              spec: { restartPolicy: "OnFailure", containers: [{ name: "cj", image: "x", resources: {} }] },
            },
          },
        },
      },
      status: {},
    },
  ],
  [
    "create token default --duration=20m",
    tokenRequestSchema,
    "azhzAAooChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESDFRva2VuUmVxdWVzdBIdChAKABIAGgAiACoAMgA4AEIAEgMgsAkaBAoAEgAaACIA",
    { metadata: {}, spec: { expirationSeconds: 1200 } },
  ],
  [
    "auth can-i list pods.foo/log -n x",
    reviewSchemas["SelfSubjectAccessReview"] ?? {},
    "azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSPgoQCgASABoAIgAqADIAOABCABIgCh4KAXgSBGxpc3QaACIAKghwb2RzLmZvbzIAOgNsb2caCAgAEgAaACAAGgAiAA==",
    {
      metadata: {},
      spec: { resourceAttributes: { namespace: "x", verb: "list", resource: "pods.foo", name: "log" } },
    },
  ],
];

test.each(bodies)("kubectl %s", (_command, schema, base64, expected) => {
  const { content } = openEnvelope(Buffer.from(base64, "base64"));
  const object = decodeMessage(schema, content);
  const plain: unknown = JSON.parse(JSON.stringify(expected));
  expect(object).toEqual(plain);
});

test("the envelope names the kind", () => {
  const { apiVersion, kind } = openEnvelope(Buffer.from(bodies[0]?.[2] ?? "", "base64"));
  expect({ apiVersion, kind }).toEqual({ apiVersion: "apps/v1", kind: "Deployment" });
});

test("times, microseconds, negative and very large numbers", () => {
  const bytes = (...parts: (number | Uint8Array)[]): Uint8Array =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...part])));
  const time = bytes(0x08, 0x80, 0x9b, 0x93, 0xc8, 0x06, 0x10, 0xc0, 0x84, 0x3d); // 1761922432 s, 1 ms in ns
  const event = bytes(0x32, time.length, time, 0x52, time.length, time, 0x40, 0x07);
  expect(decodeMessage(eventSchema, event)).toEqual({
    firstTimestamp: "2025-10-31T14:53:52Z",
    eventTime: "2025-10-31T14:53:52.001000Z",
    count: 7,
  });
  const generation = bytes(0x0a, 11, 0x38, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
  expect(decodeMessage(namespaceSchema, generation)).toEqual({ metadata: { generation: -1 } });
  const huge = bytes(0x0a, 10, 0x38, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
  expect(decodeMessage(namespaceSchema, huge)).toEqual({ metadata: { generation: 2n ** 63n - 1n } });
});

test("bytes that are no message are refused with a reason, never with anything else", () => {
  expect(() => openEnvelope(Buffer.from("{}"))).toThrow(ProtobufError);
  expect(() => decodeMessage(deploymentSchema, Uint8Array.of(0x0a, 0x05, 1))).toThrow(ProtobufError);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
      try {
        JSON.stringify(decodeMessage(deploymentSchema, noise), (_key, value: unknown) => String(value));
      } catch (error) {
        expect(error).toBeInstanceOf(ProtobufError);
      }
    }),
  );
});
