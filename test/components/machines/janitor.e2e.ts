import assert from "node:assert/strict";
import { IdleComputeJanitor } from "../../../components";
import { recordResources, resourcesOf } from "../recorder";
import { type Machine, machineOf } from "../stateMachines";
import { type Answer, argumentsOf, operationsOf, ScriptedGlue } from "./scriptedGlue";

const seconds = Date.now() / 1000;
const hour = 3600;

/** What the deployed definition does, run by an emulator of Step Functions against a scripted Glue. */
describe("the machine of IdleComputeJanitor", function () {
  this.timeout(60_000);
  let glue: ScriptedGlue;
  let reporting: Machine;
  let removing: Machine;

  before(async () => {
    glue = await ScriptedGlue.start();
    const shared = { topicArn: glue.topicArn, kmsKeyArn: "key" };
    recordResources();
    const made = await resourcesOf(() => {
      new IdleComputeJanitor("reporting", shared);
      new IdleComputeJanitor("removing", { ...shared, remove: true });
    });
    reporting = machineOf(made, "reporting");
    removing = machineOf(made, "removing");
  });

  after(() => glue.stop());

  const session = (Id: string, hours: number, Status = "READY"): Answer => ({
    Id,
    Status,
    CreatedOn: seconds - hours * hour,
    Role: "arn:role/ann",
  });
  const statement = (hours: number, unit: number, State = "AVAILABLE"): Answer => ({
    State,
    StartedOn: Math.round((seconds - hours * hour) * unit),
    CompletedOn: Math.round((seconds - hours * hour) * unit),
  });
  const endpoint = (EndpointName: string, hours: number, Status = "READY"): Answer => ({
    EndpointName,
    Status,
    RoleArn: "arn:role/bob",
    CreatedTimestamp: seconds - hours * hour,
  });
  const none = { ListSessions: [{ Sessions: [] }], GetDevEndpoints: [{ DevEndpoints: [] }] };

  it("names what is idle, of all pages, with its age, and touches nothing", async () => {
    const ended = await glue.run(reporting, {
      ListSessions: [
        { Sessions: [session("young", 3), session("old", 9)], NextToken: "more" },
        { Sessions: [session("ended", 9, "STOPPED"), session("starting", 5, "PROVISIONING")] },
      ],
      ListStatements: [{ Statements: [] }],
      GetDevEndpoints: [
        { DevEndpoints: [endpoint("new", 7), endpoint("e1", 30)], NextToken: "more" },
        { DevEndpoints: [endpoint("going", 30, "TERMINATING"), endpoint("e2", 9)] },
      ],
    });
    assert.equal(ended.status, "SUCCEEDED", ended.error);
    assert.deepEqual(argumentsOf(ended, "ListSessions")[1]?.["NextToken"], "more");
    assert.deepEqual(ended.notices, [
      [
        "Nobody uses this:",
        "session old (arn:role/ann), 9 hours",
        "session starting (arn:role/ann), 5 hours",
        "dev endpoint e1 (arn:role/bob), 30 hours",
        "dev endpoint e2 (arn:role/bob), 9 hours",
      ].join("\n"),
    ]);
    assert.ok(operationsOf(ended).every((name) => /^(List|Get)/.test(name)));
  });

  const statements: [string, Answer[], RegExp | undefined][] = [
    ["goes by the last statement, in seconds", [{ Statements: [statement(5, 1)] }], / 5 hours/],
    [
      "goes by the last statement, in milliseconds, on whatever page",
      [
        { Statements: [statement(8, 1000)], NextToken: "more" },
        { Statements: [statement(6, 1000)] },
      ],
      / 6 hours/,
    ],
    [
      "goes by the last statement where pages are in another order",
      [
        { Statements: [statement(6, 1000)], NextToken: "more" },
        { Statements: [statement(8, 1000)] },
      ],
      / 6 hours/,
    ],
    ["spares what was used lately", [{ Statements: [statement(1, 1000)] }], undefined],
    ["spares what is at work", [{ Statements: [statement(8, 1, "RUNNING")] }], undefined],
    ["spares what has ended meanwhile", [{ error: "EntityNotFoundException" }], undefined],
  ];
  for (const [what, ListStatements, said] of statements) {
    it(what, async () => {
      const ended = await glue.run(reporting, {
        ...none,
        ListSessions: [{ Sessions: [session("s", 9)] }],
        ListStatements,
      });
      assert.equal(ended.status, "SUCCEEDED", ended.error);
      assert.equal(ended.notices.length, said ? 1 : 0);
      assert.match(ended.notices[0] ?? "", said ?? /^$/);
    });
  }

  it("stops sessions, deletes dev endpoints, and tells what can't be", async () => {
    const ended = await glue.run(removing, {
      ListSessions: [{ Sessions: [session("s", 9)] }],
      ListStatements: [{ Statements: [] }],
      GetDevEndpoints: [{ DevEndpoints: [endpoint("e", 9)] }],
      StopSession: [{ Id: "s" }],
      DeleteDevEndpoint: [{ error: "AccessDeniedException" }],
    });
    assert.equal(ended.status, "SUCCEEDED", ended.error);
    assert.deepEqual(argumentsOf(ended, "StopSession"), [{ Id: "s" }]);
    assert.deepEqual(argumentsOf(ended, "DeleteDevEndpoint"), [{ EndpointName: "e" }]);
    assert.match(ended.notices[0] ?? "", /session s .*: stopped/);
    assert.match(
      ended.notices[0] ?? "",
      /dev endpoint e .*: not removed, Glue\.AccessDeniedException/,
    );
  });

  const denied = [{ error: "AccessDeniedException" }];
  const found = {
    ListSessions: [{ Sessions: [session("s", 9)] }],
    ListStatements: [{ Statements: [] }],
    GetDevEndpoints: [{ DevEndpoints: [endpoint("e", 9)] }],
  };
  const failures: [string, Record<string, Answer[]>, string[]][] = [
    [
      "dev endpoints can't be listed",
      { GetDevEndpoints: denied },
      ["session s (arn:role/ann), 9 hours", "dev endpoints: Glue.AccessDeniedException"],
    ],
    [
      "sessions can't be listed",
      { ListSessions: denied },
      ["dev endpoint e (arn:role/bob), 9 hours", "sessions: Glue.AccessDeniedException"],
    ],
    [
      "a later page of sessions can't be had",
      { ListSessions: [{ Sessions: [session("s", 9)], NextToken: "more" }, ...denied] },
      [
        "session s (arn:role/ann), 9 hours",
        "dev endpoint e (arn:role/bob), 9 hours",
        "sessions: Glue.AccessDeniedException",
      ],
    ],
    [
      "a session's statements can't be listed",
      {
        ListSessions: [{ Sessions: [session("s", 9), session("t", 9)] }],
        ListStatements: [{ Statements: [] }, ...denied],
      },
      [
        "session s (arn:role/ann), 9 hours",
        "dev endpoint e (arn:role/bob), 9 hours",
        "session t: Glue.AccessDeniedException",
      ],
    ],
    [
      "neither can be listed",
      { ListSessions: denied, GetDevEndpoints: denied },
      ["sessions: Glue.AccessDeniedException", "dev endpoints: Glue.AccessDeniedException"],
    ],
  ];
  for (const [what, changes, told] of failures) {
    it(`tells what it found, and that ${what}, and fails`, async () => {
      const ended = await glue.run(reporting, { ...found, ...changes });
      assert.deepEqual([ended.status, ended.error], ["FAILED", "NotAllSeen"]);
      assert.equal(ended.notices.length, 1);
      const lines = ended.notices[0]?.split("\n") ?? [];
      assert.deepEqual(
        lines.filter((line) => !line.endsWith(":")).map((line) => line.replace(/ [st]\b/, " ?")),
        told.map((line) => line.replace(/ [st]\b/, " ?")),
      );
    });
  }

  it("removes what it found where something else can't be listed", async () => {
    const ended = await glue.run(removing, {
      ...found,
      GetDevEndpoints: denied,
      StopSession: [{ Id: "s" }],
    });
    assert.deepEqual([ended.status, ended.error], ["FAILED", "NotAllSeen"]);
    assert.deepEqual(argumentsOf(ended, "StopSession"), [{ Id: "s" }]);
    assert.match(
      ended.notices[0] ?? "",
      /session s .*: stopped\nThis couldn't be looked at:\ndev endpoints: Glue\.AccessDeniedException$/,
    );
  });

  it("looks at the oldest alone where there are too many, and tells of the rest", async () => {
    const many = Array.from({ length: 30 }, (_, index) => index);
    const ended = await glue.run(reporting, {
      ...none,
      ListSessions: [
        { Sessions: many.map((index) => session(`a${index}`, 10 + index)), NextToken: "more" },
        { Sessions: many.map((index) => session(`b${index}`, 100 + index)) },
      ],
      ListStatements: [{ Statements: [] }],
    });
    assert.equal(ended.error, "NotAllSeen");
    const [notice = ""] = ended.notices;
    assert.equal(notice.match(/^session /gm)?.length, 50);
    assert.match(notice, /session b0 .*100 hours/);
    assert.doesNotMatch(notice, /session a9 /);
    assert.match(notice, /\n10 more, too many for one look$/);
  });

  it("doesn't take a session for idle that has more statements than it looks through", async () => {
    const ended = await glue.run(removing, {
      ...none,
      ListSessions: [{ Sessions: [session("s", 9)] }],
      ListStatements: [{ Statements: [statement(8, 1)], NextToken: "more" }],
    });
    assert.equal(ended.error, "NotAllSeen");
    assert.equal(argumentsOf(ended, "ListStatements").length, 10);
    assert.match(ended.notices[0] ?? "", /session s: too many statements$/);
  });

  it("says nothing where nothing is idle", async () => {
    for (const machine of [reporting, removing]) {
      const ended = await glue.run(machine, none);
      assert.deepEqual([ended.status, ended.notices], ["SUCCEEDED", []], ended.error);
    }
  });
});
