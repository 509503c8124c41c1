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
 * What is looked at in one execution at most, which may have 25,000 events (Step Functions guide, "Service
 * quotas"). With all retries a page takes 22 of them, what is removed 26; the rest is told of.
 */
const most = {
  /** Pages of a list, each of 50. */
  pages: 200,
  /** Sessions that are old enough, and as many dev endpoints: the oldest. */
  found: 50,
  /** Pages of a session's statements. */
  statementPages: 10,
};

/**
 * The states of the machine that finds idle compute. Variables: `sessions`, those that are old enough
 * to be idle; `endpoints`, those that are too old; `found`, what is idle, each with `kind`, `name`, `role`
 * and `hours`; `lines`, what is told of it; `failures`, what couldn't be looked at, and why. No failure hides what else is found: all
 * is told in one notice, and the execution then fails, so that its alarm goes off.
 */
export function janitorStates(to: Arns, janitor: Janitor): Record<string, State> {
  const { remove, topicArn } = janitor;
  const idle = remove ? "$lines" : `[$found.${line}]`;
  return {
    Start: {
      Type: "Pass",
      Assign: { sessions: [], endpoints: [], found: [], failures: [], pages: 0, left: 0 },
      Next: "ListSessions",
    },
    ...sessionStates(to, janitor),
    ...devEndpointStates(to, janitor),
    AllFound: {
      Type: "Pass",
      Assign: {
        found: "{% [$append($found, $endpoints)] %}",
        failures:
          '{% $left > 0 ? $append($failures, $string($left) & " more, too many for one look") : $failures %}',
      },
      Next: "HasFound",
    },
    HasFound: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $count($found) > 0 %}", Next: remove ? "Remove" : "Report" },
        { Condition: "{% $count($failures) > 0 %}", Next: "Report" },
      ],
      Default: "AllSeen",
    },
    ...(remove ? removeStates(to) : {}),
    Report: notify(
      to,
      topicArn,
      "Idle Glue compute",
      `$join($append(
        $count($found) > 0 ? $append("Nobody uses this:", ${idle}) : [],
        $count($failures) > 0 ? $append("This couldn't be looked at:", $failures) : []
      ), "\n")`,
      { Next: "HasFailures" },
    ),
    HasFailures: {
      Type: "Choice",
      Choices: [{ Condition: "{% $count($failures) > 0 %}", Next: "NotAllSeen" }],
      Default: "AllSeen",
    },
    AllSeen: { Type: "Succeed" },
    NotAllSeen: {
      Type: "Fail",
      Error: "NotAllSeen",
      Cause: '{% $substring($join($failures, "\n"), 0, 10000) %}',
    },
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
      what: "sessions",
      found: `${old}.{"kind": "session", "name": Id, "role": Role, "created": ${created}, "hours": ${hoursSince(created)}}`,
      variable: "sessions",
      next: "FindIdle",
    }),
    FindIdle: {
      Type: "Map",
      Items: "{% $sessions %}",
      MaxConcurrency: 5,
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "StartOfSession",
        States: lastUseStates(to, maxIdleHours),
      },
      Assign: {
        found: `{% [$states.result[hours > ${maxIdleHours}]] %}`,
        failures: "{% [$append($failures, $states.result.failure)] %}",
        pages: 0,
      },
      Next: "GetDevEndpoints",
    },
  };
}

/** Adds to a session the hours since its last statement, or since it was made where it has none. */
function lastUseStates(to: Arns, maxIdleHours: number): Record<string, State> {
  const statements = "$states.result.Statements";
  const page = (more: object) =>
    callGlue(
      to,
      "listStatements",
      { SessionId: "{% $states.input.name %}", ...more },
      {
        Assign: {
          used: `{% $max([$used, ${lastMillis(statements)}]) %}`,
          isBusy: `{% $count(${statements}[State in ["WAITING", "RUNNING", "CANCELLING"]]) > 0 %}`,
          moreStatements: nextToken,
          statementPages: "{% $statementPages + 1 %}",
        },
        Output: "{% $states.input %}",
        Catch: [
          {
            // It has ended meanwhile.
            ErrorEquals: ["Glue.EntityNotFoundException", "Glue.IllegalSessionStateException"],
            Next: "InUse",
          },
          {
            ErrorEquals: ["States.ALL"],
            Output: '{% $merge([$states.input, {"reason": $states.errorOutput.Error}]) %}',
            Next: "Unknown",
          },
        ],
        Next: "IsBusy",
      },
    );
  return {
    StartOfSession: {
      Type: "Pass",
      Assign: { used: "{% $states.input.created %}", statementPages: 0 },
      Next: "ListStatements",
    },
    ListStatements: page({}),
    IsBusy: {
      Type: "Choice",
      Choices: [
        { Condition: `{% $isBusy or ${hoursSince("$used")} <= ${maxIdleHours} %}`, Next: "InUse" },
        {
          Condition: `{% $moreStatements != "" and $statementPages >= ${most.statementPages} %}`,
          Next: "TooManyStatements",
        },
        { Condition: '{% $moreStatements != "" %}', Next: "ListMoreStatements" },
      ],
      Default: "LastUsed",
    },
    ListMoreStatements: page({ NextToken: "{% $moreStatements %}" }),
    InUse: { Type: "Pass", Output: { hours: 0 }, End: true },
    TooManyStatements: {
      Type: "Pass",
      Output: '{% $merge([$states.input, {"reason": "too many statements"}]) %}',
      Next: "Unknown",
    },
    Unknown: {
      Type: "Pass",
      Output: `{% {"hours": 0, "failure": $states.input.("session " & name & ": " & reason)} %}`,
      End: true,
    },
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
    what: "dev endpoints",
    found: `${old}.{"kind": "dev endpoint", "name": EndpointName, "role": RoleArn, "hours": ${hours}}`,
    variable: "endpoints",
    next: "AllFound",
  });
}

/**
 * Lists page by page, and adds what is found in each to a variable: the oldest, no more than there is
 * room for. A page that can't be had is a failure, and ends the list.
 */
function listStates(
  to: Arns,
  list: { name: string; call: string; what: string; found: string; variable: string; next: string },
): Record<string, State> {
  const [hasMore, tooMany] = [`${list.name}HasMore`, `${list.name}TooMany`];
  const all = `$append($${list.variable}, $states.result.${list.found})`;
  const fail = (reason: string) => ({
    Assign: { failures: `{% [$append($failures, "${list.what}: " & ${reason})] %}` },
    Next: list.next,
  });
  const page = (more: object) =>
    callGlue(
      to,
      list.call,
      { MaxResults: 50, ...more },
      {
        Assign: {
          left: `{% $left + $max([0, $count(${all}) - ${most.found}]) %}`,
          [list.variable]: `{% [${all}^(>hours)[[0..${most.found - 1}]]] %}`,
          nextToken,
          pages: "{% $pages + 1 %}",
        },
        Catch: [{ ErrorEquals: ["States.ALL"], ...fail("$states.errorOutput.Error") }],
        Next: hasMore,
      },
    );
  return {
    [list.name]: page({}),
    [hasMore]: {
      Type: "Choice",
      Choices: [
        { Condition: `{% $nextToken != "" and $pages >= ${most.pages} %}`, Next: tooMany },
        { Condition: '{% $nextToken != "" %}', Next: `${list.name}More` },
      ],
      Default: list.next,
    },
    [tooMany]: { Type: "Pass", ...fail(`"more than ${50 * most.pages}"`) },
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
