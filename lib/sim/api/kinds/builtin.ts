import type { ResourceType } from "../resource-type.ts";
import { apiServices } from "./api-services.ts";
import { batchKinds } from "./batch.ts";
import { coreKinds } from "./core.ts";
import { customResourceDefinitions } from "./definitions.ts";
import { pods } from "./pods.ts";
import { reviewKinds } from "./reviews.ts";
import { services } from "./services.ts";
import { workloadKinds } from "./workloads.ts";

/** Every kind the cluster knows without a CustomResourceDefinition, in the order discovery lists them. */
export const builtinKinds: readonly ResourceType[] = [
  ...coreKinds,
  pods,
  services,
  ...workloadKinds,
  ...batchKinds,
  ...reviewKinds,
  customResourceDefinitions,
  apiServices,
];
