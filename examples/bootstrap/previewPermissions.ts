import { Statement } from "../../components/access/policyDocuments";

/**
 * What the AWS provider calls while it plans, in a preview and before each update. It looks no resource
 * up then: it asks Step Functions alone whether a state machine's definition would be taken
 * (terraform-provider-aws, `internal/service/sfn/state_machine.go`), and STS who it is, which takes no
 * permission (STS API reference, GetCallerIdentity). `test/deploy/calls` has the table.
 */
export function previewStatements(): Statement[] {
  return [
    { Sid: "CheckMachines", Action: ["states:ValidateStateMachineDefinition"], Resource: "*" },
  ];
}
