import assert from "node:assert/strict";
import { holdUnderFaults } from "./seeds";

holdUnderFaults(1, 100, (lake) => {
  it("calls that hang for 30 seconds come through", async () => {
    lake().stormy({
      share: 0.3,
      kinds: ["stall"],
      stallMs: 30_000,
      firstAttempts: true,
      only: /StartWorkflowRun|GetPartitions|_lock\.json|\.gz$|StartQueryExecution/,
    });
    await lake().take(2000);
    assert.ok(lake().injected.length > 2, lake().injected.join("\n"));
    await lake().holdsExactly();
    assert.deepEqual(lake().failures, []);
  });
});
