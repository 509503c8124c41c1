import * as pulumi from "@pulumi/pulumi";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Recorded, recordResources, resourcesOf } from "../components/recorder";
import { PolicyStatement, statementsOf } from "./iam";
import { made, outputsOf } from "./stackResources";

const folder = path.join(__dirname, "../../examples/bootstrap");
const project = z.object({
  config: z.record(z.string(), z.object({ default: z.unknown().optional() })),
});

/** What the bootstrap program makes for these stacks, by its config's defaults. */
export async function bootstrap(config: Record<string, unknown>): Promise<Bootstrap> {
  const defaults = project.parse(
    parse(fs.readFileSync(path.join(folder, "Pulumi.yaml"), "utf8")),
  ).config;
  recordResources("account", outputsOf);
  const values = {
    ...Object.fromEntries(
      Object.entries(defaults).map(([key, { default: value }]) => [key, value]),
    ),
    repository: "acme/events",
    ...config,
  };
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        `glue-etl:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  Reflect.deleteProperty(require.cache, require.resolve("../../examples/bootstrap/index"));
  return new Bootstrap(await resourcesOf(() => import("../../examples/bootstrap/index")));
}

/** A policy as the program wrote it. */
interface PolicyText {
  name: string;
  text: string;
}

export class Bootstrap {
  constructor(readonly resources: Recorded[]) {}

  get boundaryArn(): string {
    return made(this.one("aws:iam/policy:Policy", /-boundary$/)).arn;
  }

  get stateKeyArn(): string {
    return made(this.one("aws:kms/key:Key", /-state$/)).arn;
  }

  get boundaryPolicy(): PolicyText {
    return this.managed(this.boundaryArn);
  }

  boundary(): PolicyStatement[] {
    return statementsOf(this.boundaryPolicy.text);
  }

  /** All that a role may do, by the end of its name. */
  statements(role: string): PolicyStatement[] {
    return [...this.inline(role), ...this.attached(role)].flatMap(({ text }) => statementsOf(text));
  }

  inline(role: string): PolicyText[] {
    const { physicalName } = this.role(role);
    return this.of("aws:iam/rolePolicy:RolePolicy")
      .filter(({ inputs }) => inputs["role"] === physicalName)
      .map(({ name, inputs }) => ({ name, text: String(inputs["policy"]) }));
  }

  attached(role: string): PolicyText[] {
    const { physicalName } = this.role(role);
    return this.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .filter(({ inputs }) => inputs["role"] === physicalName)
      .map(({ inputs }) => this.managed(String(inputs["policyArn"])));
  }

  of(type: string): Recorded[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  private role(end: string) {
    return made(this.one("aws:iam/role:Role", new RegExp(`-${end}$`)));
  }

  private managed(policyArn: string): PolicyText {
    const found = this.of("aws:iam/policy:Policy").find((each) => made(each).arn === policyArn);
    if (!found) throw new Error(`the program makes no policy ${policyArn}`);
    return { name: found.name, text: String(found.inputs["policy"]) };
  }

  private one(type: string, name: RegExp): Recorded {
    const [found, ...more] = this.of(type).filter((resource) => name.test(resource.name));
    if (!found || more.length > 0) throw new Error(`not one ${type} ${name}`);
    return found;
  }
}
