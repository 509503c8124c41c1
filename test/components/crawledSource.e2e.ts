import assert from "node:assert/strict";
import { CrawledSource } from "../../components";
import { pauseBeforeRetry } from "../../components/crawler/freshRole";
import { pulumiCli } from "../../local/setup/pulumiCli";
import { type MemoryProvider, startMemoryProvider } from "../policies/engine/memoryProvider";
import { PolicyEngine } from "../policies/engine/policyStack";

const crawler = "aws:glue/crawler:Crawler";
/** As the provider gives it (terraform-provider-aws#50018). */
const unknownRole =
  "creating Glue Crawler (ios): operation error Glue: CreateCrawler, InvalidInputException: Error " +
  "trying to retrieve security config, error message: The security token included in the request is invalid.";

/** CrawledSource under the real engine, with a provider that fails as Glue does. */
describe("a crawler whose role is seconds old", function () {
  this.timeout(120_000);
  let provider: MemoryProvider;
  let engine: PolicyEngine;

  before(async function () {
    this.timeout(600_000);
    await pulumiCli();
    provider = await startMemoryProvider();
    engine = new PolicyEngine(provider.port);
  });
  after(() => {
    provider.close();
    engine.stop();
  });

  const program = () =>
    new CrawledSource("ios", {
      crawlerName: "ios",
      databaseName: "logs",
      bucketName: "raw",
      prefix: "logs/",
      securityConfiguration: "safe",
      logsKmsKeyArn: "key",
    });

  it("is tried again until Glue knows the role, in one update", async () => {
    provider.failures.set(crawler, [unknownRole]);
    const stack = await engine.stack("fresh", program);
    const { summary, stdout } = await stack.up();
    assert.equal(summary.result, "succeeded");
    assert.match(stdout, /retrying create/);
    assert.deepEqual(provider.failures.get(crawler), []);
    assert.equal((await stack.destroy()).summary.result, "succeeded");
  });

  it("isn't tried again for another error", async () => {
    const denied = unknownRole.replace(/The security token.*/, "User: … is not authorized");
    provider.failures.set(crawler, [denied, denied]);
    const stack = await engine.stack("denied", program);
    await assert.rejects(stack.up(), /is not authorized/);
    assert.deepEqual(provider.failures.get(crawler), [denied]);
  });

  it("is given up after less than two minutes", () => {
    const pauses: number[] = [];
    for (let errors = [unknownRole]; ; errors = [unknownRole, ...errors]) {
      const pause = pauseBeforeRetry(errors);
      if (pause === undefined) break;
      pauses.push(pause);
    }
    assert.equal(pauses[0], 5000);
    assert.equal(
      pauses.reduce((sum, pause) => sum + pause, 0),
      105_000,
    );
  });
});
