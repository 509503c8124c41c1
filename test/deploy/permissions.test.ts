import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { typingsOf } from "../local/provider/typings";
import { faultsOf, faultsOfStatement } from "./authorizationReference";
import { Bootstrap, bootstrap } from "./bootstrap";
import { functionCalls, needNoPermission, providerCalls, startCalls } from "./calls";
import { Call, Moment, moments } from "./calls/call";
import { catalogDeployment, Deployment, deployments, resourcesOf } from "./deployments";
import { allows, PolicyStatement, statementsOf } from "./iam";
import { Made } from "./stackResources";

/** A call for one resource of a deployment. */
interface Asked extends Call {
  moment: Moment;
  what: string;
}

interface Deployed extends Deployment {
  resources: Made[];
  functions: string[];
  asked: Asked[];
}

describe("what the AWS provider calls for", function () {
  this.timeout(60_000);
  let setup: Bootstrap;
  let calls: ReturnType<typeof providerCalls>;
  const deployed: Deployed[] = [];
  let ofCatalog: Deployed;

  async function deploy(deployment: Deployment): Promise<Deployed> {
    const made = await resourcesOf(deployment, setup.boundaryArn);
    return { ...deployment, ...made, asked: made.resources.flatMap(callsFor) };
  }

  function callsFor(resource: Made): Asked[] {
    const all = calls.get(resource.type)?.calls(resource) ?? {};
    const what = `${resource.type} ${resource.name}`;
    return moments.flatMap((moment) =>
      (all[moment] ?? []).map((call) => ({ ...call, moment, what })),
    );
  }

  before(async () => {
    setup = await bootstrap({
      environments: deployments.map(({ stack }) => stack),
      buckets: ["mobile-user-*", "segment-bucket"],
    });
    calls = providerCalls(() => setup.boundaryArn);
    for (const deployment of deployments) deployed.push(await deploy(deployment));
    ofCatalog = await deploy(catalogDeployment);
  });

  it("has a row for every type and function that the program uses, and none beside", () => {
    const all = [...deployed, ofCatalog];
    const types = new Set(all.flatMap(({ resources }) => resources.map(({ type }) => type)));
    const functions = new Set(all.flatMap((each) => each.functions));
    assert.deepEqual([...types].sort(), [...calls.keys()].sort());
    assert.deepEqual([...functions].sort(), Object.keys(functionCalls).sort());
  });

  it("has a row for what the components can make, but for what no config asks for", () => {
    const folder = path.join(__dirname, "../../components");
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
    const made = files
      .filter((file) => /^(?!node_modules|bin).*\.ts$/.test(file))
      .flatMap((file) => [
        ...fs.readFileSync(path.join(folder, file), "utf8").matchAll(/new aws\.(\w+)\.(\w+)\(/g),
      ])
      .map(([, module = "", type = ""]) => `aws:${module}/${camel(type)}:${type}`);
    assert.ok(made.includes("aws:glue/catalogTable:CatalogTable"));
    assert.deepEqual([...new Set(made.filter((type) => !calls.has(type)))], notMade);
  });

  it("has calls for the tags of each type that takes tags", () => {
    const ofTags = /:(Tag(Resource|Role|Queue)|PutObjectTagging)$/;
    const all = deployed.flatMap(({ resources }) => resources);
    for (const [type, made] of new Map(all.map((each) => [each.type, each]))) {
      const update = calls.get(type)?.calls(made).update ?? [];
      const has = update.some(({ action }) => ofTags.test(action));
      assert.equal(has, "tags" in typingsOf(type).inputs, type);
    }
  });

  for (const [index, { stack }] of deployments.entries()) {
    it(`is allowed to the role that deploys ${stack}, by resource and condition`, () => {
      const may = setup.statements(`deploy-${stack}`);
      assert.deepEqual(denied(may, deployed[index]?.asked ?? []), []);
    });
  }

  it("is allowed to the role of previews where it plans, and no more is", () => {
    const may = setup.statements("preview");
    const planned = deployed.flatMap(({ asked }) => asked.filter(isOf("plan")));
    const always = Object.values(functionCalls).flatMap((each) => each.calls);
    const needed = [...planned, ...startCalls, ...always].filter(
      ({ action }) => !needNoPermission.includes(action),
    );
    assert.deepEqual(denied(may, needed), []);
    assert.deepEqual(
      actionsOf(may).filter((action) => !stateActions.preview.includes(action)),
      [...new Set(needed.map(({ action }) => action))],
    );
  });

  it("is all that the roles that deploy are allowed, beside the state's", () => {
    const needed = new Set(deployed.flatMap(({ asked }) => asked.map(({ action }) => action)));
    const may = deployments.flatMap(({ stack }) => setup.statements(`deploy-${stack}`));
    const unneeded = actionsOf(may.filter(({ Effect }) => Effect === "Allow")).filter(
      (action) => !needed.has(action) && !stateActions.deploy.includes(action),
    );
    assert.deepEqual(unneeded, []);
  });

  it("is denied where it would encrypt the account's catalog: an administrator does that", () => {
    const may = setup.statements(`deploy-${catalogDeployment.stack}`);
    const refused = denied(may, ofCatalog.asked).map((line) => /^\w+ (.*?): /.exec(line)?.[1]);
    assert.deepEqual([...new Set(refused)].sort(), [
      "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings mobile-user",
      "aws:iam/role:Role mobile-user-catalog",
      "aws:iam/rolePolicy:RolePolicy mobile-user-catalog",
    ]);
  });

  it("keeps roles without the boundary, and the state's key, from the roles that deploy", () => {
    const may = setup.statements("deploy-dev");
    const role = "arn:aws:iam::111122223333:role/mobile-user-daily-job-0a1b2c3";
    const changes = ["Create", "Delete", "Update"].map((verb) => `iam:${verb}Role`);
    for (const action of [...changes, "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"]) {
      const asked = (boundary: string) =>
        allows(may, { action, resource: role, context: { "iam:PermissionsBoundary": boundary } });
      assert.deepEqual(
        [asked(setup.boundaryArn), asked("another"), allows(may, { action, resource: role })],
        [true, false, false],
        action,
      );
    }
    const key = { action: "kms:ScheduleKeyDeletion", resource: setup.stateKeyArn };
    assert.equal(allows(may, key), false);
    assert.equal(allows(may, { ...key, resource: `${setup.stateKeyArn}0` }), true);
  });

  it("can be given to the stack's own roles by the boundary", () => {
    const all = [...deployed, ofCatalog].flatMap(({ resources }) => resources);
    const granted = all
      .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
      .flatMap(({ name, inputs }) =>
        statementsOf(inputs["policy"]).flatMap((statement) => asksFor(name, statement)),
      );
    assert.ok(granted.length > 100, `${granted.length} permissions`);
    assert.deepEqual(denied(setup.boundary(), granted), []);
  });

  it("is known to the Service Authorization Reference, with these resources and keys", async () => {
    const all = [...deployed, ofCatalog].flatMap(({ asked }) => asked);
    const calls = new Map(
      all.map(({ action, resources, context }) => {
        const call = { action, resources, ...(context && { context }) };
        return [JSON.stringify(call), call];
      }),
    );
    const faults = await Promise.all([...calls.values()].map(faultsOf));
    assert.deepEqual([...new Set(faults.flat())], []);
  });
});

describe("the policies of the bootstrap program", function () {
  this.timeout(60_000);
  const environments = ["dev", "prod", "a-stack-with-a-long-name"];
  let setup: Bootstrap;

  before(async () => {
    setup = await bootstrap({ environments });
  });

  it("have an effect, statement by statement, by the Service Authorization Reference", async () => {
    const policies = {
      boundary: setup.boundary(),
      ...Object.fromEntries(roles().map((role) => [role, setup.statements(role)])),
    };
    const faults = await Promise.all(
      Object.entries(policies).flatMap(([name, statements]) =>
        statements.map(async (each) =>
          (await faultsOfStatement(each)).map((fault) => `${name} ${each.Sid}: ${fault}`),
        ),
      ),
    );
    assert.deepEqual(faults.flat(), []);
  });

  it("leave room below IAM's quotas, a fifth of it at least", () => {
    const size = ({ text }: { text: string }) => text.replaceAll(/\s/g, "").length;
    const roomy = (name: string, characters: number, quota: number) => {
      assert.ok(characters > 0 && characters <= 0.8 * quota, `${name}: ${characters} of ${quota}`);
    };
    roomy("boundary", size(setup.boundaryPolicy), 6144);
    for (const role of roles()) {
      const inline = setup.inline(role).map(size);
      roomy(
        role,
        inline.reduce((sum, each) => sum + each, 0),
        10_240,
      );
      const attached = setup.attached(role);
      attached.forEach((policy) => {
        roomy(policy.name, size(policy), 6144);
      });
      assert.ok(attached.length <= 8, `${role} has ${attached.length} policies, of ten at most`);
    }
  });

  it("is all made once more for another repository, with the provider that is there", async () => {
    const identityProviderArn =
      "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    const other = await bootstrap({ environments, namePrefix: "sales-etl", identityProviderArn });
    const fixedNames = ({ resources }: Bootstrap) =>
      resources.flatMap(({ type, inputs }) =>
        typeof inputs["name"] === "string" ? [`${type} ${inputs["name"]}`] : [],
      );
    assert.ok(fixedNames(setup).length > 4);
    assert.deepEqual(
      fixedNames(other).filter((name) => fixedNames(setup).includes(name)),
      [],
    );
    assert.deepEqual(other.of("aws:iam/openIdConnectProvider:OpenIdConnectProvider"), []);
    for (const { inputs } of other.of("aws:iam/role:Role")) {
      assert.ok(
        String(inputs["assumeRolePolicy"]).includes(`"Federated":"${identityProviderArn}"`),
      );
    }
  });

  for (const [key, value, message] of [
    ["namePrefix", "Sales ETL", /namePrefix is "Sales ETL". Take small letters/],
    ["identityProviderArn", "arn:aws:iam::111122223333:role/github", /:role\/github". Set arn:/],
    ["repository", "https://github.com/acme/events", /repository is "https:.*". Set OWNER\/NAME/],
  ] as const) {
    it(`aren't made where ${key} is wrong`, async () => {
      await assert.rejects(bootstrap({ environments, [key]: value }), message);
    });
  }

  const roles = () => ["preview", ...environments.map((stack) => `deploy-${stack}`)];
});

/** The program (`index.ts`) doesn't set `lakeFormation`, and so grants no such permissions. */
const notMade = ["aws:lakeformation/permissions:Permissions"];

const camel = (name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

/** What Pulumi itself does with its state, by `examples/bootstrap/stateBackend.ts`. */
const stateActions = {
  preview: ["kms:Decrypt", "s3:GetObject", "s3:ListBucket"],
  deploy: ["kms:Encrypt"],
};

const isOf =
  (wanted: Moment) =>
  ({ moment }: Asked) =>
    moment === wanted;

/** What a statement of a role lets it do, each value of a condition by itself. */
function asksFor(name: string, { Sid, Action, Resource, Condition }: PolicyStatement): Asked[] {
  const keys = Object.values(Condition).flatMap((tests) => Object.entries(tests));
  const contexts = keys.reduce<Record<string, string>[]>(
    (all, [key, values]) =>
      all.flatMap((each) => values.map((value) => ({ ...each, [key]: value }))),
    [{}],
  );
  return contexts.flatMap((context) =>
    Action.map((action) => ({
      ...{ action, resources: Resource, context, moment: "read" as const },
      what: `${name} ${Sid}`,
    })),
  );
}

function actionsOf(statements: PolicyStatement[]): string[] {
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

function denied(may: PolicyStatement[], asked: (Call & Partial<Asked>)[]): string[] {
  const lines = asked.flatMap(({ action, resources, context = {}, moment, what }) =>
    resources
      .filter((resource) => !allows(may, { action, resource, context }))
      .map((resource) => `${moment} ${what}: ${action} ${resource}`),
  );
  return [...new Set(lines)];
}
