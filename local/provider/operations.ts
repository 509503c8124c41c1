import { type Aws, awsMessage, isUnsure } from "./aws";
import { checkInputs, type Checked, type CheckRequest } from "./check";
import { type Difference, difference } from "./diff";
import type { ResourceType } from "./resource";
import { conceal, reveal } from "./secrets";
import { inputsOf, plannedState, recordedState } from "./state";
import type { Properties } from "./values";
import { IncompleteResource } from "./wire";

/** What the engine asks for, for one resource. Properties carry their secret markers. */
export interface Resource {
  readonly type: ResourceType;
  /** How errors call the resource: its type and name in the program. */
  readonly label: string;
}

export interface Found {
  readonly id: string;
  readonly properties: Properties;
  readonly inputs: Properties;
}

export function check(type: ResourceType, request: CheckRequest): Checked {
  const news = reveal(request.news);
  const olds = reveal(request.olds);
  const checked = checkInputs(type, {
    ...request,
    news: news.properties,
    olds: olds.properties,
  });
  return { ...checked, inputs: conceal(checked.inputs, news.secrets) };
}

export function diff(
  type: ResourceType,
  state: Properties,
  oldInputs: Properties,
  news: Properties,
  ignored: readonly string[],
): Difference {
  return difference(
    type,
    reveal(state).properties,
    reveal(oldInputs).properties,
    reveal(news).properties,
    ignored,
  );
}

export function preview(type: ResourceType, news: Properties, state?: Properties): Properties {
  const { properties, secrets } = reveal(news);
  return conceal(plannedState(type, properties, state && reveal(state).properties), secrets);
}

/** The AWS side of one configured provider. */
export class Operations {
  constructor(
    private readonly aws: Aws,
    private readonly defaultTags: Readonly<Record<string, string>>,
  ) {}

  /** @throws IncompleteResource if the resource was made and something after that failed. */
  async create({ type, label }: Resource, news: Properties): Promise<Found> {
    const { properties: inputs, secrets } = reveal(news);
    let id: string | undefined;
    try {
      try {
        await type.create(this.aws, inputs, (created) => {
          id = created;
        });
      } catch (error) {
        if (!isUnsure(error, this.aws.adopting)) throw error;
        id ??= await this.madeUnheard(type, inputs);
        if (id === undefined) throw error;
        await this.finish(type, id, inputs);
      }
      if (id === undefined) {
        throw new Error("AWS gave no id");
      }
      const state = await this.state(type, id, inputs);
      return { id, properties: conceal(state, secrets), inputs: news };
    } catch (error) {
      const message = `creating ${label}: ${awsMessage(error)}`;
      throw id === undefined ? new Error(message) : await this.incomplete(message, type, id, news);
    }
  }

  /** @throws IncompleteResource with what AWS has after the failed update. */
  async update(
    resource: Resource,
    id: string,
    news: Properties,
    old: Properties,
  ): Promise<Properties> {
    const { type, label } = resource;
    const { properties: inputs, secrets } = reveal(news);
    try {
      await type.update(this.aws, id, inputs, reveal(old).properties);
      return conceal(await this.state(type, id, inputs), secrets);
    } catch (error) {
      throw await this.incomplete(`updating ${label}: ${awsMessage(error)}`, type, id, news);
    }
  }

  /** The resource as AWS has it; undefined if it is gone. Without inputs it is an import. */
  async read(
    { type, label }: Resource,
    id: string,
    oldInputs: Properties,
    oldState: Properties,
  ): Promise<Found | undefined> {
    const inputs = reveal(oldInputs);
    const before = reveal(oldState);
    try {
      const known = { ...before.properties, ...inputs.properties };
      const actual = await type.read(this.aws, id, known);
      if (actual === undefined) {
        return undefined;
      }
      const state = recordedState(type, actual, inputs.properties, this.defaultTags);
      const secrets = [...inputs.secrets, ...before.secrets];
      return {
        id: typeof actual.id === "string" ? actual.id : id,
        properties: conceal(state, secrets),
        inputs: conceal(inputsOf(type, state, inputs.properties), secrets),
      };
    } catch (error) {
      throw new Error(`reading ${label}: ${awsMessage(error)}`, { cause: error });
    }
  }

  async delete({ type, label }: Resource, id: string, state: Properties): Promise<void> {
    try {
      await type.delete(this.aws, id, reveal(state).properties);
    } catch (error) {
      throw new Error(`deleting ${label}: ${awsMessage(error)}`, { cause: error });
    }
  }

  /** The id of what a creation has made whose answer was lost. */
  private async madeUnheard(type: ResourceType, inputs: Properties): Promise<string | undefined> {
    const id = type.idOf(inputs, await this.aws.accountId());
    return id && (await type.read(this.aws, id, inputs)) ? id : undefined;
  }

  /** Does what else belongs to a creation. */
  private async finish(type: ResourceType, id: string, inputs: Properties): Promise<void> {
    const state = await this.state(type, id, inputs);
    const { changes } = difference(type, state, inputs, inputs, []);
    if (changes.length > 0) await type.update(this.aws, id, inputs, state);
  }

  private async state(type: ResourceType, id: string, inputs: Properties): Promise<Properties> {
    const actual = await type.read(this.aws, id, inputs);
    if (actual === undefined) {
      throw new Error(`${id} is gone right after it was written`);
    }
    return recordedState(type, actual, inputs, this.defaultTags);
  }

  private async incomplete(message: string, type: ResourceType, id: string, news: Properties) {
    const { properties: inputs, secrets } = reveal(news);
    // The failure that counts is the first one: without an answer the state holds the id alone.
    const state = await this.state(type, id, inputs).catch(() => ({}));
    return new IncompleteResource(message, id, conceal(state, secrets), news);
  }
}
