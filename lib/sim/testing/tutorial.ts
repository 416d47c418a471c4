/** The tutorial's own files and figures, for the tests that walk through it by kubectl and in the browser. */

const pool = (apiVersion: string, name: string, cidr: string) => `apiVersion: ${apiVersion}
kind: IPPool
metadata:
  name: ${name}
spec:
  cidr: ${cidr}
  blockSize: 26
  ipipMode: Never
  natOutgoing: true
  vxlanMode: CrossSubnet
`;

/** pools.yaml. The tutorial gives it to calicoctl as v3; kubectl needs the version that the cluster serves. */
export const poolsYaml = (apiVersion: "projectcalico.org/v3" | "crd.projectcalico.org/v1") =>
  [
    pool(apiVersion, "external-pool", "10.64.0.0/20"),
    pool(apiVersion, "internal-pool", "10.64.16.0/20"),
  ].join("---\n");

const deployment = (namespace: string, app: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: nginx-deployment
  namespace: ${namespace}
spec:
  selector:
    matchLabels:
      app: ${app}
  replicas: 9
  template:
    metadata:
      labels:
        app: ${app}
    spec:
      containers:
      - name: nginx
        image: nginx
        ports:
        - containerPort: 80
`;

/** nginx-dp.yaml. */
export const deploymentsYaml = [
  deployment("external-ns", "nginx-external"),
  deployment("internal-ns", "nginx-internal"),
].join("---\n");

/** Where Calico starts for the hosts s666dan4151, 4152 and 4153 in a pool of 64 blocks: 36, 60 and 40. */
export const externalBlocks = {
  s666dan4151: "10.64.9.0/26",
  s666dan4152: "10.64.15.0/26",
  s666dan4153: "10.64.10.0/26",
};
export const internalBlocks = {
  s666dan4151: "10.64.25.0/26",
  s666dan4152: "10.64.31.0/26",
  s666dan4153: "10.64.26.0/26",
};

/** `calicoctl ipam show` of the tutorial, to the character. */
export const ipamShow = `+----------+---------------+-----------+------------+--------------+
| GROUPING |     CIDR      | IPS TOTAL | IPS IN USE |   IPS FREE   |
+----------+---------------+-----------+------------+--------------+
| IP Pool  | 10.255.0.0/16 |     65536 | 36 (0%)    | 65500 (100%) |
| IP Pool  | 10.64.0.0/20  |      4096 | 9 (0%)     | 4087 (100%)  |
| IP Pool  | 10.64.16.0/20 |      4096 | 9 (0%)     | 4087 (100%)  |
+----------+---------------+-----------+------------+--------------+
`;

/** `calicoctl ipam show --show-blocks` of the tutorial, to the character. */
export const ipamShowBlocks = `+----------+-------------------+-----------+------------+--------------+
| GROUPING |       CIDR        | IPS TOTAL | IPS IN USE |   IPS FREE   |
+----------+-------------------+-----------+------------+--------------+
| IP Pool  | 10.255.0.0/16     |     65536 | 36 (0%)    | 65500 (100%) |
| Block    | 10.255.108.128/26 |        64 | 3 (5%)     | 61 (95%)     |
| Block    | 10.255.129.128/26 |        64 | 8 (12%)    | 56 (88%)     |
| Block    | 10.255.140.64/26  |        64 | 13 (20%)   | 51 (80%)     |
| Block    | 10.255.96.64/26   |        64 | 12 (19%)   | 52 (81%)     |
| IP Pool  | 10.64.0.0/20      |      4096 | 9 (0%)     | 4087 (100%)  |
| Block    | 10.64.0.64/26     |        64 | 3 (5%)     | 61 (95%)     |
| Block    | 10.64.1.128/26    |        64 | 3 (5%)     | 61 (95%)     |
| Block    | 10.64.12.64/26    |        64 | 3 (5%)     | 61 (95%)     |
| IP Pool  | 10.64.16.0/20     |      4096 | 9 (0%)     | 4087 (100%)  |
| Block    | 10.64.16.64/26    |        64 | 3 (5%)     | 61 (95%)     |
| Block    | 10.64.17.128/26   |        64 | 3 (5%)     | 61 (95%)     |
| Block    | 10.64.28.64/26    |        64 | 3 (5%)     | 61 (95%)     |
+----------+-------------------+-----------+------------+--------------+
`;
