import { glueCalls } from "./glue";
import { noticeCalls } from "./notices";
import { roleCalls } from "./roles";
import { storageCalls } from "./storage";
import { on, Call, TypeCalls } from "./call";

/**
 * What the AWS provider calls for each type of resource that the stack makes. An action that a policy
 * lacks shows here, and not in the first deployment. Taken from terraform-provider-aws's sources, in
 * versions of 2025 and 2026: pulumi-aws 7.45.0 holds 6.63.0 (its release notes), and 7.48.0 a later one.
 * @param boundaryOf the permissions boundary of a role, by the role's name.
 */
export function providerCalls(boundaryOf: (roleName: string) => unknown) {
  return new Map<string, TypeCalls>(
    Object.entries({ ...glueCalls, ...noticeCalls, ...roleCalls(boundaryOf), ...storageCalls }),
  );
}

/** What functions of the program call, in previews too; `internal/service/` has them all. */
export const functionCalls: Record<string, { source: string; calls: Call[] }> = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    source: "sts/caller_identity_data_source.go",
    calls: on("*", "sts:GetCallerIdentity"),
  },
  // The provider's own lists of partitions and regions answer these two.
  "aws:index/getPartition:getPartition": { source: "meta/partition_data_source.go", calls: [] },
  "aws:index/getRegion:getRegion": { source: "meta/region_data_source.go", calls: [] },
};

/** The provider asks who it is when it starts (`internal/conns/config.go`). */
export const startCalls = on("*", "sts:GetCallerIdentity");

/** "No permissions are required to perform this operation" (STS API reference). */
export const needNoPermission = ["sts:GetCallerIdentity"];
