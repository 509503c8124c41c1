import * as assert from "node:assert/strict";
import { type RunningProvider, startProvider } from "../../../local/provider";
import { resourceTypes } from "../../../local/provider/types";
import type { Properties } from "../../../local/provider/values";
import { providerCalls } from "../../deploy/calls";
import { made as asMade } from "../../deploy/stackResources";
import { FaultProxy } from "../faults/faultProxy";
import type { Case } from "./caseParts";
import { cases } from "./cases";
import { Client, type Recorded } from "./client";
import { Emulator } from "./emulator";
import { callsThatDiffer } from "./callsThatDiffer";
import { SentCommands } from "./sentCommands";

/** What can't be without, once it is deleted: S3, SNS and Glue put something of their own in its place. */
const left: Record<string, RegExp> = {
  "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings":
    /"catalogEncryptionMode":"DISABLED"/,
  "aws:s3/bucketNotification:BucketNotification": /"eventbridge":false,"queues":\[\],"topics":\[\]/,
  "aws:s3/bucketVersioning:BucketVersioning": /"status":"Suspended"/,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    /"sseAlgorithm":"AES256"/,
  "aws:sns/topicPolicy:TopicPolicy": /__default_policy_ID/,
};

/** The operations of the official provider for a resource with these inputs; none where no stack makes one. */
function officialCalls(token: string, inputs: Properties): string[] | undefined {
  const row = providerCalls(() => undefined).get(token);
  if (row === undefined) return undefined;
  const calls = Object.values(row.calls(asMade({ type: token, name: "sample", inputs }))).flat();
  return [...new Set(calls.flatMap(({ api }) => api ?? []))]
    .filter((api) => !removesTags.test(api))
    .sort();
}

/** Left out: no case takes a tag away. */
const removesTags = /:(Untag\w+|Delete\w+Tagging)$/;

for (const answersLost of [false, true]) {
  const lost = answersLost ? ", though each call's first answer is lost" : "";
  describe(`each type of the provider, against the emulator${lost}`, function () {
    this.timeout(60_000);
    let emulator: Emulator;
    let proxy: FaultProxy;
    let provider: RunningProvider;
    let client: Client;
    let sent: SentCommands;
    const made: { token: string; old: Recorded }[] = [];

    before(async function () {
      this.timeout(600_000);
      sent = new SentCommands();
      emulator = await Emulator.start();
      proxy = await FaultProxy.start(emulator.endpoint);
      if (answersLost) {
        // An SDK gives up once it had to repeat too much, so only changes are lost.
        const changes = /^(?!GET|HEAD|.*\.(Get|List|Describe))/;
        proxy.change({
          seed: 1,
          share: 1,
          stallMs: 0,
          kinds: ["lost answer"],
          firstAttempts: true,
          only: changes,
        });
      }
      provider = await startProvider({ ...emulator.options, endpoint: proxy.endpoint });
      client = new Client(provider.port);
      await client.configure({});
    });

    after(async () => {
      sent.stop();
      client.close();
      await provider.close();
      await proxy.close();
      await emulator.stop();
    });

    /** The inputs with the ids that earlier cases got. */
    const resolved = (inputs: Properties): Properties => {
      const entries = Object.entries(inputs).map(([name, value]) => {
        const of = /^\$id of (.+)$/.exec(String(value))?.[1];
        return [name, of === undefined ? value : made.find(({ token }) => token === of)?.old.id];
      });
      return Object.fromEntries(entries);
    };

    const checked = async ({ token }: Case, news: Properties, olds: Properties = {}) => {
      const { inputs, failures } = await client.check(token, news, olds);
      assert.deepEqual(failures, []);
      return inputs;
    };

    it("has a case for every type", () => {
      assert.deepEqual(new Set(cases.map(({ token }) => token)), new Set(resourceTypes.keys()));
    });

    for (const sample of cases) {
      it(`${sample.token}: made, read, imported, changed`, async () => {
        sent.for = sample.token;
        const program = resolved(sample.inputs);
        const inputs = await checked(sample, program);
        const created = await client.create(sample.token, inputs);
        for (const [name, pattern] of Object.entries(sample.outputs)) {
          assert.match(String(created.properties[name]), pattern, name);
        }
        const again = await checked(sample, program, inputs);
        assert.deepEqual((await client.diff(sample.token, created, again)).details, {});

        const refreshed = await client.read(sample.token, created.id, created);
        assert.deepEqual(refreshed, created);

        const imported = await client.read(sample.token, created.id);
        assert.equal(imported?.id, created.id);
        assert.ok(imported);
        const { details } = await client.diff(sample.token, imported, again);
        const fields = resourceTypes.get(sample.token)?.inputs;
        const readable = Object.keys(details).filter((name) => !fields?.[name]?.unread);
        assert.deepEqual(readable, sample.untold ?? []);

        const replacing = await checked(sample, { ...program, ...sample.replace }, inputs);
        const replaced = await client.diff(sample.token, created, replacing);
        assert.deepEqual(replaced.details, sample.replaceDiff);

        made.push({ token: sample.token, old: created });
        if (sample.update !== undefined) {
          const news = await checked(sample, { ...program, ...sample.update }, inputs);
          const diff = await client.diff(sample.token, created, news);
          assert.deepEqual(diff.details, sample.updateDiff);
          const updated = await client.update(sample.token, created, news);
          assert.deepEqual((await client.diff(sample.token, updated, news)).details, {});
          for (const [name, pattern] of Object.entries(sample.kept ?? {})) {
            assert.match(JSON.stringify(updated.properties[name]), pattern, name);
          }
          assert.deepEqual(await client.read(sample.token, updated.id, updated), updated);
          made.splice(-1, 1, { token: sample.token, old: updated });
        }
      });
    }

    it("deletes all in reverse order, and what is gone is no error", async () => {
      for (const { token, old } of made.reverse()) {
        sent.for = token;
        await client.delete(token, old);
        const still = await client.read(token, old.id, old);
        const pattern = left[token];
        if (pattern === undefined) {
          assert.equal(still, undefined, `${token} is still there`);
        } else {
          assert.match(JSON.stringify(still?.properties), pattern, token);
        }
        await client.delete(token, old);
      }
      assert.equal(made.length, cases.length);
    });

    it("calls for each type what the official provider calls, but for what is listed", () => {
      const listed = new Set(Object.keys(callsThatDiffer));
      for (const { token, inputs } of cases) {
        const theirs = officialCalls(token, resolved(inputs));
        if (theirs === undefined) continue;
        listed.delete(token);
        const ours = sent.of(token).filter((call) => !removesTags.test(call));
        const { ours: onlyOurs = [], theirs: onlyTheirs = [] } = callsThatDiffer[token] ?? {};
        assert.deepEqual(
          {
            ours: ours.filter((call) => !theirs.includes(call)),
            theirs: theirs.filter((call) => !ours.includes(call)),
          },
          { ours: onlyOurs, theirs: onlyTheirs },
          token,
        );
      }
      assert.deepEqual([...listed], []);
    });
  });
}
