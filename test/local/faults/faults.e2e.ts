import assert from "node:assert/strict";
import { holdUnderFaults } from "./seeds";

holdUnderFaults(1, 2, (lake) => {
  it("no change is done twice though its first answer is lost", async () => {
    lake().stormy({
      share: 1,
      kinds: ["lost answer"],
      firstAttempts: true,
      only: /^(?!GET|HEAD|.*\.(Get|List|Describe))/,
    });
    await lake().take(1000);
    await lake().holdsExactly();
    assert.deepEqual(lake().failures, []);
  });
});
