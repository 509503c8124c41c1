import * as pulumi from "@pulumi/pulumi";
import { Arns } from "../access/policyDocuments";
import { callGlue, notify, orElse, State } from "./stateMachine";

/** What counts as idle, what becomes of it, and who is told. */
export interface Janitor {
  maxIdleHours: number;
  maxAgeHours: number;
  remove: boolean;
  topicArn: pulumi.Input<string>;
}

/**
 * The states of the machine that finds idle compute. Variables: `sessions`, those that are old enough
 * to be idle; `found`, what is idle, each with `kind`, `name`, `role` and `hours`; `lines`, what is
 * told.
 */
export function janitorStates(to: Arns, janitor: Janitor): Record<string, State> {
  const { remove, topicArn } = janitor;
  return {
    Start: { Type: "Pass", Assign: { sessions: [], found: [] }, Next: "ListSessions" },
    ...sessionStates(to, janitor),
    ...devEndpointStates(to, janitor),
    HasFound: {
      Type: "Choice",
      Choices: [{ Condition: "{% $count($found) > 0 %}", Next: remove ? "Remove" : "Report" }],
      Default: "NothingFound",
    },
    NothingFound: { Type: "Succeed" },
    ...(remove ? removeStates(to) : {}),
    Report: notify(
      to,
      topicArn,
      "Idle Glue compute",
      `"Nobody uses this:\\n" & $join(${remove ? "$lines" : `[$found.${line}]`}, "\\n")`,
      { End: true },
    ),
  };
}

/** Only of a session that is old enough is it worth asking what ran in it. */
function sessionStates(to: Arns, { maxIdleHours }: Janitor): Record<string, State> {
  const created = "$toMillis(CreatedOn)";
  const old = `Sessions[Status in ["PROVISIONING", "READY"] and ${hoursSince(created)} > ${maxIdleHours}]`;
  return {
    ...listStates(to, {
      name: "ListSessions",
      call: "listSessions",
      found: `${old}.{"kind": "session", "name": Id, "role": Role, "created": ${created}}`,
      variable: "sessions",
      next: "FindIdle",
    }),
    FindIdle: {
      Type: "Map",
      Items: "{% $sessions %}",
      MaxConcurrency: 5,
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "ListStatements",
        States: lastUseStates(to),
      },
      Assign: { found: `{% [$states.result[hours > ${maxIdleHours}]] %}` },
      Next: "GetDevEndpoints",
    },
  };
}

/** Adds to a session the hours since its last statement, or since it was made where it has none. */
function lastUseStates(to: Arns): Record<string, State> {
  const statements = "$states.result.Statements";
  const page = (more: object, before: string) =>
    callGlue(
      to,
      "listStatements",
      { SessionId: "{% $states.input.name %}", ...more },
      {
        Assign: {
          used: `{% $max([${before}, ${lastMillis(statements)}]) %}`,
          isBusy: `{% $count(${statements}[State in ["WAITING", "RUNNING", "CANCELLING"]]) > 0 %}`,
          moreStatements: nextToken,
        },
        Output: "{% $states.input %}",
        Catch: [
          {
            // It has ended meanwhile.
            ErrorEquals: ["Glue.EntityNotFoundException", "Glue.IllegalSessionStateException"],
            Next: "InUse",
          },
        ],
        Next: "IsBusy",
      },
    );
  return {
    ListStatements: page({}, "$states.input.created"),
    IsBusy: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $isBusy %}", Next: "InUse" },
        { Condition: '{% $moreStatements != "" %}', Next: "ListMoreStatements" },
      ],
      Default: "LastUsed",
    },
    ListMoreStatements: page({ NextToken: "{% $moreStatements %}" }, "$used"),
    InUse: { Type: "Pass", Output: { hours: 0 }, End: true },
    LastUsed: {
      Type: "Pass",
      Output: `{% $merge([$states.input, {"hours": ${hoursSince("$used")}}]) %}`,
      End: true,
    },
  };
}

function devEndpointStates(to: Arns, { maxAgeHours }: Janitor): Record<string, State> {
  const hours = hoursSince("$toMillis(CreatedTimestamp)");
  const old = `DevEndpoints[$not(Status in ["DELETING", "TERMINATING"]) and ${hours} > ${maxAgeHours}]`;
  return listStates(to, {
    name: "GetDevEndpoints",
    call: "getDevEndpoints",
    found: `${old}.{"kind": "dev endpoint", "name": EndpointName, "role": RoleArn, "hours": ${hours}}`,
    variable: "found",
    next: "HasFound",
  });
}

/** Lists page by page, and adds what is found in each to a variable. */
function listStates(
  to: Arns,
  list: { name: string; call: string; found: string; variable: string; next: string },
): Record<string, State> {
  const hasMore = `${list.name}HasMore`;
  const page = (more: object) =>
    callGlue(
      to,
      list.call,
      { MaxResults: 50, ...more },
      {
        Assign: {
          [list.variable]: `{% [$append($${list.variable}, $states.result.${list.found})] %}`,
          nextToken,
        },
        Next: hasMore,
      },
    );
  return {
    [list.name]: page({}),
    [hasMore]: {
      Type: "Choice",
      Choices: [{ Condition: '{% $nextToken != "" %}', Next: `${list.name}More` }],
      Default: list.next,
    },
    [`${list.name}More`]: page({ NextToken: "{% $nextToken %}" }),
  };
}

/** Removes what was found; what can't be removed is told with the reason. */
function removeStates(to: Arns): Record<string, State> {
  const remove = (call: string, argument: string, done: string) =>
    callGlue(
      to,
      call,
      { [argument]: "{% $states.input.name %}" },
      {
        Output: `{% $states.input.${line} & ": ${done}" %}`,
        Catch: [
          {
            ErrorEquals: ["States.ALL"],
            Output: '{% $merge([$states.input, {"error": $states.errorOutput.Error}]) %}',
            Next: "NotRemoved",
          },
        ],
        End: true,
      },
    );
  return {
    Remove: {
      Type: "Map",
      Items: "{% $found %}",
      MaxConcurrency: 5,
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "Kind",
        States: {
          Kind: {
            Type: "Choice",
            Choices: [{ Condition: '{% $states.input.kind = "session" %}', Next: "StopSession" }],
            Default: "DeleteDevEndpoint",
          },
          StopSession: remove("stopSession", "Id", "stopped"),
          DeleteDevEndpoint: remove("deleteDevEndpoint", "EndpointName", "deleted"),
          NotRemoved: {
            Type: "Pass",
            Output: `{% $states.input.${line} & ": not removed, " & $states.input.error %}`,
            End: true,
          },
        },
      },
      Assign: { lines: "{% $states.result %}" },
      Next: "Report",
    },
  };
}

const hoursSince = (millis: string) => `($millis() - ${millis}) / 3600000`;
const nextToken = `{% ${orElse("$states.result.NextToken", '""')} %}`;
const line = `(kind & " " & name & " (" & ${orElse("role", '"no role"')} & "), " & $string($round(hours, 1)) & " hours")`;

/**
 * When the last of some statements started or ended, 0 where there is none. The API reference calls
 * it "Unix time" and doesn't say whether in seconds or in milliseconds.
 */
const lastMillis = (statements: string) => `(
  $time := $max($append(${statements}.StartedOn, ${statements}.CompletedOn));
  $exists($time) ? ($time < 100000000000 ? $time * 1000 : $time) : 0
)`;
