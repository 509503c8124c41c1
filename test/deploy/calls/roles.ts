import { account, Made, text } from "../stackResources";
import { Call, on, TypeCalls, withTags } from "./call";

/** The boundary that the role has, or gets by the call: AWS knows it at calls that change a role. */
function bounded(calls: Call[], boundary: unknown): Call[] {
  return calls.map((call) =>
    typeof boundary === "string"
      ? { ...call, context: { ...call.context, "iam:PermissionsBoundary": boundary } }
      : call,
  );
}

const roleArn = (name: string) => `arn:aws:iam::${account.id}:role/${name}`;

export function roleCalls(boundaryOf: (roleName: string) => unknown): Record<string, TypeCalls> {
  return {
    "aws:iam/role:Role": {
      source: "iam/role.go",
      note:
        "A boundary is never taken away, as deploy roles mustn't do that. Roles here have no attached " +
        "policies and are in no instance profile, so none is detached.",
      calls: (made: Made) => {
        const boundary = made.inputs["permissionsBoundary"];
        return {
          create: [
            ...bounded(on(made.arn, "iam:CreateRole"), boundary),
            ...withTags(made, made.arn, "iam:TagRole"),
          ],
          read: [
            ...on(made.arn, "iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy"),
            ...on(made.arn, "iam:ListAttachedRolePolicies"),
          ],
          update: [
            ...bounded(
              [
                ...on(made.arn, "iam:UpdateAssumeRolePolicy", "iam:UpdateRoleDescription"),
                ...on(made.arn, "iam:UpdateRole"),
                ...(boundary === undefined ? [] : on(made.arn, "iam:PutRolePermissionsBoundary")),
              ],
              boundary,
            ),
            ...on(made.arn, "iam:TagRole", "iam:UntagRole"),
          ],
          delete: [
            ...on(made.arn, "iam:ListInstanceProfilesForRole"),
            ...bounded(on(made.arn, "iam:DeleteRole"), boundary),
          ],
        };
      },
    },
    "aws:iam/rolePolicy:RolePolicy": {
      source: "iam/role_policy.go",
      calls: ({ inputs }: Made) => {
        const role = text(inputs, "role");
        const change = (api: string) => bounded(on(roleArn(role), api), boundaryOf(role));
        return {
          create: change("iam:PutRolePolicy"),
          read: on(roleArn(role), "iam:GetRolePolicy"),
          update: change("iam:PutRolePolicy"),
          delete: change("iam:DeleteRolePolicy"),
        };
      },
    },
  };
}
